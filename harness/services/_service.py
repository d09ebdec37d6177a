"""What a service is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol


if TYPE_CHECKING:
    from random import Random


class Service(Protocol):
    """A node of the harness's own that answers requests, one at a time.

    It has state but neither a clock nor a source of chance: given the same requests
    and an equally seeded `rng` it gives the same replies.
    """

    def handle(self, src: str, body: dict[str, Any], rng: Random) -> dict[str, Any]:
        """Execute one request of the address `src` and return the body of the reply.

        The caller adds `in_reply_to`. Every request gets a reply: an unknown `type`
        gets error 10, a missing or ill-typed field error 12.
        """
        ...
