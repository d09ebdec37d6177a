"""Gives classes their numbers, and knows what each of them does."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, TypeAlias

from checkers.models import UNDECLARED, Call, Model, shown

from ._deeds import STATUS_FAIL, STATUS_INFO, STATUS_OK
from ._problem import MARK_FAILED, MARK_KNOWN, MARK_UNKNOWN, NOTHING, ClassTable


if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkers.models import Frozen

    from ._deeds import Dialect


LEFT_OUT = -1
"""The class of what does not matter."""

Key: TypeAlias = "tuple[int, int, int, int, int]"
"""A function, an input, an output, a status or mark, and a process, all as numbers."""


class UnfitError(Exception):
    """A value is none that its function can have; becomes a `ModelError`."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found, expected)
        self.found = found
        self.expected = expected


class ClassBuilder:
    """The classes of a model that have been seen so far.

    Attributes:
        rules: By function: its number, whether its input matters, and its output.
        values: Frozen values, numbered in the order of their appearance.
        known: What has been asked for before, by who asks.
        pure: By class: whether it changes the state in no state where it is legal.
    """

    def __init__(
        self, model: Model[Any], dialect: Dialect, functions: Iterable[str]
    ) -> None:
        self._model = model
        self._dialect = dialect
        self._codes = {f: code for code, f in enumerate(dict.fromkeys(functions))}
        self._functions = list(self._codes)
        self._declared = [model.functions.get(f, UNDECLARED) for f in self._codes]
        self._prepares = type(model).prepare is not Model.prepare
        self._keys: list[Key] = []
        self._others: dict[Key, int] = {}
        self.rules = {
            f: (code, rule.takes is not None, rule.gives is not None)
            for (f, code), rule in zip(self._codes.items(), self._declared, strict=True)
        }
        self.values: dict[Frozen, int] = {}
        self.known: dict[Key, int] = {}
        self.pure: list[bool] = []

    def number(self, key: Key, x: Frozen, y: Frozen) -> int:
        """Return the class of an operation as recorded, or `LEFT_OUT`.

        Args:
            key: Its numbers, with its status.
            x: Its input; None if that does not matter.
            y: Its output; None if that does not matter or is not known.

        Raises:
            UnfitError: A value is none that the function can have.
        """
        code, a, b, status, caller = key
        rule = self._declared[code]
        mark = status
        if status == STATUS_FAIL:
            if not (rule.tells_by_failing and self._dialect.failed_cas):
                return LEFT_OUT
        elif rule.gives is None:
            mark = MARK_KNOWN
        elif status == STATUS_OK:
            if y is None and rule.pure and not self._dialect.nil_is_value:
                return LEFT_OUT
            if rule.gives.fits is not None and not rule.gives.fits(y):
                if not rule.vague:
                    raise UnfitError(f"the output {shown(y)}", rule.gives.name)
                b, mark, y = NOTHING, MARK_UNKNOWN, None
        if rule.takes and rule.takes.fits is not None and not rule.takes.fits(x):
            raise UnfitError(f"the value {shown(x)}", rule.takes.name)
        if self._prepares:
            call = self._prepared(code, x, y, mark, caller)
            if call is None:
                return LEFT_OUT
            number = self._number_of(call, caller)
        elif mark == status:
            number = self._others.get(key, LEFT_OUT)
            if number == LEFT_OUT:
                number = self._new(key, x, y)
        else:
            number = self._other((code, a, b, mark, caller), x, y)
        if status == STATUS_INFO and self.pure[number]:
            return LEFT_OUT
        return number

    def table(self) -> ClassTable:
        """Return all classes."""
        codes, a, b, marks, callers = (
            zip(*self._keys, strict=True) if self._keys else ((),) * 5
        )
        return ClassTable(
            self._functions,
            bytearray(codes),
            array("i", a),
            array("i", b),
            bytearray(marks),
            array("q", callers),
            list(self.values),
        )

    def _prepared(
        self, code: int, x: Frozen, y: Frozen, mark: int, caller: int
    ) -> Call | None:
        f = self._functions[code]
        try:
            return self._model.prepare(
                _call(f, x, y, mark, caller), nil_is_value=self._dialect.nil_is_value
            )
        except ValueError as error:
            raise UnfitError(f"the value {shown(y or x)}", str(error)) from None

    def _number_of(self, call: Call, caller: int) -> int:
        code = self._codes.setdefault(call.f, len(self._codes))
        if code == len(self._functions):
            self._functions.append(call.f)
            self._declared.append(self._model.functions.get(call.f, UNDECLARED))
        mark = (
            MARK_FAILED if call.failed else MARK_KNOWN if call.known else MARK_UNKNOWN
        )
        a = self.values.setdefault(call.input, len(self.values))
        b = self.values.setdefault(call.output, len(self.values))
        return self._other((code, a, b, mark, caller), call.input, call.output)

    def _other(self, key: Key, x: Frozen, y: Frozen) -> int:
        """Return the class of a key that nobody asked for, as it stands."""
        number = LEFT_OUT if self._prepares else self.known.get(key, LEFT_OUT)
        if number == LEFT_OUT:
            number = self._others.get(key, LEFT_OUT)
        if number == LEFT_OUT:
            number = self._others[key] = self._new(key, x, y)
        return number

    def _new(self, key: Key, x: Frozen, y: Frozen) -> int:
        code, _, _, mark, caller = key
        rule = self._declared[code]
        pure = rule.pure
        if pure is None:
            f = self._functions[code]
            pure = self._model.is_pure(_call(f, x, y, mark, caller))
        elif rule.idle and mark == MARK_KNOWN and y in rule.idle:
            pure = True
        self._keys.append(key)
        self.pure.append(pure)
        return len(self.pure) - 1


def _call(f: str, x: Frozen, y: Frozen, mark: int, caller: int) -> Call:
    return Call(
        f,
        x,
        y,
        known=mark == MARK_KNOWN,
        failed=mark == MARK_FAILED,
        process=caller if caller != NOTHING else None,
    )
