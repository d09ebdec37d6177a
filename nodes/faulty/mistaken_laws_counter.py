"""A counter that merges as it should, and has the wrong idea of the laws.

The bug: it takes a merge for idempotent if it gives back the first state, and for
associative if the third state adds nothing to it.
It shows as `false-claim`.
It needs no fault. Whoever looks at the merges alone finds nothing.
"""

from __future__ import annotations

from nodes.crdt import GCounter
from nodes.g_counter import GCounterNode
from nodes.runtime import Body, Message, run


class MistakenLawsCounter(GCounterNode):
    """Differs from the G-Counter in what it says of its merges."""

    def crdt_verify(self, message: Message) -> Body:
        """Merge, and look at the wrong equations."""
        answer, body = super().crdt_verify(message), message["body"]
        merge = GCounter.decode(answer["merge_ab"])
        answer["idempotent"] = merge == GCounter.decode(body["state_a"])
        if "state_c" in body:
            answer["associative"] = GCounter.decode(body["state_c"]) <= merge
        return answer


if __name__ == "__main__":
    run(MistakenLawsCounter)
