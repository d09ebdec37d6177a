"""What nodes do against the protocol."""

from __future__ import annotations

from typing import Any

import pytest

from checkers import Reason, Verdict, check_protocol
from histories import NodeOutcome, Outcome, Problem


NODES = (NodeOutcome(name="n0", exit_code=0), NodeOutcome(name="n1", exit_code=0))


def outcome(kind: str, **more: Any) -> Outcome:
    problem = Problem(kind=kind, node="n1", sentence=f"n1 did {kind}.", evidence="…")
    return Outcome(nodes=NODES, problems=(problem,), **more)


def test_nodes_without_problems_are_valid() -> None:
    """Nothing to tell."""
    result = check_protocol(Outcome(nodes=NODES), strict=True)
    assert result.verdict is Verdict.VALID
    assert result.summary == "2 nodes kept to the protocol to the end."


def test_what_maelstrom_rejects_fails_strictly_only() -> None:
    """A line that is not JSON is noted, and fails if asked for."""
    loose = check_protocol(outcome("not-json"), strict=False)
    assert loose.verdict is Verdict.VALID
    assert [(a.name, a.fails) for a in loose.anomalies] == [("not-json", False)]
    assert "noted: not-json" in loose.summary
    strict = check_protocol(outcome("not-json"), strict=True)
    assert strict.verdict is Verdict.INVALID
    assert strict.anomalies[0].data["evidence"] == "…"


def test_what_maelstrom_accepts_fails_never() -> None:
    """A late reply is a note even strictly."""
    assert check_protocol(outcome("late-reply"), strict=True).verdict is Verdict.VALID


@pytest.mark.parametrize("kind", ["exited", "killed"])
def test_a_node_that_ends_by_itself_fails_always(kind: Any) -> None:
    """The problem explains it, and it is told once."""
    nodes = (NODES[0], NodeOutcome(name="n1", exit_code=3, expected=False))
    problem = Problem(kind=kind, node="n1", sentence="n1 ended.")
    result = check_protocol(Outcome(nodes=nodes, problems=(problem,)), strict=False)
    assert result.verdict is Verdict.INVALID
    assert [anomaly.name for anomaly in result.anomalies] == ["node-crash"]
    assert result.summary == "n1 ended."


@pytest.mark.parametrize(
    ("node", "sentence"),
    [
        (
            NodeOutcome(
                name="n1", exit_code=3, expected=False, stderr_tail=("x", "oh")
            ),
            (
                "n1 exited with code 3 while the run still needed it, its last line on "
                "standard error being 'oh'."
            ),
        ),
        (
            NodeOutcome(name="n1", signal="SIGSEGV", expected=False),
            (
                "n1 was killed by SIGSEGV while the run still needed it, with nothing on "
                "standard error."
            ),
        ),
    ],
    ids=["code", "signal"],
)
def test_an_unexpected_end_without_a_problem_is_explained(
    node: Any, sentence: Any
) -> None:
    """The outcome of the node is evidence enough."""
    result = check_protocol(Outcome(nodes=(node,)), strict=False)
    assert result.verdict is Verdict.INVALID
    assert result.summary == sentence


def test_a_run_that_was_aborted_says_nothing() -> None:
    """Without a main phase there is nothing to judge."""
    result = check_protocol(
        outcome("init-timeout", aborted="n1 did not answer."), strict=False
    )
    assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.VACUOUS)
    assert result.summary.endswith("before its main phase: n1 did not answer.")


def test_a_run_without_nodes_says_nothing() -> None:
    """An empty outcome is no evidence."""
    assert check_protocol(Outcome(), strict=False).reason is Reason.VACUOUS


def test_a_problem_of_another_version_is_told_all_the_same() -> None:
    """An unknown kind keeps its sentence."""
    result = check_protocol(outcome("brand-new"), strict=True)
    assert result.verdict is Verdict.VALID
    (note,) = result.anomalies
    assert (note.name, note.sentence) == ("protocol-violation", "n1 did brand-new.")
