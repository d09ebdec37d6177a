"""Everything that a report says something about, loaded once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import convert

from histories import HistoryError, Outcome

from ._faults import Fault, faults
from ._survey import STATUSES, Survey, Tally, survey


if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkers import Anomaly, Measure, Result
    from histories import History, Run


PROTOCOL = "protocol"
"""The part that judges what nodes did against the protocol."""

PARTS = (
    "setup",
    "workload",
    "faults",
    "statistics",
    "availability",
    "assertions",
    PROTOCOL,
)
"""The checks that the harness composes, as they are told."""


class View:
    """A run with its result, as the sections of a report look at it.

    What a run did not leave, or left unreadable, is empty here: a report is
    written of whatever there is. `trouble` tells what could not be read.

    Args:
        run: The run; None for a result of a history that is no run's.
        result: What the checkers found in it.
        sample_max: How many operations charts and timeline may show.
    """

    def __init__(
        self, run: Run | None, result: Result, *, sample_max: int = 200_000
    ) -> None:
        self.run = run
        self.result = result
        self.trouble: list[str] = []
        self.history: History | None = None
        self.outcome = Outcome()
        self.spec: dict[str, Any] = {}
        self._sample_max = sample_max
        if run is not None:
            self._load(run)

    def _load(self, run: Run) -> None:
        try:
            self.history = run.history()
            self.trouble += self.history.warnings
        except HistoryError as error:
            self.trouble.append(str(error))
        try:
            self.outcome = run.outcome() or Outcome()
        except HistoryError as error:
            self.trouble.append(str(error))
        try:
            self.spec = run.spec()
        except HistoryError as error:
            self.trouble.append(str(error))

    @property
    def workload(self) -> str:
        """Name of the workload, or else of the checker."""
        return str(self.spec.get("workload") or self.result.checker)

    @cached_property
    def cited(self) -> frozenset[int]:
        """Indices of all operations that an anomaly cites."""
        return frozenset(
            index for _, anomaly in self.anomalies for index in anomaly.operations
        )

    @cached_property
    def survey(self) -> Survey:
        """What one pass over the operations tells."""
        if self.history is None:
            return Survey()
        return survey(
            self.history.operations(),
            cited=self.cited,
            expected=len(self.history) // 2,
            limit=self._sample_max,
        )

    @cached_property
    def tally(self) -> Tally:
        """Operations by status: as the statistics have counted them, if they have."""
        counted = dict(self.leaves).get("statistics")
        numbers = counted.statistics if counted else {}
        known = {status: numbers.get(status) for status in STATUSES}
        if all(type(number) is int for number in known.values()):
            return convert(known, Tally)
        return self.survey.tally

    @cached_property
    def end(self) -> int:
        """When the run ended, in ns since its start."""
        if "end" in self.outcome.phases:
            return self.outcome.phases["end"]
        nemesis = self.history.nemesis() if self.history else ()
        return max(
            [self.survey.end, *self.outcome.phases.values()]
            + [event.time for event in nemesis]
        )

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """Faults by their start."""
        if self.history is None:
            return ()
        return faults(self.history.nemesis(), end=self.end)

    @cached_property
    def leaves(self) -> tuple[tuple[str, Result], ...]:
        """Results that are no composition, by their path of names."""
        return tuple(_leaves("", self.result))

    @cached_property
    def anomalies(self) -> tuple[tuple[str, Anomaly], ...]:
        """All anomalies with the part that found them; those that fail first.

        A composition may repeat what its parts found; the part keeps it.
        """
        found: dict[tuple[object, ...], tuple[str, Anomaly]] = {}
        for path, result in (*self.leaves, (self.result.checker, self.result)):
            for anomaly in result.anomalies:
                key = (anomaly.name, anomaly.sentence, anomaly.operations)
                found.setdefault(key, (path, anomaly))
        return tuple(sorted(found.values(), key=lambda each: not each[1].fails))

    @cached_property
    def anomaly_counts(self) -> dict[tuple[str, str], int]:
        """How many anomalies of each name a part found, of which it may keep a few."""
        counts: dict[tuple[str, str], int] = {}
        for path, anomaly in self.anomalies:
            counts[path, anomaly.name] = counts.get((path, anomaly.name), 0) + 1
        for path, result in self.leaves:
            told = result.statistics.get("anomaly-counts")
            for name, number in told.items() if isinstance(told, dict) else ():
                if (path, name) in counts:
                    counts[path, name] = max(number, counts[path, name])
        return counts

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """All measures by name; the first part that gives one wins."""
        found: dict[str, Measure] = {}
        for _, result in (*self.leaves, ("", self.result)):
            for name, measure in result.measures.items():
                found.setdefault(name, measure)
        return found


def _leaves(path: str, result: Result) -> Iterator[tuple[str, Result]]:
    """Yield composed results from left to right."""
    if not result.parts:
        yield path or result.checker, result
    for name, part in parts_of(result):
        yield from _leaves(f"{path} / {name}" if path else name, part)


def parts_of(result: Result) -> list[tuple[str, Result]]:
    """Return the parts of a composition in the order in which they are told.

    A result that was saved and read again has them in another order than one that
    was not; what is told of it is the same.
    """
    rank = {name: at for at, name in enumerate(PARTS)}
    return sorted(
        result.parts.items(), key=lambda part: (rank.get(part[0], len(rank)), part[0])
    )
