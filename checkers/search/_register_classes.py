"""Operations on one register as classes."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from checkers.models import PLAIN, ModelError, freeze

from ._automata import RegisterAutomaton
from ._classes import Classified, Numbering
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

    from checkers.models import Cell, Model

    from ._deeds import Deeds, Dialect


def classify_register(
    model: Model[Any],
    cell: Cell,
    deeds: Deeds,
    dialect: Dialect,
    *,
    indices: Sequence[int],
) -> Classified:
    """Return the operations on one register. Linear; a hot loop, and whole for that.

    Raises:
        ModelError: The input of a cas is no pair.
    """
    kinds = dict.fromkeys(cell.reads, KIND_READ)
    kinds |= dict.fromkeys(cell.writes, KIND_WRITE)
    kinds |= dict.fromkeys(cell.swaps, KIND_CAS)
    values = Numbering()
    numbers: dict[tuple[int, ...], int] = {}
    view = RegisterView(bytearray(), array("i"), array("i"), values.names)
    names = [""] * 4
    kept, classes = array("I"), array("I")
    plain, nil_is_value = PLAIN, dialect.nil_is_value
    assert values[cell.initial] == 0, "the initial value is the first"
    for position, f, given, got, status in zip(*deeds, strict=True):
        kind = kinds[f]
        b = 0
        if kind == KIND_READ:
            if status != STATUS_OK or (got is None and not nil_is_value):
                continue
            a = values[got if type(got) in plain else freeze(got)]
        elif kind == KIND_WRITE:
            if status == STATUS_FAIL:
                continue
            a = values[given if type(given) in plain else freeze(given)]
        else:
            if status == STATUS_FAIL:
                if not dialect.failed_cas:
                    continue
                kind = KIND_FAILED_CAS
            old, new = _swapped(f, given, indices[position])
            a, b = values[freeze(old)], values[freeze(new)]
            if a == b and status == STATUS_INFO:
                continue
        key = (kind, a, b) if kind == KIND_CAS else (kind, a)
        cls = numbers.get(key)
        if cls is None:
            cls = numbers[key] = len(numbers)
            view.kind.append(kind)
            view.a.append(a)
            view.b.append(b)
            names[kind] = f
        kept.append(position)
        classes.append(cls)
    automaton = RegisterAutomaton(model, view, names)
    return Classified(kept, classes, automaton, register=view)


def _swapped(f: str, given: Any, index: int) -> tuple[Any, Any]:
    if isinstance(given, list | tuple) and len(given) == 2:
        return given[0], given[1]
    raise ModelError(
        index,
        f"the value {given!r} of {f!r}",
        "a pair [from, to]",
        "Record what the value should have been, and what it should become.",
    )
