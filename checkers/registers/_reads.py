"""What single reads of a register show: nothing made up, nothing overwritten."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

from checkers._elements import key_of, text_of
from checkers._findings import Witness
from checkers._wording import cite, listed, shown

from ._bounds import fronts


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checkers._findings import Findings
    from checkers.evidence import Evidence
    from histories import History

    from ._bounds import Bound
    from ._causes import Histories
    from ._table import Read, Shown, Table


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
        for read in self._table.reads:
            self._content(read)
            self._form(read)
            if siblings and len(read.values) > 1:
                self._superseded(read)
        if siblings:
            for read, front in fronts(self._table, self._histories):
                self._lacking(read, front)

    def report_forgotten(self, lacking: Iterable[tuple[Read, Sequence[Bound]]]) -> None:
        """Report reads that lack what their nodes owed them, and nothing replaced."""
        for read, bounds in lacking:
            for bound in bounds:
                self._findings.add("forgotten-write", self._explain_lack, read, bound)

    def _content(self, read: Read) -> None:
        """Every value was written, to this register, and could have arrived."""
        for one in read.values:
            if one.row is None:
                failed = self._table.failed.get((read.key, key_of(one.value)))
                if failed is None:
                    self._findings.add(
                        "phantom-value", self._explain_phantom, read, one
                    )
                else:
                    self._findings.add(
                        "aborted-effect", self._explain_aborted, read, one, failed
                    )
                continue
            write = self._table.writes[one.row]
            if write.start > read.end:
                self._findings.add("thin-air", self._explain_early, read, one.row)
            elif self._evidence is not None and (
                self._evidence.could_show(write.index, read.index) is False
            ):
                self._findings.add(
                    "impossible-knowledge", self._explain_impossible, read, one.row
                )

    def _form(self, read: Read) -> None:
        """No value comes twice, and the flag says whether there are several."""
        counts = Counter(key_of(one.value) for one in read.values)
        for value, times in counts.items():
            if times > 1:
                text = text_of(value)
                self._findings.add(
                    "duplicate-sibling", self._explain_duplicate, read, text, times
                )
        if read.conflict is not None and read.conflict != (len(counts) > 1):
            self._findings.add("wrong-conflict-flag", self._explain_flag, read)

    def _superseded(self, read: Read) -> None:
        for earlier, later in combinations(sorted(set(read.rows)), 2):
            if self._histories.supersedes(later, earlier):
                self._findings.add(
                    "superseded-sibling", self._explain_superseded, read, later, earlier
                )

    def _lacking(self, read: Read, front: list[Bound]) -> None:
        for bound in front:
            if not self._histories.covers(read.rows, bound.row):
                self._findings.add("forgotten-write", self._explain_lack, read, bound)

    # How it is told.

    def _explain_type(self, index: int, wrong: str) -> Witness:
        read = self._history.operation(index)
        return Witness(
            sentence=f"{cite(read)} returned {shown(read.output)}, which {wrong}.",
            operations=(index,),
            data={"value": shown(read.output), "node": read.node},
        )

    def _explain_phantom(self, read: Read, one: Shown) -> Witness:
        operation = self._history.operation(read.index)
        return Witness(
            sentence=f"{cite(operation)} returned {shown(one.value)} for "
            f"{text_of(read.key)}, which nobody ever wrote there.",
            operations=(read.index,),
            data={"key": text_of(read.key), "value": shown(one.value)},
        )

    def _explain_aborted(self, read: Read, one: Shown, failed: int) -> Witness:
        operation = self._history.operation(read.index)
        write = self._history.operation(failed)
        return Witness(
            sentence=f"{cite(operation)} returned {shown(one.value)}, which "
            f"{cite(write)} tried to write and was told that it definitely had not.",
            operations=(failed, read.index),
            data={"key": text_of(read.key), "value": shown(one.value)},
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
        values = [shown(one.value) for one in read.values]
        return Witness(
            sentence=f"{cite(operation)} returned the values {listed(values) or 'none'} "
            f"and says that conflict is {shown(read.conflict)}.",
            operations=(read.index,),
            data={"values": values, "conflict": read.conflict},
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
        operation = self._history.operation(read.index)
        proof = self._history.operation(bound.proof)
        had = (
            f"had acknowledged {cite(proof)} of {shown(write.value)} before"
            if bound.tag == "own"
            else f"had shown {shown(write.value)} before, to {cite(proof)}"
        )
        values = [shown(one.value) for one in read.values]
        return Witness(
            sentence=f"{cite(operation)} returned {listed(values) or 'nothing'} for "
            f"{text_of(read.key)}: its node {had}, and nothing that was returned "
            "replaces that.",
            operations=tuple(dict.fromkeys((write.index, bound.proof, read.index))),
            data={
                "key": text_of(read.key),
                "value": shown(write.value),
                "assumes": bound.tag,
            },
        )
