"""What the text of a node was when it was edited, where that is known exactly.

A position says little unless one knows the text that it counts in. It is known while a
node is *quiet*: a read has told the text, and since then nothing but the edits of its
own clients, one after the other, can have changed it, as the journal shows that no other
message has come to the node. Then an insertion has a known left and right neighbour, a
deletion a known character, and the next read must return the text as it was edited.

Less is known without a read: what is inserted at the beginning has nothing to its left,
and what is typed on, with nothing in between that could have moved it, has there what
was typed before; or to its right, if it is typed from right to left.

A node may keep back what it receives and apply it later, as one with a queue does: then
its text changes in silence, and a position counts in another text than was read last. So
an edit is known only if the next read confirms it, while the node is still quiet; or if
a read of the node has shown all that it can have heard of, which can be told where
nobody else has deleted anything. A read that is not what it has to be is explained, and
not reported, if what others did appears in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._table import Delete, Insert, Read


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from checkers.evidence import Evidence
    from histories import History

    from ._table import Table


class _Node:
    """What is known of one node.

    Attributes:
        text: Its text; None if that is not known.
        read: Index of the read that told it.
        told: What that was.
        edits: Its edits since then.
        typed: The last of its edits, if it is a known insertion.
        heard: How many of the updates that it could know have been looked at.
        hidden: Those of others that no read has shown.
    """

    def __init__(self) -> None:
        self.text: list[str] | None = None
        self.read = -1
        self.told = ""
        self.edits: list[Insert | Delete] = []
        self.typed: Insert | None = None
        self.heard = 0
        self.hidden: set[int | str] = set()


class Quiet:
    """The walk through the operations of each node.

    Attributes:
        placed: The characters of insertions into a known text.
        behind: What an insertion was made behind, where that is known, by character;
            None at the beginning.
        typed: Those of them of which that holds whatever was deleted there.
        before: What an insertion was made before, where that is known, by character.
        deleted: The characters of deletions from a known text, by index.
        checked: How many reads were compared with a text that was known.
    """

    def __init__(
        self,
        table: Table,
        evidence: Evidence | None,
        on_other: Callable[[Read, str, int], None],
    ) -> None:
        """Prepare for one walk.

        Args:
            table: The operations.
            evidence: What the journal says; without it nothing is known.
            on_other: Told of a read that returned another text than it had to, which
                that is, and the read that it follows from.
        """
        self.placed: set[str] = set()
        self.behind: dict[str, str | None] = {}
        self.typed: set[str] = set()
        self.before: dict[str, str] = {}
        self.deleted: dict[int, str] = {}
        self.checked = 0
        self._known: set[int] = set()
        self._edits: dict[int, Insert | Delete] = {}
        self._table = table
        self._evidence = evidence
        self._on_other = on_other
        self._nodes: dict[str, _Node] = {}

    def run(self, interruptions: list[tuple[int, str]]) -> None:
        """Walk through all operations.

        Args:
            interruptions: When a node was ended, by the index of the event: what it
                knew by then may be gone.
        """
        if self._evidence is None or not self._evidence.knows:
            return
        table, evidence = self._table, self._evidence
        self._edits = {evidence.number(one.index): one for one in table.inserts}
        self._edits |= {evidence.number(one.index): one for one in table.deletes}
        steps: list[tuple[int, Insert | Delete | Read | str]] = [
            *((one.index, one) for one in table.inserts),
            *((one.index, one) for one in table.deletes),
            *((one.index, one) for one in table.reads),
            *interruptions,
        ]
        alone = _alone([*table.inserts, *table.deletes, *table.reads])
        for _, step in sorted(steps, key=lambda one: one[0]):
            if isinstance(step, str):
                self._nodes.pop(step, None)
            else:
                self._step(step, is_alone=step.index in alone)
        self._forget(
            one for one in self._edits.values() if one.index not in self._known
        )

    def _forget(self, edits: Iterable[Insert | Delete]) -> None:
        """Take edits for unknown, but for what is inserted at the beginning."""
        for one in edits:
            if isinstance(one, Delete):
                self.deleted.pop(one.index, None)
                continue
            self.placed.discard(one.char)
            self.before.pop(one.char, None)
            if one.position:
                self.typed.discard(one.char)
                self.behind.pop(one.char, None)

    def _step(self, step: Insert | Delete | Read, *, is_alone: bool) -> None:
        node = self._nodes.setdefault(step.place, _Node())
        # All that can have changed the text since the read is what clients asked for.
        if not is_alone or not self._is_quiet(node.read, step):
            node.text = None
        if node.typed is not None and not (
            is_alone and self._is_quiet(node.typed.index, step)
        ):
            node.typed = None
        self._listen(node, step)
        if isinstance(step, Insert):
            self._look_around(node, step)
        if is_alone:
            self._apply(node, step)
        if not isinstance(step, Read):
            node.typed = step if is_alone and isinstance(step, Insert) else None

    def _listen(self, node: _Node, step: Insert | Delete | Read) -> None:
        """Note what a node can have heard from others, and what of it was shown."""
        assert self._evidence is not None, "asked with evidence only"
        known = self._evidence.known(step.index)
        if known is None or known[0] != step.place:
            return
        for number in self._evidence.learnt(step.place)[node.heard : known[1]]:
            edit = self._edits.get(number)
            if edit is not None and _is_foreign(edit, step.place):
                node.hidden.add(edit.char if isinstance(edit, Insert) else edit.index)
        node.heard = max(node.heard, known[1])
        if isinstance(step, Read):
            node.hidden.difference_update(step.text)
        elif not node.hidden:
            self._known.add(step.index)

    def _is_quiet(self, since: int, step: Insert | Delete | Read) -> bool:
        assert self._evidence is not None, "asked with evidence only"
        return since >= 0 and self._evidence.undisturbed(since, step.index)

    def _look_around(self, node: _Node, insert: Insert) -> None:
        """Note where an insertion was made, if that can be told without a text."""
        typed = node.typed
        if typed is not None and insert.position == typed.position:
            self.before[insert.char] = typed.char
        if insert.position == 0:
            self.behind[insert.char] = None
        elif typed is not None and insert.position == typed.position + 1:
            self.behind[insert.char] = typed.char
        else:
            return
        self.typed.add(insert.char)

    def _apply(self, node: _Node, step: Insert | Delete | Read) -> None:
        text = node.text
        if isinstance(step, Read):
            if text is not None:
                self._compare(node, step, text)
            node.text, node.read = list(step.text), step.index
            node.told, node.edits = step.text, []
            return
        node.edits.append(step)
        if text is None:
            return
        if not 0 <= step.position <= len(text):
            node.text = None
        elif isinstance(step, Insert):
            at = step.position
            self.placed.add(step.char)
            self.behind[step.char] = text[at - 1] if at else None
            if at < len(text):
                self.before[step.char] = text[at]
            text.insert(at, step.char)
        elif step.position < len(text):
            self.deleted[step.index] = text.pop(step.position)
        else:
            node.text = None

    def _compare(self, node: _Node, read: Read, text: list[str]) -> None:
        """Compare a read with what it has to be, and learn from that."""
        self.checked += 1
        if list(read.text) == text:
            self._known.update(edit.index for edit in node.edits)
        elif self._is_explained(node, read):
            self._forget(node.edits)
        else:
            self._on_other(read, "".join(text), node.read)
            # Where an insertion went is in doubt, and so what was deleted after it.
            kinds = [isinstance(edit, Insert) for edit in node.edits]
            if True in kinds:
                self._forget(
                    edit
                    for edit in node.edits[kinds.index(True) :]
                    if isinstance(edit, Delete)
                )

    def _is_explained(self, node: _Node, read: Read) -> bool:
        """Return whether others may have changed the text since it was read last.

        Their characters are new then, or more are gone than the node has deleted; and
        those that are still there keep their order.
        """
        assert self._evidence is not None, "asked with evidence only"
        table, has = self._table, frozenset(read.text)
        known = dict.fromkeys(node.told)
        left = [char for char in read.text if char in known]
        if left != [char for char in known if char in has]:
            return False
        known |= dict.fromkeys(
            one.char for one in node.edits if isinstance(one, Insert)
        )
        new = [char for char in read.text if char not in known]
        if new:
            return all(
                char in table.row
                and _is_foreign(table.inserts[table.row[char]], read.place)
                and self._may_show(table.inserts[table.row[char]], read)
                for char in new
            )
        gone = [table.row.get(char) for char in known if char not in has]
        more = len(gone) - sum(isinstance(one, Delete) for one in node.edits)
        if more <= 0:
            return False
        others = [
            delete
            for delete in table.deletes
            if _is_foreign(delete, read.place)
            and delete.index < read.end
            and self._may_show(delete, read)
        ]
        return more <= len(others) and more <= sum(
            row is not None
            and any(self._may_show(table.inserts[row], one) for one in others)
            for row in gone
        )

    def _may_show(self, edit: Insert | Delete, at: Delete | Read) -> bool:
        assert self._evidence is not None, "asked with evidence only"
        return self._evidence.could_show(edit.index, at.index) is not False


def interruptions(history: History) -> list[tuple[int, str]]:
    """Return when nodes were ended: what they know from then on is not known."""
    found = []
    for event in history.nemesis():
        if isinstance(event.value, dict) and event.f == "start-kill":
            found += [(event.index, str(node)) for node in event.value.get("nodes", ())]
    return found


def _is_foreign(edit: Insert | Delete, place: str) -> bool:
    """Return whether an edit may change the text of a node without its saying so."""
    return edit.place != place or edit.end is None


def _alone(steps: list[Insert | Delete | Read]) -> set[int]:
    """Return which operations have ended and overlap no other of their node."""
    latest: dict[str, Insert | Delete | Read] = {}
    alone: set[int] = set()
    until: dict[str, int] = {}
    for step in sorted(steps, key=lambda one: one.index):
        end = step.index if step.end is None else step.end
        if step.index <= until.get(step.place, -1):
            alone.discard(latest[step.place].index)
        elif step.end is not None:
            alone.add(step.index)
        if end >= until.get(step.place, -1):
            until[step.place], latest[step.place] = end, step
    return alone
