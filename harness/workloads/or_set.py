"""OR-Set: elements are added and removed on any node, and an add wins over a remove."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from checkers import check_or_set
from harness.rpc import Call, Field, Rpc

from ._expectations import AgreementExpectation
from ._set_mixes import MIXES
from ._workload import Claim, Modelled, Workload


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers import Result
    from checkers.evidence import Evidence
    from checkers.or_sets import Semantics
    from histories import History

ADD = Call(
    Rpc(
        "or_set_add",
        "Adds an element to the set, perhaps again.",
        request={"element": Field("any", "what to add")},
        reply={"tag": Field("any", "what tells this add from others", optional=True)},
    ),
    arguments=("element",),
    results=("tag",),
)
REMOVE = Call(
    Rpc(
        "or_set_remove",
        "Removes an element: all adds of it that the node knows of.",
        request={"element": Field("any", "what to remove")},
        reply={
            "tags_removed": Field("list", "the adds that it took away", optional=True)
        },
    ),
    arguments=("element",),
    results=("tags_removed",),
)
READ = Call(
    Rpc(
        "or_set_read",
        "Asks for the elements that the node knows.",
        reply={
            "elements": Field("list", "the elements, in any order"),
            "tags": Field("any", "the tags of all adds that count", optional=True),
        },
    ),
    result="elements",
    beside=("tags",),
    idempotent=True,
)

CONTAINS = Call(
    Rpc(
        "or_set_contains",
        "Asks whether the node has an element; it need not know this question.",
        request={"element": Field("any", "what to look for")},
        reply={"contains": Field("any", "true or false: whether a read would show it")},
    ),
    arguments=("element",),
    results=("contains",),
    idempotent=True,
)

CLAIM = Claim(
    promise="an element is in every node's final read if an add of it was acknowledged "
    "that no remove can have observed, and in none if removes observed all of them",
    method="bounds on what each remove has observed, by the journal and by what nodes "
    "acknowledged and showed",
    complete="an element of which it cannot be known what removes observed",
    complexity="O(n · nodes + elements in reads)",
)


def _elements(value: Any) -> frozenset[Any]:
    return frozenset(value["elements"] if isinstance(value, dict) else value)


def _expectation() -> AgreementExpectation:
    return AgreementExpectation(_elements)


def _check(
    semantics: Semantics,
    history: History,
    nodes: Sequence[str],
    evidence: Evidence | None = None,
) -> Result:
    return check_or_set(history, nodes=nodes, evidence=evidence, semantics=semantics)


def _check_values(
    history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_or_set(history, nodes=nodes, evidence=evidence, converges=False)


WORKLOAD = Workload(
    name="or-set",
    doc="A set with removals, in which an add wins over a concurrent remove.",
    claim=CLAIM,
    calls={"add": ADD, "remove": REMOVE, "read": READ, "contains": CONTAINS},
    mixes=MIXES,
    final_read="read",
    expectation=_expectation,
    node="or-set",
    nemesis=("partition",),
    check=partial(_check, "add-wins"),
    updates=frozenset({"add", "remove"}),
    optional=frozenset({"contains"}),
    contexts=False,
    modelled=Modelled(None, _check_values, data="or-set"),
)

TWO_PHASE = msgspec.structs.replace(
    WORKLOAD,
    name="two-phase-set",
    doc="A set in which what was once removed stays away.",
    claim=msgspec.structs.replace(
        CLAIM,
        promise="what was never removed is in every node's final read, and what was "
        "seen and removed in none, though it be added again",
    ),
    node="two-phase-set",
    check=partial(_check, "two-phase"),
    modelled=None,
)

LAST_WRITER = msgspec.structs.replace(
    WORKLOAD,
    name="lww-set",
    doc="A set in which the later of an add and a remove wins, by clocks.",
    claim=msgspec.structs.replace(
        CLAIM,
        promise="what was never removed is in every node's final read, and all agree",
        complete="everything that clocks decide",
    ),
    node="lww-set",
    check=partial(_check, "last-writer-wins"),
    modelled=None,
)
