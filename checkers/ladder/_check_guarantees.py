"""Which session guarantees a history has whose data no sequential model describes.

`check_guarantees` gives the verdicts of `check_models` on causal consistency and all
that follows from it: where reads reveal which updates they saw, that is all it takes.
Sequential consistency and linearizability are about data of which there is one copy:
they are not judged.
"""

from __future__ import annotations

import time
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from checkers._unfit import UnfitError
from checkers._verdict import Reason, Result, Verdict

from ._judgement import Judgement
from ._levels import LEVELS, Ladder, Level, settle


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from histories import History

    from ._limits import Limits
    from .sessions import Observation


BELOW_SEQUENTIAL = tuple(
    name for name in LEVELS if name not in {"linearizable", "sequential"}
)
"""The models that can be judged so."""

_NOT_ONE_COPY = (
    "where an add wins over a remove at the same time, there is no one copy: what is left "
    "need not come of any order of operations, one after the other"
)

_WHY_NOT = MappingProxyType(
    {
        "siblings": "registers that keep concurrent writes side by side are not one copy: "
        "no order of operations, one after the other, makes a sibling",
        "text": "a position is one in the text that a node has, and not in one that all "
        "have",
        "or-set": _NOT_ONE_COPY,
        "cart": _NOT_ONE_COPY,
    }
)
"""By kind of data, why the stronger models are not judged."""


def check_guarantees(
    history: History,
    data: str,
    *,
    declared: str | Sequence[str] = "causal",
    timeout_s: float | None = 60.0,
    cancelled: Callable[[], bool] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Result:
    """Return which session guarantees a history has, and a verdict by the declared ones.

    The statistics are those of `check_models`, as far as they apply.

    Args:
        history: The history.
        data: What it is about: `siblings`, the registers of `check_siblings` whose
            writes say what their clients have seen; `text`, that of `check_sequence`,
            where insertions count that no deletion can have hit; `or-set`, that of
            `check_or_set`; or `cart`, that of `check_cart`.
        declared: The models that the history is to satisfy: keys of `LEVELS`.
        timeout_s: Seconds until what is undecided is UNKNOWN(timeout); None for never.
        cancelled: Asked all along; True ends it like the timeout.
        clock: Seconds since whenever.

    Returns:
        VALID if the declared models hold; INVALID with a witness if one does not;
        UNKNOWN(vacuous) if there is no read; UNKNOWN(unsupported) if a declared model
        is not one of `BELOW_SEQUENTIAL`, if not all reads reveal what they saw, or if
        updates cannot be told apart; UNKNOWN(timeout).

    Raises:
        ValueError: There is no model, or no kind of data, of this name.
    """
    from ._check import CHECKER, result_of
    from ._cited import with_operations
    from ._judge import Judged
    from ._limits import Limits
    from .removals import REMOVED, judge_removals
    from .sessions import SHOWN, observe_shown

    names = [declared] if isinstance(declared, str) else list(declared)
    for name, known, what in (
        *((name, LEVELS, "consistency model") for name in names),
        (data, {**SHOWN, **REMOVED}, "kind of data"),
    ):
        if name not in known:
            raise ValueError(
                f"found the {what} {name!r}; expected one of {', '.join(known)}"
            )
    limits = Limits(timeout_s=timeout_s, cancelled=cancelled, clock=clock)
    try:
        if data in REMOVED:
            found = judge_removals(history, REMOVED[data](history), limits)
        else:
            found = _judge_shown(history, observe_shown(history, data), limits)
    except UnfitError as unfit:
        return Result(
            checker=CHECKER,
            verdict=Verdict.UNKNOWN,
            reason=unfit.reason,
            summary=unfit.sentence,
        )
    observes = bool(found.levels)
    levels = found.levels if observes else _vacuous()
    judged = Judged(
        ladder=_without_stronger(settle(levels), data),
        observes=observes,
        parts=found.keys,
        operations=found.reads + found.updates,
        indeterminate=0,
        nodes=0,
        staleness=None,
        stale=None,
        orders=None,
    )
    result = result_of(judged, names)
    anomalies = tuple(with_operations(history, each) for each in result.anomalies)
    return msgspec.structs.replace(result, anomalies=anomalies)


def _judge_shown(
    history: History, observation: Observation, limits: Limits
) -> Judgement:
    """Return verdicts where reads show what they saw; none if there are no reads."""
    from .sessions import judge_sessions

    sights = observation.sights
    levels = []
    if observation.impossible is not None or (sights is not None and sights.seen):
        levels = judge_sessions(history, observation, limits)
    if sights is None:
        return Judgement(levels, 0, 0, 0)
    updates = sum(sights.updates(act) for act in range(len(sights)))
    return Judgement(levels, len(sights.seen), updates, len(sights.keys))


def _vacuous() -> list[Level]:
    why = "No read succeeded."
    return [
        Level(name=name, verdict="unknown", why=why, reason=Reason.VACUOUS)
        for name in BELOW_SEQUENTIAL
    ]


def _without_stronger(ladder: Ladder, data: str) -> Ladder:
    """Return the verdicts without those on models that are not judged."""
    asked = ", ".join(BELOW_SEQUENTIAL)
    levels = {
        name: level
        if name in BELOW_SEQUENTIAL
        else Level(
            name=name,
            verdict="unknown",
            why=f"It is not judged: {_WHY_NOT[data]}. What can be asked instead: {asked}.",
            reason=Reason.UNSUPPORTED,
        )
        for name, level in ladder.levels.items()
    }
    return Ladder(MappingProxyType(levels))
