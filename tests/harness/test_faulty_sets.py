"""Faulty sets, carts and echoes are found out in the simulator; those that are right are not."""

from __future__ import annotations

from itertools import islice

import msgspec
import pytest

from checkers import Verdict
from harness.hunting import attempt
from harness.hunting._mutants import mutant_specs, right_specs
from nodes.faulty import FAULTY
from nodes.faulty._cart_bugs import CART_BUGS
from nodes.faulty._plain_bugs import PLAIN_BUGS
from nodes.faulty._set_bugs import SET_BUGS


SECONDS = 3.0
"""How long a run is, which is half of what `harness mutants` gives them."""

FIRST = {
    "discarding-set": 1,
    "last-tag-told-set": 7,
    "unioned-dots-set": 6,
    "volatile-set": 1,
}
"""The run that finds a node out, of those that the first one does not."""

RIGHT = (
    ("or-set", "or-set"),
    ("or-set", "or-set-optimised"),
    ("or-set", "op-or-set"),
    ("or-set", "delta-or-set"),
    ("two-phase-set", "two-phase-set"),
    ("lww-set", "lww-set"),
    ("shopping-cart", "shopping-cart"),
)
"""Nodes that are right, and as what."""


@pytest.mark.parametrize("name", [*SET_BUGS, *CART_BUGS, *PLAIN_BUGS])
def test_a_faulty_node_is_found_out(name: str) -> None:
    """A run under its fault is INVALID, by an anomaly that its bug is known for."""
    faulty = FAULTY[name]
    number = FIRST.get(name, 0)
    assert number < faulty.runs
    specs = mutant_specs(name, faulty, seed=1, transport="simulated")
    (spec,) = islice(specs, number, number + 1)
    trial = attempt(msgspec.structs.replace(spec, time_limit_s=SECONDS))
    assert trial.verdict is Verdict.INVALID
    assert set(trial.anomalies) & set(faulty.anomalies)


@pytest.mark.parametrize(("workload", "node"), RIGHT)
def test_a_node_that_is_right_is_not_accused(workload: str, node: str) -> None:
    """Whatever the faults are."""
    for spec in right_specs(workload, node, 4, 1):
        trial = attempt(msgspec.structs.replace(spec, time_limit_s=SECONDS))
        assert trial.verdict is not Verdict.INVALID, trial.summary
