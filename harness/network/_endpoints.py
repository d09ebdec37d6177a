"""Who takes part in a network, and what passes between them."""

from __future__ import annotations

from typing import Protocol

import msgspec


class Packet(msgspec.Struct, frozen=True, gc=False):
    """A message on its way; the body stays the bytes that its sender wrote."""

    id: int
    src: str
    dest: str
    body: bytes


class Endpoint(Protocol):
    """Who can be addressed: a node, a client or a service.

    Attributes:
        name: The address.
        role: What faults and statistics go by.
        refuses: Why it takes no messages now, as the cause of their loss; None while
            it takes them.
    """

    name: str
    role: Role
    refuses: str | None

    def deliver(self, packet: Packet) -> None:
        """Take a message; must not block, and is not called while it refuses any."""


class Role(msgspec.Struct, frozen=True):
    """What kind of endpoint it is.

    Attributes:
        is_client: Counted as client traffic, reached without latency.
        is_node: Subject to faults that name no links, and to loss.
    """

    is_client: bool = False
    is_node: bool = False


CLIENT = Role(is_client=True)
NODE = Role(is_node=True)
SERVICE = Role()
