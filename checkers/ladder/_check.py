"""Which consistency models a history satisfies: the checker of all of them.

`check_models` gives a verdict on each model of `LEVELS`, from linearizability down:

* linearizability and sequential consistency by search: sound, and complete within the
  budget. The keys of a history are judged one by one for the first, as it holds if it
  holds for each; and together for the second, for which that is not so;
* the others from what reads reveal, where that is all there is to know: sound always,
  complete for registers whose values are written once, sets that only grow, and
  counters whose deltas sum in one way only; else, they may be unknown;
* if a history is sequentially consistent and not linearizable: how stale it is.

A verdict of no comes with a small part of the history that shows it. It decides the
result if it is about a declared model, or one that this implies; else it is a note.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from checkers._verdict import Anomaly, Measure, Reason, Result, Verdict
from checkers._wording import count_of, duration, listed

from ._levels import LEVELS, weaker


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from checkers.models import Model, ModelError
    from histories import History

    from ._judge import Judged
    from ._levels import Level


CHECKER = "models"

MOST_ORDERED = 1_000
"""Operations of which a result has the order that proves a model."""


def check_models(
    history: History,
    model: str | Model[Any],
    *,
    declared: str | Sequence[str] = "linearizable",
    independent: bool = False,
    nil_read: Literal["value", "unknown"] | None = None,
    failed_cas: bool = False,
    has_times: bool = True,
    has_real_time: bool = True,
    has_sessions: bool = True,
    timeout_s: float | None = 60.0,
    nodes: int | None = None,
    entries: int | None = None,
    cancelled: Callable[[], bool] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Result:
    """Return which consistency models a history satisfies, and a verdict by the declared.

    The statistics have `models`, by name: `verdict` (yes, no, unknown), `why`, and
    where it was not judged itself, `follows-from`; `strongest` and `weakest-failing`,
    names of models; `staleness-ms`, if the history is sequentially consistent and not
    linearizable; `orders`, if a small history is one of these: what proves it; and
    counts. The measure `staleness` is 0 for a linearizable history.

    Args:
        history: The history.
        model: What its operations mean: a model, or the name of one in
            `checkers.models.MODELS`.
        declared: The model, or models, that the history is to satisfy: keys of
            `LEVELS`. They decide the verdict.
        independent: Whether every value is a pair [key, value], and each key an object
            of the model.
        nil_read: What an ok read of null means; see `checkers.search.problems`.
        failed_cas: Whether a failed cas is an observation.
        has_times: Whether times were recorded; if not, staleness cannot be told.
        has_real_time: Whether the order of events tells which operation ended before
            which began; if not, linearizability can be refuted at most.
        has_sessions: Whether a process is a client; if not, any model can be refuted
            at most. Then there is no real time either.
        timeout_s: Seconds until what is undecided is UNKNOWN(timeout); None for never.
        nodes: Configurations that each search may visit; None for no limit but time.
        entries: Configurations that each search may remember before it is
            UNKNOWN(memory); None for what `checkers.search.Budget` allows.
        cancelled: Asked all along; True ends it like the timeout.
        clock: Seconds since whenever.

    Returns:
        VALID if the declared models hold; INVALID if one does not; UNKNOWN(vacuous) if
        the history has no result that could have been another; UNKNOWN(timeout),
        UNKNOWN(memory) or UNKNOWN(unsupported) if a declared model is undecided, and
        UNKNOWN(malformed) if the history is none of the model.

    Raises:
        ValueError: There is no model of this name.
    """
    # A search is a lot to import for a command that only wants to know its name.
    from checkers.models import MODELS, ModelError

    from ._cited import with_operations
    from ._judge import Judging, Reading
    from ._limits import Limits

    names = [declared] if isinstance(declared, str) else list(declared)
    for name in names:
        _known(name, LEVELS, "consistency model")
    if isinstance(model, str):
        model = MODELS[_known(model, MODELS, "model")]()
    limits = Limits(
        timeout_s=timeout_s,
        nodes=nodes,
        entries=entries,
        cancelled=cancelled,
        clock=clock,
    )
    reading = Reading(model, independent, nil_read, failed_cas)
    try:
        judged = Judging(
            history,
            reading,
            limits,
            declared=names,
            has_times=has_times,
            has_real_time=has_real_time and has_sessions,
            has_sessions=has_sessions,
        ).run()
    except ModelError as error:
        return Result(
            checker=CHECKER,
            verdict=Verdict.UNKNOWN,
            reason=Reason.MALFORMED,
            summary=_unfit(history, model, error),
        )
    result = result_of(judged, names)
    anomalies = tuple(with_operations(history, each) for each in result.anomalies)
    return msgspec.structs.replace(result, anomalies=anomalies)


def _unfit(history: History, model: Model[Any], error: ModelError) -> str:
    """Return why a history is none of a model, and where in the file that shows."""
    place = "" if error.index is None else history.place(error.index)
    where = f"{place}, " if place else ""
    return f"{where}{error} So this is no history of the model {model.name!r}."


def _known(name: str, names: Mapping[str, Any], what: str) -> str:
    """Return a name that is known.

    Raises:
        ValueError: It is not.
    """
    if name in names:
        return name
    raise ValueError(f"found the {what} {name!r}; expected one of {', '.join(names)}")


def result_of(judged: Judged, declared: Sequence[str]) -> Result:
    """Return what was found as a result that the declared models decide."""
    ladder = judged.ladder
    levels = [ladder.levels[name] for name in declared]
    verdict, reason = _verdict(levels, observes=judged.observes)
    return Result(
        checker=CHECKER,
        verdict=verdict,
        reason=reason,
        summary=_summary(judged, levels, verdict),
        anomalies=_anomalies(judged, declared),
        measures=_measures(judged),
        statistics=_statistics(judged, declared),
        complete=verdict is not Verdict.UNKNOWN,
    )


def _verdict(
    levels: Sequence[Level], *, observes: bool
) -> tuple[Verdict, Reason | None]:
    if any(level.verdict == "no" for level in levels):
        return Verdict.INVALID, None
    if not observes:
        return Verdict.UNKNOWN, Reason.VACUOUS
    for level in levels:
        if level.verdict == "unknown":
            return Verdict.UNKNOWN, level.reason
    return Verdict.VALID, None


def _summary(judged: Judged, levels: Sequence[Level], verdict: Verdict) -> str:
    if not judged.observes:
        return (
            "This run cannot tell: no operation has a result that could have been "
            "another, such as that of a read."
        )
    if verdict is not Verdict.VALID:
        wanted = "no" if verdict is Verdict.INVALID else "unknown"
        level = next(level for level in levels if level.verdict == wanted)
        kind = LEVELS[level.name]
        if verdict is Verdict.INVALID:
            return f"The history {kind.fails}. {level.why}"
        return f"It is unknown whether the history {kind.holds}. {level.why}"
    ladder = judged.ladder
    about = count_of(judged.operations, "operation")
    if judged.parts > 1:
        about = f"{about} on {judged.parts} keys"
    holds = listed(LEVELS[name].holds for name in ladder.strongest)
    text = f"The history of {about} {holds}"
    failing = [name for name in LEVELS if ladder.verdict(name) == "no"]
    if failing:
        text = f"{text}; it {LEVELS[failing[-1]].fails}"
    if judged.staleness is not None:
        lag = duration(judged.staleness.inversion.lag_ns)
        text = f"{text}, as clients lag by up to {lag}"
    return f"{text}."


def _anomalies(judged: Judged, declared: Sequence[str]) -> tuple[Anomaly, ...]:
    """Return each violation once: those of declared models first, the weakest first."""
    promised = {other for name in declared for other in (name, *weaker(name))}
    found: dict[int, Anomaly] = {}
    failing: set[int] = set()
    for name in reversed(list(LEVELS)):
        level = judged.ladder.levels[name]
        if level.anomaly is not None:
            found.setdefault(id(level.anomaly), level.anomaly)
            if name in promised and level.follows_from is None:
                failing.add(id(level.anomaly))
    if judged.stale is not None:
        found[id(judged.stale)] = judged.stale
        if "linearizable" in promised:
            failing.add(id(judged.stale))
    return tuple(
        sorted(
            (
                msgspec.structs.replace(anomaly, fails=key in failing)
                for key, anomaly in found.items()
            ),
            key=lambda anomaly: not anomaly.fails,
        )
    )


def _measures(judged: Judged) -> dict[str, Measure]:
    measures = {"operations": Measure(judged.operations)}
    if judged.staleness is not None:
        lag_ms = judged.staleness.inversion.lag_ns / 1e6
        measures["staleness"] = Measure(lag_ms, "ms")
    elif judged.observes and judged.ladder.verdict("linearizable") == "yes":
        measures["staleness"] = Measure(0, "ms")
    return measures


def _statistics(judged: Judged, declared: Sequence[str]) -> dict[str, Any]:
    ladder = judged.ladder
    statistics: dict[str, Any] = {
        "declared": list(declared),
        "models": {name: _level_data(level) for name, level in ladder.levels.items()},
        "strongest": list(ladder.strongest),
        "weakest-failing": list(ladder.weakest_failing),
        "operations": judged.operations,
        "keys": judged.parts,
        "configurations": judged.nodes,
    }
    if judged.indeterminate:
        statistics["indeterminate"] = judged.indeterminate
    if judged.staleness is not None:
        statistics["staleness-ms"] = judged.staleness.inversion.lag_ns / 1e6
        statistics["staleness-is-exact"] = judged.staleness.is_exact
    if judged.orders is not None and judged.operations <= MOST_ORDERED:
        proven, orders = judged.orders
        statistics["orders"] = {
            "model": proven,
            "by-key": [{"key": key, "operations": order} for key, order in orders],
        }
    return statistics


def _level_data(level: Level) -> dict[str, str]:
    data = {"verdict": level.verdict, "why": level.why}
    if level.follows_from is not None:
        data["follows-from"] = level.follows_from
    if level.reason is not None:
        data["reason"] = level.reason.value
    return data
