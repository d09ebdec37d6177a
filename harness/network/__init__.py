"""The network between nodes, clients and services.

Read `_endpoints` first, who takes part; then `_network`, the one function that every
message passes through, and `_tally`, which counts them; then `_link_faults`, `latency`
and `topology`, which are pure values.
"""

from __future__ import annotations

from ._endpoints import CLIENT, NODE, SERVICE, Endpoint, Packet, Role
from ._link_faults import LinkEffect, LinkFault
from ._network import Network


__all__ = [
    "CLIENT",
    "NODE",
    "SERVICE",
    "Endpoint",
    "LinkEffect",
    "LinkFault",
    "Network",
    "Packet",
    "Role",
]
