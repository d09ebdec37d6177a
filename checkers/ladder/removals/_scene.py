"""Who did what to a set from which is removed, and what looks at it showed.

An *act* is an add, a remove, or a read; adds and removes are *updates*. A *look* is an
act that saw the set: a read, and a remove too, as it takes what it sees. A look is about
one element or about all, and shows either which adds count, or for which elements some
add does. A remove may tell nothing of what it saw.

What a look *saw* is a set of updates that had begun when it ended. An add that it saw
counts, unless a remove that it saw *took* it. A remove takes the adds of its element
that count where it looks; if it was never acknowledged, nobody knows which. No updates
have seen each other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

import msgspec


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from checkers._elements import Key


FOREVER = 2**62
"""The end of an act that may take effect at any time."""

ADD, REMOVE, READ = range(3)

ALL = -1
"""What a read is about that is about all elements."""


class Act(msgspec.Struct, frozen=True, gc=False):
    """An operation.

    Attributes:
        index: Index of its invocation.
        end: Index of its completion; `FOREVER` without one.
        process: Whose it is, numbered from 0.
        place: Its node, numbered from 0.
        kind: `ADD`, `REMOVE` or `READ`.
        element: The number of the element that it is about, or `ALL`.
        adds: The adds that counted where it looked, as far as they are of its element;
            None if it did not tell.
        elements: If that is None: the elements which some add counted for; None if it
            told nothing.
    """

    index: int
    end: int
    process: int
    place: int
    kind: int
    element: int
    adds: frozenset[int] | None = None
    elements: frozenset[int] | None = None

    @property
    def returned(self) -> bool:
        """Whether it has returned."""
        return self.end != FOREVER

    @property
    def looks(self) -> bool:
        """Whether it saw the set and returned."""
        return self.kind != ADD and self.returned


class Scene:
    """The acts of a history, numbered in the order of their invocations.

    Attributes:
        acts: The acts.
        names: The elements, by number.
        adds: By element: its adds.
        processes: How many there are.
        places: How many nodes there are.
        happened: The looks, and the updates that returned, in the order of their ends.
    """

    def __init__(self, acts: Sequence[Act], names: Sequence[Key]) -> None:
        self.acts = acts
        self.names = names
        self.processes = 1 + max((act.process for act in acts), default=-1)
        self.places = 1 + max((act.place for act in acts), default=-1)
        self.adds: list[list[int]] = [[] for _ in names]
        self._silent: list[list[int]] = [[] for _ in names]
        self._open: list[list[int]] = [[] for _ in names]
        self._takers: dict[int, list[int]] = {}
        for number, act in enumerate(acts):
            if act.kind == ADD:
                self.adds[act.element].append(number)
            elif act.kind == REMOVE and not act.returned:
                self._open[act.element].append(number)
            elif act.kind == REMOVE and act.adds is None:
                self._silent[act.element].append(number)
            elif act.kind == REMOVE:
                for add in sorted(act.adds or ()):
                    self._takers.setdefault(add, []).append(number)
        self._begun = [[acts[add].index for add in adds] for adds in self.adds]
        self._latest = [
            list(accumulate((acts[one].end for one in removes), max))
            for removes in self._silent
        ]
        self.happened = sorted(
            (number for number, act in enumerate(acts) if act.returned),
            key=lambda number: acts[number].end,
        )

    def latest(self, element: int, before: int) -> Iterator[int]:
        """Yield the adds of an element that had begun at an event, the last one first."""
        adds = self.adds[element]
        for at in range(bisect_left(self._begun[element], before) - 1, -1, -1):
            yield adds[at]

    def takers(self, add: int, before: int) -> Iterator[int]:
        """Yield the removes that may have taken an add and had begun at an event."""
        acts = self.acts
        for remove in self._takers.get(add, ()):
            if acts[remove].index < before:
                yield remove
        element = acts[add].element
        for remove in self._open[element]:
            if acts[remove].index < before:
                yield remove
        silent = self._silent[element]
        # The first one that ends after the add has begun; those after it may, too.
        first = bisect_right(self._latest[element], acts[add].index)
        for at in range(first, len(silent)):
            remove = silent[at]
            if acts[remove].index >= before:
                return
            if acts[remove].end > acts[add].index:
                yield remove

    def told_takers(self, add: int) -> Sequence[int]:
        """Return the removes that tell to have taken an add."""
        return self._takers.get(add, ())

    def first_taker(self, add: int) -> int | None:
        """Return the remove that began first of those that may have taken an add."""
        return min(self._first_takers(add), default=None)

    def _first_takers(self, add: int) -> Iterator[int]:
        yield from self._takers.get(add, ())[:1]
        element = self.acts[add].element
        yield from self._open[element][:1]
        first = bisect_right(self._latest[element], self.acts[add].index)
        yield from self._silent[element][first : first + 1]

    def about(self, look: int, element: int) -> bool:
        """Whether a look is about an element."""
        return self.acts[look].element in {ALL, element}
