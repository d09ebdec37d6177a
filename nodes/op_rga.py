"""The text by operations: as `rga` to look at, kept as one list in the order of reading."""

from __future__ import annotations

from nodes.causal import CausalNode
from nodes.crdt.dots import dot, split
from nodes.errors import MALFORMED_REQUEST, PRECONDITION_FAILED
from nodes.runtime import Body, Message, RpcError, handler, require, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class OpRGA(CausalNode):
    """An insertion names the character that it comes after, which is there by then.

    Deleted characters stay in the list, for others may yet come after them.
    """

    def begin(self) -> None:
        """Begin with an empty text: ids in order, characters that are to be read."""
        self.order: list[str] = []
        self.chars: dict[str, str] = {}
        self.time = 0

    def apply(self, name: str, operation: Any) -> None:
        """Insert or delete a character, wherever that is by now."""
        del name  # it has no Lamport time in it, which the ids of characters need
        if "delete" in operation:
            self.chars.pop(operation["delete"], None)
            return
        new, origin = operation["insert"], operation["after"]
        self.time = max(self.time, split(new)[0])
        self.order.insert(self.place_of(new, origin), new)
        self.chars[new] = operation["char"]

    def place_of(self, new: str, origin: str | None) -> int:
        """Return where in the order a character belongs that was inserted after one."""
        index = 0 if origin is None else self.order.index(origin) + 1
        # What is newer at this place, and what hangs from that, stays to the left.
        while index < len(self.order) and split(self.order[index]) > split(new):
            index += 1
        return index

    @handler("seq_insert")
    def insert(self, message: Message) -> Body:
        """Put a character before the one at a position, or at the end."""
        position = require(message["body"], "position", int)
        char = require(message["body"], "char", str)
        if not char:
            raise RpcError(MALFORMED_REQUEST, "seq_insert needs a char, found none")
        origin = None if position == 0 else self._at(position - 1, position)
        new = dot(self.time + 1, self.actor)
        self.issue({"insert": new, "after": origin, "char": char})
        return {"type": "seq_insert_ok", "id": new}

    @handler("seq_delete")
    def delete(self, message: Message) -> Body:
        """Delete the character at a position."""
        position = require(message["body"], "position", int)
        self.issue({"delete": self._at(position, position)})
        return {"type": "seq_delete_ok"}

    @handler("seq_read")
    def read(self, _: Message) -> Body:
        """Return the text as it is known here."""
        chars = [self.chars[name] for name in self.visible()]
        return {"type": "seq_read_ok", "text": "".join(chars), "length": len(chars)}

    def visible(self) -> list[str]:
        """Return the ids of the characters that are to be read."""
        return [name for name in self.order if name in self.chars]

    def _at(self, index: int, position: int) -> str:
        visible = self.visible()
        if 0 <= index < len(visible):
            return visible[index]
        text = f"position {position} is not in a text of {len(visible)} characters"
        raise RpcError(PRECONDITION_FAILED, text)


if __name__ == "__main__":
    run(OpRGA)
