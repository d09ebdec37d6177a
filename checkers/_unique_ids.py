"""Unique ids: was any id handed out twice?

Looks at the values of ok `generate` operations, equal only if their JSON types are. A
pair of equal ids is a violation whoever got them and whenever; indeterminate operations
say nothing. Sound and complete for what was recorded. Assumes nothing. Linear.

Source: `jepsen.checker/unique-ids`, which gives up where ids of different types cannot
be compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._elements import key_of, text_of
from ._findings import Findings, Witness, conclude, unknown
from ._verdict import Measure, Reason
from ._wording import cite, count_of, listed_some


if TYPE_CHECKING:
    from histories import History

    from ._elements import Key
    from ._verdict import Result


_LISTED = 48
"""Repeated ids that the statistics list."""


def check_unique_ids(history: History) -> Result:
    """Check that no two ok `generate` operations returned the same id.

    Returns:
        INVALID with the operations that share an id; UNKNOWN(vacuous) with fewer than
        two ids, which cannot be equal. Measures: `attempted-count`,
        `acknowledged-count`, `duplicated-count`. Statistics: the least and the
        greatest id, if they are all numbers or all strings.
    """
    attempted = acknowledged = 0
    first: dict[Key, int] = {}
    repeated: dict[Key, list[int]] = {}
    for operation in history.operations():
        if operation.f != "generate":
            return unknown(
                "unique-ids",
                Reason.UNSUPPORTED,
                f"{cite(operation)} is no 'generate', the only operation here.",
            )
        attempted += 1
        if operation.status == "ok":
            acknowledged += 1
            key = key_of(operation.output)
            index = first.setdefault(key, operation.index)
            if index != operation.index:
                repeated.setdefault(key, [index]).append(operation.index)
    findings = Findings()
    for key, indices in repeated.items():
        findings.add("duplicate-id", _explain, history, key, indices)
    return conclude(
        "unique-ids",
        findings,
        missing=_missing(acknowledged),
        valid=f"All {acknowledged} ids differ.",
        measures={
            "attempted-count": Measure(attempted),
            "acknowledged-count": Measure(acknowledged),
            "duplicated-count": Measure(len(repeated)),
        },
        statistics={
            "range": _range(list(first)),
            "duplicated": {
                text_of(key): len(indices)
                for key, indices in list(repeated.items())[:_LISTED]
            },
        },
        complete=True,
    )


def _missing(acknowledged: int) -> list[str]:
    if acknowledged == 0:
        return ["no id was generated"]
    return ["a single id has nothing to differ from"] if acknowledged == 1 else []


def _range(keys: list[Any]) -> list[Any] | None:
    """Return the least and the greatest id, or None if they have no order."""
    types = set(map(type, keys))
    if types in ({int}, {str}):
        return [min(keys), max(keys)]
    return None


def _explain(history: History, key: Key, indices: list[int]) -> Witness:
    cited = [cite(operation) for operation in map(history.operation, indices[:8])]
    cited += ["…"] * (len(indices) - len(cited))
    nodes = {history.operation(index).node for index in indices}
    return Witness(
        sentence=f"Id {text_of(key)} was handed out "
        f"{count_of(len(indices), 'time')}: by {listed_some(cited)}.",
        operations=tuple(indices[:16]),
        data={
            "id": text_of(key),
            "times": len(indices),
            "nodes": sorted(node for node in nodes if node is not None),
        },
    )
