"""What texts show in the end and on the way, told with witnesses."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from checkers._findings import Witness
from checkers._wording import as_do, cite, count_of, listed, listed_some, shown
from checkers.evidence import path_sentences, under_way, unreached

from ._interleaving import backward, torn
from ._missing import Missing
from ._order import circle, name_of
from ._quiet import Quiet, interruptions


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers._findings import Findings
    from checkers.evidence import Evidence
    from histories import History

    from ._interleaving import Torn
    from ._order import Step
    from ._table import Delete, Insert, Read, Table


_NAMED = 6


class Rules:
    """Checks all texts, and what they amount to together.

    Attributes:
        quiet: Which edits and reads were of a text that is known.
    """

    def __init__(
        self,
        history: History,
        table: Table,
        findings: Findings,
        evidence: Evidence | None,
    ) -> None:
        self.quiet = Quiet(table, evidence, self._other)
        self._history = history
        self._table = table
        self._findings = findings
        self._evidence = evidence
        self._finals = {read.place: read for read in table.reads if read.final}

    def report(self, *, keeps_runs: bool) -> None:
        """Report everything that no list could show.

        Args:
            keeps_runs: Whether runs that are torn apart fail.
        """
        for index, wrong in self._table.ill_typed:
            self._findings.add("type-error", self._explain_type, index, wrong)
        for read in self._table.reads:
            self._content(read)
        self.quiet.run(interruptions(self._history))
        missing = Missing(self._table, self.quiet.deleted, self._evidence)
        self._on_nodes(missing)
        self._in_the_end(missing)
        steps = circle(self._table, self.quiet)
        if steps is not None:
            self._findings.add(name_of(steps), self._explain_circle, steps)
        self._agreement()
        self._runs(fails=keeps_runs)

    def _content(self, read: Read) -> None:
        """Every character was inserted before, comes once, and could be known."""
        for char, times in Counter(read.text).items():
            if times > 1:
                self._findings.add_once(
                    "duplicate-character",
                    (char,),
                    self._explain_twice,
                    read,
                    char,
                    times,
                )
            row = self._table.row.get(char)
            if row is None:
                failed = self._table.failed.get(char)
                name = "phantom-character" if failed is None else "aborted-effect"
                self._findings.add_once(
                    name, (char,), self._explain_phantom, read, char, failed
                )
                continue
            insert = self._table.inserts[row]
            if insert.index > read.end:
                self._findings.add_once(
                    "thin-air", (char,), self._explain_early, read, insert
                )
            elif self._evidence is not None and (
                self._evidence.could_show(insert.index, read.index) is False
            ):
                self._findings.add_once(
                    "impossible-knowledge", (char,), self._explain_untold, read, insert
                )
        if read.length is not None and read.length != len(read.text):
            self._findings.add("malformed-view", self._explain_length, read)

    def _other(self, read: Read, expected: str, since: int) -> None:
        self._findings.add(
            "intention-violation", self._explain_other, read, expected, since
        )

    def _on_nodes(self, missing: Missing) -> None:
        """Compare each text with what its node acknowledged and cannot have lost."""
        own: dict[str, list[Insert]] = {}
        for insert in self._table.inserts:
            if insert.end is not None and missing.must_stay(insert.char):
                own.setdefault(insert.place, []).append(insert)
        gone: dict[str, list[tuple[Delete, str]]] = {}
        for delete in self._table.deletes:
            char = self.quiet.deleted.get(delete.index)
            if char is not None and delete.end is not None:
                gone.setdefault(delete.place, []).append((delete, char))
        for read in self._table.reads:
            if self._finals.get(read.place) is read:
                continue  # of which more is known
            text = frozenset(read.text)
            for insert in own.get(read.place, ()):
                if insert.char not in text and self._table.has(insert, read):
                    self._findings.add_once(
                        "lost-character",
                        (read.place, insert.char),
                        self._explain_lost,
                        [read],
                        insert,
                    )
            for delete, char in gone.get(read.place, ()):
                if char in text and self._table.has(delete, read):
                    self._findings.add_once(
                        "undeleted-character",
                        (read.place, char),
                        self._explain_back,
                        [read],
                        delete,
                        char,
                    )

    def _in_the_end(self, missing: Missing) -> None:
        """Compare final texts with all that was inserted and deleted."""
        texts = [(read, frozenset(read.text)) for read in self._finals.values()]
        for insert in self._table.inserts:
            if insert.end is not None and missing.must_stay(insert.char):
                lacking = [read for read, text in texts if insert.char not in text]
                if lacking:
                    self._findings.add(
                        "lost-character", self._explain_lost, lacking, insert
                    )
        for delete in self._table.deletes:
            char = self.quiet.deleted.get(delete.index)
            if char is not None and delete.end is not None:
                having = [read for read, text in texts if char in text]
                if having:
                    self._findings.add(
                        "undeleted-character", self._explain_back, having, delete, char
                    )
        for read, text in texts:
            self._too_many(read, text, missing)

    def _too_many(self, read: Read, text: frozenset[str], missing: Missing) -> None:
        """Compare how many characters a text lacks with how many can be deleted."""
        absent = [
            insert
            for insert in self._table.inserts
            if insert.end is not None
            and insert.char not in text
            and not missing.was_deleted(insert.char)
        ]
        if len(absent) > missing.unclear and not any(
            missing.must_stay(insert.char) for insert in absent
        ):
            self._findings.add(
                "lost-character", self._explain_too_many, read, absent, missing.unclear
            )

    def _agreement(self) -> None:
        finals = list(self._finals.values())
        began = [self._history.operation(read.index).start_time for read in finals]
        # An edit that is still under way may come between two final reads.
        is_late = bool(began and under_way(self._evidence, min(began)))
        report = self._findings.note if is_late else self._findings.add
        told = {read.text for read in finals[:1]}
        for read in finals[1:]:
            if read.text not in told:
                told.add(read.text)
                report("divergence", self._explain_apart, finals[0], read)

    def _runs(self, *, fails: bool) -> None:
        """Look at what was typed at one place by several, once in equal texts."""
        left_of = {
            char: left
            for char, left in self.quiet.behind.items()
            if char in self.quiet.typed or self._knew_no_deletion(char)
        }
        process_of = {insert.char: insert.process for insert in self._table.inserts}
        first_with: dict[str, Read] = {}
        for read in self._finals.values():
            first_with.setdefault(read.text, read)
        for read in first_with.values():
            found = torn(read.text, left_of)
            if found is not None:
                report = self._findings.add if fails else self._findings.note
                report("interleaving", self._explain_torn, read, found)
            mixed = backward(
                read.text, left_of, self.quiet.before, process_of, self._knew
            )
            if mixed is not None:
                self._findings.note(
                    "backward-interleaving", self._explain_mixed, read, mixed
                )

    def _knew(self, char: str, other: str) -> bool:
        """Whether who inserted a character may have known of another one."""
        row = self._table.row
        one, two = (self._table.inserts[row[each]].index for each in (char, other))
        return self._evidence is None or (
            self._evidence.could_show(two, one) is not False
        )

    def _knew_no_deletion(self, char: str) -> bool:
        insert = self._table.inserts[self._table.row[char]]
        return self._evidence is not None and not any(
            self._evidence.could_show(delete.index, insert.index) is not False
            for delete in self._table.deletes
            if insert.end is None or delete.index < insert.end
        )

    # How it is told.

    def _explain_type(self, index: int, wrong: str) -> Witness:
        read = self._history.operation(index)
        return Witness(
            sentence=f"{cite(read)} returned {shown(read.output)}, which {wrong}.",
            operations=(index,),
            data={"value": shown(read.output), "node": read.node},
        )

    def _explain_twice(self, read: Read, char: str, times: int) -> Witness:
        return self._explain(read, f"has {shown(char)} {times} times")

    def _explain_phantom(self, read: Read, char: str, failed: int | None) -> Witness:
        if failed is None:
            return self._explain(read, f"has {shown(char)}, which nobody ever inserted")
        insert = cite(self._history.operation(failed))
        return self._explain(
            read,
            f"has {shown(char)}, whose {insert} was told that it definitely failed",
            failed,
        )

    def _explain_length(self, read: Read) -> Witness:
        return self._explain(
            read,
            f"has {count_of(len(read.text), 'character')} and claims "
            f"{shown(read.length)}",
        )

    def _explain_early(self, read: Read, insert: Insert) -> Witness:
        return self._explain(
            read,
            f"has {shown(insert.char)} before {self._cite(insert.index)} was invoked",
            insert.index,
        )

    def _explain_untold(self, read: Read, insert: Insert) -> Witness:
        return self._explain(
            read,
            f"has {shown(insert.char)}, but no message could have told its node of "
            f"{self._cite(insert.index)}",
            insert.index,
        )

    def _explain_other(self, read: Read, expected: str, since: int) -> Witness:
        return self._explain(
            read,
            f"returned {shown(read.text)}; but {self._cite(since)} had returned its text "
            f"before, nothing else can have reached the node since, and its own edits "
            f"make {shown(expected)} of it",
            since,
        )

    def _explain_lost(self, reads: Sequence[Read], insert: Insert) -> Witness:
        read, *others = reads
        found = [
            unreached(self._evidence, one.index, [insert.index])
            for one in reads
            if one.final
        ]
        return self._explain(
            read,
            f"lacks {shown(insert.char)}{as_do([one.place for one in others])}, which "
            f"{self._cite(insert.index)} was acknowledged to have inserted and no "
            "deletion can have hit",
            insert.index,
            then=path_sentences(found, lambda _: "it"),
        )

    def _explain_too_many(
        self, read: Read, absent: list[Insert], deletes: int
    ) -> Witness:
        chars = listed_some([shown(insert.char) for insert in absent], limit=_NAMED)
        return self._explain(
            read,
            f"lacks {chars}, {len(absent)} in all that were acknowledged; "
            f"{count_of(deletes, 'deletion')} can have hit them, one each",
            *(insert.index for insert in absent[:_NAMED]),
        )

    def _explain_back(
        self, reads: Sequence[Read], delete: Delete, char: str
    ) -> Witness:
        read, *others = reads
        insert = self._table.inserts[self._table.row[char]]
        return self._explain(
            read,
            f"has {shown(char)}{as_do([one.place for one in others])}, which {self._cite(delete.index)} was "
            "acknowledged to have deleted",
            insert.index,
            delete.index,
        )

    def _explain_circle(self, steps: list[Step]) -> Witness:
        told = [
            f"{shown(step.before)} before {shown(step.after)} "
            f"{'by' if step.inserted else 'in'} {self._cite(step.source)}"
            for step in steps[:_NAMED]
        ]
        return Witness(
            sentence=f"No one order of all characters agrees with {listed(told)}.",
            operations=tuple(dict.fromkeys(step.source for step in steps)),
            data={"circle": [[step.before, step.after, step.source] for step in steps]},
        )

    def _explain_apart(self, first: Read, second: Read) -> Witness:
        one, other = frozenset(first.text), frozenset(second.text)
        only = [
            f"only {read.place} has {listed_some(sorted(map(shown, chars)), limit=_NAMED)}"
            for read, chars in ((first, one - other), (second, other - one))
            if chars
        ]
        how = "; ".join(only) or "they have the same characters in another order"
        return Witness(
            sentence=f"The final texts of {first.place} and {second.place} differ: {how}.",
            operations=(first.index, second.index),
            data={"texts": {read.place: read.text for read in (first, second)}},
        )

    def _explain_torn(self, read: Read, found: Torn) -> Witness:
        return self._explain(
            read,
            f"has {shown(found.between)} between {shown(found.before)} and "
            f"{shown(found.after)}, which were both typed on behind {shown(found.root)}: "
            "what two clients typed at one place is mixed",
            *(
                self._table.inserts[self._table.row[char]].index
                for char in dict.fromkeys(found)
            ),
        )

    def _explain_mixed(self, read: Read, mixed: tuple[str, str, str]) -> Witness:
        first, other, second = mixed
        return self._explain(
            read,
            f"has {shown(other)} of another client between {shown(first)} and "
            f"{shown(second)}, which one typed from right to left at the same place, at "
            "the same time: RGA does not keep such runs together",
            *(self._table.inserts[self._table.row[char]].index for char in mixed),
        )

    def _explain(
        self, read: Read, clause: str, *operations: int, then: str = ""
    ) -> Witness:
        lead = "The final " if self._finals.get(read.place) is read else ""
        return Witness(
            sentence=f"{lead}{self._cite(read.index)} {clause}.{then}",
            operations=tuple(dict.fromkeys((*operations, read.index))),
            data={"node": read.place, "text": shown(read.text)},
        )

    def _cite(self, index: int) -> str:
        return cite(self._history.operation(index))
