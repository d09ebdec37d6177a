"""Operations as classes: what is done, numbered; equals share a number."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

from checkers.models import ModelError, freeze
from checkers.models._values import PLAIN

from ._automata import RegisterAutomaton
from ._problem import (
    KIND_CAS,
    KIND_FAILED_CAS,
    KIND_READ,
    KIND_WRITE,
    Automaton,
    RegisterView,
)


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.models import Cell, Frozen, Model


STATUS_OK, STATUS_FAIL, STATUS_INFO = range(3)


class Deeds(NamedTuple):
    """What was done to one object, a column a field, as it was recorded.

    Attributes:
        indices: Indices of the invocations, for errors.
        f: Functions.
        input: Inputs.
        output: Outputs.
        status: Codes of statuses.
    """

    indices: Sequence[int]
    f: Sequence[str]
    input: Sequence[Any]
    output: Sequence[Any]
    status: Sequence[int]


class Dialect(NamedTuple):
    """How to understand what histories of different origin write alike.

    Attributes:
        nil_is_value: Whether an ok read of null has seen null. If not, its result
            is unknown, and the read says nothing.
        failed_cas: Whether a failed cas says that the value was another.
    """

    nil_is_value: bool
    failed_cas: bool


class Classified(NamedTuple):
    """The operations that matter, and their classes.

    Attributes:
        kept: Positions in the columns, ascending.
        classes: Their classes.
        automaton: What the classes mean.
        register: The same, if it is one register.
    """

    kept: array[int]
    classes: array[int]
    automaton: Automaton
    register: RegisterView | None


class Numbering(dict[Any, int]):
    """Numbers frozen values in the order of their first appearance."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[Frozen] = []

    def __missing__(self, value: Frozen) -> int:
        self.names.append(value)
        number = self[value] = len(self)
        return number


def classify_register(
    model: Model[Any], cell: Cell, deeds: Deeds, dialect: Dialect
) -> Classified:
    """Return the operations on one register. Linear; a hot loop, and whole for that.

    Raises:
        ModelError: The cas of an operation is no pair.
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
    assert values[cell.initial] == 0
    for position, (f, given, got, status) in enumerate(
        zip(deeds.f, deeds.input, deeds.output, deeds.status, strict=True)
    ):
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
            old, new = _swapped(f, given, deeds.indices[position])
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
    return Classified(kept, classes, RegisterAutomaton(model, view, names), view)


def _swapped(f: str, given: Any, index: int) -> tuple[Any, Any]:
    if isinstance(given, list | tuple) and len(given) == 2:
        return given[0], given[1]
    raise ModelError(
        index,
        f"{f!r} of {given!r}",
        "a pair [from, to]",
        "Record what the value should have been, and what it should become.",
    )
