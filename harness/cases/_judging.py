"""What is found in a case now."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from checkers import Reason, Result, Verdict
from checkers.evidence import recall
from checkers.ladder import check_models
from checkers.models import MODELS, ModelError
from harness.analysis import analyse_history
from harness.testimony import Testimony, of_evidence
from harness.workloads import WORKLOADS

from ._case import Found, updates_of


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from checkers.evidence import Line
    from histories import History, Outcome

    from ._case import HowChecked

TIMEOUT_S = 60.0
"""How long the search for the consistency models of a case may take."""


def judge(
    history: History,
    check: HowChecked,
    outcome: Outcome | None = None,
    journal: Sequence[Line] = (),
) -> Result:
    """Judge a history as a case says, and by what messages say if there is any of that.

    Where there is nothing to judge it by, that is an UNKNOWN.
    """
    if check.workload is not None:
        return analyse_history(
            history,
            WORKLOADS[check.workload],
            nodes=check.nodes,
            outcome=outcome,
            strict=check.strict,
            availability=check.availability,
            assertions=check.assertions,
            consistency_models=check.consistency_models,
            demanded_faults=check.demanded_faults,
            testimony=partial(_testify, history, check, journal) if journal else None,
        )
    assert check.model is not None, "a case has a workload or a model"
    model = MODELS[check.model]
    try:
        initial = model() if check.init is None else model(init=check.init)
    except (ModelError, TypeError) as error:
        return Result(
            checker="models",
            verdict=Verdict.UNKNOWN,
            reason=Reason.UNSUPPORTED,
            summary=f"The initial state {check.init!r} is none of {check.model}: {error}",
        )
    return check_models(
        history,
        initial,
        declared=check.consistency_models or "linearizable",
        independent=check.independent,
        nil_read=check.nil_read,
        failed_cas=check.failed_cas == "assert",
        has_times=check.has_times,
        has_real_time=check.has_real_time,
        has_sessions=check.has_sessions,
        timeout_s=TIMEOUT_S,
    )


def found_in(result: Result) -> Found:
    """Return what a case remembers of a result."""
    names: dict[bool, set[str]] = {True: set(), False: set()}
    models: dict[str, Any] = {}
    for part in _parts(result):
        for anomaly in part.anomalies:
            names[anomaly.fails].add(anomaly.name)
        for name, level in part.statistics.get("models", {}).items():
            models[name] = level["verdict"]
    return Found(
        verdict=result.verdict,
        reason=result.reason,
        anomalies=tuple(sorted(names[True])),
        noted=tuple(sorted(names[False] - names[True])),
        models=models,
    )


def leading(result: Result) -> str | None:
    """Return the name of the anomaly that fails a result, the most telling of all."""
    for part in _parts(result):
        if part.verdict is Verdict.INVALID:
            for anomaly in part.anomalies:
                if anomaly.fails:
                    return anomaly.name
    return None


def _testify(history: History, check: HowChecked, journal: Sequence[Line]) -> Testimony:
    return of_evidence(history, recall(journal, history, updates_of(check)))


def _parts(result: Result) -> Iterator[Result]:
    yield result
    for part in result.parts.values():
        yield from _parts(part)
