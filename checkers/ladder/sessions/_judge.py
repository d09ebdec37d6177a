"""Verdicts from what reads reveal: causal, PRAM and the session guarantees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers._verdict import Anomaly, Reason
from checkers._wording import cite
from checkers.ladder._levels import Level, weaker
from checkers.ladder._limits import WITNESS_SHARE

from ._assembly import only
from ._guarantees import find_lapses
from ._narrowing import narrow
from ._reasons import contradiction
from ._taken import find_taken, tell_taken
from ._telling import Teller, step_data, tell_contradiction, tell_lapse
from ._totals import find_shortfalls, tell_shortfall
from ._views_judged import judge_views


if TYPE_CHECKING:
    from checkers.ladder._limits import Limits
    from histories import History

    from ._lapse import Lapse
    from ._observation import Observation
    from ._reasons import Contradiction
    from ._revealed import Impossible
    from ._visibility import Sights


SESSION_LEVELS = ("causal", *weaker("causal"))

ANOMALY_NAMES = {"causal": "causality-violation", "pram": "pram-violation"}
"""What a violation is called; else, it is called like the level."""

BAD_PATTERNS = {
    ("circular", True): "CyclicCO",
    ("circular", False): "CyclicHB",
    ("initial-value", True): "WriteCOInitRead",
    ("overwritten-value", True): "WriteCORead",
    ("initial-value", False): "WriteHBInitRead",
    ("overwritten-value", False): "CyclicHB",
}
"""Names that Bouajjani et al. (2017) give to patterns, by whether they are plain."""

SESSIONS_SHARE = 0.6
"""Share of the time that may have passed when all processes are judged."""

MOST_EXPLAINED = 40
"""Acts from which a contradiction is explained; more are rarely left."""


def judge_sessions(
    history: History, observation: Observation, limits: Limits
) -> list[Level]:
    """Return verdicts on causal consistency and all that follows from it.

    Each no has an anomaly; some may share one.

    Args:
        history: The history.
        observation: What its reads reveal.
        limits: What may be spent on this, and on small witnesses.
    """
    if observation.impossible is not None:
        return judge_impossible(history, observation.impossible)
    sights = observation.sights
    if sights is None:
        return _from_results(history, observation, limits)
    is_over = limits.until(SESSIONS_SHARE).is_over
    found, is_all = find_lapses(sights, is_over=is_over)
    witnesses: dict[Lapse, Anomaly] = {}
    levels = []
    for name in SESSION_LEVELS:
        if name in found:
            process, lapse = found[name]
            if lapse not in witnesses:
                witnesses[lapse] = _witness(
                    history, sights, name, process, lapse, limits
                )
            anomaly = witnesses[lapse]
            levels.append(
                Level(name=name, verdict="no", why=anomaly.sentence, anomaly=anomaly)
            )
        elif observation.lacking is not None:
            levels.append(_unknown(name, observation.lacking))
        elif not is_all:
            why = "There was no time to look at what all processes read."
            levels.append(
                Level(name=name, verdict="unknown", why=why, reason=Reason.TIMEOUT)
            )
        elif not found.keys() & weaker(name):
            why = "What each process read can be explained."
            levels.append(Level(name=name, verdict="yes", why=why))
    return levels


def _from_results(
    history: History, observation: Observation, limits: Limits
) -> list[Level]:
    """Return what is known where no read reveals what it saw."""
    parts = observation.parts
    found = {
        name: tell_shortfall(history, name, one)
        for name, one in find_shortfalls(history, parts).items()
    }
    for name, taken in find_taken(parts).items():
        found.setdefault(name, tell_taken(history, name, taken))
    levels = {
        name: Level(name=name, verdict="no", why=anomaly.sentence, anomaly=anomaly)
        for name, anomaly in found.items()
    }
    is_over = limits.briefly(SESSIONS_SHARE).is_over
    for level in judge_views(history, parts, is_over=is_over):
        # A guarantee that is broken says more than that there is no view.
        if not any(other in found for other in weaker(level.name)):
            levels[level.name] = level
    return [
        levels.get(name) or _unknown(name, observation.lacking)
        for name in SESSION_LEVELS
    ]


def _unknown(name: str, lacking: str | None) -> Level:
    return Level(
        name=name,
        verdict="unknown",
        why=f"Not all reads reveal what they saw: {lacking}.",
        reason=Reason.UNSUPPORTED,
    )


def judge_impossible(history: History, found: Impossible) -> list[Level]:
    """Return no for all levels: whatever a model allows, it does not allow this."""
    indices = history.columns().index
    read = history.operation(indices[found.position])
    others = [indices[position] for position in found.others]
    anomaly = Anomaly(
        name=found.name,
        sentence=f"{cite(read)} {found.clause}.",
        operations=tuple(sorted([read.index, *others])),
        data={"process": read.process, "node": read.node},
    )
    return [
        Level(name=name, verdict="no", why=anomaly.sentence, anomaly=anomaly)
        for name in SESSION_LEVELS
    ]


def _witness(
    history: History,
    sights: Sights,
    level: str,
    process: int,
    lapse: Lapse,
    limits: Limits,
) -> Anomaly:
    if lapse.pattern not in {"order-of-issue", "causal-order", "circular"}:
        teller = Teller(history, sights)
        data = {
            "pattern": lapse.pattern,
            "process": _process_of(teller, lapse.acts[-1]),
            "does": teller.does(lapse.acts),
        }
        sentence = tell_lapse(lapse, teller)
        return Anomaly(
            name=ANOMALY_NAMES.get(level, level),
            sentence=sentence,
            operations=teller.indices(lapse.acts),
            data=data,
        )
    # Found under a stronger level first, in the order of `SESSION_LEVELS`.
    assert level in ANOMALY_NAMES, "a view is missing for PRAM or causal consistency"
    is_over = limits.within(WITNESS_SHARE).is_over
    shrunk = narrow(sights, level, process, lapse, is_over=is_over)
    few = only(sights, shrunk.operations)
    teller = Teller(history, few)
    data = {
        "operations-before": shrunk.before,
        "operations-after": len(few),
        "is-minimal": shrunk.is_minimal,
        "does": teller.does(range(len(few))),
    }
    if len(few) > MOST_EXPLAINED:
        teller = Teller(history, sights)
        sentence = (
            f"{_sentence_case(teller, lapse)} in no order that explains all that its "
            f"process read, {len(few)} operations of which contradict each other."
        )
        return Anomaly(
            name=ANOMALY_NAMES[level],
            sentence=sentence,
            operations=teller.indices(lapse.acts),
            data=data,
        )
    who, _ = find_lapses(few).found[level]
    why = contradiction(few, who, causal=level == "causal")
    return Anomaly(
        name=ANOMALY_NAMES[level],
        sentence=tell_contradiction(why, teller),
        operations=teller.indices(range(len(few))),
        data=data | _facts(why, teller),
    )


def _sentence_case(teller: Teller, lapse: Lapse) -> str:
    read, update = lapse.acts
    return f"{teller.cite(read)} and {teller.cite(update)} are"


def _process_of(teller: Teller, act: int) -> int:
    return teller.operation(act).process


def _facts(why: Contradiction, teller: Teller) -> dict[str, Any]:
    return {
        "pattern": why.pattern,
        "bad-pattern": BAD_PATTERNS.get((why.pattern, why.is_plain)),
        "process": _process_of(teller, why.update if why.read < 0 else why.read),
        "steps": [step_data(step, teller) for step in why.steps],
    }
