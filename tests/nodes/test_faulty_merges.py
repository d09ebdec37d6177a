"""Each mistake with merges on request is found by its name, in a short run."""

from __future__ import annotations

import msgspec
import pytest

from checkers import Verdict
from harness.hunting import attempt
from harness.hunting._mutants import mutant_specs, right_specs
from nodes.faulty import FAULTY
from nodes.faulty._merge_bugs import MERGE_BUGS


@pytest.mark.parametrize("name", MERGE_BUGS)
def test_a_mistake_with_merges_is_found(name: str) -> None:
    """The run is INVALID, by what the table says."""
    spec = next(mutant_specs(name, FAULTY[name], seed=1, transport="simulated"))
    trial = attempt(msgspec.structs.replace(spec, time_limit_s=3.0))
    assert trial.verdict is Verdict.INVALID, trial
    assert FAULTY[name].anomaly in trial.anomalies, trial


def test_more_than_one_law_is_seen_to_be_broken() -> None:
    """A sum changes what is told twice, and who always says yes is wrong now."""
    found = {}
    for name in ("adding-merge-counter", "left-keys-counter"):
        spec = next(mutant_specs(name, FAULTY[name], seed=1, transport="simulated"))
        found[name] = attempt(msgspec.structs.replace(spec, time_limit_s=3.0)).anomalies
    assert "non-idempotent" in found["adding-merge-counter"]
    assert {"non-commutative", "false-claim"} <= set(found["left-keys-counter"])


def test_a_counter_that_is_right_is_not_accused() -> None:
    """Whatever befalls it."""
    for spec in right_specs("crdt-verify", "g-counter", 3, seed=3):
        trial = attempt(msgspec.structs.replace(spec, time_limit_s=3.0))
        assert trial.verdict is not Verdict.INVALID, trial
