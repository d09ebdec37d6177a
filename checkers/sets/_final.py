"""What the final reads of a set lack: lost everywhere, or missing on some nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers._elements import text_of
from checkers._findings import Witness
from checkers._wording import cite, count_of, listed_some, seconds
from checkers.evidence import under_way

from ._knowledge import explain_paths


if TYPE_CHECKING:
    from checkers._elements import Key
    from checkers._findings import Findings
    from checkers.evidence import Evidence
    from histories import History

    from ._lifetimes import BackwardSweep
    from ._reads import ReadSweep
    from ._table import SetTable


_NAMED = 8
"""Elements and reads that a witness names."""


class FinalReads:
    """Reports what final reads lack."""

    def __init__(
        self,
        history: History,
        table: SetTable,
        findings: Findings,
        reads: ReadSweep,
        backward: BackwardSweep,
        evidence: Evidence | None = None,
    ) -> None:
        self._evidence = evidence
        self._history = history
        self._table = table
        self._findings = findings
        self._reads = reads
        self._backward = backward

    def report(self) -> None:
        """Report elements that all, or some, final reads lack."""
        missing = self._reads.missing
        elsewhere = self._backward.also_shown
        for key in self._reads.in_order(set().union(*missing.values()) - elsewhere):
            self._findings.add("lost-element", self._explain_lost, key)
        for row, keys in missing.items():
            if not keys.isdisjoint(elsewhere):
                self._findings.add(
                    "missing-on-node", self._explain_missing, row, keys & elsewhere
                )
        elements = self._table.elements
        for row, keys in sorted(self._backward.apart.items()):
            begin = self._table.reads[row].index
            apart = {
                key
                for key in keys - missing.get(row, set())
                if key in elements.row
                and not elements.acknowledged[elements.row[key]]
                and elements.start[elements.row[key]] < begin
            }
            if apart:
                # An add that is still under way may come between two final reads.
                late = under_way(self._evidence, self._first_time())
                is_late = all(
                    elements.start[elements.row[key]] in late for key in apart
                )
                report = self._findings.note if is_late else self._findings.add
                report("divergence", self._explain_apart, row, apart)

    def _first_time(self) -> int:
        """Return when the first final read began, in ns."""
        return min(read.start_time for read in self._table.reads if read.final)

    def _explain_lost(self, key: Key) -> Witness:
        table, row = self._table, self._table.elements.row[key]
        elements = table.elements
        add = self._history.operation(elements.start[row])
        proof = self._history.operation(elements.known_by[row])
        finals = [read for read in table.reads if read.final]
        last = self._backward.last_shown[row]
        seen = (
            "No read ever returned it."
            if last < 0
            else f"The last to return it was "
            f"{cite(self._history.operation(table.reads[last].index))}."
        )
        known = (
            f"acknowledged at {seconds(elements.known_time[row])}"
            if elements.acknowledged[row] and proof.index == add.index
            else f"to which a node replied ok before {seconds(elements.known_time[row])}"
            if proof.index == add.index
            else f"returned by {cite(proof)}"
        )
        paths, data = explain_paths(
            self._evidence,
            [read.index for read in finals if read.index > proof.index][:_NAMED],
            [key],
            [add.index],
        )
        return Witness(
            sentence=f"Element {text_of(key)} of {cite(add)}, {known}, is in none of "
            f"{count_of(len(finals), 'final read')}. {seen}{paths}",
            operations=tuple(
                dict.fromkeys(
                    [
                        add.index,
                        proof.index,
                        *([table.reads[last].index] if last >= 0 else []),
                        *(read.index for read in finals[:_NAMED]),
                    ]
                )
            ),
            data={
                "element": text_of(key),
                "node": add.node,
                "process": add.process,
                "known-ns": elements.known_time[row],
                "final-reads": len(finals),
                **data,
            },
        )

    def _explain_missing(self, row: int, keys: set[Key]) -> Witness:
        return self._explain_gap(row, keys, "that another node has")

    def _explain_apart(self, row: int, keys: set[Key]) -> Witness:
        return self._explain_gap(
            row, keys, "whose add is indeterminate and that another node has"
        )

    def _explain_gap(self, row: int, keys: set[Key], which: str) -> Witness:
        table = self._table
        read = table.reads[row]
        operation = self._history.operation(read.index)
        ordered = self._reads.in_order(keys)
        first = self._history.operation(self._reads.start_of(ordered[0]))
        paths, data = explain_paths(
            self._evidence,
            [read.index],
            ordered,
            [self._reads.start_of(key) for key in ordered],
        )
        return Witness(
            sentence=f"The final {cite(operation)} lacks "
            f"{count_of(len(keys), 'element')} {which}: "
            f"{listed_some([text_of(key) for key in ordered], limit=_NAMED)}. "
            f"The first was added by {cite(first)}.{paths}",
            operations=(
                read.index,
                *(self._reads.start_of(key) for key in ordered[:_NAMED]),
            ),
            data={
                "node": operation.node,
                "process": operation.process,
                "count": len(keys),
                "elements": [text_of(key) for key in ordered[:_NAMED]],
                **data,
            },
        )
