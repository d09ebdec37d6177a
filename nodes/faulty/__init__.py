"""Nodes with one bug each, to see whether a fault, a workload and a checker find it.

Each is a few lines away from a node that is right.

Reading order: `_faulty` says what is known of each. `_fault_bugs` has those that pass
for right without the fault that they are made for: that is what the fault is needed
for. `fire_and_forget_counter` has the least; `_hearing` is for the three that draw
conclusions from what they hear, `_remembering` for mistakes in clocks alone, `_stamped`
for counters whose slots have a time; `_registers`, `_sets` and `_carts` are for those
whose mistake is in what they keep or merge. The other tables, one for each kind of data, have the mistakes that are made with it, whether
they need a fault or not. Some show by one anomaly and by nothing else: they are there to
see that its checker is needed.

Roaming clients need no node with a bug. `g-counter` keeps its promise to clients that
stay, and shows `monotonic-reads` and `read-your-writes` to those that change nodes: with
`--consistency-models` naming either, it fails once clients roam.
"""

from __future__ import annotations

from ._cart_bugs import CART_BUGS
from ._counter_bugs import COUNTER_BUGS
from ._fault_bugs import FAULT_BUGS
from ._faulty import Faulty
from ._merge_bugs import MERGE_BUGS
from ._plain_bugs import PLAIN_BUGS
from ._register_bugs import REGISTER_BUGS
from ._sequence_bugs import SEQUENCE_BUGS
from ._set_bugs import SET_BUGS


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FAULTY", "Faulty"]

FAULTY: Mapping[str, Faulty] = dict(
    sorted(
        {
            **FAULT_BUGS,
            **SET_BUGS,
            **CART_BUGS,
            **COUNTER_BUGS,
            **MERGE_BUGS,
            **PLAIN_BUGS,
            **REGISTER_BUGS,
            **SEQUENCE_BUGS,
        }.items()
    )
)
"""Every faulty node by the name that a user calls it."""
