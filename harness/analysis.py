"""Judges what a run has saved: the same for a run that just ended and an old one."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

import msgspec

from checkers import (
    Measure,
    Reason,
    Result,
    Verdict,
    check_assertions,
    check_availability,
    check_faults,
    check_protocol,
    check_statistics,
    compose,
)
from checkers.evidence import notes_of_disks
from checkers.ladder import check_guarantees, check_models
from histories import HistoryError, Outcome

from .testimony import Testimony, testify


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from checkers.evidence import Evidence
    from histories import History, Run

    from .workloads import Modelled, Workload

MODELS_TIMEOUT_S = 60.0
"""How long the search for the consistency models of a run may take."""


def analyse_run(run: Run, workload: Workload, spec: Mapping[str, Any]) -> Result:
    """Judge a saved run by its workload and by what its spec demands.

    Args:
        run: The run.
        workload: Whose checker is asked.
        spec: The saved spec, perhaps with other demands than it was run with.

    A history that cannot be read is UNKNOWN(malformed) with what is wrong with it.
    """
    try:
        history = run.history()
        outcome = run.outcome()
    except HistoryError as error:
        return Result(
            checker=workload.name,
            verdict=Verdict.UNKNOWN,
            reason=Reason.MALFORMED,
            summary=str(error),
        )
    return analyse_history(
        history,
        workload,
        nodes=tuple(spec.get("nodes", ())),
        outcome=outcome,
        strict=bool(spec.get("strict")),
        availability=spec.get("availability"),
        assertions=tuple(spec.get("assertions", ())),
        consistency_models=tuple(spec.get("consistency_models", ())),
        demanded_faults=tuple(spec.get("demanded_faults", ())),
        testimony=partial(testify, run, history, outcome, workload, spec)
        if workload.updates
        else None,
    )


def analyse_history(
    history: History,
    workload: Workload,
    *,
    nodes: Sequence[str] = (),
    outcome: Outcome | None = None,
    strict: bool = False,
    availability: float | None = None,
    assertions: Sequence[str] = (),
    consistency_models: Sequence[str] = (),
    demanded_faults: Sequence[str] = (),
    testimony: Callable[[], Testimony] | None = None,
) -> Result:
    """Judge a history by a workload and by what else is demanded of it.

    Args:
        history: What was recorded.
        workload: Whose checker is asked.
        nodes: All nodes, each of which owes a final read; empty if that is unknown.
        outcome: How nodes and network behaved, if that was saved.
        strict: Whether what Maelstrom rejects fails.
        availability: Fraction of operations that must be `ok`.
        assertions: Conditions on measures.
        consistency_models: Models that it must satisfy, instead of what the workload
            itself promises about freshness.
        demanded_faults: Faults of which at least one must have changed something.
        testimony: Returns what the journal says, for a workload that has updates.
    """
    parts: dict[str, Callable[[], Result]] = {}
    if outcome is not None and outcome.aborted is not None:
        parts["setup"] = partial(_not_run, outcome.aborted)
    else:
        parts |= _workload_parts(
            history, workload, nodes, consistency_models, testimony
        )
        parts["statistics"] = partial(
            check_statistics, history, outcome=outcome, optional=workload.optional
        )
        if history.nemesis() or demanded_faults:
            parts["faults"] = partial(
                check_faults, history, demanded=demanded_faults, outcome=outcome
            )
        if availability is not None:
            parts["availability"] = partial(
                check_availability,
                history,
                required=availability,
                outcome=outcome,
            )
    if outcome is not None:
        parts["protocol"] = partial(check_protocol, outcome, strict=strict)
    result = compose(workload.name, parts)
    if not assertions or "setup" in parts:
        return result
    judged: dict[str, Callable[[], Result]] = {
        name: partial(_same, part) for name, part in result.parts.items()
    }
    judged["assertions"] = partial(check_assertions, result.measures, assertions)
    return compose(workload.name, judged)


def _workload_parts(
    history: History,
    workload: Workload,
    nodes: Sequence[str],
    declared: Sequence[str],
    testimony: Callable[[], Testimony] | None,
) -> dict[str, Callable[[], Result]]:
    """Return how a history is judged by its workload, or by what is declared."""
    # Looked up by the parts, where nothing that goes wrong ends the analysis.
    witness = cache(
        testimony if testimony is not None else partial(Testimony, history, history)
    )
    modelled = workload.modelled
    if modelled is None or not declared:
        return {"workload": partial(_check, workload.check, nodes, witness)}
    return {
        "models": partial(_check_models, modelled, declared, witness),
        "workload": partial(_check, modelled.check, nodes, witness),
    }


def _check_models(
    modelled: Modelled, declared: Sequence[str], witness: Callable[[], Testimony]
) -> Result:
    """Return which models the history satisfies, without what is known to have failed."""
    history, timeout_s = witness().history, MODELS_TIMEOUT_S
    if modelled.model is None:
        assert modelled.data is not None, "what has no model is known by its data"
        return check_guarantees(
            history, modelled.data, declared=declared, timeout_s=timeout_s
        )
    return check_models(history, modelled.model, declared=declared, timeout_s=timeout_s)


def _check(
    check: Callable[..., Result], nodes: Sequence[str], witness: Callable[[], Testimony]
) -> Result:
    """Return what a checker says who is told what the journal says, and the notes.

    It gets the history as it was recorded: it refines it itself, and knows why.
    """
    told = witness()
    if told.evidence is None:
        result = check(told.recorded, nodes)
    else:
        result = check(told.recorded, nodes, evidence=told.evidence)
    if told.evidence is not None and (told.evidence.gone or told.evidence.in_doubt):
        result = _with_disks(result, told.evidence)
    if not told.notes:
        return result
    statistics = {**result.statistics, "evidence": list(told.notes)}
    return msgspec.structs.replace(result, statistics=statistics)


def _with_disks(result: Result, evidence: Evidence) -> Result:
    """Return a result that tells how many acknowledged updates were lost with disks."""
    undecided = set(evidence.indeterminate)
    gone, in_doubt = (
        {one: node for one, node in found.items() if one not in undecided}
        for found in (evidence.gone, evidence.in_doubt)
    )
    summary = result.summary
    if result.reason is Reason.VACUOUS:
        summary = " ".join((summary, *notes_of_disks(gone, in_doubt)))
    return msgspec.structs.replace(
        result,
        summary=summary,
        measures={**result.measures, "lost-with-disk-count": Measure(len(gone))},
    )


def save_result(run: Run, result: Result) -> None:
    """Keep a result with its run."""
    run.write_json(run.results_path, msgspec.to_builtins(result))


def _not_run(why: str) -> Result:
    """Return the result of a run that never got to its main phase."""
    return Result(
        checker="setup",
        verdict=Verdict.UNKNOWN,
        reason=Reason.CRASHED,
        summary=f"The test could not begin: {why}",
    )


def _same(result: Result) -> Result:
    return result
