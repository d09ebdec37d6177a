"""Puts a service on the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from .network import SERVICE
from .rpc import MalformedBodyError, decode_body
from .services import SERVICES


if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from .network import Network, Packet
    from .services import Service

_encode = msgspec.json.Encoder().encode


class ServiceEndpoint:
    """An address whose requests a service answers, one after the other."""

    role = SERVICE
    refuses: str | None = None

    def __init__(
        self, name: str, service: Service, network: Network, rng: Random
    ) -> None:
        self.name = name
        self._service = service
        self._network = network
        self._rng = rng

    def deliver(self, packet: Packet) -> None:
        """Answer a request, if who sent it is still there."""
        try:
            body = decode_body(packet.body)
        except MalformedBodyError:
            body = {}  # which the service rejects as malformed
        reply = self._service.handle(packet.src, body, self._rng)
        src = self._network.find(packet.src)
        if src is not None:
            answer = {**reply, "in_reply_to": body.get("msg_id")}
            self._network.send(self, src, _encode(answer))


def attach_services(network: Network, rng: Callable[[str], Random]) -> None:
    """Make every service reachable, each fresh and with randomness of its own."""
    for name, make in SERVICES.items():
        network.attach(ServiceEndpoint(name, make(), network, rng(f"services/{name}")))
