"""PN-Counter: adds of either sign on any node, and reads of their sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers import check_counter
from harness.generators import digits, draws, mix, repeat
from harness.rpc import Call, Field, Rpc

from ._expectations import CounterExpectation
from ._mixes import Mix, always
from ._workload import Claim, Modelled, Workload


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from checkers import Result
    from checkers.evidence import Evidence
    from harness.generators import Generator
    from histories import History

    from ._mixes import Extent

ADD = Call(
    Rpc(
        "add",
        "Adds a number to the counter.",
        request={"delta": Field("integer", "what to add")},
    ),
    argument="delta",
)
READ = Call(
    Rpc(
        "read",
        "Asks for the value of the counter.",
        reply={"value": Field("integer", "the sum that the node knows")},
    ),
    result="value",
    idempotent=True,
)

CALLS = {"add": ADD, "read": READ}

CLAIM = Claim(
    promise="final reads on all nodes agree on the sum of the acknowledged adds, "
    "give or take the indeterminate ones; no read is out of bounds",
    method="reachable sums as bits of an integer, or as digits of clients; bounds by "
    "sweep",
    complete="staleness before the final reads; errors that cancel out, in the stock mix",
    complexity="O(n·clients) with digits; O(n + n·range/64) for indeterminate adds",
)


def _delta(rng: Random) -> int:
    return rng.randrange(-5, 5)


def mixes(draw: Callable[[Random], int], drawn: str, *, signed: bool) -> dict[str, Mix]:
    """Return the mixes of a counter.

    Args:
        draw: Draws what is added.
        drawn: What that is, in words.
        signed: Whether something may be subtracted.
    """

    def telling(extent: Extent) -> Generator:
        adds = digits(
            "add",
            workers=extent.clients,
            expected=extent.operations / 2,
            otherwise="read",
            signed=signed,
            faults=extent.faults,
        )
        return mix(adds, repeat("read"))

    return {
        "stock": always(
            f"adds of {drawn}, and as many reads, as in Maelstrom; reads do not tell "
            "which adds they saw",
            mix(draws("add", draw), repeat("read")),
        ),
        "telling": Mix(
            "each client counts up a digit of its own, so that a read tells exactly "
            "which adds it saw; after an indeterminate add it begins another digit, or "
            "only reads, once sums would not stay below 2^53",
            telling,
        ),
    }


def _check(
    history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_counter(history, nodes=nodes, evidence=evidence)


def _check_values(
    history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_counter(history, nodes=nodes, converges=False, evidence=evidence)


WORKLOAD = Workload(
    name="pn-counter",
    doc="A counter that goes up and down on any node, and converges to the sum.",
    claim=CLAIM,
    calls=CALLS,
    mixes=mixes(_delta, "-5 to 4", signed=True),
    final_read="read",
    expectation=CounterExpectation,
    node="pn-counter",
    nemesis=("partition",),
    check=_check,
    updates=frozenset({"add"}),
    contexts=False,
    modelled=Modelled("pn-counter", _check_values, "telling"),
)
