"""Adds whose sums say which of them are in it."""

from __future__ import annotations

from collections import Counter
from itertools import product
from random import Random

import msgspec
import pytest
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
    seed: int,
    workers: int,
    expected: float,
    *,
    signed: bool,
    asked: int,
    lost: float = 0,
) -> list[tuple[int, int]]:
    """Return processes and what they add; of some adds nobody learns what became."""
    rng = Random(seed)
    generator = digits(
        "add",
        workers=workers,
        expected=expected,
        otherwise="read",
        signed=signed,
        faults=lost > 0,
    )
    found = []
    everyone = list(_workers(workers))
    for _ in range(asked):
        free = [worker for worker in everyone if rng.random() < 0.7]
        op, generator = generator.next(Context(0, rng, free, tuple(everyone)))
        assert isinstance(op, Op)
        if op.f == "add":
            assert op.worker is not None
            worker = everyone[op.worker]
            found.append((worker.process, op.value))
            if rng.random() < lost:
                everyone[worker.id] = msgspec.structs.replace(
                    worker, process=worker.process + workers
                )
    return found


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 1 << 40),
    st.integers(1, 40),
    st.integers(1, 3000),
    st.booleans(),
    st.sampled_from([0, 0.01, 0.1, 1]),
)
def test_sums_tell_how_many_adds_of_each_client_are_in_them(
    seed: int,
    workers: int,
    expected: int,
    signed: bool,  # noqa: FBT001 # drawn
    lost: float,
) -> None:
    """Twice as many would not be more than the next digit, and JSON can carry them."""
    adds = _adds(seed, workers, expected, signed=signed, asked=2 * expected, lost=lost)
    deltas = sorted((delta for _, delta in adds), key=abs)
    assert len(set(adds)) == len({process for process, _ in adds}) == len(set(deltas))
    below = 0
    for delta in dict.fromkeys(deltas):
        assert abs(delta) > below
        below += 2 * abs(delta) * deltas.count(delta)
    assert below < 1 << MOST_BITS


def test_few_adds_have_one_sum_each() -> None:
    """All prefixes of what clients add sum to different values."""
    counts = Counter(delta for _, delta in _adds(1, 3, 12, signed=True, asked=12))
    sums = {
        sum(delta * count for delta, count in zip(counts, chosen, strict=True))
        for chosen in product(*(range(count + 1) for count in counts.values()))
    }
    size = 1
    for count in counts.values():
        size *= count + 1
    assert len(sums) == size
    assert any(delta < 0 for delta in counts)


def test_who_comes_after_an_indeterminate_add_has_another_digit() -> None:
    """The old one would not say any longer which of its adds have happened."""
    adds = _adds(1, 5, 1000, signed=False, asked=1000, lost=0.02)
    processes = {process for process, _ in adds}
    assert len(processes) > 5
    assert len({delta for _, delta in adds}) == len(processes)


@pytest.mark.parametrize("lost", [0, 0.03, 0.1])
def test_adds_last_until_the_end_of_a_run(lost: float) -> None:
    """Where there is room for few of them, they are spread over it."""
    for seed in range(10):
        adds = len(_adds(seed, 5, 2000, signed=False, asked=1500, lost=lost))
        assert len(_adds(seed, 5, 2000, signed=False, asked=2000, lost=lost)) > adds


def test_a_client_for_which_no_bits_are_left_only_reads() -> None:
    """Sums are no greater than what JSON can carry, whatever happens."""
    adds = _adds(1, 5, 500, signed=False, asked=500, lost=1)
    assert 10 < len(adds) < MOST_BITS / 2
    assert len({delta for _, delta in adds}) == len(adds)


def test_every_one_of_a_few_clients_adds() -> None:
    """However many adds are due, and so few each."""
    adds = _adds(1, 5, 1e6, signed=False, asked=100_000)
    assert {process for process, _ in adds} == set(range(5))


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
