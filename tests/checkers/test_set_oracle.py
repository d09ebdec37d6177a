"""The set checker against naive renderings, on random short histories."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import Verdict, check_set
from checkers._findings import Findings
from checkers.sets._lifetimes import BackwardSweep
from checkers.sets._reads import ReadSweep
from checkers.sets._table import tabulate


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from histories import History, Operation

    from .conftest import Op, Story

    Draw = Callable[[st.SearchStrategy[Any]], Any]


@st.composite
def scripts(draw: Draw) -> list[dict[str, Any]]:
    """Draw operations with random overlaps, as arguments of `Story.op`."""
    size = draw(st.integers(1, 10))
    points = draw(st.permutations(range(2 * size)))
    script = []
    for number in range(size):
        start, end = sorted(points[2 * number : 2 * number + 2])
        one: dict[str, Any] = {
            "at": (start, end),
            "node": draw(st.sampled_from(["n0", "n1"])),
        }
        if draw(st.booleans()):
            element = draw(st.integers(0, 3))
            status = draw(st.sampled_from(["ok", "ok", "ok", "info", "fail"]))
            one |= {"f": "add", "value": element, "output": element, "status": status}
        else:
            one |= {
                "f": "read",
                "output": draw(st.lists(st.integers(0, 3), max_size=4)),
                "final": draw(st.booleans()),
            }
        script.append(one)
    return script


class Oracle:
    """What the checker promises, read by read and element by element."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        operations = list(operations)
        self.adds = [each for each in operations if each.f == "add"]
        self.reads = [
            each for each in operations if each.f == "read" and each.status == "ok"
        ]
        self.final = [read for read in self.reads if read.final]
        self.tried = {add.input for add in self.adds if add.status != "fail"}

    def start(self, element: int) -> int:
        return min(
            add.start
            for add in self.adds
            if add.input == element and add.status != "fail"
        )

    def known(self, element: int) -> int | None:
        """Return the index of the first completion that proves the element."""
        ends = [
            add.end for add in self.adds if add.input == element and add.status == "ok"
        ] + [
            read.end
            for read in self.reads
            if element in read.output and read.end > self.start(element)
        ]
        return min(ends, default=None)

    def acknowledged(self, element: int) -> bool:
        return any(a.input == element and a.status == "ok" for a in self.adds)

    def names(self) -> set[str]:
        """Return the anomalies that have to be found."""
        found = set()
        for read in self.reads:
            counts = Counter(read.output)
            before = {
                element
                for earlier in self.reads
                if earlier.node == read.node and earlier.end < read.start
                for element in earlier.output
            }
            if any(number > 1 for number in counts.values()):
                found.add("duplicate-element")
            if not before <= counts.keys():
                found.add("regress")
            found |= {self.strange(read, element) for element in counts.keys() - before}
        for read in self.final:
            found |= {self.gap(read, element) for element in self.tried}
        return found - {""}

    def also(self) -> set[str]:
        """Return those that may be found once more, in reads that repeat them."""
        return {
            self.strange(read, element)
            for read in self.reads
            for element in read.output
        }

    def strange(self, read: Operation, element: int) -> str:
        if element in self.tried and self.start(element) < read.end:
            return ""
        if any(a.input == element and a.start < read.end for a in self.adds):
            return "aborted-effect"
        if any(a.input == element for a in self.adds):
            return "thin-air"
        return "phantom-element"

    def round(self, read: Operation) -> int:
        return sum(a.start < read.start and a.status != "fail" for a in self.adds)

    def gap(self, read: Operation, element: int) -> str:
        if element in read.output:
            return ""
        known = self.known(element)
        elsewhere = any(element in other.output for other in self.final)
        if known is not None and known < read.start:
            return "missing-on-node" if elsewhere else "lost-element"
        same_round = any(
            element in other.output
            for other in self.final
            if self.round(other) == self.round(read)
        )
        if (
            same_round
            and not self.acknowledged(element)
            and self.start(element) < read.start
        ):
            return "divergence"
        return ""

    def fate(self, element: int, *, original: bool = False) -> tuple[str, float]:
        """Return the class of an element and its latency in ms.

        The original counts a read as lacking the element as soon as it completes
        after the add was invoked.
        """
        known = self.known(element)
        start = self.start(element)
        shown = [read.start for read in self.reads if element in read.output]
        lacked = [
            read.start
            for read in self.reads
            if element not in read.output
            and (read.end if original else read.start) > start
        ]
        last_shown, last_lacked = max(shown, default=-1), max(lacked, default=-1)
        times = {op.start: op.start_time for op in (*self.reads, *self.adds)}
        times |= {op.end: op.end_time for op in (*self.reads, *self.adds)}
        if shown and last_shown > last_lacked:
            since = times[last_lacked] + 1 if lacked and known is not None else 0
            return "stable", max(0, since - times.get(known, 0)) / 1e6
        if known is not None and last_lacked > max(last_shown, known):
            since = times[last_shown] + 1 if shown else 0
            return "lost", max(0, since - times[known]) / 1e6
        return "never-read", 0.0


