"""What a replica knows of a set."""

from __future__ import annotations


class Replica:
    """Updates that have arrived, and what is left of them.

    Attributes:
        clock: By replica, how many of its updates have arrived.
        live: By element, the adds that count.
        alive: All of them.
        dead: The adds that were taken, and the remove that took them.
    """

    def __init__(self, count: int) -> None:
        self.clock = [0] * count
        self.live: dict[int, set[int]] = {}
        self.alive: set[int] = set()
        self.dead: dict[int, int] = {}

    def put(self, add: int, element: int) -> None:
        """Learn of an add."""
        if add not in self.dead:
            self.live.setdefault(element, set()).add(add)
            self.alive.add(add)

    def lose(self, add: int, element: int, remove: int) -> None:
        """Learn that an add was taken."""
        self.dead.setdefault(add, remove)
        if add in self.alive:
            self.alive.discard(add)
            self.live[element].discard(add)
            if not self.live[element]:
                del self.live[element]
