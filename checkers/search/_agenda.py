"""In which order a search goes on with what it has found.

Depth first comes to a witness without looking around, and does best where there are
many. But where there is none, or few, it may come to a configuration again and again,
each time by a way that has spent a little less, and look at all that follows each
time. Breadth first, as in Lowe's just-in-time linearization, looks at the
configurations of one event only when all ways there are known, and at the best only.
It remembers one layer at a time, and has seen everything when it comes to a yes.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar


if TYPE_CHECKING:
    from ._antichain import Antichain, Entry


Choice = TypeVar("Choice")
Frame = TypeVar("Frame")


class Agenda(Protocol[Choice, Frame]):
    """What a search has found and not gone on with: configurations with choices."""

    def push(self, layer: int, entry: Entry, todo: list[Choice], frame: Frame) -> None:
        """Add a configuration, with its entry and its choices, the first one last."""

    def take(self) -> tuple[Choice, Frame] | None:
        """Return a choice and its configuration; None if all have been made.

        Configurations that another one stands for by now are passed over: what that
        one leads to has been looked at, or will be.
        """


class DepthFirst(Generic[Choice, Frame]):
    """The next choice is one of the newest configuration."""

    __slots__ = ("_stack",)

    def __init__(self) -> None:
        self._stack: list[tuple[Entry, list[Choice], Frame]] = []

    def push(self, layer: int, entry: Entry, todo: list[Choice], frame: Frame) -> None:  # noqa: ARG002 # as in Agenda
        """Add a configuration."""
        self._stack.append((entry, todo, frame))

    def take(self) -> tuple[Choice, Frame] | None:
        """Return a choice and its configuration; None if all have been made."""
        stack = self._stack
        while stack:
            (_, _, is_current), todo, frame = stack[-1]
            if not is_current:
                stack.pop()
                continue
            choice = todo.pop()
            if not todo:
                stack.pop()
            return choice, frame
        return None


class BreadthFirst(Generic[Choice, Frame]):
    """The next choice is one of the oldest configuration in the first layer.

    No choice leads to an earlier layer, so that those before it can be forgotten.
    """

    __slots__ = ("_heap", "_layer", "_pushed", "_seen")

    def __init__(self, seen: Antichain) -> None:
        self._seen = seen
        self._heap: list[tuple[int, int, Entry, list[Choice], Frame]] = []
        self._pushed = 0
        self._layer = 0

    def push(self, layer: int, entry: Entry, todo: list[Choice], frame: Frame) -> None:
        """Add a configuration."""
        heapq.heappush(self._heap, (layer, self._pushed, entry, todo, frame))
        self._pushed += 1

    def take(self) -> tuple[Choice, Frame] | None:
        """Return a choice and its configuration; None if all have been made."""
        heap = self._heap
        while heap:
            layer, _, (_, _, is_current), todo, frame = heap[0]
            if layer > self._layer:
                self._seen.forget_before(layer)
                self._layer = layer
            if not is_current:
                heapq.heappop(heap)
                continue
            choice = todo.pop()
            if not todo:
                heapq.heappop(heap)
            return choice, frame
        return None
