"""What a cart shows in the end and on the way, told with witnesses."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from checkers._elements import text_of
from checkers._findings import Witness
from checkers._wording import as_do, cite, listed_some, none_of, shown
from checkers.evidence import path_sentences, under_way, unreached

from ._sizes import report_sizes
from ._sweep import Sweep
from ._table import BASE


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers._elements import Key
    from checkers._findings import Findings
    from checkers.evidence import Evidence
    from histories import History

    from ._table import Table, View


_NAMED = 6


def _totals(view: View) -> Counter[Key]:
    """Return how much a view has of each item, in one line or in several."""
    totals: Counter[Key] = Counter()
    for item, quantity in view.items:
        totals[item] += quantity
    return totals


class Rules:
    """Checks all views, those in the end last.

    Attributes:
        undecided: How many adds may be in the final views or not, for all that is
            known.
        contended: Whether an add was surely not observed by some remove of its item.
    """

    def __init__(
        self,
        history: History,
        table: Table,
        findings: Findings,
        evidence: Evidence | None,
    ) -> None:
        self.undecided = 0
        self.contended = False
        self._history = history
        self._table = table
        self._findings = findings
        self._evidence = evidence
        self._finals = {
            view.place: number for number, view in enumerate(table.views) if view.final
        }
        self._shown: list[tuple[int, ...]] = []

    def report(self) -> None:
        """Report everything that no cart could show."""
        for index, wrong in self._table.ill_typed:
            self._findings.add("type-error", self._explain_type, index, wrong)
        report_sizes(self._history, self._table, self._findings)
        for view in self._table.views:
            self._form(view)
            shown_here = tuple(self._content(view))
            self._shown.append(shown_here)
            self._table.progress.read(
                view.place, view.time, frozenset(view.items), shown_here
            )
        sweep = Sweep(
            self._table,
            self._shown,
            self._evidence,
            on_lost=self._lost_on_node,
            on_back=self._back_on_node,
        )
        sweep.run()
        if self._finals:
            self._final(sweep)
            self._agreement()

    def _form(self, view: View) -> None:
        items = [item for item, _ in view.items]
        if len(set(items)) < len(items):
            twice = next(item for item in items if items.count(item) > 1)
            self._findings.add("malformed-view", self._explain_twice, view, twice)
        for item, quantity in view.items:
            if quantity == 0:
                self._findings.add("malformed-view", self._explain_zero, view, item)
        if view.total is not None and view.total != len(items):
            self._findings.add("malformed-view", self._explain_total, view)

    def _content(self, view: View) -> frozenset[int]:
        """Return the adds that a view shows; report digits that are none."""
        found: set[int] = set()
        for item, quantity in view.items:
            if quantity < 0:
                self._findings.add_once(
                    "negative-quantity",
                    (view.place, item),
                    self._explain_negative,
                    view,
                    item,
                    quantity,
                )
                continue
            digits: dict[int, int] = {}
            rest, power = quantity, 0
            while rest:
                rest, digit = divmod(rest, BASE)
                if digit:
                    digits[power] = digit
                power += 1
            # What was miscounted has borrowed from other digits, or carried over.
            rows = self._table.row[item]
            is_sum = all(digit == 1 for digit in digits.values()) and (
                digits.keys() <= rows.keys()
            )
            for power, digit in digits.items():
                row = self._digit(view, item, power, digit)
                if row is not None:
                    found.add(row)
                    if is_sum:
                        self._known(view, row)
        return frozenset(found)

    def _digit(self, view: View, item: Key, power: int, digit: int) -> int | None:
        """Return the add that a digit stands for, if there is one; it is there once."""
        row = self._table.row[item].get(power)
        if row is None:
            failed = self._table.failed.get((item, power))
            name = "phantom-quantity" if failed is None else "aborted-effect"
            self._findings.add_once(
                name,
                (item, power),
                self._explain_phantom,
                view,
                item,
                power,
                digit,
                failed,
            )
        elif digit > 1:
            self._findings.add_once(
                "doubled-quantity", (row,), self._explain_double, view, row, digit
            )
        return row

    def _known(self, view: View, row: int) -> None:
        """An add was invoked before it shows, and its node could know of it."""
        add = self._table.updates[row]
        if add.index > view.end:
            self._findings.add_once("thin-air", (row,), self._explain_early, view, row)
        elif self._evidence is not None and (
            self._evidence.could_show(add.index, view.index) is False
        ):
            self._findings.add_once(
                "impossible-knowledge", (row,), self._explain_untold, view, row
            )

    def _is_final(self, view: View) -> bool:
        number = self._finals.get(view.place)
        return number is not None and self._table.views[number] is view

    def _lost_on_node(self, view: View, add: int) -> None:
        if not self._is_final(view):  # of which more is known
            self._findings.add_once(
                "lost-quantity", (view.place, add), self._explain_lost, [view], add
            )

    def _back_on_node(self, view: View, add: int, remove: int) -> None:
        if not self._is_final(view):
            self._findings.add_once(
                "resurrected-quantity",
                (view.place, add),
                self._explain_back,
                [view],
                add,
                remove,
            )

    def _final(self, sweep: Sweep) -> None:
        """Compare final views with what must be there, and what must not."""
        finals = [
            (self._table.views[number], self._shown[number])
            for number in self._finals.values()
        ]
        for row, update in enumerate(self._table.updates):
            if update.removes:
                continue
            took = sweep.may.took(row)
            self.contended |= not took and update.element in self._table.removes
            must = update.acknowledged and not took
            gone = sweep.gone.get(row)
            self.undecided += not must and gone is None
            lacking = [view for view, adds in finals if row not in adds]
            having = [view for view, adds in finals if row in adds]
            if must and lacking:
                self._findings.add("lost-quantity", self._explain_lost, lacking, row)
            elif not must and gone is not None and having:
                self._findings.add(
                    "resurrected-quantity", self._explain_back, having, row, gone
                )

    def _agreement(self) -> None:
        first, *others = [self._table.views[one] for one in self._finals.values()]
        quantities = _totals(first)
        began = min(
            self._history.operation(view.index).start_time for view in (first, *others)
        )
        open_ = under_way(self._evidence, began)
        late = {one.element for one in self._table.updates if one.index in open_}
        for view in others:
            here = _totals(view)
            apart = {
                item for item in {*here, *quantities} if here[item] != quantities[item]
            }
            if apart:
                # An update that is still under way may come between two final views.
                report = self._findings.note if apart <= late else self._findings.add
                report("divergence", self._explain_apart, first, view)

    # How it is told.

    def _explain_type(self, index: int, wrong: str) -> Witness:
        view = self._history.operation(index)
        return Witness(
            sentence=f"{cite(view)} returned {shown(view.output)}, which {wrong}.",
            operations=(index,),
            data={"value": shown(view.output), "node": view.node},
        )

    def _explain_twice(self, view: View, item: Key) -> Witness:
        return self._explain(view, f"lists {text_of(item)} more than once")

    def _explain_zero(self, view: View, item: Key) -> Witness:
        return self._explain(
            view, f"lists {text_of(item)} with the quantity 0, as if it were there"
        )

    def _explain_total(self, view: View) -> Witness:
        return self._explain(
            view, f"lists {len(view.items)} items and counts {shown(view.total)}"
        )

    def _explain_negative(self, view: View, item: Key, quantity: int) -> Witness:
        return self._explain(view, f"has {quantity} of {text_of(item)}")

    def _explain_phantom(
        self, view: View, item: Key, power: int, digit: int, failed: int | None
    ) -> Witness:
        quantity = digit * BASE**power
        if failed is None:
            return self._explain(
                view, f"has {quantity} of {text_of(item)} that nobody ever added"
            )
        add = cite(self._history.operation(failed))
        return self._explain(
            view,
            f"has {quantity} of {text_of(item)}, whose {add} was told that it "
            "definitely failed",
            failed,
        )

    def _explain_double(self, view: View, row: int, digit: int) -> Witness:
        return self._explain(
            view,
            f"has the quantity of {self._cite(row)} {digit} times",
            self._table.updates[row].index,
        )

    def _explain_early(self, view: View, row: int) -> Witness:
        return self._explain(
            view,
            f"has the quantity of {self._cite(row)} before that was invoked",
            self._table.updates[row].index,
        )

    def _explain_untold(self, view: View, row: int) -> Witness:
        return self._explain(
            view,
            f"has the quantity of {self._cite(row)}, of which no message could have "
            "told its node",
            self._table.updates[row].index,
        )

    def _explain_lost(self, views: Sequence[View], row: int) -> Witness:
        view, *others = views
        add = self._table.updates[row]
        removes = [
            remove.index
            for other in self._table.removes.get(add.element, ())
            if (remove := self._table.updates[other]).index < view.end
        ]
        why = (
            "nobody had removed that item"
            if not removes
            else f"{none_of(len(removes), 'remove of that item')} have observed it"
        )
        found = [
            unreached(self._evidence, one.index, [add.index])
            for one in views
            if self._is_final(one)
        ]
        return self._explain(
            view,
            f"lacks the quantity of {self._cite(row)} of {text_of(add.element)}"
            f"{as_do([one.place for one in others])}, which was acknowledged, and {why}",
            add.index,
            *removes[-1:],
            then=path_sentences(found, lambda _: "it"),
        )

    def _explain_back(self, views: Sequence[View], row: int, remove: int) -> Witness:
        view, *others = views
        updates = self._table.updates
        return self._explain(
            view,
            f"has the quantity of {self._cite(row)} of {text_of(updates[row].element)}"
            f"{as_do([one.place for one in others])}, which {self._cite(remove)} had "
            "observed and taken away",
            updates[row].index,
            updates[remove].index,
        )

    def _explain_apart(self, first: View, second: View) -> Witness:
        here, there = _totals(first), _totals(second)
        differing = sorted(
            (text_of(item), here[item], there[item])
            for item in {*here, *there}
            if here[item] != there[item]
        )
        told = [f"{one} of {text} and {other}" for text, one, other in differing]
        return Witness(
            sentence=f"The final views of {first.place} and {second.place} differ: "
            f"{listed_some(told, limit=_NAMED)}.",
            operations=(first.index, second.index),
            data={"items": [text for text, _, _ in differing[:_NAMED]]},
        )

    def _explain(
        self, view: View, clause: str, *operations: int, then: str = ""
    ) -> Witness:
        lead = "The final " if self._is_final(view) else ""
        return Witness(
            sentence=f"{lead}{cite(self._history.operation(view.index))} {clause}.{then}",
            operations=(*operations, view.index),
            data={"node": view.place},
        )

    def _cite(self, row: int) -> str:
        return cite(self._history.operation(self._table.updates[row].index))
