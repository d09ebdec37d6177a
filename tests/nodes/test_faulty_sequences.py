"""Each mistake with texts is found by its name, in short runs."""

from __future__ import annotations

import msgspec
import pytest

from checkers import Verdict
from harness.hunting import attempt, mutant_specs, right_specs
from nodes.faulty import FAULTY
from nodes.faulty._sequence_bugs import SEQUENCE_BUGS


LENGTH_S = 4.0

NO_PLAIN_LOOK_FINDS = {
    "bulk-insert-rga",
    "dense-position-rga",
    "oldest-first-rga",
    "own-clock-rga",
    "own-clock-tree-rga",
    "sorted-rga",
}
"""Mistakes on which all nodes agree."""


@pytest.mark.parametrize("name", SEQUENCE_BUGS)
def test_a_mistake_with_texts_is_found(name: str) -> None:
    """A run is INVALID by what the table says, and a plain look may miss it."""
    faulty = FAULTY[name]
    for spec in mutant_specs(name, faulty, seed=1, transport="simulated"):
        trial = attempt(msgspec.structs.replace(spec, time_limit_s=LENGTH_S))
        if set(trial.anomalies) & set(faulty.anomalies):
            break
    else:
        pytest.fail(f"{faulty.anomaly} was not found in {faulty.runs} runs")
    assert trial.verdict is Verdict.INVALID
    if name in NO_PLAIN_LOOK_FINDS:
        assert trial.plain


@pytest.mark.parametrize("node", ["rga", "op-rga"])
def test_a_text_that_is_right_is_not_accused(node: str) -> None:
    """Whatever befalls it."""
    for spec in right_specs("rga", node, 3, seed=3):
        trial = attempt(msgspec.structs.replace(spec, time_limit_s=LENGTH_S))
        assert trial.verdict is not Verdict.INVALID, trial
