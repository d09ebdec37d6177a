"""The tags that nodes tell, audited apart from the elements.

An add may tell the tag that it made, and a remove those that it took away. These are
claims: the other rules do without them.

    tag reuse        two adds of an element have one tag: a remove of one takes both
    impossible       a remove took a tag away of which no message could have told it
    live tag kept    a remove left a tag that its node had made before and nothing took
    returned tag     a remove took a tag away that its node had taken away before

Sets that are right tell them in many ways, none of which is held against them. Tags may
be counted for each element apart. An add may replace the tags that its node knows, as
it does in sets without tombstones, so that a remove takes the last one alone. Removes
may spell tags otherwise than adds do. And they may tell all that were ever taken away,
in which case what came back cannot be told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers._elements import text_of
from checkers._findings import Witness
from checkers._wording import cite

from ._table import FOREVER


if TYPE_CHECKING:
    from checkers._elements import Key
    from checkers._findings import Findings
    from checkers.evidence import Evidence
    from histories import History

    from ._table import Table, Update


class TagRules:
    """Checks what adds and removes tell of tags."""

    def __init__(
        self,
        history: History,
        table: Table,
        findings: Findings,
        evidence: Evidence | None,
    ) -> None:
        self._history = history
        self._table = table
        self._findings = findings
        self._evidence = evidence
        self._maker: dict[tuple[Key, Key], int] = {}
        self._reused: set[tuple[Key, Key]] = set()
        self._taken: dict[tuple[str, Key, Key], Update] = {}
        self._replaced: dict[int, int] = {}

    def report(self) -> None:
        """Report tags that cannot be right. Linear in the tags that were told."""
        for row, update in enumerate(self._table.updates):
            if not update.removes and update.tags:
                made = update.element, update.tags[0]
                first = self._maker.setdefault(made, row)
                if first != row:
                    self._reused.add(made)
                    self._findings.add("tag-reuse", self._explain_reuse, first, row)
        removes = [
            (update, tag)
            for update in self._table.updates
            if update.removes
            for tag in update.tags or ()
        ]
        is_spelled_alike = not removes or any(
            (remove.element, tag) in self._maker for remove, tag in removes
        )
        forgets = self._forgets_taken()
        for element, rows in self._table.removes.items():
            self._removes(element, rows, alike=is_spelled_alike, forgets=forgets)

    def _forgets_taken(self) -> bool:
        """Whether some remove did not tell again what its node had taken away before."""
        before: dict[tuple[str, Key], Update] = {}
        for update in self._table.updates:
            if not update.removes or update.tags is None:
                continue
            place = update.place, update.element
            first = before.setdefault(place, update)
            if first.end >= update.index or self._forgot(first, update):
                continue
            if not {*(first.tags or ())} <= {*update.tags}:
                return True
            before[place] = update
        return False

    def _removes(
        self, element: Key, rows: list[int], *, alike: bool, forgets: bool
    ) -> None:
        updates = self._table.updates
        told = [updates[row] for row in rows]
        if all(remove.tags is None for remove in told):
            return
        # When an element's tag was first taken, by anyone, in the order of invocations.
        taken_at: dict[Key, int] = {}
        for remove in told:
            for tag in remove.tags or ():
                taken_at.setdefault(tag, remove.index)
                self._possible(remove, tag)
                if forgets:
                    self._once(remove, tag)
        if not alike:
            return
        floor = min((one.index for one in told if one.tags is None), default=None)
        made = [updates[row] for row in self._table.adds.get(element, ())]
        for remove in told:
            if remove.tags is None or (floor is not None and floor < remove.end):
                continue
            for add in made:
                if add.index > remove.index:
                    break
                if (
                    add.tags
                    and add.place == remove.place
                    and add.end < remove.index
                    and add.tags[0] not in remove.tags
                    and taken_at.get(add.tags[0], remove.end + 1) > remove.end
                    and not self._forgot(add, remove)
                    and self._replaced_at(add, made) > remove.end
                ):
                    self._findings.add("live-tag-kept", self._explain_kept, add, remove)

    def _replaced_at(self, add: Update, made: list[Update]) -> int:
        """Return when the first add began that may have replaced the tag of another."""
        if add.index not in self._replaced:
            self._replaced[add.index] = next(
                (
                    other.index
                    for other in made
                    if other is not add
                    and other.end > add.index
                    and (
                        self._evidence is None
                        or self._evidence.could_show(add.index, other.index)
                        is not False
                    )
                ),
                FOREVER,
            )
        return self._replaced[add.index]

    def _possible(self, remove: Update, tag: Key) -> None:
        made = remove.element, tag
        maker = self._maker.get(made)
        if maker is None or made in self._reused or self._evidence is None:
            return
        add = self._table.updates[maker]
        if self._evidence.could_show(add.index, remove.index) is False:
            self._findings.add(
                "impossible-knowledge", self._explain_impossible, add, remove
            )

    def _once(self, remove: Update, tag: Key) -> None:
        """What a node has taken away stays away from it."""
        taken = remove.place, remove.element, tag
        before = self._taken.get(taken)
        if before is None or self._forgot(before, remove):
            self._taken[taken] = remove
        elif before.end < remove.index:
            self._findings.add("returned-tag", self._explain_back, before, remove, tag)
        elif remove.end < before.end:
            self._taken[taken] = remove

    def _forgot(self, first: Update, remove: Update) -> bool:
        """Whether a node had lost its disk since it was told something."""
        return any(
            place == first.place and first.index < at < remove.end
            for at, place in self._table.forgets
        )

    def _explain_reuse(self, first: int, second: int) -> Witness:
        one, other = self._table.updates[first], self._table.updates[second]
        assert one.tags is not None, "it was found by its tag"
        return Witness(
            sentence=f"{self._cite(one)} and {self._cite(other)} of "
            f"{text_of(one.element)} have the same tag, {text_of(one.tags[0])}: a remove "
            "of one takes the other too.",
            operations=(one.index, other.index),
            data={"tag": text_of(one.tags[0])},
        )

    def _explain_impossible(self, add: Update, remove: Update) -> Witness:
        assert add.tags is not None, "it was found by its tag"
        return Witness(
            sentence=f"{self._cite(remove)} took the tag {text_of(add.tags[0])} away, but "
            f"no message could have told its node of {self._cite(add)}, which made it.",
            operations=(add.index, remove.index),
            data={"tag": text_of(add.tags[0])},
        )

    def _explain_back(self, before: Update, remove: Update, tag: Key) -> Witness:
        return Witness(
            sentence=f"{self._cite(remove)} took the tag {text_of(tag)} of "
            f"{text_of(remove.element)} away, which {self._cite(before)} had taken away "
            "from the same node: what was removed had come back there.",
            operations=(before.index, remove.index),
            data={"tag": text_of(tag), "assumes": "own"},
        )

    def _explain_kept(self, add: Update, remove: Update) -> Witness:
        assert add.tags is not None, "asked for adds that told theirs"
        return Witness(
            sentence=f"{self._cite(remove)} of {text_of(remove.element)} left the tag "
            f"{text_of(add.tags[0])}, which its node had made before, for "
            f"{self._cite(add)}, and which nothing had taken away.",
            operations=(add.index, remove.index),
            data={"tag": text_of(add.tags[0]), "assumes": "own"},
        )

    def _cite(self, update: Update) -> str:
        return cite(self._history.operation(update.index))
