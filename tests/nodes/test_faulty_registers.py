"""Each mistake with registers is found by its name, in a short run."""

from __future__ import annotations

import msgspec
import pytest

from checkers import Verdict
from harness.hunting import attempt
from harness.hunting._mutants import mutant_specs, right_specs
from harness.workloads import WORKLOADS
from nodes.faulty import FAULTY
from nodes.faulty._register_bugs import REGISTER_BUGS


LENGTH_S = 3.0
NUMBER = {"single-value-mv-register": 1}
"""The run that finds it first, where that is not the first one."""


@pytest.mark.parametrize("name", REGISTER_BUGS)
def test_a_mistake_with_registers_is_found(name: str) -> None:
    """The run is INVALID, by what the table says."""
    faulty = FAULTY[name]
    specs = list(mutant_specs(name, faulty, seed=1, transport="simulated"))
    spec = msgspec.structs.replace(specs[NUMBER.get(name, 0)], time_limit_s=LENGTH_S)
    trial = attempt(spec)
    assert trial.verdict is Verdict.INVALID, trial
    assert set(trial.anomalies) & set(faulty.anomalies), trial


@pytest.mark.parametrize(
    "workload", ["dvv-register", "lww-register", "mv-register", "vv-register"]
)
def test_a_register_that_is_right_is_not_accused(workload: str) -> None:
    """Whatever befalls it."""
    for spec in right_specs(workload, WORKLOADS[workload].node, 3, seed=3):
        trial = attempt(msgspec.structs.replace(spec, time_limit_s=LENGTH_S))
        assert trial.verdict is not Verdict.INVALID, trial
