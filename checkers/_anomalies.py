"""The one catalogue of anomalies: every name that a checker may report."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from histories import PROBLEM_KINDS

from ._anomaly_kind import AnomalyKind
from ._replicated import REPLICATED


if TYPE_CHECKING:
    from collections.abc import Mapping


_KINDS = (
    AnomalyKind(
        "type-error",
        "Wrong type",
        "A read returned a value of a type that the data type cannot have: 3.0, true, "
        '"3" and null are no integers, and a set is a list of elements.',
    ),
    AnomalyKind(
        "aborted-effect",
        "Effect of a failed operation",
        "An operation was reported as definitely failed and took effect all the same. "
        "Its client was told that it may safely try again.",
    ),
    AnomalyKind(
        "thin-air",
        "Out of thin air",
        "A read returned something before anybody had asked for it.",
    ),
    AnomalyKind(
        "impossible-knowledge",
        "Impossible knowledge",
        "A read shows an update of which no message can have told its node: none had "
        "been delivered there from a node that could know of it. Either there is a "
        "channel besides the network, such as a file that nodes share, or the node "
        "made it up.",
    ),
    AnomalyKind(
        "phantom-element",
        "Element that nobody added",
        "A read returned an element that no operation ever tried to add.",
    ),
    AnomalyKind(
        "over-count",
        "Counted more than once",
        "The counter lies beyond what all adds together can reach, so that at least "
        "one add was applied more than once: a retry or a merge that is not "
        "idempotent.",
    ),
    AnomalyKind(
        "negative-value",
        "Negative value",
        "A counter that only grows was read below zero.",
    ),
    AnomalyKind(
        "impossible-value",
        "Impossible value",
        "No choice of adds sums to the value that was read: an add was applied in "
        "part, or the value was damaged.",
    ),
    AnomalyKind(
        "lost-update",
        "Lost update",
        "Acknowledged adds are missing from the value that all nodes agree on. "
        "Something overwrote them, or they were never kept.",
    ),
    AnomalyKind(
        "lost-element",
        "Lost element",
        "An element that was acknowledged, or had been read already, is missing from "
        "the final read of every node.",
    ),
    AnomalyKind(
        "stale-final-read",
        "Stale final read",
        "After the recovery a node still lacks acknowledged adds that another node "
        "has: they exist, and did not reach it in time.",
    ),
    AnomalyKind(
        "missing-on-node",
        "Element missing on a node",
        "After the recovery a node still lacks an element that another node has: the "
        "nodes have not converged.",
    ),
    AnomalyKind(
        "divergence",
        "Divergence",
        "After the recovery the nodes still disagree.",
    ),
    AnomalyKind(
        "regress",
        "Going back",
        "A node returned less than it had returned before, although the data type "
        "only grows.",
    ),
    AnomalyKind(
        "duplicate-element",
        "Duplicate element",
        "One read returned the same element more than once; a set has each once.",
    ),
    AnomalyKind(
        "duplicate-id",
        "Duplicate id",
        "The same id was handed out more than once.",
    ),
    AnomalyKind(
        "echo-mismatch",
        "Wrong echo",
        "The answer is not what was sent.",
    ),
    AnomalyKind(
        "non-associative",
        "Merge that is not associative",
        "Of three states it made a difference which two were merged first: replicas "
        "that hear of the same updates by other ways will not become the same.",
    ),
    AnomalyKind(
        "non-idempotent",
        "Merge that is not idempotent",
        "A state was merged with itself, and came out changed: what is told twice "
        "counts twice.",
    ),
    AnomalyKind(
        "non-commutative",
        "Merge that is not commutative",
        "Two states were merged in either order, and the outcomes differ: replicas that "
        "hear from each other will not become the same.",
    ),
    AnomalyKind(
        "dropped-key",
        "Merge without a key",
        "Two states were merged, and what one of them had counted under a key is "
        "missing from the outcome: a merge goes through the keys of both.",
    ),
    AnomalyKind(
        "wrong-maximum",
        "Merge that is not the maximum",
        "Two states were merged, and a count in the outcome is not the greater of the "
        "two: less is an update lost, more is one counted twice.",
    ),
    AnomalyKind(
        "false-claim",
        "False claim about a merge",
        "What the node says of the laws that its merge obeys is not what its merges "
        "show.",
    ),
    AnomalyKind(
        "node-crash",
        "Node ended by itself",
        "A node process exited or was killed while the run still needed it.",
    ),
    AnomalyKind(
        "unavailable",
        "Too little availability",
        "Fewer operations succeeded than was required.",
    ),
    AnomalyKind(
        "assertion-failed",
        "Assertion failed",
        "A measured number does not satisfy what was asserted about it.",
    ),
    AnomalyKind(
        "read-your-writes",
        "Own update not seen",
        "A process read a state without its own acknowledged update. Eventual "
        "consistency does not promise otherwise.",
    ),
    AnomalyKind(
        "monotonic-reads",
        "Going back in a session",
        "A process read a state without an update that it had seen before. What it had "
        "been told once was taken back.",
    ),
    AnomalyKind(
        "monotonic-writes",
        "Writes out of order",
        "A read shows an update without an earlier one by the same process.",
    ),
    AnomalyKind(
        "writes-follow-reads",
        "Effect without its cause",
        "A read shows an update without one that its process had seen when it made it: "
        "an answer is there, and the question is not.",
    ),
    AnomalyKind(
        "pram-violation",
        "Not PRAM consistent",
        "No order of all updates explains what one process read, and has the updates "
        "of each process in the order in which they were issued.",
    ),
    AnomalyKind(
        "causality-violation",
        "Not causally consistent",
        "No order of all updates explains what one process read, and has causes before "
        "effects.",
    ),
    AnomalyKind(
        "long-fork",
        "Long fork",
        "Two readers saw two updates in opposite orders. Each of them may be right for "
        "itself, but there is no one order for both.",
    ),
    AnomalyKind(
        "non-sequential",
        "Not sequentially consistent",
        "No one order of all operations explains their results and keeps the order of "
        "each process.",
    ),
    AnomalyKind(
        "unexplained",
        "Explained by no order",
        "No order of all operations explains this result, whatever real time and "
        "processes say: it was never put there, or not so often.",
    ),
    AnomalyKind(
        "non-linearizable",
        "Not linearizable",
        "No one order of all operations explains their results and keeps real time: "
        "what had been acknowledged was not seen, or what was seen was gone again.",
    ),
    AnomalyKind(
        "ineffective-fault",
        "Faults that changed nothing",
        "Faults were injected and met nothing: no message was lost, no process was "
        "busy. A pass says nothing about how the nodes bear them.",
    ),
    AnomalyKind(
        "stale-read",
        "Stale read",
        "An operation takes effect before others that had returned before it was "
        "called. With sequential consistency that is allowed: nobody is promised how "
        "soon a process learns of what others have done.",
    ),
)

_PROTOCOL = (
    *(
        AnomalyKind(kind.name, kind.title, kind.advice)
        for kind in PROBLEM_KINDS.values()
        # Both are told as node-crash.
        if kind.name not in {"exited", "killed"}
    ),
    AnomalyKind(
        "protocol-violation",
        "Breach of the protocol",
        "A node did something against the protocol that this version has no name for.",
    ),
)

ANOMALIES: Mapping[str, AnomalyKind] = MappingProxyType(
    {kind.name: kind for kind in (*_KINDS, *REPLICATED, *_PROTOCOL)}
)
"""Kinds of anomalies by name, the most telling first."""
