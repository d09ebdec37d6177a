"""Makes a failing run small: less of everything, as long as it still fails alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from ._minimise import minimised
from ._reduce import (
    calmer,
    episodes_of,
    fewer_clients,
    moments,
    narrowed,
    rounded,
    sooner,
    until,
    with_episodes,
    with_operations,
    without_nodes,
)


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from harness.spec import RunSpec

    from ._bench import Bench

FEW: Final = 60
"""Runs of so many operations are tried under several seeds."""

SEEDS: Final = 4
"""Under how many. What is left out changes what chance does to the rest."""


class Size(msgspec.Struct, frozen=True):
    """How much there is to read about a run.

    Attributes:
        operations: Operations of the main phase.
        faults: Faults that are started.
        nodes: Nodes.
        seconds: Length of the main phase.
    """

    operations: int
    faults: int
    nodes: int
    seconds: float

    @classmethod
    def of(cls, spec: RunSpec) -> Size:
        """Return the size of a run whose operations and faults are given."""
        return cls(
            operations=len(spec.operations or ()),
            faults=len(episodes_of(spec)),
            nodes=len(spec.nodes),
            seconds=round(spec.time_limit_s, 3),
        )


class _ExhaustedError(Exception):
    """As many runs as may be were tried."""


class Shrinker:
    """Looks for a smaller run with the same anomaly.

    Attributes:
        spec: The smallest so far.
        attempts: How many runs were tried.
    """

    def __init__(
        self,
        spec: RunSpec,
        anomaly: str,
        bench: Bench,
        *,
        limit: int,
        progress: Callable[[Shrinker], None],
    ) -> None:
        """Make a shrinker.

        Args:
            spec: A simulated run with operations and faults given.
            anomaly: Name of the anomaly that it has and that it is to keep.
            bench: Carries out runs.
            limit: How many runs may be tried.
            progress: Told after each success.
        """
        self.spec = spec
        self.attempts = 0
        self._anomaly = anomaly
        self._bench = bench
        self._limit = limit
        self._progress = progress

    @property
    def size(self) -> Size:
        """How large the smallest run is so far."""
        return Size.of(self.spec)

    def shrink(self) -> RunSpec:
        """Return the smallest run that was found within the limit, or until Ctrl-C."""
        try:
            self._cut_short()
            before = None
            while before != self.size:
                before = self.size
                self._take_any(calmer)
                self._leave_out_faults()
                self._take_any(without_nodes)
                self._leave_out_operations()
                self._narrow()
                self._take_any(fewer_clients)
                self._hurry()
            self._take_one(rounded(self.spec))
        except (_ExhaustedError, KeyboardInterrupt):
            return self.spec
        return self.spec

    def _cut_short(self) -> None:
        """Find a time after which nothing is needed, by halving."""
        times = sorted({op.time_ns for op in self.spec.operations or ()})
        low, high = 0, len(times) - 1
        while low < high:
            middle = (low + high) // 2
            if self._take_one([until(self.spec, times[middle])]):
                high = middle
            else:
                low = middle + 1

    def _leave_out_faults(self) -> None:
        minimised(
            episodes_of(self.spec),
            lambda parts: self._first(with_episodes(self.spec, one) for one in parts),
        )

    def _leave_out_operations(self) -> None:
        minimised(
            self.spec.operations or (),
            lambda parts: self._first(with_operations(self.spec, one) for one in parts),
        )

    def _narrow(self) -> None:
        """Have each fault strike as little as it can."""
        for number in range(len(episodes_of(self.spec))):
            episodes = episodes_of(self.spec)
            self._take_one(
                with_episodes(
                    self.spec, (*episodes[:number], smaller, *episodes[number + 1 :])
                )
                for smaller in narrowed(episodes[number])
            )

    def _hurry(self) -> None:
        """Have everything happen as soon as it can, the last first."""
        for number in reversed(range(1, len(moments(self.spec)))):
            if number < len(moments(self.spec)):
                self._take_one(sooner(self.spec, number))

    def _take_any(self, reductions: Callable[[RunSpec], Iterator[RunSpec]]) -> None:
        """Take a reduction as often as one does."""
        while self._take_one(reductions(self.spec)):
            pass

    def _take_one(self, candidates: Iterable[RunSpec]) -> bool:
        return self._first(candidates) is not None

    def _first(self, candidates: Iterable[RunSpec]) -> int | None:
        """Take the first candidate that fails alike; return its position.

        Raises:
            _ExhaustedError: As many runs as may be were tried before there was one.
        """
        numbered: list[tuple[int, RunSpec]] = []

        def seeded() -> Iterator[RunSpec]:
            for number, candidate in enumerate(candidates):
                few = len(candidate.operations or ()) <= FEW
                for further in range(SEEDS if few else 1):
                    spec = msgspec.structs.replace(
                        candidate, seed=candidate.seed + further
                    )
                    numbered.append((number, spec))
                    yield spec

        for position, trial in enumerate(self._bench.trials(seeded())):
            self.attempts += 1
            if self._anomaly in trial.anomalies:
                number, self.spec = numbered[position]
                self._progress(self)
                return number
            if self.attempts >= self._limit:
                raise _ExhaustedError
        return None
