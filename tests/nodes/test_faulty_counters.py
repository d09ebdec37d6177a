"""Each mistake with counters is found by its name, in a short run."""

from __future__ import annotations

import msgspec
import pytest

from checkers import Verdict
from harness.hunting import attempt
from harness.hunting._mutants import mutant_specs, right_specs
from harness.workloads import WORKLOADS
from nodes.faulty import FAULTY
from nodes.faulty._counter_bugs import COUNTER_BUGS


LENGTH_S = 3.0


@pytest.mark.parametrize("name", COUNTER_BUGS)
def test_a_mistake_with_counters_is_found(name: str) -> None:
    """A run is INVALID by what the table says, the first one mostly."""
    faulty = FAULTY[name]
    for spec in mutant_specs(name, faulty, seed=1, transport="simulated"):
        trial = attempt(msgspec.structs.replace(spec, time_limit_s=LENGTH_S))
        if set(trial.anomalies) & set(faulty.anomalies):
            break
    else:
        pytest.fail(f"{faulty.anomaly} was not found in {faulty.runs} runs")
    assert trial.verdict is Verdict.INVALID, trial


@pytest.mark.parametrize("workload", ["g-counter", "pn-counter"])
def test_a_counter_that_is_right_is_not_accused(workload: str) -> None:
    """Whatever befalls it."""
    for spec in right_specs(workload, WORKLOADS[workload].node, 3, seed=3):
        trial = attempt(msgspec.structs.replace(spec, time_limit_s=LENGTH_S))
        assert trial.verdict is not Verdict.INVALID, trial


def test_a_counter_that_tells_at_once_keeps_what_is_asserted() -> None:
    """What `tick-only-counter` fails is no demand that nobody could meet."""
    faulty = FAULTY["tick-only-counter"]
    for spec in mutant_specs("g-counter", faulty, seed=1, transport="simulated"):
        trial = attempt(msgspec.structs.replace(spec, time_limit_s=LENGTH_S))
        assert trial.verdict is Verdict.VALID, trial


@pytest.mark.parametrize(
    "name",
    [
        "float-delta-counter",
        "local-reads-counter",
        "positive-merge-counter",
        "shared-integer-counter",
        "tick-only-counter",
    ],
)
def test_the_five_mistakes_come_with_a_lesson(name: str) -> None:
    """What is wrong, and after a colon what is right."""
    wrong, colon, right = COUNTER_BUGS[name].bug.partition(": ")
    assert wrong
    assert colon
    assert right.endswith(".")
