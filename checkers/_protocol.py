"""Protocol: did the nodes keep to it, and did they stay alive?

A node that ends by itself fails the run. What else a node did against the protocol is
told with its evidence; it fails the run only if asked for strictness, and only where
Maelstrom rejects it too. Sound as far as the harness observed right. Linear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from histories import PROBLEM_KINDS

from ._anomalies import ANOMALIES
from ._findings import Findings, Witness, conclude
from ._verdict import Measure
from ._wording import count_of, listed


if TYPE_CHECKING:
    from histories import NodeOutcome, Outcome, Problem

    from ._verdict import Result


_DEATHS = ("exited", "killed")


def check_protocol(outcome: Outcome, *, strict: bool) -> Result:
    """Judge how the nodes behaved.

    Args:
        outcome: What the run left besides its history.
        strict: Whether what Maelstrom rejects fails.

    Returns:
        INVALID if a node ended by itself, or strictly for what Maelstrom rejects;
        UNKNOWN(vacuous) if the run never got to its main phase or had no nodes. All
        other problems are anomalies that fail nothing. Measure: `problem-count`.
    """
    findings = Findings()
    explained = set()
    for problem in outcome.problems:
        if problem.kind in _DEATHS:
            explained.add(problem.node)
            findings.add("node-crash", _explain, problem)
            continue
        name = problem.kind if problem.kind in ANOMALIES else "protocol-violation"
        known = PROBLEM_KINDS.get(problem.kind)
        if strict and known is not None and known.strict:
            findings.add(name, _explain, problem)
        else:
            findings.note(name, _explain, problem)
    for node in outcome.nodes:
        if not node.expected and node.name not in explained:
            findings.add("node-crash", _explain_death, node)
    return conclude(
        "protocol",
        findings,
        missing=_missing(outcome),
        valid=_summary(outcome),
        measures={"problem-count": Measure(sum(p.count for p in outcome.problems))},
        complete=True,
    )


def _missing(outcome: Outcome) -> list[str]:
    if outcome.aborted is not None:
        why = outcome.aborted.strip().removesuffix(".")
        return [f"the run ended before its main phase: {why}"]
    sent = sum(counts.sent for counts in outcome.messages.values())
    return [] if outcome.nodes or sent else ["no node ran"]


def _summary(outcome: Outcome) -> str:
    nodes = count_of(len(outcome.nodes), "node")
    if not outcome.problems:
        return f"{nodes.capitalize()} kept to the protocol to the end."
    kinds = dict.fromkeys(problem.kind for problem in outcome.problems)
    return f"{nodes.capitalize()} stayed to the end; noted: {listed(kinds)}."


def _explain(problem: Problem) -> Witness:
    return Witness(
        sentence=problem.sentence,
        data={
            "kind": problem.kind,
            "node": problem.node,
            "evidence": problem.evidence,
            "time-ns": problem.time,
            "count": problem.count,
        },
    )


def _explain_death(node: NodeOutcome) -> Witness:
    how = (
        f"was killed by {node.signal}"
        if node.signal is not None
        else f"exited with code {node.exit_code}"
    )
    tail = "\n".join(node.stderr_tail)
    words = (
        f", its last line on standard error being {node.stderr_tail[-1]!r}"
        if node.stderr_tail
        else ", with nothing on standard error"
    )
    return Witness(
        sentence=f"{node.name} {how} while the run still needed it{words}.",
        data={
            "kind": "exited" if node.signal is None else "killed",
            "node": node.name,
            "exit-code": node.exit_code,
            "signal": node.signal,
            "evidence": tail,
        },
    )
