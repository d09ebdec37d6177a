"""G-Set: elements are added on any node, and all nodes come to have them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers import check_set
from harness.generators import counting, mix, repeat
from harness.rpc import Call, Field, Rpc

from ._expectations import SetExpectation
from ._mixes import always
from ._workload import Claim, Modelled, Workload


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers import Result
    from checkers.evidence import Evidence
    from histories import History

ADD = Call(
    Rpc(
        "add",
        "Adds an element to the set.",
        request={"element": Field("any", "what to add")},
    ),
    argument="element",
)
READ = Call(
    Rpc(
        "read",
        "Asks for the elements that the node knows.",
        reply={"value": Field("list", "the elements, in any order")},
    ),
    result="value",
    idempotent=True,
)

CLAIM = Claim(
    promise="every acknowledged element is in every node's final read; "
    "nothing appears that nobody added; nothing appears twice",
    method="classifies every element by the reads that show and lack it",
    complete="an element that vanishes and comes back between two reads",
    complexity="O(n + elements in reads)",
)


MIXES = {
    "stock": always(
        "adds of 0, 1, 2 and so on, each once, and as many reads, as in Maelstrom",
        mix(counting("add"), repeat("read")),
    )
}


def _expectation() -> SetExpectation:
    return SetExpectation("add")


def _check(
    history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_set(history, nodes=nodes, evidence=evidence)


def _check_values(
    history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_set(history, nodes=nodes, converges=False, evidence=evidence)


WORKLOAD = Workload(
    name="g-set",
    doc="A grow-only set: elements added on any node arrive on all nodes.",
    claim=CLAIM,
    calls={"add": ADD, "read": READ},
    mixes=MIXES,
    final_read="read",
    expectation=_expectation,
    node="g-set",
    nemesis=("partition",),
    check=_check,
    updates=frozenset({"add"}),
    contexts=False,
    modelled=Modelled("set", _check_values),
)
