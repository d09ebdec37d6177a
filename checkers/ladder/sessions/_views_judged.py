"""Verdicts on PRAM and causal consistency from views that were searched for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers._verdict import Anomaly, Reason
from checkers._wording import cite, count_of
from checkers.ladder._levels import Level

from ._view_search import can_be_searched, causes_of, search_views


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from checkers.search import Problem
    from histories import History

    from ._view_search import Failure


MOST_CITED = 40
"""Operations of a process that a violation names."""

_ORDERS = {
    "pram": "each process's in the order of issue",
    "causal": "causes before effects",
}


def judge_views(
    history: History, parts: Sequence[Problem], *, is_over: Callable[[], bool]
) -> list[Level]:
    """Return verdicts on PRAM and causal consistency, as far as there are any.

    If one object of several has none, there is none of all; if each has, there may
    still be none, and nothing is said.
    """
    if not parts or not all(map(can_be_searched, parts)):
        return []
    levels: list[Level] = []
    for name in ("pram", "causal"):
        verdicts: list[bool | None] = []
        for part in parts:
            causes = {} if name == "pram" else causes_of(part)
            if causes is None:
                verdicts.append(None)
                continue
            views = search_views(part, causes, is_over=is_over)
            if views.failure is not None:
                anomaly = _violation(history, part, views.failure, name)
                why = anomaly.sentence
                return [
                    *levels,
                    Level(name=name, verdict="no", why=why, anomaly=anomaly),
                ]
            verdicts.append(views.holds)
        if len(parts) == 1 and verdicts[0]:
            why = f"Each process has an order of all updates, {_ORDERS[name]}."
            levels.append(Level(name=name, verdict="yes", why=why))
        elif len(parts) > 1 and all(verdicts):
            why = (
                f"Each of the {len(parts)} keys alone has it, but all together may not: "
                "that is known for keys that are registers, sets, or counters."
            )
            levels.append(
                Level(name=name, verdict="unknown", why=why, reason=Reason.UNSUPPORTED)
            )
    return levels


def _violation(history: History, part: Problem, failure: Failure, name: str) -> Anomaly:
    operations = [history.operation(part.operations[i]) for i in failure.operations]
    last, process = operations[-1], operations[-1].process
    return Anomaly(
        name={"pram": "pram-violation", "causal": "causality-violation"}[name],
        sentence=(
            f"No order of all updates, {_ORDERS[name]}, explains what process {process} "
            f"got up to {cite(last)}: {count_of(len(operations), 'operation')} of its own."
        ),
        operations=tuple(operation.index for operation in operations[-MOST_CITED:]),
        data={"pattern": "no-view", "process": process},
    )
