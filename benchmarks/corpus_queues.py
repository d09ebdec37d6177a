"""More small objects: locks, queues, stacks and bags; and the list of all."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

from corpus_objects import (
    AppendList,
    CasRegister,
    Counter,
    GrowingSet,
    KeyValue,
    MultiRegister,
    PnCounter,
    Refused,
    Register,
    Set,
    Strings,
    Thing,
    WholeSet,
)


if TYPE_CHECKING:
    from random import Random


class Mutex(Thing):
    """A lock that anyone may release."""

    model = "mutex"

    def draw(self, rng: Random, fresh: int, most: int) -> tuple[str, Any]:  # noqa: ARG002 # as in Thing
        """Acquire or release."""
        likely = 0.3 if self.state else 0.7
        return ("acquire" if rng.random() < likely else "release"), None

    def do(self, f: str, value: Any, process: int) -> Any:  # noqa: ARG002 # as in Thing
        """Acquire or release."""
        if bool(self.state) is (f == "acquire"):
            raise Refused
        self.state = f == "acquire"
        return value


class OwnedMutex(Mutex):
    """A lock that its holder alone may release."""

    model = "owned-mutex"

    def do(self, f: str, value: Any, process: int) -> Any:
        """Acquire or release."""
        if f == "acquire":
            if self.state is not None:
                raise Refused
            self.state = process
        else:
            if self.state != process:
                raise Refused
            self.state = None
        return value


class Semaphore(Mutex):
    """Two permits."""

    model = "semaphore"
    permits = 2

    def __init__(self) -> None:
        super().__init__()
        self.state = 0

    def draw(self, rng: Random, fresh: int, most: int) -> tuple[str, Any]:
        """Acquire or release one or two."""
        f, _ = super().draw(rng, fresh, most)
        return f, rng.choice((None, None, 1, 2))

    def do(self, f: str, value: Any, process: int) -> Any:  # noqa: ARG002 # as in Thing
        """Acquire or release."""
        taken = self.state + (value or 1) * (1 if f == "acquire" else -1)
        if not 0 <= taken <= self.permits:
            raise Refused
        self.state = taken
        return value


class FifoQueue(Thing):
    """What is put in first comes out first."""

    model = "fifo-queue"
    put, take = "enqueue", "dequeue"

    def __init__(self) -> None:
        super().__init__()
        self.state = []

    def draw(self, rng: Random, fresh: int, most: int) -> tuple[str, Any]:
        """Put in or take out."""
        if rng.random() < 0.5:
            return self.take, None
        return self.put, fresh if most >= fresh else rng.randint(1, most)

    def do(self, f: str, value: Any, process: int) -> Any:  # noqa: ARG002 # as in Thing
        """Put in or take out."""
        if f == self.put:
            self.state.append(value)
            return value
        return self.state.pop(self.next()) if self.state else None

    def next(self) -> int:
        """Return the place of what comes out next."""
        return 0

    def lie(self, rng: Random, f: str, answer: Any, most: int) -> Any:
        """Return another element, or that there is none."""
        return answer if f == self.put else super().lie(rng, f, answer, most)


class Stack(FifoQueue):
    """What is put in last comes out first."""

    model = "stack"
    put, take = "push", "pop"

    def next(self) -> int:
        """Return the last place."""
        return -1


class Bag(FifoQueue):
    """Anything may come out next."""

    model = "unordered-queue"

    def next(self) -> int:
        """Return a place in the middle."""
        return len(self.state) // 2


class PriorityQueue(FifoQueue):
    """The least comes out next."""

    model = "priority-queue"
    put, take = "insert", "poll"

    def draw(self, rng: Random, fresh: int, most: int) -> tuple[str, Any]:
        """Put in or take out: elements of few priorities, or of many."""
        f, value = super().draw(rng, fresh, most)
        if f == self.put and fresh % 2 and most >= fresh:
            value = rng.choice((10 - value, [rng.randint(1, 2), value]))
        return f, value

    def next(self) -> int:
        """Return the place of the least."""
        ranks = [one[0] if isinstance(one, list) else one for one in self.state]
        return ranks.index(heapq.nsmallest(1, ranks)[0])

    def lie(self, rng: Random, f: str, answer: Any, most: int) -> Any:
        """Return another one of those that are there, or that there is none."""
        if f == self.put or not self.state:
            return super().lie(rng, f, answer, most)
        return rng.choice([None, *self.state])


THINGS: dict[str, type[Thing]] = {
    "register": Register,
    "cas-register": CasRegister,
    "kv": KeyValue,
    "kv-strings": Strings,
    "multi-register": MultiRegister,
    "g-counter": Counter,
    "pn-counter": PnCounter,
    "mutex": Mutex,
    "owned-mutex": OwnedMutex,
    "semaphore": Semaphore,
    "set": Set,
    "growing-set": GrowingSet,
    "whole-set": WholeSet,
    "append-list": AppendList,
    "fifo-queue": FifoQueue,
    "stack": Stack,
    "bag": Bag,
    "priority-queue": PriorityQueue,
}
"""The objects by name."""
