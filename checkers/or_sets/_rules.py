"""What a set shows in the end and on the way, told with witnesses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers._elements import text_of
from checkers._findings import Witness
from checkers._wording import as_do, cite, listed_some, none_of, shown
from checkers.evidence import path_sentences, under_way, unreached

from ._sweep import Sweep


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers._elements import Key
    from checkers._findings import Findings
    from checkers.evidence import Evidence
    from histories import History

    from ._bounds import Semantics
    from ._table import SetRead, Table


_NAMED = 6


class Rules:
    """Checks all reads, those in the end last.

    Attributes:
        undecided: Elements that may be in the final reads or not, for all that is
            known.
        contended: Whether an add was surely not observed by some remove of its element.
    """

    def __init__(
        self,
        history: History,
        table: Table,
        findings: Findings,
        semantics: Semantics,
        evidence: Evidence | None,
    ) -> None:
        self.undecided: list[Key] = []
        self.contended = False
        self._history = history
        self._table = table
        self._findings = findings
        self._semantics = semantics
        self._evidence = evidence
        self._finals: dict[str, SetRead] = {
            read.place: read for read in table.reads if read.final
        }

    def report(self) -> None:
        """Report everything that no set of the kind could show."""
        for index in self._table.ill_typed:
            self._findings.add("type-error", self._explain_type, index)
        for read in self._table.reads:
            self._content(read)
        sweep = Sweep(
            self._table,
            self._semantics,
            self._evidence,
            on_lost=self._lost_on_node,
            on_back=self._back_on_node,
        )
        sweep.run()
        if self._finals:
            self._final(sweep)
            self._agreement()

    def _content(self, read: SetRead) -> None:
        """Every element was added before, once is enough, and it could be known."""
        once = self._findings.add_once
        shown_here: set[Key] = set()
        for element in read.values:
            about = (element,)
            rows = self._table.adds.get(element)
            if element in shown_here:
                once("duplicate-element", about, self._explain_twice, read, element)
            elif rows is None:
                self._nobodys(read, element)
            elif self._table.updates[rows[0]].index > read.end:
                if not self._is_aborted(read, element):
                    once("thin-air", about, self._explain_early, read, rows[0])
            elif not any(
                self._could_show(self._table.updates[row].index, read) for row in rows
            ) and not self._is_aborted(read, element):
                explain = self._explain_impossible
                once("impossible-knowledge", about, explain, read, rows[0])
            shown_here.add(element)

    def _nobodys(self, read: SetRead, element: Key) -> None:
        """Tell of an element that no add can have added."""
        once, about = self._findings.add_once, (element,)
        failed = self._table.failed.get(element)
        if failed is None:
            once("phantom-element", about, self._explain_phantom, read, element)
        else:
            once("aborted-effect", about, self._explain_aborted, read, element, failed)

    def _is_aborted(self, read: SetRead, element: Key) -> bool:
        """Tell of a failed add that explains an element; return whether there is one."""
        failed = self._table.failed.get(element)
        if failed is None or failed > read.end or not self._could_show(failed, read):
            return False
        self._nobodys(read, element)
        return True

    def _could_show(self, update: int, read: SetRead) -> bool:
        return self._evidence is None or (
            self._evidence.could_show(update, read.index) is not False
        )

    def _lost_on_node(self, read: SetRead, add: int) -> None:
        name = "lost-add" if read.about is None else "contains-mismatch"
        if self._finals.get(read.place) is not read:  # of which more is known
            self._findings.add_once(
                name, (read.place, add), self._explain_lost, [read], add
            )

    def _back_on_node(self, read: SetRead, element: Key, remove: int) -> None:
        name = "resurrected-element" if read.about is None else "contains-mismatch"
        if self._finals.get(read.place) is not read:
            self._findings.add_once(
                name, (read.place, remove), self._explain_back, [read], element, remove
            )

    def _final(self, sweep: Sweep) -> None:
        """Compare final reads with what must be there, and what must not."""
        updates = self._table.updates
        finals = [(read, frozenset(read.values)) for read in self._finals.values()]
        for element, adds in self._table.adds.items():
            kept = next(
                (
                    row
                    for row in reversed(adds)
                    if updates[row].acknowledged and not sweep.may.took(row)
                ),
                None,
            )
            gone = sweep.gone.get(element, {})
            buried = len(gone) == len(adds) or (
                self._semantics == "two-phase" and bool(gone)
            )
            self.contended |= element in self._table.removes and (
                self._semantics != "add-wins"
                or any(not sweep.may.took(row) for row in adds)
            )
            if kept is None and not buried:
                self.undecided.append(element)
            lacking = [read for read, values in finals if element not in values]
            if kept is not None and lacking:
                self._findings.add("lost-add", self._explain_lost, lacking, kept)
            having = [read for read, values in finals if element in values]
            if kept is None and buried and having:
                proof = max(gone.values())
                self._findings.add(
                    "resurrected-element", self._explain_back, having, element, proof
                )

    def _agreement(self) -> None:
        finals = list(self._finals.values())
        first = frozenset(finals[0].values)
        began = min(self._history.operation(read.index).start_time for read in finals)
        open_ = under_way(self._evidence, began)
        late = {one.element for one in self._table.updates if one.index in open_}
        for read in finals[1:]:
            apart = first.symmetric_difference(read.values)
            if apart:
                # An update that is still under way may come between two final reads.
                report = self._findings.note if apart <= late else self._findings.add
                report("divergence", self._explain_apart, finals[0], read, apart)

    # How it is told.

    def _explain_type(self, index: int) -> Witness:
        read = self._history.operation(index)
        proper = (
            "the elements of a set have to come as a list"
            if read.f == "read"
            else "an element is there, or it is not"
        )
        return Witness(
            sentence=f"{cite(read)} returned {shown(read.output)}: {proper}.",
            operations=(index,),
            data={"value": shown(read.output), "node": read.node},
        )

    def _explain_twice(self, read: SetRead, element: Key) -> Witness:
        return self._explain(
            read, element, (), "returned {element} more than once, as no set does."
        )

    def _explain_phantom(self, read: SetRead, element: Key) -> Witness:
        return self._explain(
            read, element, (), "returned {element}, which nobody ever tried to add."
        )

    def _explain_aborted(self, read: SetRead, element: Key, failed: int) -> Witness:
        add = cite(self._history.operation(failed))
        return self._explain(
            read,
            element,
            (failed,),
            f"returned {{element}}, whose {add} was told that it definitely failed.",
        )

    def _explain_early(self, read: SetRead, row: int) -> Witness:
        add = self._table.updates[row]
        return self._explain(
            read,
            add.element,
            (add.index,),
            f"returned {{element}} before {self._cite(row)}, the first add of it, was "
            "invoked.",
        )

    def _explain_impossible(self, read: SetRead, row: int) -> Witness:
        add = self._table.updates[row]
        return self._explain(
            read,
            add.element,
            (add.index,),
            f"returned {{element}}, but no message could have told its node of "
            f"{self._cite(row)} or of any other add of it.",
        )

    def _explain_lost(self, reads: Sequence[SetRead], row: int) -> Witness:
        read, *others = reads
        add = self._table.updates[row]
        removes = [
            remove.index
            for other in self._table.removes.get(add.element, ())
            if (remove := self._table.updates[other]).index < read.end
        ]
        why = (
            "nobody had removed it"
            if not removes
            else f"{none_of(len(removes), 'remove')} have observed that add, so that the add wins"
        )
        verb = "lacks" if read.about is None else "denies"
        here = "" if read.final else ", by this node,"
        lead = "The final " if read.final else ""
        too = as_do([one.place for one in others])
        found = [
            each
            for one in reads
            if one.final
            and (each := unreached(self._evidence, one.index, [add.index])) is not None
        ]
        return Witness(
            sentence=f"{lead}{cite(self._history.operation(read.index))} {verb} "
            f"{text_of(add.element)}{too}: {self._cite(row)} was acknowledged{here} and "
            f"{why}.{path_sentences(found, lambda _: 'it')}",
            operations=(add.index, *removes[-1:], read.index),
            data={
                "element": text_of(add.element),
                "node": read.place,
                "assumes": "convergence" if read.final else "own",
                **({"paths": [each.data() for each in found]} if found else {}),
            },
        )

    def _explain_back(
        self, reads: Sequence[SetRead], element: Key, remove: int
    ) -> Witness:
        read, *others = reads
        rows = self._table.adds.get(element, [])
        updates = self._table.updates
        lead = "The final " if read.final else ""
        too = as_do([one.place for one in others], past=True)
        return Witness(
            sentence=f"{lead}{cite(self._history.operation(read.index))} returned "
            f"{text_of(element)}{too}, although every add of it ({len(rows)}) had been "
            f"observed by a remove, the last by {self._cite(remove)}.",
            operations=(
                *(updates[row].index for row in rows[-_NAMED:]),
                updates[remove].index,
                read.index,
            ),
            data={
                "element": text_of(element),
                "node": read.place,
                "assumes": "own, unit",
            },
        )

    def _explain_apart(
        self, first: SetRead, second: SetRead, apart: frozenset[Key]
    ) -> Witness:
        only = {
            read.place: [text_of(one) for one in apart.intersection(read.values)]
            for read in (first, second)
        }
        told = [
            f"only {place} has {listed_some(sorted(texts), limit=_NAMED)}"
            for place, texts in only.items()
            if texts
        ]
        return Witness(
            sentence=f"The final reads of {first.place} and {second.place} differ: "
            f"{'; '.join(told)}.",
            operations=(first.index, second.index),
            data={"only": {place: sorted(texts) for place, texts in only.items()}},
        )

    def _explain(
        self, read: SetRead, element: Key, more: tuple[int, ...], sentence: str
    ) -> Witness:
        told = sentence.format(element=text_of(element))
        return Witness(
            sentence=f"{cite(self._history.operation(read.index))} {told}",
            operations=(*more, read.index),
            data={"element": text_of(element), "node": read.place},
        )

    def _cite(self, row: int) -> str:
        return cite(self._history.operation(self._table.updates[row].index))
