"""Queues and stacks: what is put in comes out once."""

from __future__ import annotations

from bisect import bisect_left
from types import MappingProxyType
from typing import Any, ClassVar, final

from ._errors import ModelError
from ._model import ANYTHING, SOMETHING, Call, Function, Model
from ._values import Frozen, freeze, shown


INSERT = Function(takes=SOMETHING)
REMOVE = Function(gives=ANYTHING, idle=(None,))


class Container(Model[tuple[Any, ...]]):
    """What queues and stacks share: a state is a tuple of elements.

    An element is any value but null: null is what is taken out of an empty container.

    Attributes:
        inserting: The function that puts an element in.
        removing: The function that takes one out.
    """

    inserting: ClassVar[str] = "enqueue"
    removing: ClassVar[str] = "dequeue"
    functions = MappingProxyType({"enqueue": INSERT, "dequeue": REMOVE})

    def __init__(self, init: Any = None) -> None:
        if not isinstance(init, list | tuple | None):
            raise ModelError(
                None,
                f"the initial state {init!r}",
                "a list of elements",
                f"Leave it out if the {self.name} begins empty.",
            )
        self.initial = ()
        for element in init or ():
            self.initial = self.insert(self.initial, freeze(element))

    def insert(self, state: tuple[Any, ...], element: Frozen) -> tuple[Any, ...]:
        """Return the state with one more element."""
        return (*state, element)

    def remove(self, state: tuple[Any, ...]) -> tuple[Frozen, tuple[Any, ...]]:
        """Return the next element, and the state without it; it is not empty."""
        return state[0], state[1:]

    def step(self, state: tuple[Any, ...], call: Call) -> tuple[Any, ...] | None:
        """Return the state after a call; None if it is illegal in this state."""
        if call.f == self.inserting:
            return self.insert(state, call.input)
        if not state:
            return state if not call.known or call.output is None else None
        element, rest = self.remove(state)
        return rest if not call.known or element == call.output else None

    def is_pure(self, call: Call) -> bool:
        """Whether a call has found nothing."""
        return call.f == self.removing and call.known and call.output is None

    def describe(self, call: Call) -> str:
        """Return a call in a few words."""
        return f"{call.f} → empty" if self.is_pure(call) else super().describe(call)

    def describe_state(self, state: tuple[Any, ...]) -> str:
        """Return the elements, the one that was first put in first."""
        return shown(state)


@final
class FifoQueue(Container):
    """A queue: `dequeue` gives the element that was enqueued first, or null if empty.

    >>> FifoQueue().step((1, 2), Call("dequeue", None, 1))
    (2,)
    """


@final
class Stack(Container):
    """A stack: `pop` gives the element that was pushed last, or null if empty.

    >>> Stack().step((1, 2), Call("pop", None, 2))
    (1,)
    """

    inserting = "push"
    removing = "pop"
    functions = MappingProxyType({"push": INSERT, "pop": REMOVE})

    def remove(self, state: tuple[Any, ...]) -> tuple[Frozen, tuple[Any, ...]]:
        """Return the last element, and the state without it; it is not empty."""
        return state[-1], state[:-1]


@final
class UnorderedQueue(Container):
    """A bag: `dequeue` gives any of its elements, or null if it is empty.

    Of a dequeue that never returned, nobody knows what it took. It may take effect
    at any later time, so it can wait until it matters, which is when nothing is left.
    A state is therefore the elements, in the order of their JSON texts, behind the
    number of those that are gone and cannot be told; never are all of them gone.

    >>> bag = UnorderedQueue()
    >>> bag.step((1, "a", "b", "c"), Call("dequeue", None, "b"))
    (1, 'a', 'c')
    >>> bag.step((1, "a", "b"), Call("dequeue", None, "b"))
    (0,)
    """

    def __init__(self, init: Any = None) -> None:
        super().__init__(init)
        self.initial = (0, *self.initial)

    def insert(self, state: tuple[Any, ...], element: Frozen) -> tuple[Any, ...]:
        """Return the elements with one more, in order."""
        place = bisect_left(state, shown(element), key=shown)
        return (*state[:place], element, *state[place:])

    def step(self, state: tuple[Any, ...], call: Call) -> tuple[Any, ...] | None:
        """Return the state after a call; None if it is illegal in this state."""
        gone, elements = state[0], state[1:]
        if call.f == self.inserting:
            return (gone, *self.insert(elements, call.input))
        if not elements or (call.known and call.output is None):
            return state if not elements and call.output is None else None
        if not call.known:
            gone += 1
        elif call.output in elements:
            place = elements.index(call.output)
            elements = (*elements[:place], *elements[place + 1 :])
        else:
            return None
        return (0,) if gone == len(elements) else (gone, *elements)

    def describe_state(self, state: tuple[Any, ...]) -> str:
        """Return the elements, and how many of them are gone."""
        gone, elements = state[0], shown(state[1:])
        return f"{elements}, {gone} of them gone" if gone else elements
