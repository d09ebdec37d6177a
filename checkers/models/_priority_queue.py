"""Priority queues."""

from __future__ import annotations

from bisect import bisect_left
from operator import itemgetter
from types import MappingProxyType
from typing import Any, final

from ._containers import REMOVE, Container
from ._model import Call, Function, Shape
from ._values import Frozen, shown


def priority(element: Frozen) -> int:
    """Return the priority of an element.

    >>> priority(3), priority((2, "a"))
    (3, 2)
    """
    first = element[0] if isinstance(element, tuple) else element
    assert isinstance(first, int), "the shape of inputs holds it"
    return first


def _is_ranked(value: Frozen) -> bool:
    return type(value[0] if isinstance(value, tuple) and value else value) is int


RANKED = Shape("an integer, or a list that begins with one", _is_ranked)


@final
class PriorityQueue(Container):
    """A priority queue: `poll` gives an element of the least priority, or null if empty.

    An element is its own priority, or a list that begins with it. Among elements of
    the same priority, any may come first.

    Of a poll that never returned, nobody knows which of those it took. It may take
    effect at any later time, so it can wait until it matters, which is when none of
    them is left. A state is therefore a tuple of (priority, number of elements that
    are gone and cannot be told, elements in the order of their JSON texts), by
    priority; never are all of them gone.

    >>> queue = PriorityQueue()
    >>> state = queue.insert(queue.insert((), (1, "a")), (1, "b"))
    >>> state = queue.step(state, Call("poll", None, (1, "b")))
    >>> state
    ((1, 0, ((1, 'a'),)),)
    >>> queue.step(state, Call("poll", None, None)) is None
    True
    """

    inserting = "insert"
    removing = "poll"
    functions = MappingProxyType({"insert": Function(takes=RANKED), "poll": REMOVE})

    def insert(self, state: tuple[Any, ...], element: Frozen) -> tuple[Any, ...]:
        """Return the state with one more element."""
        rank = priority(element)
        place = bisect_left(state, rank, key=itemgetter(0))
        if place == len(state) or state[place][0] != rank:
            return (*state[:place], (rank, 0, (element,)), *state[place:])
        _, gone, elements = state[place]
        at = bisect_left(elements, shown(element), key=shown)
        group = (rank, gone, (*elements[:at], element, *elements[at:]))
        return (*state[:place], group, *state[place + 1 :])

    def step(self, state: tuple[Any, ...], call: Call) -> tuple[Any, ...] | None:
        """Return the state after a call; None if it is illegal in this state."""
        if call.f == self.inserting:
            return self.insert(state, call.input)
        if not state or (call.known and call.output is None):
            return state if not state and call.output is None else None
        rank, gone, elements = state[0]
        if not call.known:
            gone += 1
        elif call.output in elements:
            at = elements.index(call.output)
            elements = (*elements[:at], *elements[at + 1 :])
        else:
            return None
        if gone == len(elements):
            return state[1:]
        return ((rank, gone, elements), *state[1:])

    def describe_state(self, state: tuple[Any, ...]) -> str:
        """Return the elements by priority, and how many of them are gone."""
        elements = tuple(element for _, _, group in state for element in group)
        gone = sum(count for _, count, _ in state)
        return f"{shown(elements)}, {gone} of them gone" if gone else shown(elements)
