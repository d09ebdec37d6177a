"""What became of each element: the classes of Jepsen's `set-full`, in linear time.

An element is *known* from the first completion that proves it to be in the set. Of all
reads that were invoked after its add, the last to show it and the last to lack it
decide, in the order of invocations: it is *stable* if it was shown last, *lost* if it
was lacking last, in a read invoked after it was known, and *never read* otherwise. A
stable element was *stale* if a read invoked after it was known still lacked it.

The naive rendering asks every read about every element. Here one pass goes backwards
through the reads with the set of elements that no later read lacked, and keeps in it
what the read at hand shows; those that stay are in the read, so that a step costs no
more than the length of the read and the number of elements that leave. In
contrast to the original, a read that was invoked before the add never counts as
lacking the element; this turns a few elements from never read to stable, and no other.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import msgspec

from checkers._convergence import Convergence
from checkers._elements import comparable


if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkers._elements import Key

    from ._reads import ReadSweep
    from ._table import SetTable


class Fates(msgspec.Struct, frozen=True):
    """What became of the elements: their rows in the table by class, in order of adds.

    Attributes:
        stable: Rows of the stable elements.
        lost: Rows of the lost ones.
        never_read: Rows of those that were never read.
        latency_ms: From when an element was known until it was stable, or lost, by
            row; 0 at least, and for an element that was never read.
    """

    stable: list[int]
    lost: list[int]
    never_read: list[int]
    latency_ms: array[float]


class BackwardSweep:
    """Goes through the reads from the last to the first, once.

    Attributes:
        last_shown: Row of the last read with each element; -1 without one.
        last_lacked: Row of the last read without it, likewise.
        convergence: When each place had all elements that were ever proven.
        also_shown: Elements missing from a final read that another one shows.
        apart: Elements that a final read lacks and another of its round shows, by
            the row of the read.
    """

    def __init__(
        self, table: SetTable, reads: ReadSweep, places: Iterable[str]
    ) -> None:
        count = len(table.elements)
        self._table = table
        self._sought: set[Key] = set().union(*reads.missing.values())
        self._reads = reads
        self.last_shown = array("q", [-1]) * count
        self.last_lacked = array("q", [-1]) * count
        self.convergence = Convergence(places)
        self.also_shown: set[Key] = set()
        self.apart: dict[int, set[Key]] = {}

    def run(self) -> None:
        """Fill the attributes. Linear in the total length of the reads."""
        elements, reads = self._table.elements, self._table.reads
        rows = elements.row
        not_lacked = set(rows)
        not_shown = set(rows)
        for position in range(len(reads) - 1, -1, -1):
            read = reads[position]
            plain = self._reads.plain[position]
            values = read.values if plain else comparable(read.values)
            if not_shown:
                for key in not_shown.intersection(values):
                    not_shown.discard(key)
                    self.last_shown[rows[key]] = position
            kept = not_lacked.intersection(values)
            if len(kept) < len(not_lacked):
                for key in not_lacked - kept:
                    if elements.start[rows[key]] < read.index:
                        self.last_lacked[rows[key]] = position
                not_lacked = kept
            if read.final:
                self._compare(position, set(values))
            if self.convergence.wants(read.place):
                self.convergence.observe(
                    read.place,
                    read.end_time,
                    complete=self._reads.proven.issubset(values),
                )

    def _compare(self, position: int, keys: set[Key]) -> None:
        """Compare a final read with the others."""
        self.also_shown |= self._sought & keys
        shown = self._reads.shown[self._reads.round[position]]
        if len(shown) > len(keys):
            self.apart[position] = shown - keys

    def fates(self) -> Fates:
        """Return what became of each element."""
        elements, reads = self._table.elements, self._table.reads
        fates = Fates([], [], [], array("d", [0.0]) * len(elements))
        for row, (shown, lacked, known_end, known_time) in enumerate(
            zip(
                self.last_shown,
                self.last_lacked,
                elements.known_end,
                elements.known_time,
                strict=True,
            )
        ):
            if shown > lacked:
                fates.stable.append(row)
                last = lacked
            elif known_end >= 0 and lacked >= 0 and reads[lacked].index > known_end:
                fates.lost.append(row)
                last = shown
            else:
                fates.never_read.append(row)
                continue
            # Shown only before its add, an element is stable without being known.
            if last >= 0 and known_end >= 0:
                since = reads[last].start_time + 1
                fates.latency_ms[row] = max(0, since - known_time) / 1e6
        return fates
