"""Programs that speak the line protocol, and the runtime that they are written on.

Reading order: `echo` is a whole program in ten lines; `runtime` is what it stands on;
`lost_update` awaits replies of a service; `g_counter` replicates without any service.
"""

from __future__ import annotations

import sys


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BUNDLED", "command"]

BUNDLED: Mapping[str, str] = {
    "broadcast": "nodes.broadcast",
    "cas-counter": "nodes.cas_counter",
    "dvv-register": "nodes.dvv_register",
    "echo": "nodes.echo",
    "fresh-cas-counter": "nodes.fresh_cas_counter",
    "g-counter": "nodes.g_counter",
    "g-set": "nodes.g_set",
    "lost-update": "nodes.lost_update",
    "lww-set": "nodes.lww_set",
    "mv-register": "nodes.mv_register",
    "or-set": "nodes.or_set",
    "or-set-optimised": "nodes.or_set_optimised",
    "pn-counter": "nodes.pn_counter",
    "rga": "nodes.rga",
    "seq-kv-counter": "nodes.seq_kv_counter",
    "shopping-cart": "nodes.shopping_cart",
    "sum-counter": "nodes.sum_counter",
    "tradeoffs": "nodes.tradeoffs",
    "two-phase-set": "nodes.two_phase_set",
    "unique-ids": "nodes.unique_ids",
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
