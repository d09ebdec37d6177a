"""From a history and a model to problems."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from itertools import chain, count
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from checkers.models import Model, ModelError
from histories._collector import collector_paused

from ._append_classes import classify_appends
from ._automata import ProductAutomaton
from ._classes import Classified, classify
from ._deeds import Deeds, Dialect, all_deeds, deeds_by_key
from ._problem import NEVER, OPEN, Problem, RegistersView
from ._register_classes import classify_register


if TYPE_CHECKING:
    from checkers.models import Call, Frozen
    from histories import History, OperationColumns


NO_END = -1


def problems(
    history: History,
    model: Model[Any],
    *,
    independent: bool = False,
    partition: bool = True,
    nil_read: Literal["value", "unknown"] | None = None,
    failed_cas: bool = False,
) -> list[Problem]:
    """Return what has to be solved to judge a history, a problem for each part.

    Linear. An undivided history is one problem, which may have no operations.

    Args:
        history: The history.
        model: What its operations mean.
        independent: Whether every value is a pair [key, value], and each key an
            object of the model, as it always is for a keyed model.
        partition: Whether to judge parts alone: right for linearizability, which
            holds if it holds for each part. Sequential consistency does not have
            that property; without it, keys are judged together, as one problem.
        nil_read: What an ok read of null means: that the value was null, or that
            the result is unknown. By default, what the model says; of registers,
            `value` if null is the initial value.
        failed_cas: Whether a failed cas says that the value was not the expected one.
            By default it is left out, like all that failed.

    Raises:
        ModelError: An operation is none of the model's, or its value has a form
            that the model does not know.
    """
    nil_is_value = model.nil_is_value if nil_read is None else nil_read == "value"
    dialect = Dialect(nil_is_value, failed_cas)
    keyed = independent or model.keyed
    with collector_paused():
        reading = _Reading(history.columns(), dialect)
        _check_functions(reading.columns, model)
        return _read(reading, model, keyed=keyed, partition=partition)


def _read(
    reading: _Reading, model: Model[Any], *, keyed: bool, partition: bool
) -> list[Problem]:
    columns = reading.columns
    wholes: list[tuple[Frozen, Classified]]
    if keyed:
        wholes = [
            (key, reading.classified(model, deeds))
            for key, deeds in deeds_by_key(columns, model).items()
        ]
    else:
        wholes = [(None, reading.classified(model, all_deeds(columns)))]
    if partition:
        return [
            _problem(key, columns, part)
            for outer, whole in wholes
            for key, part in reading.divided(model, outer, whole, keyed=keyed)
            if not keyed or part.kept
        ]
    if not keyed:
        [(_, whole)] = wholes
        wholes = reading.divided(model, None, whole, keyed=False)
        if not all(part.register for _, part in wholes):
            return [_problem(None, columns, whole)]
    return [_problem(None, columns, _joint(model, wholes))]


class _Reading(NamedTuple):
    """A history being read.

    Attributes:
        columns: The history.
        dialect: How to understand it.
    """

    columns: OperationColumns
    dialect: Dialect

    def classified(self, model: Model[Any], deeds: Deeds) -> Classified:
        """Return operations on one object as classes."""
        columns, cell = self.columns, model.cell
        if cell and (cell.reads | cell.writes | cell.swaps).issuperset(deeds.f):
            return classify_register(
                model, cell, deeds, self.dialect, indices=columns.index
            )
        if cell and cell.appends.intersection(deeds.f):
            found = classify_appends(model, cell, deeds, self.dialect)
            if found is not None:
                return found
        return classify(
            model,
            deeds,
            self.dialect,
            indices=columns.index,
            processes=columns.process,
        )

    def divided(
        self, model: Model[Any], outer: Frozen, whole: Classified, *, keyed: bool
    ) -> list[tuple[Frozen, Classified]]:
        """Return the parts of an object that can be judged alone, or it as a whole."""
        if type(model).partition is Model.partition or not whole.kept:
            return [(outer, whole)]
        parts = _partition(model, whole)
        if parts is None:
            return [(outer, whole)]
        deeds = _deeds_of_parts(self.columns, whole, parts)
        return [
            (
                (outer, key) if keyed else key,
                self.classified(model.part(key), deeds[key]),
            )
            for key in deeds
        ]


def _partition(
    model: Model[Any], whole: Classified
) -> list[tuple[Frozen, Call]] | None:
    """Return, by class, its part and the call on it; None if one has no part."""
    assert whole.table is not None, "a register has no parts"
    parts = []
    for cls in range(len(whole.table)):
        part = model.partition(whole.automaton.call(cls))
        if part is None:
            return None
        parts.append(part)
    return parts


def _deeds_of_parts(
    columns: OperationColumns, whole: Classified, parts: list[tuple[Frozen, Call]]
) -> dict[Frozen, Deeds]:
    """Return what was done to each part."""
    found: dict[Frozen, tuple[list[Any], ...]] = {}
    for position, cls in zip(whole.kept, whole.classes, strict=True):
        key, call = parts[cls]
        deeds = found.setdefault(key, ([], [], [], [], []))
        row = (position, call.f, call.input, call.output, columns.status[position])
        for column, item in zip(deeds, row, strict=True):
            column.append(item)
    return {key: Deeds(*deeds) for key, deeds in found.items()}


def _joint(model: Model[Any], parts: list[tuple[Frozen, Classified]]) -> Classified:
    """Return the operations on several keys together."""
    keys = [key for key, _ in parts]
    automaton = ProductAutomaton(model, keys, [part.automaton for _, part in parts])
    class_of: dict[int, int] = {}
    for offset, (_, part) in zip(automaton.offsets, parts, strict=False):
        class_of.update(
            zip(part.kept, (offset + cls for cls in part.classes), strict=True)
        )
    kept = array("I", sorted(class_of))
    classes = array("I", map(class_of.__getitem__, kept))
    views = [part.register for _, part in parts if part.register is not None]
    registers = None
    if len(views) == len(parts):
        registers = RegistersView(
            keys,
            [view.values for view in views],
            array("i"),
            bytearray(),
            array("i"),
            array("i"),
        )
        for number, view in enumerate(views):
            registers.key.extend([number] * len(view.kind))
            registers.kind.extend(view.kind)
            registers.a.extend(view.a)
            registers.b.extend(view.b)
    return Classified(kept, classes, automaton, registers=registers)


def _check_functions(columns: OperationColumns, model: Model[Any]) -> None:
    unknown = set(columns.f).difference(model.functions)
    if not unknown or not model.functions:
        return
    position = next(i for i, f in enumerate(columns.f) if f in unknown)
    known = ", ".join(map(repr, model.functions))
    raise ModelError(
        columns.index[position],
        f"the function {columns.f[position]!r}",
        f"one of {known}, which are those of the model {model.name!r}",
        "Choose the model that the history is of, or rename the function.",
    )


def _problem(key: Frozen, columns: OperationColumns, what: Classified) -> Problem:
    """Return what has been classified with its times, in events without gaps."""
    kept = what.kept
    starts = list(map(columns.start.__getitem__, kept))
    ends = list(map(columns.end.__getitem__, kept))
    return_times = array("q", map(columns.end_time.__getitem__, kept))
    if NO_END in ends:
        for operation, end in enumerate(ends):
            if end == NO_END:
                return_times[operation] = NEVER
    callers = list(map(columns.process.__getitem__, kept))
    process_of = {process: i for i, process in enumerate(dict.fromkeys(callers))}
    calls, returns = _without_gaps(starts, ends)
    return Problem(
        key=key,
        operations=array("q", map(columns.index.__getitem__, kept)),
        calls=calls,
        returns=returns,
        call_times=array("q", map(columns.start_time.__getitem__, kept)),
        return_times=return_times,
        processes=array("I", map(process_of.__getitem__, callers)),
        classes=what.classes,
        automaton=what.automaton,
        register=what.register,
        registers=what.registers,
        table=what.table,
    )


def _without_gaps(starts: list[int], ends: list[int]) -> tuple[array[int], array[int]]:
    """Return calls and returns, by their ranks among those that are there."""
    events = sorted(chain(starts, ends))
    if events and events[0] == 0 and events[-1] == len(events) - 1:
        return array("I", starts), array("I", ends)
    del events[: bisect_right(events, NO_END)]
    event_of = dict(zip(events, count(), strict=False))
    event_of[NO_END] = OPEN
    return (
        array("I", map(event_of.__getitem__, starts)),
        array("I", map(event_of.__getitem__, ends)),
    )
