"""What a fault does to the messages of some links, and what it did.

The values are pure; `Imposed` is one that is in force, with its counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from .latency import Constant


if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from .latency import Latency


class LinkFault(msgspec.Struct, frozen=True, kw_only=True):
    """What a fault does to the messages of some links.

    Attributes:
        links: The links it is on, pairs of sender and receiver by name; None: all
            between two nodes.
        block: Whether nothing arrives. That is decided on arrival: what left before
            the fault is lost too.
        loss: Probability that a message is lost.
        delay: How much longer a message takes that is delayed.
        delayed: Probability that one is; below 1, messages overtake each other.
        duplicate: Probability that a second copy of a message is made.
        copy_delay: How much later than the message the copy comes.
    """

    links: frozenset[tuple[str, str]] | None = None
    block: bool = False
    loss: float = 0.0
    delay: Latency = Constant(0)
    delayed: float = 0.0
    duplicate: float = 0.0
    copy_delay: Latency = Constant(0)


class LinkEffect(msgspec.Struct):
    """What a fault did to messages, so far.

    Attributes:
        dropped: Messages that it lost.
        delayed: Messages that it delayed and that have arrived.
        overtaken: Those of them that arrived after a message that was sent later on
            the same link.
        duplicated: Second copies that have arrived.
        in_flight: Messages and copies that it delayed and that are on their way.
    """

    dropped: int = 0
    delayed: int = 0
    overtaken: int = 0
    duplicated: int = 0
    in_flight: int = 0


class Stroke(msgspec.Struct, frozen=True):
    """What becomes of one message by one fault.

    Attributes:
        lost: Whether it is lost.
        extra_ns: How much longer it takes; None: it is not delayed.
        copy_ns: How much later than the message a second copy comes; None: there is
            no copy.
    """

    lost: bool = False
    extra_ns: int | None = None
    copy_ns: int | None = None


class Imposed:
    """A fault in force.

    Attributes:
        name: The cause that messages are counted under.
        fault: What it does.
        effect: What it did.
    """

    def __init__(self, name: str, fault: LinkFault) -> None:
        self.name = name
        self.fault = fault
        self.effect = LinkEffect()
        self._latest: dict[tuple[str, str], int] = {}

    @property
    def is_disturbance(self) -> bool:
        """Whether it does something to a message when that is sent."""
        fault = self.fault
        return bool(fault.loss or fault.delayed or fault.duplicate)

    def strike(self, rng: Random) -> Stroke:
        """Draw what becomes of a message."""
        fault = self.fault
        if fault.loss and rng.random() < fault.loss:
            return Stroke(lost=True)
        extra_ns = copy_ns = None
        if fault.delayed and rng.random() < fault.delayed:
            extra_ns = fault.delay.draw(rng)
        if fault.duplicate and rng.random() < fault.duplicate:
            copy_ns = fault.copy_delay.draw(rng)
        return Stroke(extra_ns=extra_ns, copy_ns=copy_ns)

    def arrived(self, link: tuple[str, str], message: int, *, delayed: bool) -> None:
        """Count a message that was sent under it, the first copy."""
        latest = self._latest.get(link, -1)
        if message > latest:
            self._latest[link] = message
        if delayed:
            self.effect.delayed += 1
            self.effect.overtaken += message < latest


def by_link(
    imposed: Iterable[Imposed], nodes: Iterable[str]
) -> dict[tuple[str, str], tuple[Imposed, ...]]:
    """Return the faults on each link that has any, in their order."""
    names = tuple(nodes)
    found: dict[tuple[str, str], tuple[Imposed, ...]] = {}
    for one in imposed:
        links = one.fault.links
        if links is None:
            links = frozenset((a, b) for a in names for b in names if a != b)
        for link in links:
            found[link] = (*found.get(link, ()), one)
    return found
