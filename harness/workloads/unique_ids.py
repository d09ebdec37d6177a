"""Unique ids: no two requests, on whatever nodes, get the same id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers import check_unique_ids
from harness.generators import repeat
from harness.rpc import Call, Field, Rpc

from ._mixes import always
from ._workload import Claim, Workload


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers import Result
    from histories import History

GENERATE = Call(
    Rpc(
        "generate",
        "Asks for an id that no other request gets.",
        reply={"id": Field("any", "any JSON value")},
    ),
    result="id",
)


def _check(history: History, _nodes: Sequence[str]) -> Result:
    return check_unique_ids(history)


WORKLOAD = Workload(
    name="unique-ids",
    doc="Nodes make ids that are unique in the whole cluster.",
    claim=Claim(
        promise="no id is given out twice",
        method="compares all ids as canonical JSON",
        complete="nothing: all acknowledged ids are compared",
        complexity="O(n)",
    ),
    calls={"generate": GENERATE},
    mixes={"stock": always("nothing else, as in Maelstrom", repeat("generate"))},
    node="unique-ids",
    nemesis=("partition",),
    check=_check,
)
