"""Histories of objects other than registers, drawn as those of `families`, faultless."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .families import DONE, Queue, Run


if TYPE_CHECKING:
    from collections.abc import Mapping

    from .families import Client, Family, Kind


class Stack(Queue):
    """A stack: what was put in last comes out."""

    inserting, removing = "push", "pop"

    def take(self) -> int:
        """Take out the last one."""
        return self.elements.pop()


class Bag(Queue):
    """A queue without order: any element comes out."""

    def take(self) -> int:
        """Take out one by chance."""
        self.elements.rotate(self.rng.randrange(len(self.elements)))
        return self.elements.popleft()


class PriorityQueue(Queue):
    """A priority queue: the least element comes out. They are in no order at first."""

    inserting, removing = "insert", "poll"

    def choose(self, client: Client, *, is_open: bool) -> None:
        """Put in a number that was not there before, or take one out."""
        super().choose(client, is_open=is_open)
        if client.f == self.inserting:
            client.value += self.rng.randrange(1_000) << 32

    def take(self) -> int:
        """Take out the least one."""
        least = min(self.elements)
        self.elements.remove(least)
        return least


class Element(Run):
    """An element of a set, that is added, removed and asked for as often."""

    def __init__(self, family: Family) -> None:
        super().__init__(family)
        self.present = False

    def choose(self, client: Client, *, is_open: bool) -> None:  # noqa: ARG002 # none is
        """Add, remove or ask."""
        client.f, client.value = self.rng.choice(("add", "remove", "contains")), "x"

    def apply(self, client: Client) -> Any:
        """Do so."""
        if client.f == "contains":
            return self.present
        self.present = client.f == "add"
        return "x"


class Lock(Run):
    """A lock: whoever holds it releases it next, and the others wait for it.

    Once nobody calls any more, those that wait are turned away.
    """

    def __init__(self, family: Family) -> None:
        super().__init__(family)
        self.holder: Client | None = None

    def choose(self, client: Client, *, is_open: bool) -> None:  # noqa: ARG002 # none is
        """Release what is held, or ask for it."""
        client.f = "release" if client is self.holder else "acquire"
        client.status = "ok"

    def take_effect(self, client: Client) -> None:
        """Acquire or release; one that cannot acquire yet stays as it is."""
        waits = client.f == "acquire" and self.holder is not None
        if waits and self.called < self.family.operations:
            return
        if waits:
            client.status = "fail"
        else:
            self.holder = client if client.f == "acquire" else None
        client.stage = DONE


class Counter(Run):
    """A counter of equal steps."""

    def __init__(self, family: Family) -> None:
        super().__init__(family)
        self.total = 0

    def choose(self, client: Client, *, is_open: bool) -> None:  # noqa: ARG002 # none is
        """Add or read."""
        adds = self.rng.random() < 0.5
        client.f, client.value = ("add", 1) if adds else ("read", None)

    def apply(self, client: Client) -> Any:
        """Do so."""
        if client.f == "read":
            return self.total
        self.total += 1
        return 1


OBJECTS: Mapping[Kind, type[Run]] = {
    "fifo-queue": Queue,
    "priority-queue": PriorityQueue,
    "stack": Stack,
    "unordered-queue": Bag,
    "set": Element,
    "owned-mutex": Lock,
    "g-counter": Counter,
}
"""What draws a history, by the model that it is of."""
