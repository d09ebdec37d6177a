"""Queues and stacks: what is put in comes out once.

Of a removal that never returned, nobody knows what it took. But it may take effect at
any later time, so it need not be tried with each element that it may have taken: it
takes the first of them, and what nobody else takes is left for it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from types import MappingProxyType
from typing import Any, ClassVar, final

from ._errors import ModelError
from ._model import ANYTHING, SOMETHING, Call, Function, Model, Shape
from ._values import Frozen, clipped, freeze, shown, shown_items, shown_some


REMOVE = Function(gives=ANYTHING, idle=(None,))


class Container(Model[tuple[Frozen, ...]]):
    """What queues and stacks share: a state is a tuple of elements.

    An element is any value but null: null is what is taken out of an empty container.

    Attributes:
        inserting: The function that puts an element in.
        removing: The function that takes one out.
        front: What the element is called that comes out next.
    """

    inserting: ClassVar[str] = "enqueue"
    removing: ClassVar[str] = "dequeue"
    front: ClassVar[str] = "head"
    functions = MappingProxyType(
        {"enqueue": Function(takes=SOMETHING), "dequeue": REMOVE}
    )

    def __init__(self, init: Any = None) -> None:
        if not isinstance(init, list | tuple | None):
            raise ModelError(
                None,
                f"the initial state {init!r}",
                "a list of elements",
                f"Leave it out if the {self.name} begins empty.",
            )
        takes = self.functions[self.inserting].takes
        assert takes is not None, "what is put in matters"
        self.initial = ()
        for element in map(freeze, init or ()):
            if takes.fits is not None and not takes.fits(element):
                raise ModelError(
                    None,
                    f"the element {shown(element)} in the initial state",
                    takes.name,
                    "Correct the initial state, or choose another model.",
                )
            self.initial = self.insert(self.initial, element)

    def insert(self, state: tuple[Frozen, ...], element: Frozen) -> tuple[Frozen, ...]:
        """Return the state with one more element."""
        return (*state, element)

    def candidates(self, state: tuple[Frozen, ...]) -> range:
        """Return the places of the elements that may come out next."""
        raise NotImplementedError

    def step(self, state: tuple[Frozen, ...], call: Call) -> tuple[Frozen, ...] | None:
        """Return the state after a call; None if it is illegal in this state."""
        if call.f == self.inserting:
            return self.insert(state, call.input)
        if not state:
            return state if not call.known or call.output is None else None
        for place in self.candidates(state):
            if not call.known or state[place] == call.output:
                return (*state[:place], *state[place + 1 :])
        return None

    def is_pure(self, call: Call) -> bool:
        """Whether a call has found nothing."""
        return call.f == self.removing and call.known and call.output is None

    def describe(self, call: Call) -> str:
        """Return a call in a few words."""
        return f"{call.f} → empty" if self.is_pure(call) else super().describe(call)

    def describe_state(self, state: tuple[Frozen, ...]) -> str:
        """Return the elements."""
        return f"[{shown_items(state)}]"

    def refusal(self, state: tuple[Frozen, ...], call: Call) -> str:  # noqa: ARG002 # as in Model
        """Return what may come out instead of what a removal gave."""
        kind = self.name.rpartition("-")[2]
        if not state:
            return f"the {kind} is empty"
        return f"the {kind}'s {self.front} is {self._shown_next(state)}"

    def _shown_next(self, state: tuple[Frozen, ...]) -> str:
        """Return what may come out next, as text."""
        return shown_some([state[place] for place in self.candidates(state)])


@final
class FifoQueue(Container):
    """A queue: `dequeue` gives the element that was enqueued first, or null if empty.

    >>> FifoQueue().step((1, 2), Call("dequeue", None, 1))
    (2,)
    """

    def candidates(self, state: tuple[Frozen, ...]) -> range:  # noqa: ARG002 # as in Container
        """Return the first place."""
        return range(1)


@final
class Stack(Container):
    """A stack: `pop` gives the element that was pushed last, or null if empty.

    >>> Stack().step((1, 2), Call("pop", None, 2))
    (1,)
    """

    inserting = "push"
    removing = "pop"
    front = "top"
    functions = MappingProxyType({"push": Function(takes=SOMETHING), "pop": REMOVE})

    def candidates(self, state: tuple[Frozen, ...]) -> range:
        """Return the last place."""
        return range(len(state) - 1, len(state))


@final
class UnorderedQueue(Container):
    """A bag: `dequeue` gives any of its elements, or null if it is empty.

    A state has them in the order of their JSON texts.

    >>> UnorderedQueue().step(("a", "b"), Call("dequeue", None, "b"))
    ('a',)
    """

    def insert(self, state: tuple[Frozen, ...], element: Frozen) -> tuple[Frozen, ...]:
        """Return the state with one more element, in order."""
        place = bisect_left(state, shown(element), key=shown)
        return (*state[:place], element, *state[place:])

    def candidates(self, state: tuple[Frozen, ...]) -> range:
        """Return all places."""
        return range(len(state))

    def refusal(self, state: tuple[Frozen, ...], call: Call) -> str:
        """Return what is there instead of what a removal gave."""
        if state and call.output is not None:
            return f"{clipped(shown(call.output))} is not in the queue"
        return f"the queue {'has' if state else 'is'} {shown_some(state) or 'empty'}"


def _is_ranked(value: Frozen) -> bool:
    return type(value[0] if isinstance(value, tuple) and value else value) is int


RANKED = Shape("an integer, or a list that begins with one", _is_ranked)


def priority(element: Frozen) -> int:
    """Return the priority of an element.

    >>> priority(3), priority((2, "a"))
    (3, 2)
    """
    first = element[0] if isinstance(element, tuple) else element
    assert isinstance(first, int), "the shape of inputs holds it"
    return first


@final
class PriorityQueue(Container):
    """A priority queue: `poll` gives an element of the least priority, or null if empty.

    An element is its own priority, or a list that begins with it. Among elements of
    the same priority, any may come first. A state has the elements by priority, and
    those of the same in the order of their JSON texts.

    >>> queue = PriorityQueue([2, [1, "b"], [1, "a"]])
    >>> queue.step(queue.initial, Call("poll", None, (1, "b")))
    ((1, 'a'), 2)
    >>> queue.step(queue.initial, Call("poll", None, 2)) is None
    True
    """

    inserting = "insert"
    removing = "poll"
    front = "least element"
    functions = MappingProxyType({"insert": Function(takes=RANKED), "poll": REMOVE})

    def insert(self, state: tuple[Frozen, ...], element: Frozen) -> tuple[Frozen, ...]:
        """Return the state with one more element, in order."""
        place = bisect_left(state, _rank(element), key=_rank)
        return (*state[:place], element, *state[place:])

    def candidates(self, state: tuple[Frozen, ...]) -> range:
        """Return the places of those with the least priority."""
        return range(bisect_right(state, priority(state[0]), key=priority))


def _rank(element: Frozen) -> tuple[int, str]:
    return priority(element), shown(element)
