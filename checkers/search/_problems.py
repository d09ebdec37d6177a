"""From a history and a model to problems."""

from __future__ import annotations

from array import array
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

from checkers.models import ModelError

from ._classes import Deeds, Dialect, classify_register
from ._problem import NEVER, OPEN, Problem


if TYPE_CHECKING:
    from checkers.models import Frozen, Model
    from histories import History, OperationColumns

    from ._classes import Classified


NO_END = -1


def problems(
    history: History,
    model: Model[Any],
    *,
    nil_read: Literal["value", "unknown"] | None = None,
    failed_cas: bool = False,
) -> list[Problem]:
    """Return what has to be solved to judge a history, a problem for each key.

    Args:
        history: The history.
        model: What its operations mean.
        nil_read: What an ok read of null means: that the value was null, or that
            the result is unknown. By default `value` if null is the initial value.
        failed_cas: Whether a failed cas says that the value was not the expected one.
            By default it is left out, like all that failed.

    Raises:
        ModelError: An operation is none of the model's.
    """
    columns = history.columns()
    _check_functions(columns, model)
    assert model.cell is not None
    nil_is_value = (
        model.cell.initial is None if nil_read is None else nil_read == "value"
    )
    dialect = Dialect(nil_is_value, failed_cas)
    deeds = Deeds(
        columns.index, columns.f, columns.input, columns.output, columns.status
    )
    classified = classify_register(model, model.cell, deeds, dialect)
    return [_problem(None, columns, classified)]


def _check_functions(columns: OperationColumns, model: Model[Any]) -> None:
    unknown = set(columns.f).difference(model.functions)
    if not unknown:
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
    kept = what.kept
    starts = array("I", map(columns.start.__getitem__, kept))
    ends = array("i", map(columns.end.__getitem__, kept))
    events = list(starts)
    events += [end for end in ends if end != NO_END]
    events.sort()
    event_of = dict(zip(events, count(), strict=False))
    event_of[NO_END] = OPEN
    times = map(columns.end_time.__getitem__, kept)
    process_of: dict[int, int] = {}
    return Problem(
        key=key,
        operations=array("q", map(columns.index.__getitem__, kept)),
        calls=array("I", map(event_of.__getitem__, starts)),
        returns=array("I", map(event_of.__getitem__, ends)),
        call_times=array("q", map(columns.start_time.__getitem__, kept)),
        return_times=array(
            "q",
            [
                time if end != NO_END else NEVER
                for time, end in zip(times, ends, strict=True)
            ],
        ),
        processes=array(
            "I",
            [
                process_of.setdefault(process, len(process_of))
                for process in map(columns.process.__getitem__, kept)
            ],
        ),
        classes=what.classes,
        automaton=what.automaton,
        register=what.register,
    )
