"""What is left of all writes in the end: on each node, and on all of them alike."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from checkers._elements import text_of
from checkers._findings import Witness
from checkers._wording import as_do, cite, listed, listed_some, shown
from checkers.evidence import path_sentences, under_way, unreached

from ._columns import NEVER


if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from checkers._elements import Key
    from checkers._findings import Findings
    from checkers.evidence import Evidence
    from histories import History

    from ._causes import Histories
    from ._columns import Read
    from ._replicas import Replicas
    from ._table import Table


_NAMED = 6


class FinalRules:
    """Checks the final reads, which are to show every write that was not replaced."""

    def __init__(
        self,
        history: History,
        table: Table,
        histories: Histories,
        findings: Findings,
        replicas: Replicas,
        evidence: Evidence | None,
    ) -> None:
        self._history = history
        self._table = table
        self._histories = histories
        self._findings = findings
        self._replicas = replicas
        self._evidence = evidence
        latest: dict[tuple[Key, str], Read] = {}
        for number in table.reads.final:
            read = table.reads[number]
            latest[read.key, read.place] = read
        self._finals: dict[Key, list[Read]] = {}
        for read in latest.values():
            self._finals.setdefault(read.key, []).append(read)
        self._rows: defaultdict[Key, array[int]] = defaultdict(lambda: array("i"))
        for row in range(len(table.writes)):
            self._rows[table.writes.key(row)].append(row)
        self.lost = 0
        self.maximal = 0

    def report_siblings(self) -> None:
        """Report acknowledged writes that no final value of a node replaces."""
        for key, finals in self._finals.items():
            for rows, reads in _alike(finals).items():
                covered = self._histories.covered(rows)
                lost = self._acknowledged(key, besides=covered)
                if lost:
                    self._findings.add("lost-write", self._explain_lost, reads, lost)

    def report_replaced(self) -> None:
        """Report lost writes and false conflicts where replicas decide what replaces.

        A write replaces those that were visible where it was executed: at least those
        that its node had acknowledged or shown before, at most those that could have
        reached its node.
        """
        for key, finals in self._finals.items():
            for rows, reads in _alike(finals).items():
                lost = [
                    row
                    for row in self._acknowledged(key, besides=rows)
                    if not self._replicas.may_replace(rows, row)
                ]
                if lost:
                    self._findings.add("lost-write", self._explain_lost, reads, lost)
        self._false_conflicts()

    def _false_conflicts(self) -> None:
        """Report values side by side of which one had to replace the other."""
        reads = self._table.reads
        for number, rows in enumerate(reads.rows):
            if len(rows) < 2:
                continue
            for earlier, later in combinations(sorted(set(rows)), 2):
                proof = self._replicas.must_replace(later, earlier)
                if proof is not None:
                    self._findings.add_once(
                        "superseded-sibling",
                        (earlier,),
                        self._explain_conflict,
                        reads[number],
                        earlier,
                        later,
                        proof,
                    )

    def report_divergence(self) -> None:
        """Report registers of which the nodes show different values in the end.

        A write that is still under way may come between the reads of them.
        """
        for key, finals in self._finals.items():
            began = min(self._history.operation(one.index).start_time for one in finals)
            is_late = any(
                self._wrote(index, key) for index in under_way(self._evidence, began)
            )
            report = self._findings.note if is_late else self._findings.add
            first, *others = finals
            values = frozenset(first.rows)
            for read in others:
                if frozenset(read.rows) != values:
                    report("divergence", self._explain_divergence, key, finals)
                    break

    def _wrote(self, index: int, key: Key) -> bool:
        """Whether an operation is a write to a register."""
        writes = self._table.writes
        row = bisect_left(writes.index, index)
        return (
            row < len(writes) and writes.index[row] == index and writes.key(row) == key
        )

    def report_last_writer(self) -> None:
        """Count what one of several writes silently replaced; report what it may not.

        Losing concurrent writes is the contract of a last-writer-wins register; to
        lose a write to one that it had itself replaced is not.
        """
        for key, finals in self._finals.items():
            writes, rows = self._table.writes, self._rows[key]
            acknowledged = self._acknowledged(key, besides=())
            seen = {source for row in acknowledged for source in writes.sources[row]}
            replaced = self._histories.covered(seen)
            maximal = [row for row in acknowledged if row not in replaced]
            self.maximal += len(maximal)
            left = {row for read in finals for row in read.rows}
            lost = [row for row in maximal if row not in left]
            self.lost += len(lost)
            for read in finals:
                for row in read.rows:
                    by = self._histories.first_above(row, rows)
                    if by is not None:
                        self._findings.add_once(
                            "causal-loss", (row,), self._explain_causal, read, row, by
                        )
                        lost = [one for one in lost if one != by]
                        break
            if lost and left:
                self._findings.note(
                    "overwritten-concurrently",
                    self._explain_overwritten,
                    finals[0],
                    lost,
                )

    def _acknowledged(self, key: Key, *, besides: Container[int]) -> list[int]:
        """Return the acknowledged writes to a register but for some."""
        writes = self._table.writes
        return [
            row
            for row in self._rows[key]
            if writes.end[row] != NEVER and row not in besides
        ]

    # How it is told.

    def _explain_lost(self, reads: Sequence[Read], lost: list[int]) -> Witness:
        read, *others = reads
        writes = self._table.writes
        first = self._history.operation(writes[lost[0]].index)
        values = [shown(value) for value in read.values]
        too = as_do([one.place for one in others], past=True)
        others_lost = [shown(writes[row].value) for row in lost[1:]]
        more = (
            f" The same goes for {listed_some(others_lost, limit=_NAMED)}."
            if others_lost
            else ""
        )
        named = lost[:_NAMED]
        value_of = {writes.index[row]: shown(writes[row].value) for row in named}
        found = [unreached(self._evidence, one.index, value_of) for one in reads]
        return Witness(
            sentence=f"{cite(first)} of {shown(writes[lost[0]].value)} was acknowledged, "
            f"and the final {cite(self._history.operation(read.index))} returned "
            f"{listed(values) or 'nothing'}{too}, of "
            f"which none replaces it.{more}"
            f"{path_sentences(found, value_of.__getitem__)}",
            operations=(*value_of, read.index),
            data={
                "key": text_of(read.key),
                "node": read.place,
                "lost": list(value_of.values()),
                "count": len(lost),
            },
        )

    def _explain_conflict(
        self, read: Read, earlier: int, later: int, proof: int
    ) -> Witness:
        writes = self._table.writes
        first = self._history.operation(writes[earlier].index)
        is_own = proof == first.index
        told = self._history.operation(proof)
        had = f"acknowledged {cite(first)}" if is_own else f"shown it to {cite(told)}"
        second = self._history.operation(writes[later].index)
        return Witness(
            sentence=f"{cite(self._history.operation(read.index))} returned "
            f"{shown(writes[earlier].value)} beside {shown(writes[later].value)}; but "
            f"{writes[later].place} had {had} before it got {cite(second)}, which "
            "thereby replaces it.",
            operations=tuple(
                dict.fromkeys((first.index, proof, second.index, read.index))
            ),
            data={
                "key": text_of(read.key),
                "superseded": shown(writes[earlier].value),
                "by": shown(writes[later].value),
                "assumes": "own" if is_own else "seen",
            },
        )

    def _explain_divergence(self, key: Key, finals: Iterable[Read]) -> Witness:
        told = [
            f"{read.place} has {listed([shown(value) for value in read.values]) or 'nothing'}"
            for read in finals
        ]
        return Witness(
            sentence=f"The nodes do not agree on {text_of(key)} in the end: "
            f"{listed_some(told, limit=_NAMED)}.",
            operations=tuple(read.index for read in finals),
            data={
                "key": text_of(key),
                "values": {
                    read.place: [shown(value) for value in read.values]
                    for read in finals
                },
            },
        )

    def _explain_causal(self, read: Read, row: int, by: int) -> Witness:
        writes = self._table.writes
        later = self._history.operation(writes[by].index)
        return Witness(
            sentence=f"The final {cite(self._history.operation(read.index))} returned "
            f"{shown(writes[row].value)}, which {cite(later)} of "
            f"{shown(writes[by].value)} had seen and replaced: the later one of two "
            "writes, one of which knew the other, is gone.",
            operations=(writes[row].index, writes[by].index, read.index),
            data={
                "key": text_of(read.key),
                "value": shown(writes[row].value),
                "lost": shown(writes[by].value),
            },
        )

    def _explain_overwritten(self, read: Read, lost: list[int]) -> Witness:
        writes = self._table.writes
        left = [shown(value) for value in read.values]
        return Witness(
            sentence=f"Of the writes to {text_of(read.key)} that no other one had seen, "
            f"{listed(left) or 'none'} is left and {len(lost)} are silently lost, such "
            f"as {cite(self._history.operation(writes[lost[0]].index))} of "
            f"{shown(writes[lost[0]].value)}: that is what last-writer-wins means.",
            operations=(
                writes[lost[0]].index,
                *(writes[row].index for row in read.rows),
            ),
            data={"key": text_of(read.key), "lost": len(lost)},
        )


def _alike(reads: Iterable[Read]) -> dict[frozenset[int], list[Read]]:
    """Return reads by what they returned, the first first."""
    found: dict[frozenset[int], list[Read]] = {}
    for read in reads:
        found.setdefault(frozenset(read.rows), []).append(read)
    return found
