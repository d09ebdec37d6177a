"""Operations on one register as classes."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from checkers.models import PLAIN, ModelError, freeze

from ._automata import RegisterAutomaton
from ._class_builder import LEFT_OUT
from ._classes import Classified, kept_of
from ._deeds import STATUS_FAIL, STATUS_INFO, STATUS_OK
from ._problem import (
    KIND_CAS,
    KIND_FAILED_CAS,
    KIND_READ,
    KIND_WRITE,
    RegisterView,
)


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.models import Cell, Frozen, Model

    from ._deeds import Deeds, Dialect


def kinds_of(cell: Cell) -> dict[str, int]:
    """Return the kinds of the functions of a register."""
    kinds = dict.fromkeys(cell.reads, KIND_READ)
    kinds |= dict.fromkeys(cell.writes, KIND_WRITE)
    return kinds | dict.fromkeys(cell.swaps, KIND_CAS)


def classify_register(
    model: Model[Any],
    cell: Cell,
    deeds: Deeds,
    dialect: Dialect,
    *,
    indices: Sequence[int],
) -> Classified:
    """Return the operations on one register. Linear; a hot loop, whole for that.

    Raises:
        ModelError: The input of a cas is no pair.
    """
    kinds, plain, nil_is_value = kinds_of(cell), PLAIN, dialect.nil_is_value
    values: dict[Frozen, int] = {cell.initial: 0}
    numbers: dict[tuple[int, int, int], int] = {}
    classes: list[int] = []
    add, value_of, class_of = classes.append, values.setdefault, numbers.setdefault
    for position, f, given, got, status in zip(*deeds, strict=True):
        kind, b = kinds[f], 0
        if kind == KIND_READ:
            if status != STATUS_OK or (got is None and not nil_is_value):
                add(LEFT_OUT)
                continue
            a = value_of(got if type(got) in plain else freeze(got), len(values))
        elif status == STATUS_FAIL and not (kind == KIND_CAS and dialect.failed_cas):
            add(LEFT_OUT)
            continue
        elif kind == KIND_WRITE:
            a = value_of(given if type(given) in plain else freeze(given), len(values))
        else:
            old, new = _swapped(f, given, indices[position])
            if status == STATUS_INFO and old == new:
                add(LEFT_OUT)
                continue
            a, b = value_of(old, len(values)), value_of(new, len(values))
            if status == STATUS_FAIL:
                kind = KIND_FAILED_CAS
        add(class_of((kind, a, b), len(numbers)))
    view = view_of(numbers, values)
    names = [""] * 4
    for f in dict.fromkeys(deeds.f):
        names[kinds[f]] = f
    names[KIND_FAILED_CAS] = names[KIND_CAS]
    automaton = RegisterAutomaton(model, view, names)
    return Classified(*kept_of(deeds.positions, classes), automaton, register=view)


def view_of(
    numbers: dict[tuple[int, int, int], int], values: dict[Frozen, int]
) -> RegisterView:
    """Return classes, given as a kind and two values each, as those of a register."""
    kind, a, b = zip(*numbers, strict=True) if numbers else ((), (), ())
    return RegisterView(bytearray(kind), array("i", a), array("i", b), list(values))


def _swapped(f: str, given: Any, index: int) -> tuple[Frozen, Frozen]:
    if isinstance(given, list | tuple) and len(given) == 2:
        return freeze(given[0]), freeze(given[1])
    raise ModelError(
        index,
        f"the value {given!r} of {f!r}",
        "a pair [from, to]",
        "Record what the value should have been, and what it should become.",
    )
