"""A text for many writers: a replicated growable array, edited by positions."""

from __future__ import annotations

from nodes.crdt import RGA
from nodes.errors import MALFORMED_REQUEST, PRECONDITION_FAILED
from nodes.replica import Replica
from nodes.runtime import Body, Message, RpcError, handler, require, run


class RGANode(Replica):
    """Edits and reads without waiting for anybody.

    A position is one in the text as it is known here. If the text is shorter, as it may
    be by now, nothing happens, and the error says so (22).
    """

    kind = RGA
    state: RGA

    @handler("seq_insert")
    def insert(self, message: Message) -> Body:
        """Put a character before the one at a position, or at the end."""
        position = require(message["body"], "position", int)
        char = require(message["body"], "char", str)
        if not char:
            raise RpcError(MALFORMED_REQUEST, "seq_insert needs a char, found none")
        try:
            delta = self.state.insert(self.actor, position, char)
        except IndexError:
            raise self._out_of_range(position) from None
        self.share(delta)
        return {"type": "seq_insert_ok", "id": next(iter(delta.inserted))}

    @handler("seq_delete")
    def delete(self, message: Message) -> Body:
        """Delete the character at a position."""
        position = require(message["body"], "position", int)
        try:
            delta = self.state.delete(position)
        except IndexError:
            raise self._out_of_range(position) from None
        self.share(delta)
        return {"type": "seq_delete_ok"}

    @handler("seq_read")
    def read(self, _: Message) -> Body:
        """Return the text as it is known here."""
        length = len(self.state.visible)
        return {"type": "seq_read_ok", "text": self.state.text, "length": length}

    def _out_of_range(self, position: int) -> RpcError:
        length = len(self.state.visible)
        text = f"position {position} is not in a text of {length} characters"
        return RpcError(PRECONDITION_FAILED, text)


if __name__ == "__main__":
    run(RGANode)
