"""Broadcast: a message given to any node reaches all nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers import check_set
from harness.generators import counting, mix, repeat
from harness.rpc import Call, Field, Rpc

from ._expectations import SetExpectation
from ._mixes import always
from ._workload import Modelled, Workload
from .g_set import CLAIM


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers import Result
    from checkers.evidence import Evidence
    from histories import History

BROADCAST = Call(
    Rpc(
        "broadcast",
        "Gives a message to the node, which spreads it to all nodes.",
        request={"message": Field("any", "what to spread")},
    ),
    argument="message",
)
READ = Call(
    Rpc(
        "read",
        "Asks for the messages that the node has seen.",
        reply={"messages": Field("list", "the messages, in any order")},
    ),
    result="messages",
    idempotent=True,
)


MIXES = {
    "stock": always(
        "broadcasts of 0, 1, 2 and so on, each once, and as many reads, as in Maelstrom",
        mix(counting("broadcast"), repeat("read")),
    )
}


def _expectation() -> SetExpectation:
    return SetExpectation("broadcast")


def _check(
    history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_set(history, nodes=nodes, add="broadcast", evidence=evidence)


def _check_values(
    history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_set(
        history, nodes=nodes, add="broadcast", converges=False, evidence=evidence
    )


WORKLOAD = Workload(
    name="broadcast",
    doc="Messages given to any node reach all nodes.",
    claim=CLAIM,
    calls={"broadcast": BROADCAST, "read": READ},
    mixes=MIXES,
    final_read="read",
    expectation=_expectation,
    topology=True,
    node="broadcast",
    nemesis=("partition",),
    check=_check,
    updates=frozenset({"broadcast"}),
    contexts=False,
    modelled=Modelled("set", _check_values),
)
