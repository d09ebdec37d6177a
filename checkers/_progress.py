"""How soon updates were shown by all nodes, and when all nodes showed the same.

Both are as fine as nodes are read. An update is *visible* once each node has shown it;
of one that was taken away or replaced before it got that far, nothing is known. The
nodes have *converged* from the first read on after which all reads of a node return
what it returned in the end, if all returned the same then.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, TypeAlias

from ._convergence import quiet_since
from ._quantiles import latency_measures
from ._verdict import Measure


if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from histories import History

    _Copy: TypeAlias = tuple[str, Hashable]

_UNTOLD, _UNKNOWN = -1, -2
"""Instead of when an update was acknowledged: it has not come, or nothing is told."""


class Progress:
    """Acknowledged updates and ok reads, as a table comes across them."""

    def __init__(self) -> None:
        self._last_update = 0
        self._latest: dict[_Copy, tuple[Hashable, int]] = {}
        # Of each update its number, when it was acknowledged, the nodes that have shown
        # it as a set of bits, and when the last of these did so first.
        self._numbers: dict[Hashable, int] = {}
        self._acknowledged = array("q")
        self._shown_by: list[int] = []
        self._shown_last = array("q")
        self._bits: dict[str, int] = {}
        self._readers: dict[Hashable, int] = {}
        self._subjects: list[Hashable] = []

    def update(self, time: int | None, key: Hashable = None) -> None:
        """Take an update.

        Args:
            time: When it was acknowledged, in ns; None if it was not.
            key: How reads show it, if they do; of several with the same key, nothing is
                told.
        """
        self._last_update = max(self._last_update, time or 0)
        if key is not None:
            number = self._number(key)
            is_first = self._acknowledged[number] == _UNTOLD
            self._acknowledged[number] = (
                time if time is not None and is_first else _UNKNOWN
            )

    def read(
        self,
        place: str,
        time: int,
        value: Hashable,
        keys: Iterable[Hashable],
        *,
        subject: Hashable = None,
    ) -> None:
        """Take an ok read, in the order of reads.

        Args:
            place: The node.
            time: When it ended, in ns.
            value: What it returned; equal values show the same updates.
            keys: The updates that it shows.
            subject: What it was about, if one read does not tell all of a node.
        """
        here = place, subject
        if here in self._latest and self._latest[here][0] == value:
            return
        self._latest[here] = value, time
        bit = self._bits.setdefault(place, 1 << len(self._bits))
        self._readers[subject] = self._readers.get(subject, 0) | bit
        for key in keys:
            number = self._number(key)
            if not self._shown_by[number] & bit:
                self._shown_by[number] |= bit
                self._shown_last[number] = max(time, self._shown_last[number])
                self._subjects[number] = subject

    def _number(self, key: Hashable) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._numbers)
            self._acknowledged.append(_UNTOLD)
            self._shown_by.append(0)
            self._shown_last.append(0)
            self._subjects.append(None)
        return number

    def measures(self, history: History) -> dict[str, Measure]:
        """Return `convergence-ms`, `visible-count` and `visible-latency-p50` and so on."""
        latencies = self._latencies_ms()
        return {
            "convergence-ms": Measure(self._convergence_ms(history), "ms"),
            "visible-count": Measure(len(latencies)),
            **latency_measures("visible-latency", latencies),
        }

    def _latencies_ms(self) -> list[float]:
        return [
            max(0, last - acknowledged) / 1e6
            for acknowledged, shown_by, last, subject in zip(
                self._acknowledged,
                self._shown_by,
                self._shown_last,
                self._subjects,
                strict=True,
            )
            if acknowledged >= 0 and shown_by and shown_by == self._readers[subject]
        ]

    def _convergence_ms(self, history: History) -> float | None:
        in_the_end = {
            (subject, value[0]) for (_, subject), value in self._latest.items()
        }
        if not in_the_end or len(in_the_end) > len(
            {subject for subject, _ in in_the_end}
        ):
            return None
        last = max(time for _, time in self._latest.values())
        return max(0, last - quiet_since(history, self._last_update)) / 1e6
