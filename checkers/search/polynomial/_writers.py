"""Who wrote the values that were seen, where that is known.

A value is seen by reads, by cas operations that succeeded, and by open ones whose own
value was seen: these have taken effect. Such a value has to have one write; one that
nobody has seen may be written any number of times. A cas from a value to the same one
is a read. A failed cas sees nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from checkers.models import shown
from checkers.search._problem import KIND_CAS, KIND_FAILED_CAS, KIND_READ, OPEN

from ._answers import no


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.models import Frozen
    from checkers.search._order import Answer
    from checkers.search._problem import Problem


NOBODY = -1


class Registers(NamedTuple):
    """The classes of a problem about registers, with the values of all keys in a row.

    Attributes:
        kind: By class: as in a `RegisterView`.
        sees: By class: the value that it reads, writes, or expects.
        sets: By class: the value that a cas sets.
        key: By class: the key.
        first: By key: its initial value.
        values: The values, frozen.
    """

    kind: Sequence[int]
    sees: Sequence[int]
    sets: Sequence[int]
    key: Sequence[int]
    first: list[int]
    values: list[Frozen]


def registers_of(problem: Problem) -> Registers | None:
    """Return what a problem about one register, or several, is about; else None."""
    one, several = problem.register, problem.registers
    if one is not None:
        keys = bytes(len(one.kind))
        return Registers(one.kind, one.a, one.b, keys, [0], one.values)
    if several is None:
        return None
    first: list[int] = []
    values: list[Frozen] = []
    for of_key in several.values:
        first.append(len(values))
        values += of_key
    sees = [a + first[key] for a, key in zip(several.a, several.key, strict=True)]
    sets = [b + first[key] for b, key in zip(several.b, several.key, strict=True)]
    return Registers(several.kind, sees, sets, several.key, first, values)


class Writers(NamedTuple):
    """Who wrote what.

    Attributes:
        writer: By value: the operation that wrote it, -1 for none; `len(problem) + key`
            for the initial value of a key.
        seen: By value: whether it was seen.
        failed: The failed cas operations.
    """

    writer: list[int]
    seen: bytearray
    failed: list[int]


def writers_of(problem: Problem, registers: Registers) -> Writers | None:
    """Return who wrote what; None if a value that was seen is not unique. Linear.

    The loop is hot, and whole for that.
    """
    size = len(registers.values)
    writer = [NOBODY] * size
    for key, value in enumerate(registers.first):
        writer[value] = len(problem) + key
    seen, again = bytearray(size), bytearray(size)
    failed: list[int] = []
    open_swaps: dict[int, list[int]] = {}
    kinds, sees, sets = registers.kind, registers.sees, registers.sets
    for i, (cls, end) in enumerate(zip(problem.classes, problem.returns, strict=True)):
        kind, value = kinds[cls], sees[cls]
        if kind == KIND_READ:
            seen[value] = True
            continue
        if kind == KIND_FAILED_CAS:
            failed.append(i)
            continue
        if kind == KIND_CAS:
            expected, value = value, sets[cls]
            if end == OPEN:
                open_swaps.setdefault(value, []).append(expected)
            else:
                seen[expected] = True
            if expected == value:
                continue
        if writer[value] == NOBODY:
            writer[value] = i
        else:
            again[value] = True
    waiting = [value for value in open_swaps if seen[value]]
    while waiting:
        for expected in open_swaps.pop(waiting.pop(), ()):
            if not seen[expected]:
                seen[expected] = True
                waiting.append(expected)
    if any(twice and once for twice, once in zip(again, seen, strict=True)):
        return None
    return Writers(writer, seen, failed)


def never_written(
    problem: Problem, registers: Registers, writers: Writers, method: str
) -> Answer | None:
    """Return the no of a value that was seen though nobody wrote it."""
    for value, by in enumerate(writers.writer):
        if by == NOBODY and writers.seen[value]:
            observers = [
                i
                for i, cls in enumerate(problem.classes)
                if registers.sees[cls] == value
                and registers.kind[cls] in {KIND_READ, KIND_CAS}
            ]
            text = shown(registers.values[value])
            return no(method, "never-written", observers, value=text)
    return None
