"""The counter checker against enumeration, on random short histories."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import Verdict, check_counter


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from histories import Operation

    from .conftest import Op, Story

    Draw = Callable[[st.SearchStrategy[Any]], Any]


@st.composite
def scripts(draw: Draw, *, least_delta: int) -> list[dict[str, Any]]:
    """Draw operations with random overlaps, as arguments of `Story.op`."""
    size = draw(st.integers(1, 9))
    points = draw(st.permutations(range(2 * size)))
    deltas = st.integers(least_delta, 4)
    script = []
    for number in range(size):
        start, end = sorted(points[2 * number : 2 * number + 2])
        one: dict[str, Any] = {
            "at": (start, end),
            "node": draw(st.sampled_from(["n0", "n1"])),
        }
        if draw(st.booleans()):
            delta = draw(deltas)
            status = draw(st.sampled_from(["ok", "ok", "ok", "info", "fail"]))
            one |= {"f": "add", "value": delta, "output": delta, "status": status}
        else:
            one |= {
                "f": "read",
                "output": draw(st.integers(min(0, 3 * least_delta), 9)),
                "final": draw(st.booleans()),
            }
        script.append(one)
    return script


def sums(deltas: Iterable[int]) -> set[int]:
    deltas = list(deltas)
    return {
        sum(chosen)
        for size in range(len(deltas) + 1)
        for chosen in combinations(deltas, size)
    }


class Oracle:
    """What the module docstring of the checker promises, word for word."""

    def __init__(self, operations: Iterable[Operation], *, grow_only: bool) -> None:
        operations = list(operations)
        self.grow_only = grow_only
        self.adds = [each for each in operations if each.f == "add"]
        self.reads = [
            each for each in operations if each.f == "read" and each.status == "ok"
        ]
        self.final = [read for read in self.reads if read.final]

    def possible(self, read: Operation, *, failed: bool = False) -> set[int]:
        return sums(
            add.input
            for add in self.adds
            if add.start < read.end and (failed or add.status != "fail")
        )

    def acceptable(self, read: Operation) -> set[int]:
        required = [
            add for add in self.adds if add.status == "ok" and add.end < read.start
        ]
        optional = [
            add.input
            for add in self.adds
            if add.status != "fail" and add.start < read.end and add not in required
        ]
        return {sum(add.input for add in required) + each for each in sums(optional)}

    def excess(self, read: Operation, low: int, high: int) -> str:
        if self.grow_only and read.output < 0:
            return "negative-value"
        if read.output in self.possible(read, failed=True):
            return "aborted-effect"
        if not any(a.start < read.end and a.status != "fail" for a in self.adds):
            return "thin-air"
        return "impossible-value" if low <= read.output <= high else "over-count"

    def round(self, read: Operation) -> tuple[int, int]:
        return (
            sum(a.status == "ok" and a.end < read.start for a in self.adds),
            sum(a.status != "fail" and a.start < read.end for a in self.adds),
        )

    def names(self) -> set[str]:
        found = set()
        for read in self.reads:
            possible, acceptable = self.possible(read), self.acceptable(read)
            if read.output not in possible:
                high = max(acceptable if read.final else possible)
                found.add(self.excess(read, min(possible), high))
            if self.grow_only and any(
                earlier.node == read.node
                and earlier.end < read.start
                and earlier.output > read.output
                for earlier in self.reads
            ):
                found.add("regress")
        for key in {self.round(read) for read in self.final}:
            found |= self.convergence(
                [read for read in self.final if self.round(read) == key]
            )
        return found

    def convergence(self, reads: list[Operation]) -> set[str]:
        found = set()
        values = {read.output for read in reads}
        good = {read.output for read in reads if read.output in self.acceptable(read)}
        short = {
            read.output
            for read in reads
            if read.output in self.possible(read) - self.acceptable(read)
        }
        if good and short:
            found.add("stale-final-read")
        if len(good) > 1 or (short and not good and len(values) > 1):
            found.add("divergence")
        if short and not good:
            most = max([read.output for read in reads].count(value) for value in short)
            if 2 * most > len(reads):
                found.add("lost-update")
        return found


@pytest.mark.parametrize("least_delta", [0, -4], ids=["growing", "any"])
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_anomalies_are_those_of_the_enumeration(
    story: Story, least_delta: int, data: st.DataObject
) -> None:
    """Names and verdict agree with sums enumerated over all subsets of adds."""
    grow_only = least_delta == 0
    history = story.history(_ops(story, data.draw(scripts(least_delta=least_delta))))
    result = check_counter(history, grow_only=grow_only)
    expected = Oracle(history.operations(), grow_only=grow_only).names()
    found = {anomaly.name for anomaly in result.anomalies if anomaly.fails}
    assert found == expected
    assert (result.verdict is Verdict.INVALID) == bool(expected)
    assert result.complete


@settings(max_examples=100, deadline=None)
@given(scripts(least_delta=-4), scripts(least_delta=-4))
def test_a_violation_stays_one_whatever_follows(
    story: Story, script: list[dict[str, Any]], suffix: list[dict[str, Any]]
) -> None:
    """Appending operations never turns INVALID into anything else."""
    late = [{**one, "at": (one["at"][0] + 100, one["at"][1] + 100)} for one in suffix]
    alone = check_counter(story.history(_ops(story, script)))
    longer = check_counter(story.history(_ops(story, script + late)))
    if alone.verdict is Verdict.INVALID:
        assert longer.verdict is Verdict.INVALID


@settings(max_examples=100, deadline=None)
@given(scripts(least_delta=0), st.integers(1, 10**6), st.permutations(range(9)))
def test_names_of_processes_and_the_time_of_day_do_not_matter(
    story: Story, script: list[dict[str, Any]], shift: int, order: list[int]
) -> None:
    """Relabelling processes and shifting time change no verdict and no name."""
    plain = check_counter(story.history(_ops(story, script)), grow_only=True)
    moved = [
        {
            **one,
            "process": order[number],
            "at": (one["at"][0] + shift, one["at"][1] + shift),
        }
        for number, one in enumerate(script)
    ]
    other = check_counter(story.history(_ops(story, moved)), grow_only=True)
    assert plain.verdict is other.verdict
    assert [(a.name, a.operations) for a in plain.anomalies] == [
        (a.name, a.operations) for a in other.anomalies
    ]


def _ops(story: Story, script: list[dict[str, Any]]) -> list[Op]:
    return [story.op(**one) for one in script]
