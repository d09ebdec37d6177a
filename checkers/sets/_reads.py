"""What every read of a set has to satisfy, and every two of one node.

One sweep in the order of invocations. At each read it knows which elements somebody
had tried to add, which were proven to be in the set (acknowledged, or shown by a read
that has ended), and what the node had shown in reads that have ended. Every question
is one of inclusion between sets and takes time linear in the list that was read,
except where it finds something.
"""

from __future__ import annotations

from collections import Counter
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from checkers._disks import Losses
from checkers._elements import comparable, key_of, text_of
from checkers._findings import Witness
from checkers._wording import cite, count_of, listed_some


if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkers._elements import Key
    from checkers._findings import Findings
    from histories import History

    from ._knowledge import Knowledge
    from ._table import SetRead, SetTable


_NAMED = 8
"""Elements that a witness names."""

_NOTHING: set[Key] = set()
"""What a place has shown that has shown nothing; never changed."""


class ReadSweep:
    """Checks all reads; what it learns for the final check stays in attributes.

    Attributes:
        proven: Elements that were acknowledged, or shown by a read, in the end.
        missing: Elements that a final read had to show and did not, by the row of the
            read.
        shown: All elements in any final read of a round. Reads are of one round if
            the same adds had been invoked before them.
        round: The round of each final read, by its row.
        plain: Whether the elements of each read are their own keys.
        duplicated: Greatest number of times that one read showed an element, for
            elements shown more than once.
    """

    def __init__(
        self,
        history: History,
        table: SetTable,
        findings: Findings,
        knowledge: Knowledge | None = None,
    ) -> None:
        self._losses = Losses(history)
        self._knowledge = knowledge
        self._history = history
        self._table = table
        self._findings = findings
        self._next_add = 0
        self._next_ack = 0
        ends = table.add_end
        self._acks = sorted(
            (add for add in range(len(ends)) if ends[add] >= 0), key=ends.__getitem__
        )
        self._running: list[tuple[int, int, set[Key], set[Key]]] = []
        self._invoked: set[Key] = set()
        self._unproven: set[Key] = set()
        self.proven: set[Key] = set()
        self._seen: dict[str, tuple[int, set[Key]]] = {}
        self._own: dict[int, set[Key]] = {}
        self.missing: dict[int, set[Key]] = {}
        self.shown: dict[int, set[Key]] = {}
        self.round: dict[int, int] = {}
        self.plain = bytearray()
        self.duplicated: dict[Key, int] = {}

    def run(self) -> None:
        """Check all reads in the order of their invocations."""
        for row, read in enumerate(self._table.reads):
            self._advance(read.index)
            values = comparable(read.values)
            self.plain.append(values is read.values)
            keys = values if isinstance(values, set) else set(values)
            if len(keys) != len(read.values):
                self._report_duplicates(read)
            by, before = self._seen.get(read.place, (-1, _NOTHING))
            if by >= 0 and self._losses.between(
                read.place, self._table.reads[by].index, read.end
            ):
                del self._seen[read.place]
                by, before = -1, _NOTHING
            # Elements that the place has shown before were looked at then.
            new = keys - before
            if not new <= self._invoked:
                self._report_strange(read, new - self._invoked)
            if self._knowledge is not None:
                self._knowledge.check(read, new)
            if len(keys) - len(new) < len(before):
                # What this place has shown is forgotten, so that one loss is one
                # anomaly and not one of every later read.
                del self._seen[read.place]
                self._findings.add(
                    "regress", self._explain_regress, by, row, before - keys
                )
            if read.final:
                self.round[row] = self._next_add
                self.shown.setdefault(self._next_add, set()).update(keys)
                if not self.proven <= keys:
                    self.missing[row] = self.proven - keys
            elif not self._own.get(read.process, keys) <= keys:
                self._findings.note("read-your-writes", self._explain_own, read, keys)
            heappush(self._running, (read.end, row, keys, before))
        self._advance(None)

    def _advance(self, index: int | None) -> None:
        """Take in all invocations and completions before an index, or all."""
        table = self._table
        while self._next_add < len(table.add_start) and (
            index is None or table.add_start[self._next_add] < index
        ):
            key = table.key[self._next_add]
            self._invoked.add(key)
            if key not in self.proven:
                self._unproven.add(key)
            self._next_add += 1
        while True:
            ack = (
                self._acks[self._next_ack] if self._next_ack < len(self._acks) else None
            )
            read_first = self._running and (
                ack is None or self._running[0][0] < table.add_end[ack]
            )
            if read_first and (index is None or self._running[0][0] < index):
                self._end_read(*heappop(self._running)[1:])
            elif ack is not None and (index is None or table.add_end[ack] < index):
                self._end_add(ack)
            else:
                return

    def _end_add(self, add: int) -> None:
        table = self._table
        key = table.key[add]
        self._next_ack += 1
        own = self._own.get(table.add_process[add])
        if own is None:
            own = self._own[table.add_process[add]] = set()
        own.add(key)
        if key in self._unproven:
            self._prove(
                key,
                end=table.add_end[add],
                time=table.add_end_time[add],
                by=table.add_start[add],
            )

    def _end_read(self, row: int, keys: set[Key], before: set[Key]) -> None:
        read = self._table.reads[row]
        elements = self._table.elements
        # What a node shows that loses its disk later may be lost with it.
        outlives = not self._losses.after(read.place, read.index)
        for key in keys & self._unproven if outlives else ():
            if elements.start[elements.row[key]] < read.end:
                self._prove(key, end=read.end, time=read.end_time, by=read.index)
        _, seen = self._seen.get(read.place, (-1, _NOTHING))
        # What it was compared with when it began, it contains.
        if seen is before or seen <= keys:
            self._seen[read.place] = (row, keys)
        elif not keys <= seen:
            self._seen[read.place] = (row, keys | seen)

    def _prove(self, key: Key, *, end: int, time: int, by: int) -> None:
        elements = self._table.elements
        self._unproven.discard(key)
        self.proven.add(key)
        elements.learn(elements.row[key], end=end, time=time, by=by)

    def _report_duplicates(self, read: SetRead) -> None:
        counts = Counter(map(key_of, read.values))
        repeated = {key: number for key, number in counts.items() if number > 1}
        for key, number in repeated.items():
            self.duplicated[key] = max(number, self.duplicated.get(key, 0))
        self._findings.add("duplicate-element", self._explain_duplicate, read, repeated)

    def _report_strange(self, read: SetRead, keys: set[Key]) -> None:
        """Report elements of a read that no add invoked before it explains."""
        table = self._table
        for key in keys:
            row = table.elements.row.get(key)
            failed = table.failed.get(key)
            added = None if row is None else table.elements.start[row]
            if added is not None and added < read.end:
                continue
            if failed is not None and self._is_unknowable(read, key):
                continue
            if failed is not None and failed < read.end:
                self._findings.add(
                    "aborted-effect", self._explain_aborted, read, key, failed
                )
            elif added is not None:
                self._findings.add("thin-air", self._explain_thin_air, read, key, added)
            elif failed is not None:
                self._findings.add(
                    "thin-air", self._explain_thin_air, read, key, failed
                )
            else:
                self._findings.add("phantom-element", self._explain_phantom, read, key)

    def _is_unknowable(self, read: SetRead, key: Key) -> bool:
        """Return whether that a read shows an element is reported by the journal."""
        return self._knowledge is not None and self._knowledge.forbids(read, key)

    def _explain_duplicate(self, read: SetRead, repeated: dict[Key, int]) -> Witness:
        operation = self._history.operation(read.index)
        named = [f"{text_of(key)} {number} times" for key, number in repeated.items()]
        return Witness(
            sentence=f"{cite(operation)} returned {listed_some(named, limit=_NAMED)}.",
            operations=(read.index,),
            data={
                "node": operation.node,
                "process": read.process,
                "elements": [text_of(key) for key in list(repeated)[:_NAMED]],
                "times": list(repeated.values())[:_NAMED],
            },
        )

    def _explain_aborted(self, read: SetRead, key: Key, failed: int) -> Witness:
        add = self._history.operation(failed)
        return self._explain_element(
            read,
            key,
            f"although {cite(add)}, the attempt to add it, was reported as failed",
            failed,
        )

    def _explain_thin_air(self, read: SetRead, key: Key, later: int) -> Witness:
        add = self._history.operation(later)
        return self._explain_element(
            read, key, f"before {cite(add)}, which added it, was invoked", later
        )

    def _explain_phantom(self, read: SetRead, key: Key) -> Witness:
        return self._explain_element(read, key, "which nobody tried to add")

    def _explain_element(
        self, read: SetRead, key: Key, why: str, *others: int
    ) -> Witness:
        operation = self._history.operation(read.index)
        return Witness(
            sentence=f"{cite(operation)} returned element {text_of(key)}, {why}.",
            operations=(read.index, *others),
            data={
                "element": text_of(key),
                "node": operation.node,
                "process": read.process,
            },
        )

    def _explain_regress(self, before: int, after: int, gone: set[Key]) -> Witness:
        reads = self._table.reads
        first = self._history.operation(reads[before].index)
        second = self._history.operation(reads[after].index)
        named = [text_of(key) for key in self.in_order(gone)]
        return Witness(
            sentence=f"{cite(second)} lacks {count_of(len(gone), 'element')} that the "
            f"same node had returned up to {cite(first)}: {listed_some(named)}.",
            operations=(first.index, second.index),
            data={
                "elements": named[:_NAMED],
                "count": len(gone),
                "node": second.node,
                "process": second.process,
            },
        )

    def _explain_own(self, read: SetRead, keys: set[Key]) -> Witness:
        operation = self._history.operation(read.index)
        gone = self._own[read.process] - keys
        named = [text_of(key) for key in self.in_order(gone)]
        return Witness(
            sentence=f"{cite(operation)} lacks {count_of(len(gone), 'element')} that "
            f"the same process had added, acknowledged, before: {listed_some(named)}.",
            operations=(
                read.index,
                *(self.start_of(key) for key in self.in_order(gone)[:_NAMED]),
            ),
            data={
                "elements": named[:_NAMED],
                "count": len(gone),
                "node": operation.node,
                "process": read.process,
            },
        )

    def in_order(self, keys: Iterable[Key]) -> list[Key]:
        """Return elements in the order of their adds, unknown ones last."""
        return sorted(keys, key=lambda key: (self.start_of(key), str(key)))

    def start_of(self, key: Key) -> int:
        """Return the index of the first add of an element."""
        row = self._table.elements.row.get(key)
        return 1 << 62 if row is None else self._table.elements.start[row]
