"""How soon updates were shown by all nodes, and when all nodes showed the same.

Both are as fine as nodes are read. An update is *visible* once each node has shown it;
of one that was taken away or replaced before it got that far, nothing is known. The
nodes have *converged* from the first read on after which all reads of a node return
what it returned in the end, if all returned the same then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ._convergence import quiet_since
from ._quantiles import latency_measures
from ._verdict import Measure


if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from histories import History

    _Copy: TypeAlias = tuple[str, Hashable]


class Progress:
    """Acknowledged updates and ok reads, as a table comes across them."""

    def __init__(self) -> None:
        self._acknowledged: dict[Hashable, int | None] = {}
        self._last_update = 0
        self._seen: dict[_Copy, dict[Hashable, int]] = {}
        self._latest: dict[_Copy, tuple[Hashable, int]] = {}

    def update(self, time: int | None, key: Hashable = None) -> None:
        """Take an update.

        Args:
            time: When it was acknowledged, in ns; None if it was not.
            key: How reads show it, if they do; of several with the same key, nothing is
                told.
        """
        self._last_update = max(self._last_update, time or 0)
        if key is not None:
            is_known = time is not None and key not in self._acknowledged
            self._acknowledged[key] = time if is_known else None

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
        seen = self._seen.setdefault(here, {})
        for key in keys:
            seen.setdefault(key, time)

    def measures(self, history: History) -> dict[str, Measure]:
        """Return `convergence-ms`, `visible-count` and `visible-latency-p50` and so on."""
        latencies = self._latencies_ms()
        return {
            "convergence-ms": Measure(self._convergence_ms(history), "ms"),
            "visible-count": Measure(len(latencies)),
            **latency_measures("visible-latency", latencies),
        }

    def _latencies_ms(self) -> list[float]:
        of_subject: dict[Hashable, list[dict[Hashable, int]]] = {}
        for (_, subject), seen in self._seen.items():
            of_subject.setdefault(subject, []).append(seen)
        found = []
        for first, *others in of_subject.values():
            for key, last in first.items():
                acknowledged = self._acknowledged.get(key)
                times = [seen[key] for seen in others if key in seen]
                if acknowledged is not None and len(times) == len(others):
                    found.append(max(0, max([last, *times]) - acknowledged) / 1e6)
        return found

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
