"""Models as automata over integers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers.models import Call, shown

from ._problem import KIND_CAS, KIND_FAILED_CAS, KIND_READ, KIND_WRITE


if TYPE_CHECKING:
    from checkers.models import Model

    from ._problem import RegisterView


ILLEGAL = -1


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
        return shown(self.view.values[state])

    def describe_class(self, cls: int) -> str:
        """Return what the operations of a class do, in a few words."""
        return self.model.describe(self.call(cls))
