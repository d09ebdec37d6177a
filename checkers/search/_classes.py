"""Operations as classes: what is done, numbered; equals share a number."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

from checkers.models import PLAIN, UNDECLARED, Call, Model, ModelError, freeze, shown

from ._automata import ModelAutomaton, table_call
from ._deeds import STATUS_FAIL, STATUS_INFO
from ._problem import (
    MARK_FAILED,
    MARK_KNOWN,
    MARK_UNKNOWN,
    NOTHING,
    Automaton,
    ClassTable,
    RegistersView,
    RegisterView,
)


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.models import Frozen, Shape

    from ._deeds import Deeds, Dialect


LEFT_OUT = -1
"""The class of what does not matter."""


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


class Numbering(dict[Any, int]):
    """Numbers frozen values in the order of their first appearance."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[Any] = []

    def __missing__(self, value: Frozen) -> int:
        self.names.append(value)
        number = self[value] = len(self)
        return number


def classify(
    model: Model[Any],
    deeds: Deeds,
    dialect: Dialect,
    *,
    indices: Sequence[int],
    processes: Sequence[int],
) -> Classified:
    """Return the operations on an object of any model. Linear.

    What is as recorded is looked up first, so that the model is asked once for each
    that differs.

    Args:
        model: The model.
        deeds: The operations.
        dialect: How to understand them.
        indices: Indices of all operations of the history, for errors.
        processes: Their processes.

    Raises:
        ModelError: A value is none that its function can have.
    """
    classes = _Classes(model, dialect)
    values, plain, owned = classes.values, PLAIN, model.uses_process
    known: dict[tuple[str | int, ...], int] = {}
    kept, numbers = array("I"), array("I")
    process = NOTHING
    for position, f, given, got, status in zip(*deeds, strict=True):
        a = values[given if type(given) in plain else freeze(given)]
        b = values[got if type(got) in plain else freeze(got)]
        if owned:
            process = processes[position]
        key = (f, a, b, status, process)
        number = known.get(key)
        if number is None:
            try:
                number = known[key] = classes.number(f, a, b, status, process)
            except _UnfitError as error:
                raise error.at(indices[position], f) from None
        if number != LEFT_OUT:
            kept.append(position)
            numbers.append(number)
    automaton = ModelAutomaton(model, classes.table, classes.pure)
    return Classified(kept, numbers, automaton, table=classes.table)


class _UnfitError(Exception):
    """A value is none that its function can have; becomes a `ModelError`."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found, expected)
        self.found = found
        self.expected = expected

    def at(self, index: int, f: str) -> ModelError:
        """Return the error that says where it was found."""
        return ModelError(
            index,
            f"{self.found} of {f!r}",
            self.expected,
            "Choose the model that the history is of, or record the value like this.",
        )


class _Classes:
    """The classes of a model that have been seen so far."""

    def __init__(self, model: Model[Any], dialect: Dialect) -> None:
        self.model = model
        self.dialect = dialect
        self.values = Numbering()
        self.pure: list[bool] = []
        self._functions = Numbering()
        self._numbers: dict[tuple[int, ...], int] = {}
        self._prepares = type(model).prepare is not Model.prepare
        self.table = ClassTable(
            self._functions.names,
            bytearray(),
            array("i"),
            array("i"),
            bytearray(),
            array("q"),
            self.values.names,
        )

    def number(self, f: str, a: int, b: int, status: int, process: int) -> int:
        """Return the class of an operation as recorded, or `LEFT_OUT`.

        Raises:
            _UnfitError: A value is none that the function can have.
        """
        rule = self.model.functions.get(f, UNDECLARED)
        mark = MARK_KNOWN
        if status == STATUS_FAIL:
            if not (rule.tells_by_failing and self.dialect.failed_cas):
                return LEFT_OUT
            b, mark = NOTHING, MARK_FAILED
        elif rule.gives is None:
            b = NOTHING
        elif status == STATUS_INFO:
            b, mark = NOTHING, MARK_UNKNOWN
        elif (
            self.values.names[b] is None and rule.pure and not self.dialect.nil_is_value
        ):
            return LEFT_OUT
        elif not self._fits(rule.gives, b):
            if not rule.vague:
                raise self._unfit("output", b, rule.gives)
            b, mark = NOTHING, MARK_UNKNOWN
        if rule.takes is None:
            a = NOTHING
        elif not self._fits(rule.takes, a):
            raise self._unfit("value", a, rule.takes)
        number = self._prepared(f, a, b, mark, process)
        if number != LEFT_OUT and status == STATUS_INFO and self.pure[number]:
            return LEFT_OUT
        return number

    def _prepared(self, f: str, a: int, b: int, mark: int, process: int) -> int:
        if not self._prepares:
            return self._interned(f, a, b, mark, process)
        names = self.values.names
        recorded = Call(
            f,
            names[a] if a != NOTHING else None,
            names[b] if b != NOTHING else None,
            known=mark == MARK_KNOWN,
            failed=mark == MARK_FAILED,
            process=process if process != NOTHING else None,
        )
        try:
            call = self.model.prepare(recorded, nil_is_value=self.dialect.nil_is_value)
        except ValueError as error:
            found = recorded.input if recorded.output is None else recorded.output
            raise _UnfitError(f"the value {shown(found)}", str(error)) from None
        if call is None:
            return LEFT_OUT
        if not call.failed:
            mark = MARK_KNOWN if call.known else MARK_UNKNOWN
        return self._interned(
            call.f, self.values[call.input], self.values[call.output], mark, process
        )

    def _interned(self, f: str, a: int, b: int, mark: int, process: int) -> int:
        code = self._functions[f]
        key = (code, a, b, mark, process)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._numbers)
            table = self.table
            table.f.append(code)
            table.input.append(a)
            table.output.append(b)
            table.mark.append(mark)
            table.process.append(process)
            pure = self.model.functions.get(f, UNDECLARED).pure
            if pure is None:
                pure = self.model.is_pure(table_call(table, number))
            self.pure.append(pure)
        return number

    def _fits(self, shape: Shape, value: int) -> bool:
        return shape.fits is None or shape.fits(self.values.names[value])

    def _unfit(self, what: str, value: int, shape: Shape) -> _UnfitError:
        found = f"the {what} {shown(self.values.names[value])}"
        return _UnfitError(found, shape.name)
