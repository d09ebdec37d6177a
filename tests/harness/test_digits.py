"""Adds whose sums say which of them are in it."""

from __future__ import annotations

from itertools import product
from random import Random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.generators import Context, Op, Worker
from harness.generators._digits import MOST_BITS, digits
from harness.spec import RunSpec
from harness.workloads import WORKLOADS


def _workers(
    count: int, *, retired: frozenset[int] = frozenset()
) -> tuple[Worker, ...]:
    return tuple(
        Worker(number, number + count * (number in retired), f"n{number}")
        for number in range(count)
    )


def _adds(
    seed: int, workers: int, expected: float, *, signed: bool, asked: int
) -> list[Op]:
    rng = Random(seed)
    generator = digits("add", workers=workers, expected=expected, signed=signed)
    found = []
    everyone = _workers(workers)
    for _ in range(asked):
        free = [worker for worker in everyone if rng.random() < 0.7]
        op, generator = generator.next(Context(0, rng, free, everyone))
        if op is not None:
            assert isinstance(op, Op)
            found.append(op)
    return found


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 1 << 40),
    st.integers(1, 40),
    st.integers(1, 3000),
    st.booleans(),
)
def test_sums_tell_how_many_adds_of_each_client_are_in_them(
    seed: int,
    workers: int,
    expected: int,
    signed: bool,  # noqa: FBT001 # drawn
) -> None:
    """Each delta is greater than all smaller ones together, and JSON can carry the sum."""
    ops = _adds(seed, workers, expected, signed=signed, asked=2 * expected)
    deltas = sorted((op.value for op in ops), key=abs)
    assert len({op.worker for op in ops}) == len(set(deltas))
    below = 0
    for delta in dict.fromkeys(deltas):
        assert abs(delta) > below
        below += abs(delta) * deltas.count(delta)
    assert below < 1 << MOST_BITS


def test_few_adds_have_one_sum_each() -> None:
    """All prefixes of what clients add sum to different values."""
    ops = _adds(1, 3, 12, signed=True, asked=12)
    counts = {op.value: 0 for op in ops}
    for op in ops:
        counts[op.value] += 1
    sums = {
        sum(delta * count for delta, count in zip(counts, chosen, strict=True))
        for chosen in product(*(range(count + 1) for count in counts.values()))
    }
    size = 1
    for count in counts.values():
        size *= count + 1
    assert len(sums) == size
    assert any(delta < 0 for delta in counts)


def test_a_client_with_an_indeterminate_operation_adds_no_more() -> None:
    """Its digit would not say any longer which of its adds have happened."""
    generator = digits("add", workers=2, expected=100)
    retired = _workers(2, retired=frozenset({0}))
    for seed in range(20):
        op, generator = generator.next(Context(0, Random(seed), retired, retired))
        assert isinstance(op, Op)
        assert op.worker == 1
    everyone = _workers(2, retired=frozenset({0, 1}))
    assert generator.next(Context(0, Random(0), everyone, everyone))[0] is None


def test_only_models_about_what_was_seen_change_what_is_added() -> None:
    """Unless a mix is named, a run without such a model draws what it always drew."""
    workload = WORKLOADS["pn-counter"]
    for models, mix, plain in (
        ((), None, True),
        (("sequential", "linearizable"), None, True),
        (("causal",), None, False),
        (("causal",), "stock", True),
        ((), "telling", False),
    ):
        spec = RunSpec(
            workload="pn-counter",
            mix=mix,
            bin=("node",),
            nodes=("n0",),
            concurrency=2,
            rate=10,
            time_limit_s=5,
            seed=1,
            consistency_models=models,
        )
        made = workload.operations(spec)
        usual = workload.operations(msgspec.structs.replace(spec, mix="stock"))
        everyone = _workers(2)
        same = []
        for seed in range(20):
            drawn, made = made.next(Context(0, Random(seed), everyone, everyone))
            other, usual = usual.next(Context(0, Random(seed), everyone, everyone))
            same.append(drawn == other)
        assert all(same) is plain
