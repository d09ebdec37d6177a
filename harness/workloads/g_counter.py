"""G-Counter: the PN-Counter without negative adds, whose reads never go back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from checkers import check_counter

from . import pn_counter
from ._workload import Modelled


if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from checkers import Result
    from checkers.evidence import Evidence
    from histories import History


def _delta(rng: Random) -> int:
    return rng.randrange(5)


def _check(
    history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_counter(history, nodes=nodes, grow_only=True, evidence=evidence)


def _check_values(
    history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_counter(
        history, nodes=nodes, grow_only=True, converges=False, evidence=evidence
    )


WORKLOAD = msgspec.structs.replace(
    pn_counter.WORKLOAD,
    name="g-counter",
    doc="A counter that only grows, on any node, and converges to the sum.",
    mixes=pn_counter.mixes(_delta, "0 to 4", signed=False),
    node="g-counter",
    check=_check,
    modelled=Modelled("g-counter", _check_values, "telling"),
)
