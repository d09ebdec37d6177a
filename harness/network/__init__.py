"""The network between nodes, clients and services.

Read `_network` first: endpoints, packets and the one function that every message
passes through; then `latency` and `topology`, which are pure values.
"""

from __future__ import annotations

from ._network import CLIENT, NODE, SERVICE, Endpoint, Network, Packet, Role


__all__ = ["CLIENT", "NODE", "SERVICE", "Endpoint", "Network", "Packet", "Role"]
