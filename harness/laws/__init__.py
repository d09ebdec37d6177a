"""Laws of replicated data, held by replaying messages to fresh nodes.

Nodes that gossip states, and nodes that tell operations apart and wait for what is
missing, come out the same whichever order messages arrive in, and however often. That
can be tried without looking into them: feed what a node got in a run to a fresh one,
in order, out of order and twice, and compare what it reads.

Reading order: `_delivered` takes the messages out of a journal, `_rigs` feeds them to a
node, `_replay` compares and finds the fewest that differ.
"""

from __future__ import annotations

from ._delivered import Delivered, delivered
from ._replay import ORDERS, Broken, LawsResult, check_laws
from ._rigs import rig_of


__all__ = [
    "ORDERS",
    "Broken",
    "Delivered",
    "LawsResult",
    "check_laws",
    "delivered",
    "rig_of",
]
