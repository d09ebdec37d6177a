"""Mistakes that are made with what is simplest: echoes, and sets that only grow."""

from __future__ import annotations

from ._faulty import Faulty


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping

PLAIN_BUGS: Mapping[str, Faulty] = {
    "any-replica-set": Faulty(
        "g-set",
        "",
        "monotonic-reads",
        "Has any node answer a read, so that a client goes back in time.",
        models=("monotonic-reads",),
        latency_ms=20.0,
        runs=3,
    ),
    "hearsay-later-set": Faulty(
        "g-set",
        "",
        "causality-violation",
        "Tells what it has heard a round later than what was added here.",
        instead=("writes-follow-reads",),
        models=("causal",),
        runs=3,
    ),
    "newest-first-set": Faulty(
        "g-set",
        "",
        "monotonic-writes",
        "Tells peers the newest of its elements first.",
        models=("monotonic-writes",),
        runs=3,
    ),
    "own-elements-set": Faulty(
        "g-set",
        "",
        "writes-follow-reads",
        "Tells what its own clients have added, and not what they have read.",
        models=("writes-follow-reads",),
        runs=3,
    ),
    "shared-answer-echo": Faulty(
        "echo",
        "",
        "echo-mismatch",
        "Keeps the answer where the next request overwrites it.",
        runs=3,
    ),
    "short-hash-set": Faulty(
        "g-set",
        "",
        "lost-element",
        "Takes elements for the same whose hashes of 8 bits are.",
        runs=3,
    ),
}
"""Nodes that were right if they did a little less."""
