"""PN-Counter: adds of either sign on any node, and reads of their sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers import check_counter
from harness.generators import digits, draws, mix, repeat
from harness.rpc import Call, Field, Rpc

from ._expectations import CounterExpectation
from ._workload import Claim, Modelled, Workload


if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from checkers import Result
    from checkers.evidence import Evidence
    from harness.generators import Generator
    from histories import History

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
    method="reachable sums as bits of an integer; bounds by sweep",
    complete="errors that cancel out, and staleness before the final reads",
    complexity="O(n + n·range/64) for indeterminate adds",
)


def _delta(rng: Random) -> int:
    return rng.randrange(-5, 5)


def _generator() -> Generator:
    return mix(draws("add", _delta), repeat("read"))


def _telling(workers: int, expected: float) -> Generator:
    adds = digits("add", workers=workers, expected=expected / 2, signed=True)
    return mix(adds, repeat("read"))


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
    generator=_generator,
    final_read="read",
    expectation=CounterExpectation,
    node="pn-counter",
    nemesis=("partition",),
    check=_check,
    updates=frozenset({"add"}),
    contexts=False,
    modelled=Modelled("pn-counter", _check_values, _telling),
)
