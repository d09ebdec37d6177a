"""Models as automata over integers."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any

from checkers.models import Call, clipped, shown

from ._problem import (
    KIND_CAS,
    KIND_FAILED_CAS,
    KIND_READ,
    KIND_WRITE,
    MARK_FAILED,
    MARK_KNOWN,
    NOTHING,
)


if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from checkers.models import Frozen, Model

    from ._problem import Automaton, ClassTable, RegisterView


ILLEGAL = -1

_KEYS_SHOWN = 8


class RegisterAutomaton:
    """A register: its states are its values, and no table is needed."""

    __slots__ = ("_names", "initial", "model", "pure", "view")

    def __init__(self, model: Model[Any], view: RegisterView, names: list[str]) -> None:
        """Take a view and, by kind, the name of a function of that kind."""
        self.model = model
        self.view = view
        self.initial = 0
        self.pure = [
            kind in {KIND_READ, KIND_FAILED_CAS} or (kind == KIND_CAS and a == b)
            for kind, a, b in zip(view.kind, view.a, view.b, strict=True)
        ]
        self._names = names

    def step(self, state: int, cls: int) -> int:
        """Return the state after an operation of a class; -1 if it is illegal."""
        view = self.view
        kind, a = view.kind[cls], view.a[cls]
        if kind == KIND_WRITE:
            return a
        if kind == KIND_FAILED_CAS:
            return state if state != a else ILLEGAL
        if state != a:
            return ILLEGAL
        return state if kind == KIND_READ else view.b[cls]

    def can_lead(self, state: int, cls: int) -> bool:  # noqa: ARG002 # as in Automaton
        """Whether a class may be legal later: what values come, nobody knows."""
        return True

    def call(self, cls: int) -> Call:
        """Return what the operations of a class do, as the model sees it."""
        view = self.view
        kind, a = view.kind[cls], view.values[view.a[cls]]
        if kind == KIND_READ:
            return Call(self._names[kind], None, a)
        if kind == KIND_WRITE:
            return Call(self._names[kind], a)
        b = view.values[view.b[cls]]
        return Call(self._names[kind], (a, b), failed=kind == KIND_FAILED_CAS)

    def describe_state(self, state: int) -> str:
        """Return a value."""
        return clipped(shown(self.view.values[state]))

    def describe_class(self, cls: int) -> str:
        """Return what the operations of a class do, in a few words."""
        return self.model.describe(self.call(cls))

    def refusal(self, state: int, cls: int) -> str:
        """Return why a class is illegal in a state where it is, as a clause."""
        return self.model.refusal((self.view.values[state],), self.call(cls))


class ModelAutomaton:
    """Any model: it is asked once for each state and class that meet."""

    __slots__ = (
        "_calls",
        "_lens",
        "_numbers",
        "_states",
        "_steps",
        "initial",
        "model",
        "pure",
        "table",
    )

    def __init__(self, model: Model[Any], table: ClassTable, pure: list[bool]) -> None:
        self.model = model
        self.table = table
        self.pure = pure
        self.initial = 0
        self._steps: dict[int, int] = {}
        self._calls: dict[int, Call] = {}
        self._lens = model.lens(map(self.call, range(len(table))))
        initial = self._lens(model.initial) if self._lens else model.initial
        self._states: list[Hashable] = [initial]
        self._numbers: dict[Hashable, int] = {initial: 0}

    def step(self, state: int, cls: int) -> int:
        """Return the state after an operation of a class; -1 if it is illegal."""
        key = state * len(self.pure) + cls
        following = self._steps.get(key)
        if following is None:
            following = self._steps[key] = self._ask(state, cls)
        return following

    def can_lead(self, state: int, cls: int) -> bool:
        """Whether the model says that a class may be legal now or later."""
        return self.model.can_lead(self._states[state], self.call(cls))

    def call(self, cls: int) -> Call:
        """Return what the operations of a class do, as the model sees it."""
        call = self._calls.get(cls)
        if call is None:
            call = self._calls[cls] = table_call(self.table, cls)
        return call

    def describe_state(self, state: int) -> str:
        """Return a state in a few words."""
        return self.model.describe_state(self._states[state])

    def describe_class(self, cls: int) -> str:
        """Return what the operations of a class do, in a few words."""
        return self.model.describe(self.call(cls))

    def refusal(self, state: int, cls: int) -> str:
        """Return why a class is illegal in a state where it is, as a clause."""
        return self.model.refusal(self._states[state], self.call(cls))

    def _ask(self, state: int, cls: int) -> int:
        following = self.model.step(self._states[state], self.call(cls))
        if following is None:
            return ILLEGAL
        if self._lens is not None:
            following = self._lens(following)
        number = self._numbers.setdefault(following, len(self._states))
        if number == len(self._states):
            self._states.append(following)
        return number


class ProductAutomaton:
    """Several keys at once, each with an automaton of its own."""

    __slots__ = (
        "_automata",
        "_keys",
        "_numbers",
        "_offsets",
        "_states",
        "_steps",
        "initial",
        "model",
        "pure",
    )

    def __init__(
        self, model: Model[Any], keys: list[Frozen], automata: Sequence[Automaton]
    ) -> None:
        """Take an automaton for each key; their classes are counted through."""
        self.model = model
        self.pure = list(chain.from_iterable(part.pure for part in automata))
        self.initial = 0
        self._keys = keys
        self._automata = automata
        self._offsets = list(
            accumulate((len(part.pure) for part in automata), initial=0)
        )
        initial = (0,) * len(automata)
        self._states = [initial]
        self._numbers = {initial: 0}
        self._steps: dict[int, int] = {}

    @property
    def offsets(self) -> list[int]:
        """By key: its first class; behind the last one, the number of classes."""
        return self._offsets

    def step(self, state: int, cls: int) -> int:
        """Return the state after an operation of a class; -1 if it is illegal."""
        key = state * len(self.pure) + cls
        following = self._steps.get(key)
        if following is None:
            following = self._steps[key] = self._compose(state, cls)
        return following

    def part_state(self, state: int, cls: int) -> int:
        """Return the state of the key of a class."""
        return self._states[state][self._part(cls)]

    def can_lead(self, state: int, cls: int) -> bool:
        """Whether a class may be legal now or later in the state of its key."""
        part = self._part(cls)
        return self._automata[part].can_lead(
            self._states[state][part], cls - self._offsets[part]
        )

    def call(self, cls: int) -> Call:
        """Return what the operations of a class do to its key."""
        part = self._part(cls)
        return self._automata[part].call(cls - self._offsets[part])

    def describe_state(self, state: int) -> str:
        """Return the states of the keys; of many keys, those that have changed."""
        states = self._states[state]
        few = len(states) <= _KEYS_SHOWN
        texts = [
            f"{shown(key)}: {part.describe_state(number)}"
            for key, part, number in zip(
                self._keys, self._automata, states, strict=True
            )
            if few or number != part.initial
        ]
        return "{" + ", ".join(texts) + "}"

    def describe_class(self, cls: int) -> str:
        """Return a key and what the operations of a class do to it."""
        part = self._part(cls)
        text = self._automata[part].describe_class(cls - self._offsets[part])
        return f"{shown(self._keys[part])}: {text}"

    def refusal(self, state: int, cls: int) -> str:
        """Return why a class is illegal in the state of its key, as a clause."""
        part = self._part(cls)
        return self._automata[part].refusal(
            self._states[state][part], cls - self._offsets[part]
        )

    def _part(self, cls: int) -> int:
        return bisect_right(self._offsets, cls) - 1

    def _compose(self, state: int, cls: int) -> int:
        part = self._part(cls)
        states = self._states[state]
        following = self._automata[part].step(states[part], cls - self._offsets[part])
        if following == states[part] or following == ILLEGAL:
            return state if following != ILLEGAL else ILLEGAL
        joint = (*states[:part], following, *states[part + 1 :])
        number = self._numbers.setdefault(joint, len(self._states))
        if number == len(self._states):
            self._states.append(joint)
        return number


def table_call(table: ClassTable, cls: int) -> Call:
    """Return what the operations of a class do."""
    a, b, process = table.input[cls], table.output[cls], table.process[cls]
    mark = table.mark[cls]
    return Call(
        table.functions[table.f[cls]],
        table.values[a] if a != NOTHING else None,
        table.values[b] if b != NOTHING else None,
        known=mark == MARK_KNOWN,
        failed=mark == MARK_FAILED,
        process=process if process != NOTHING else None,
    )