@settings(max_examples=400, deadline=None)
@given(scripts())
def test_anomalies_are_those_of_the_naive_rendering(
    story: Story, script: list[dict[str, Any]]
) -> None:
    """Names and verdict agree with a check of every pair of reads."""
    history = story.history(_ops(story, script))
    result = check_set(history)
    oracle = Oracle(history.operations())
    expected = oracle.names()
    found = {anomaly.name for anomaly in result.anomalies}
    assert expected <= found <= expected | oracle.also()
    assert (result.verdict is Verdict.INVALID) == bool(expected)


@settings(max_examples=400, deadline=None)
@given(scripts())
def test_fates_are_those_of_the_naive_rendering(
    story: Story, script: list[dict[str, Any]]
) -> None:
    """Every element has the class and the latency of reads times elements."""
    history = story.history(_ops(story, script))
    oracle = Oracle(history.operations())
    assert fates(history) == {element: oracle.fate(element) for element in oracle.tried}


@settings(max_examples=400, deadline=None)
@given(scripts())
def test_fates_differ_from_the_original_in_one_way(
    story: Story, script: list[dict[str, Any]]
) -> None:
    """Some elements that were never read in the original are stable here."""
    history = story.history(_ops(story, script))
    oracle = Oracle(history.operations())
    for element, (fate, latency_ms) in fates(history).items():
        original = oracle.fate(element, original=True)
        assert (fate, latency_ms) == original or (fate, original[0]) == (
            "stable",
            "never-read",
        )


@settings(max_examples=100, deadline=None)
@given(scripts(), scripts())
def test_a_violation_stays_one_whatever_follows(
    story: Story, script: list[dict[str, Any]], suffix: list[dict[str, Any]]
) -> None:
    """Appending operations never turns INVALID into anything else."""
    late = [{**one, "at": (one["at"][0] + 100, one["at"][1] + 100)} for one in suffix]
    alone = check_set(story.history(_ops(story, script)))
    longer = check_set(story.history(_ops(story, script + late)))
    if alone.verdict is Verdict.INVALID:
        assert longer.verdict is Verdict.INVALID


@settings(max_examples=100, deadline=None)
@given(scripts(), st.sampled_from([True, None, 0.0, "0", [0], {"a": 0}]))
def test_elements_are_only_compared(
    story: Story, script: list[dict[str, Any]], zero: Any
) -> None:
    """Another JSON value in the place of one element changes no verdict."""
    swap = {0: zero}
    other = [
        {
            **one,
            **(
                {"value": swap.get(one["value"], one["value"])}
                if "value" in one
                else {}
            ),
            "output": [swap.get(each, each) for each in one["output"]]
            if one["f"] == "read"
            else one["output"],
        }
        for one in script
    ]
    plain = check_set(story.history(_ops(story, script)))
    swapped = check_set(story.history(_ops(story, other)))
    assert plain.verdict is swapped.verdict
    assert plain.measures == swapped.measures


def fates(history: History) -> dict[Any, tuple[str, float]]:
    table = tabulate(history, add="add", read="read")
    reads = ReadSweep(history, table, Findings())
    reads.run()
    backward = BackwardSweep(table, reads, ())
    backward.run()
    found = backward.fates()
    keys = list(table.elements.row)
    rows = {"stable": found.stable, "lost": found.lost, "never-read": found.never_read}
    return {
        keys[row]: (fate, found.latency_ms[row])
        for fate, members in rows.items()
        for row in members
    }


def _ops(story: Story, script: list[dict[str, Any]]) -> list[Op]:
    return [story.op(**one) for one in script]
