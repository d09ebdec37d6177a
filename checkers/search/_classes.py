"""Operations as classes: what is done, numbered; equals share a number."""

from __future__ import annotations

from array import array
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from checkers.models import PLAIN, ModelError, freeze

from ._automata import ModelAutomaton
from ._class_builder import LEFT_OUT, ClassBuilder, UnfitError
from ._deeds import STATUS_OK
from ._problem import (
    NOTHING,
    Automaton,
    ClassTable,
    RegistersView,
    RegisterView,
)


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.models import Model

    from ._deeds import Deeds, Dialect


class Classified(NamedTuple):
    """The operations that matter, and their classes.

    Attributes:
        kept: Their positions in the columns of the history, ascending.
        classes: Their classes.
        automaton: What the classes mean.
        register: The same, if it is one register.
        registers: The same, if it is one register a key.
        table: The same, if it is no register.
    """

    kept: array[int]
    classes: array[int]
    automaton: Automaton
    register: RegisterView | None = None
    registers: RegistersView | None = None
    table: ClassTable | None = None


def kept_of(
    positions: Sequence[int], classes: list[int]
) -> tuple[array[int], array[int]]:
    """Return the positions and the classes of what is not left out."""
    if LEFT_OUT not in classes:
        return array("I", positions), array("I", classes)
    kept = [
        position
        for position, cls in zip(positions, classes, strict=True)
        if cls != LEFT_OUT
    ]
    return array("I", kept), array("I", [cls for cls in classes if cls != LEFT_OUT])


def classify(
    model: Model[Any],
    deeds: Deeds,
    dialect: Dialect,
    *,
    indices: Sequence[int],
    processes: Sequence[int],
) -> Classified:
    """Return the operations on an object of any model. Linear.

    What differs in nothing that matters is looked up, so that the model is asked
    once for each that differs. The loop is hot, and whole for that.

    Args:
        model: The model.
        deeds: The operations.
        dialect: How to understand them.
        indices: Indices of all operations of the history, for errors.
        processes: Their processes.

    Raises:
        ModelError: A value is none that its function can have.
    """
    builder = ClassBuilder(model, dialect, deeds.f)
    rules, known, values = builder.rules, builder.known, builder.values
    value_of, plain = values.setdefault, PLAIN
    callers = (
        map(processes.__getitem__, deeds.positions)
        if model.uses_process
        else repeat(NOTHING)
    )
    classes: list[int] = []
    for position, f, given, got, status, caller in zip(*deeds, callers, strict=False):
        code, takes, gives = rules[f]
        x = y = None
        a = b = NOTHING
        if takes:
            x = given if type(given) in plain else freeze(given)
            a = value_of(x, len(values))
        if gives and status == STATUS_OK:
            y = got if type(got) in plain else freeze(got)
            b = value_of(y, len(values))
        key = (code, a, b, status, caller)
        cls = known.get(key)
        if cls is None:
            try:
                cls = known[key] = builder.number(key, x, y)
            except UnfitError as error:
                raise _misfit(indices[position], f, error) from None
        classes.append(cls)
    table = builder.table()
    automaton = ModelAutomaton(model, table, builder.pure)
    return Classified(*kept_of(deeds.positions, classes), automaton, table=table)


def _misfit(index: int, f: str, error: UnfitError) -> ModelError:
    return ModelError(
        index,
        f"{error.found} of {f!r}",
        error.expected,
        "Choose the model that the history is of, or record the value like this.",
    )
