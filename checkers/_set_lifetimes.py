"""What became of each element: the classes of Jepsen's `set-full`, in linear time.

An element is *known* from the first completion that proves it to be in the set. Of all
reads that were invoked after its add, the last to show it and the last to lack it
decide, in the order of invocations: it is *stable* if it was shown last, *lost* if it
was lacking last, in a read invoked after it was known, and *never read* otherwise. A
stable element was *stale* if a read invoked after it was known still lacked it.

The naive rendering asks every read about every element. Here one pass goes backwards
through the reads with the set of elements that no later read lacked, and removes from
it what the read at hand lacks; as many elements as stay in it are in the read, so that
a step costs no more than the length of the read and the elements that leave. In
contrast to the original, a read that was invoked before the add never counts as
lacking the element; this turns a few elements from never read to stable, and no other.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import msgspec

from ._convergence import Convergence
from ._elements import keys_of


if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._elements import Key
    from ._set_table import SetTable


class Lifetime(msgspec.Struct, frozen=True):
    """What became of one element.

    Attributes:
        key: The element.
        row: Its row in the table.
        fate: `stable`, `lost` or `never-read`.
        latency_ms: From when it was known until it was stable, or lost; 0 at least.
    """

    key: Key
    row: int
    fate: str
    latency_ms: float = 0.0


class BackwardSweep:
    """Goes through the reads from the last to the first, once.

    Attributes:
        last_shown: Row of the last read with each element; -1 without one.
        last_lacked: Row of the last read without it, likewise.
        convergence: When each place had all elements that were ever proven.
        also_shown: Those of `sought` that a final read shows.
        apart: Elements of `union` that a final read lacks, by the row of the read.
    """

    def __init__(
        self,
        table: SetTable,
        places: Iterable[str],
        *,
        proven: set[Key],
        sought: set[Key],
        union: set[Key],
    ) -> None:
        count = len(table.elements)
        self._table = table
        self._proven = proven
        self._sought = sought
        self._union = union
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
            keys = keys_of(read.values)
            if not_shown:
                newly_shown = not_shown & keys
                not_shown -= newly_shown
                for key in newly_shown:
                    self.last_shown[rows[key]] = position
            lacked = not_lacked - keys
            not_lacked -= lacked
            for key in lacked:
                if elements.start[rows[key]] < read.index:
                    self.last_lacked[rows[key]] = position
            if read.final:
                self.also_shown |= self._sought & keys
                if len(self._union) > len(keys):
                    self.apart[position] = self._union - keys
            if self.convergence.wants(read.place):
                self.convergence.observe(
                    read.place, read.end_time, complete=self._proven <= keys
                )

    def lifetimes(self) -> list[Lifetime]:
        """Return what became of each element, in the order of their adds."""
        elements, reads = self._table.elements, self._table.reads
        found = []
        for key, row in elements.row.items():
            shown, lacked = self.last_shown[row], self.last_lacked[row]
            known_time = elements.known_time[row]
            fate, since = "never-read", 0
            if shown >= 0 and shown > lacked:
                fate = "stable"
                since = reads[lacked].start_time + 1 if lacked >= 0 else 0
            elif (
                elements.known_end[row] >= 0
                and lacked >= 0
                and reads[lacked].index > elements.known_end[row]
            ):
                fate = "lost"
                since = reads[shown].start_time + 1 if shown >= 0 else 0
            latency_ms = max(0, since - known_time) / 1e6
            found.append(Lifetime(key, row, fate, latency_ms))
        return found
