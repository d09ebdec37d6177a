"""What the text of a node was when it was edited, where that is known exactly.

A position says little unless one knows the text that it counts in. It is known while a
node is *quiet*: a read has told the text, and since then nothing but the edits of its
own clients, one after the other, can have changed it, as the journal shows that no other
message has come to the node. Then an insertion has a known left and right neighbour, a
deletion a known character, and the next read must return the text as it was edited.

Less is known without a read: what is inserted at the beginning has nothing to its left,
and what is typed on, with nothing in between that could have moved it, has there what
was typed before.

What could be known is no help here: a node that was told of an update twice may have
taken it the second time only.

Assumes (`quiet`) that a node applies what it receives when it receives it: one that
keeps updates back and applies them later changes its text in silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ._table import Insert, Read


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers.evidence import Evidence

    from ._table import Delete, Table


class Placed(msgspec.Struct, frozen=True, gc=False):
    """An insertion into a text that is known.

    Attributes:
        left: The character that it was inserted behind; None at the beginning.
        right: The one that it was inserted before; None at the end.
        read: Index of the read that told the text.
    """

    left: str | None
    right: str | None
    read: int


class _Node:
    """What is known of one node.

    Attributes:
        text: Its text; None if that is not known.
        read: Index of the read that told it.
        typed: The last of its edits, if it is a known insertion.
    """

    def __init__(self) -> None:
        self.text: list[str] | None = None
        self.read = -1
        self.typed: Insert | None = None


class Quiet:
    """The walk through the operations of each node.

    Attributes:
        placed: Insertions into a known text, by character.
        behind: What an insertion was made behind, where that is known, by character;
            None at the beginning.
        typed: Those of them of which that holds whatever was deleted there.
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
        self.placed: dict[str, Placed] = {}
        self.behind: dict[str, str | None] = {}
        self.typed: set[str] = set()
        self.deleted: dict[int, str] = {}
        self.checked = 0
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
        table = self._table
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

    def _step(self, step: Insert | Delete | Read, *, is_alone: bool) -> None:
        node = self._nodes.setdefault(step.place, _Node())
        # All that can have changed the text since the read is what clients asked for.
        if not is_alone or not self._is_quiet(node.read, step):
            node.text = None
        if node.typed is not None and not (
            is_alone and self._is_quiet(node.typed.index, step)
        ):
            node.typed = None
        if isinstance(step, Insert):
            self._look_left(node, step)
        if is_alone:
            self._apply(node, step)
        if not isinstance(step, Read):
            node.typed = step if is_alone and isinstance(step, Insert) else None

    def _is_quiet(self, since: int, step: Insert | Delete | Read) -> bool:
        assert self._evidence is not None, "asked with evidence only"
        return since >= 0 and self._evidence.undisturbed(since, step.index)

    def _look_left(self, node: _Node, insert: Insert) -> None:
        """Note what an insertion was made behind, if that can be told without a text."""
        typed = node.typed
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
                self.checked += 1
                if list(step.text) != text:
                    self._on_other(step, "".join(text), node.read)
            node.text, node.read = list(step.text), step.index
        elif text is None:
            return
        elif not 0 <= step.position <= len(text):
            node.text = None
        elif isinstance(step, Insert):
            at = step.position
            self.placed[step.char] = Placed(
                left=text[at - 1] if at else None,
                right=text[at] if at < len(text) else None,
                read=node.read,
            )
            self.behind[step.char] = self.placed[step.char].left
            text.insert(at, step.char)
        elif step.position < len(text):
            self.deleted[step.index] = text.pop(step.position)
        else:
            node.text = None


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
