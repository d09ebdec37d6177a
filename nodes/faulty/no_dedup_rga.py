"""A list that carries out an operation as often as it arrives.

The bug: it does not look whether it has carried out an operation before.
It shows as `duplicate-character`: a message that the network repeats inserts twice.
It needs *duplication*.
"""

from __future__ import annotations

from nodes.op_rga import OpRGA
from nodes.runtime import Message, handler, run


class NoDedupRGA(OpRGA):
    """Differs from the list that is right in what it does with what it knows."""

    @handler("operations")
    def learn(self, message: Message) -> None:
        """Carry out what is new, and once more what is not."""
        for entry in message["body"]["entries"]:
            if self.seen.covers(entry["dot"]):
                self.apply(entry["dot"], entry["operation"])
        super().learn(message)


if __name__ == "__main__":
    run(NoDedupRGA)
