"""What single reads of a register show: nothing made up, nothing overwritten."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any

from checkers._elements import key_of, text_of
from checkers._findings import Witness
from checkers._wording import cite, listed, shown

from ._bounds import Bound, fronts
from ._columns import NO_FLAG


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from checkers._findings import Findings
    from checkers.evidence import Evidence
    from histories import History

    from ._causes import Histories
    from ._columns import Read
    from ._table import Table


class ReadRules:
    """Checks every read by itself, and against what its node has to show."""

    def __init__(
        self,
        history: History,
        table: Table,
        histories: Histories,
        findings: Findings,
        evidence: Evidence | None,
    ) -> None:
        self._history = history
        self._table = table
        self._histories = histories
        self._findings = findings
        self._evidence = evidence

    def report(self, *, siblings: bool) -> None:
        """Report what reads show that they must not, or lack.

        Args:
            siblings: Whether superseding follows from contexts, so that values that
                one another supersedes are wrong side by side.
        """
        for index, wrong in self._table.ill_typed:
            self._findings.add("type-error", self._explain_type, index, wrong)
        table, histories = self._table, self._histories
        strange = table.reads.strange
        for number, rows in enumerate(table.reads.rows):
            if self._evidence is not None or number in strange or self._early(number):
                self._content(number)
            self._form(number, is_strange=number in strange)
            if siblings and len(rows) > 1 and not histories.unrelated(rows):
                self._superseded(number)
        if siblings:
            for number, front in fronts(table, histories):
                self._lacking(number, front)

    def report_forgotten(self, lacking: Iterable[tuple[int, Sequence[Bound]]]) -> None:
        """Report reads that lack what their nodes owed them, and nothing replaced."""
        for number, bounds in lacking:
            for bound in bounds:
                self._lacks(number, bound)

    def _early(self, number: int) -> bool:
        """Whether a read returned a value before its write was invoked."""
        table = self._table
        newest = max(table.reads.rows[number], default=None)
        return (
            newest is not None and table.writes.index[newest] > table.reads.end[number]
        )

    def _content(self, number: int) -> None:
        """Every value was written, to this register, and could have arrived."""
        read = self._table.reads[number]
        for entry, row in self._table.reads.found(number):
            value = entry["value"]
            about = read.key, key_of(value)
            if row is None:
                failed = self._table.failed.get((read.key, key_of(value)))
                if failed is None:
                    self._findings.add_once(
                        "phantom-value", about, self._explain_phantom, read, value
                    )
                else:
                    self._findings.add_once(
                        "aborted-effect",
                        about,
                        self._explain_aborted,
                        read,
                        value,
                        failed,
                    )
                continue
            began = self._table.writes.index[row]
            if began > read.end:
                self._findings.add_once(
                    "thin-air", about, self._explain_early, read, row
                )
            elif self._evidence is not None and (
                self._evidence.could_show(began, read.index) is False
            ):
                self._findings.add_once(
                    "impossible-knowledge", about, self._explain_impossible, read, row
                )

    def _form(self, number: int, *, is_strange: bool) -> None:
        """No value comes twice, and the flag says whether there are several."""
        reads = self._table.reads
        rows, flag = reads.rows[number], reads.conflict[number]
        different = len(set(rows))
        if is_strange or different < len(rows):
            read = reads[number]
            counts = Counter(map(key_of, read.values))
            different = len(counts)
            for value, times in counts.items():
                if times > 1:
                    text = text_of(value)
                    self._findings.add_once(
                        "duplicate-sibling",
                        (read.key, value),
                        self._explain_duplicate,
                        read,
                        text,
                        times,
                    )
        if flag not in (NO_FLAG, different > 1):
            read = reads[number]
            self._findings.add_once(
                "wrong-conflict-flag", (read.place, flag), self._explain_flag, read
            )

    def _superseded(self, number: int) -> None:
        rows = sorted(set(self._table.reads.rows[number]))
        for earlier, later in combinations(rows, 2):
            if self._histories.supersedes(later, earlier):
                self._findings.add_once(
                    "superseded-sibling",
                    (earlier,),
                    self._explain_superseded,
                    self._table.reads[number],
                    later,
                    earlier,
                )

    def _lacking(self, number: int, front: Mapping[int, int]) -> None:
        rows = self._table.reads.rows[number]
        for row, proof in front.items():
            if row not in rows and not self._histories.covers(rows, row):
                self._lacks(number, Bound(row, proof))

    def _lacks(self, number: int, bound: Bound) -> None:
        read = self._table.reads[number]
        self._findings.add_once(
            "forgotten-write",
            (read.place, bound.row),
            self._explain_lack,
            read,
            bound,
        )

    # How it is told.

    def _explain_type(self, index: int, wrong: str) -> Witness:
        read = self._history.operation(index)
        return Witness(
            sentence=f"{cite(read)} returned {shown(read.output)}, which {wrong}.",
            operations=(index,),
            data={"value": shown(read.output), "node": read.node},
        )

    def _explain_phantom(self, read: Read, value: Any) -> Witness:
        operation = self._history.operation(read.index)
        return Witness(
            sentence=f"{cite(operation)} returned {shown(value)} for "
            f"{text_of(read.key)}, which nobody ever wrote there.",
            operations=(read.index,),
            data={"key": text_of(read.key), "value": shown(value)},
        )

    def _explain_aborted(self, read: Read, value: Any, failed: int) -> Witness:
        operation = self._history.operation(read.index)
        write = self._history.operation(failed)
        return Witness(
            sentence=f"{cite(operation)} returned {shown(value)}, which "
            f"{cite(write)} tried to write and was told that it definitely had not.",
            operations=(failed, read.index),
            data={"key": text_of(read.key), "value": shown(value)},
        )

    def _explain_early(self, read: Read, row: int) -> Witness:
        return self._explain_pair(
            read, row, "returned {value} before {write} was invoked, which wrote it."
        )

    def _explain_impossible(self, read: Read, row: int) -> Witness:
        return self._explain_pair(
            read,
            row,
            "returned {value}, but no message could have told its node of {write}.",
        )

    def _explain_pair(self, read: Read, row: int, sentence: str) -> Witness:
        write = self._table.writes[row]
        told = sentence.format(
            value=shown(write.value), write=cite(self._history.operation(write.index))
        )
        return Witness(
            sentence=f"{cite(self._history.operation(read.index))} {told}",
            operations=(write.index, read.index),
            data={"key": text_of(read.key), "value": shown(write.value)},
        )

    def _explain_duplicate(self, read: Read, text: str, times: int) -> Witness:
        operation = self._history.operation(read.index)
        return Witness(
            sentence=f"{cite(operation)} returned {text} {times} times.",
            operations=(read.index,),
            data={"key": text_of(read.key), "value": text, "times": times},
        )

    def _explain_flag(self, read: Read) -> Witness:
        operation = self._history.operation(read.index)
        values = [shown(value) for value in read.values]
        conflict = operation.output["conflict"]
        return Witness(
            sentence=f"{cite(operation)} returned the values {listed(values) or 'none'} "
            f"and says that conflict is {shown(conflict)}.",
            operations=(read.index,),
            data={"values": values, "conflict": conflict},
        )

    def _explain_superseded(self, read: Read, later: int, earlier: int) -> Witness:
        writes = self._table.writes
        operation = self._history.operation(read.index)
        by = self._history.operation(writes[later].index)
        return Witness(
            sentence=f"{cite(operation)} returned {shown(writes[earlier].value)} beside "
            f"{shown(writes[later].value)}; but {cite(by)} had seen the former in its "
            "context and replaces it: this is no conflict.",
            operations=(writes[earlier].index, writes[later].index, read.index),
            data={
                "key": text_of(read.key),
                "superseded": shown(writes[earlier].value),
                "by": shown(writes[later].value),
            },
        )

    def _explain_lack(self, read: Read, bound: Bound) -> Witness:
        write = self._table.writes[bound.row]
        tag = "own" if bound.proof == write.index else "seen"
        operation = self._history.operation(read.index)
        proof = self._history.operation(bound.proof)
        had = (
            f"had acknowledged {cite(proof)} of {shown(write.value)} before"
            if tag == "own"
            else f"had shown {shown(write.value)} before, to {cite(proof)}"
        )
        values = [shown(value) for value in read.values]
        return Witness(
            sentence=f"{cite(operation)} returned {listed(values) or 'nothing'} for "
            f"{text_of(read.key)}: its node {had}, and nothing that was returned "
            "replaces that.",
            operations=tuple(dict.fromkeys((write.index, bound.proof, read.index))),
            data={
                "key": text_of(read.key),
                "value": shown(write.value),
                "assumes": tag,
            },
        )
