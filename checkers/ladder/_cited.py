"""The operations of an anomaly as data, so that a drawing of it needs no history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from checkers._wording import shown


if TYPE_CHECKING:
    from checkers._verdict import Anomaly
    from histories import History, Operation


MOST_CITED = 40
"""Operations that the data of an anomaly has."""


def with_operations(history: History, anomaly: Anomaly) -> Anomaly:
    """Return an anomaly whose data has `operations`: what each did, when, and where.

    Each has `operation`, its index, which is the place of its call among all events;
    `returned`, the place of its return, or None if it may take effect at any time;
    `process`, `node`, `does`, `call-ns` and `return-ns`. What the data has of an
    operation already stays; if it has a better `does` by operation, that is taken.
    """
    told = anomaly.data.get("operations")
    if told is None:
        cited = [history.operation(at) for at in anomaly.operations[:MOST_CITED]]
        better = anomaly.data.get("does", {})
        told = [
            {**facts, "does": better.get(facts["operation"], facts["does"])}
            for facts in map(_facts, cited)
        ]
    complete = [
        {**each, "returned": history.operation(each["operation"]).end} for each in told
    ]
    data = {**anomaly.data, "operations": complete}
    data.pop("does", None)
    return msgspec.structs.replace(anomaly, data=data)


def _facts(operation: Operation) -> dict[str, Any]:
    return {
        "operation": operation.index,
        "process": operation.process,
        "node": operation.node,
        "does": _does(operation),
        "call-ns": operation.start_time,
        "return-ns": None if operation.end is None else operation.end_time,
    }


def _does(operation: Operation) -> str:
    """Return what an operation did; a result that repeats the input says nothing."""
    asks = "" if operation.input is None else f" {shown(operation.input)}"
    answer = "" if operation.status != "ok" else f" → {shown(operation.output)}"
    says_nothing = asks and operation.output in (None, operation.input)
    return f"{operation.f}{asks}{'' if says_nothing else answer}"
