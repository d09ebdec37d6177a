"""How soon adds were visible on all nodes, against the definition."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import check_counter
from checkers._quantiles import latency_measures


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers import Result

    from .conftest import Op, Story

QUANTILES = ("p50", "p95", "p99", "max")


def visible(result: Result) -> tuple[Any, ...]:
    """Return how many adds were visible, and how soon."""
    names = ("visible-count", *(f"visible-latency-{each}" for each in QUANTILES))
    return tuple(result.measures[name].value for name in names)


def defined(adds: Sequence[Op], reads: Sequence[tuple[Op, set[int]]]) -> list[float]:
    """Return latencies by the definition, for each add and node by itself.

    Args:
        adds: The adds.
        reads: Each read with the positions of the adds that it has seen.
    """
    found = []
    for number, add in enumerate(adds):
        ends = []
        for node in {read.node for read, _ in reads}:
            here = [each for each in reads if each[0].node == node]
            here.sort(key=lambda each: each[0].at)
            since = [
                read.at[1]
                for position, (read, _) in enumerate(here)
                if all(number in seen for _, seen in here[position:])
            ]
            ends.append(since[0] if since else None)
        if add.status == "ok" and ends and None not in ends:
            found.append(max(0, max(ends) - add.at[1]))
    return found


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 1 << 40), st.booleans())
def test_latencies_are_those_of_the_definition(
    story: Story,
    seed: int,
    signed: bool,  # noqa: FBT001 # drawn
) -> None:
    """Nodes hear of clients in any order, forget, and are read by several at a time."""
    rng = Random(seed)
    clients, times = rng.randint(1, 3), iter(range(10_000))
    adds: list[Op] = []
    own: dict[int, list[int]] = {}
    for client in range(clients):
        delta = 16**client * (-1 if signed and client % 2 else 1)
        for last in [False] * rng.randint(0, 4) + [True]:
            status = rng.choice(
                ["ok", "fail", "info"] if last else ["ok", "ok", "fail"]
            )
            own.setdefault(client, []).append(len(adds))
            at = next(times), next(times)
            adds.append(story.add(delta, process=client, status=status, at=at))
    reads = []
    marks = rng.sample(range(20, 60), 16)
    for number in range(8):
        start, end = sorted(marks[2 * number : 2 * number + 2])
        seen = set()
        for numbers in own.values():
            able = [each for each in numbers if adds[each].status != "fail"]
            begun = [each for each in able if adds[each].at[0] < end]
            seen |= set(begun[: rng.randint(0, len(begun))])
        value = sum(adds[each].input for each in seen)
        node = rng.choice(["n0", "n1"])
        reads.append((story.read(value, node=node, at=(start, end)), seen))
    history = story.history(adds, [read for read, _ in reads])
    latencies = defined(adds, reads)
    expected = latency_measures("visible-latency", latencies)
    assert visible(check_counter(history)) == (
        len(latencies),
        *(expected[f"visible-latency-{each}"].value for each in QUANTILES),
    )


def test_an_add_that_a_node_loses_again_is_visible_from_when_it_is_back(
    story: Story,
) -> None:
    """What counts is the first read from which on all later ones show it."""
    history = story.history(
        story.add(1, at=(0, 1)),
        story.read(1, at=(2, 3)),
        story.read(0, at=(4, 5)),
        story.read(1, at=(6, 7)),
        story.read(1, at=(8, 9)),
    )
    assert visible(check_counter(history))[:2] == (1, 6)


@pytest.mark.parametrize(
    ("ops", "why"),
    [
        (
            [("add", 1, 0, "ok"), ("add", 2, 1, "ok"), ("add", 3, 2, "ok")],
            "several choices of adds have the same sum",
        ),
        ([("add", 1, 0, "ok"), ("add", 1, 1, "ok")], "several clients add +1"),
        (
            [("add", 1, 0, "info"), ("add", 1, 0, "ok")],
            "an add of +1 before others is indeterminate",
        ),
        (
            [("add", 2, 0, "ok"), ("read", 1, 1, "ok")],
            "1 is the sum of no choice of adds",
        ),
    ],
)
def test_where_reads_do_not_tell_nothing_is_told(
    story: Story, ops: list[tuple[str, int, int, str]], why: str
) -> None:
    """Neither how many adds were visible nor how soon, but why it is not known."""
    told = [
        story.op(
            f, value if f == "add" else None, value, status=status, process=process
        )
        for f, value, process, status in ops
    ]
    result = check_counter(story.history(told, story.final(told[0].input)))
    assert set(visible(result)) == {None}
    assert result.statistics["visible-latency"] == f"cannot be told: {why}"


def test_nothing_is_visible_without_a_read(story: Story) -> None:
    """That is known, so that the count is none rather than unknown."""
    assert visible(check_counter(story.history(story.add(1))))[:2] == (0, None)
