"""Programs that speak the line protocol, and the runtime that they are written on.

Reading order: `echo` is a whole program in ten lines; `runtime` is what it stands on;
`lost_update` awaits replies of a service; `g_counter` replicates without any service.
`crdt` has replicated types as pure values, and `replica` makes programs of them;
`causal` makes others of operations that come once each, causes first.
`faulty` has nodes with one bug each, and `faulty.FAULTY` tells which fault shows it.
"""

from __future__ import annotations

import sys


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BUNDLED", "command"]

BUNDLED: Mapping[str, str] = {
    "assumed-ack-counter": "nodes.faulty.assumed_ack_counter",
    "broadcast": "nodes.broadcast",
    "cas-counter": "nodes.cas_counter",
    "clock-ids": "nodes.faulty.clock_ids",
    "delta-or-set": "nodes.delta_or_set",
    "disk-ids": "nodes.faulty.disk_ids",
    "dvv-register": "nodes.dvv_register",
    "echo": "nodes.echo",
    "fire-and-forget-broadcast": "nodes.faulty.fire_and_forget_broadcast",
    "fire-and-forget-counter": "nodes.faulty.fire_and_forget_counter",
    "fresh-cas-counter": "nodes.fresh_cas_counter",
    "g-counter": "nodes.g_counter",
    "g-set": "nodes.g_set",
    "giving-up-counter": "nodes.faulty.giving_up_counter",
    "impatient-counter": "nodes.faulty.impatient_counter",
    "in-order-counter": "nodes.faulty.in_order_counter",
    "leased-ids": "nodes.faulty.leased_ids",
    "lost-update": "nodes.lost_update",
    "lww-counter": "nodes.faulty.lww_counter",
    "lww-set": "nodes.lww_set",
    "mv-register": "nodes.mv_register",
    "no-dedup-counter": "nodes.faulty.no_dedup_counter",
    "op-counter": "nodes.op_counter",
    "op-or-set": "nodes.op_or_set",
    "op-rga": "nodes.op_rga",
    "optimistic-ack-counter": "nodes.faulty.optimistic_ack_counter",
    "or-set": "nodes.or_set",
    "or-set-optimised": "nodes.or_set_optimised",
    "pn-counter": "nodes.pn_counter",
    "retrying-cas-counter": "nodes.faulty.retrying_cas_counter",
    "rga": "nodes.rga",
    "seq-kv-counter": "nodes.seq_kv_counter",
    "shopping-cart": "nodes.shopping_cart",
    "sum-counter": "nodes.sum_counter",
    "tradeoffs": "nodes.tradeoffs",
    "trusting-counter": "nodes.faulty.trusting_counter",
    "two-phase-set": "nodes.two_phase_set",
    "unique-ids": "nodes.unique_ids",
    "volatile-broadcast": "nodes.faulty.volatile_broadcast",
    "volatile-counter": "nodes.faulty.volatile_counter",
    "volatile-ids": "nodes.faulty.volatile_ids",
    "vv-register": "nodes.vv_register",
}
"""The module of each program, by the name that a user calls it."""


def command(name: str) -> tuple[list[str], dict[str, str]]:
    """Return how to start a bundled program: arguments, and environment to add.

    The interpreter is started without `site` (`-S`), which would look through all that
    is installed, half as long again as a node needs to start. What is lost with
    it, the place where this package lies, comes back as `PYTHONPATH`. The working
    directory is kept off the import path (`-P`): a file `json.py` there is no business
    of the node.

    Raises:
        KeyError: No program of that name is bundled.
    """
    from pathlib import Path  # here, because a node does without it

    argv = [sys.executable, "-S", "-P", "-m", BUNDLED[name]]
    return argv, {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
