"""Mistakes that are made with texts that many edit."""

from __future__ import annotations

from ._faulty import Faulty


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping

SEQUENCE_BUGS: Mapping[str, Faulty] = {
    "bulk-insert-rga": Faulty(
        "rga",
        "",
        "intention-violation",
        "Hangs all that is typed on quickly from one character, so that it is reversed.",
        runs=3,
    ),
    "delete-by-index-rga": Faulty(
        "rga",
        "partition",
        "lost-character",
        "Tells others the position of what is deleted, not its name.",
        instead=("undeleted-character",),
        runs=3,
    ),
    "delete-once-rga": Faulty(
        "rga",
        "partition",
        "undeleted-character",
        "Repeats what was inserted until all have it, but not what was deleted.",
        runs=3,
    ),
    "dense-position-rga": Faulty(
        "rga",
        "partition",
        "interleaving",
        "Gives each character a random number between those of its neighbours.",
        runs=6,
    ),
    "fire-and-forget-rga": Faulty(
        "rga",
        "partition",
        "divergence",
        "Sends each operation once and never again.",
        runs=3,
    ),
    "hidden-insert-rga": Faulty(
        "rga",
        "partition",
        "lost-character",
        "Hides what is inserted after a character that was deleted meanwhile.",
        runs=5,
    ),
    "late-sorting-rga": Faulty(
        "rga",
        "",
        "order-inversion",
        "Puts what arrives anywhere, and sorts it now and then.",
        latency_ms=20.0,
        runs=6,
    ),
    "line-end-rga": Faulty(
        "rga",
        "",
        "phantom-character",
        "Ends each text with the end of a line.",
        runs=3,
    ),
    "no-causal-buffer-rga": Faulty(
        "rga",
        "reorder",
        "divergence",
        "Carries out an operation before what its writer had heard of is there.",
        instead=("order-inversion", "order-cycle"),
        latency_ms=20.0,
        runs=3,
    ),
    "no-dedup-rga": Faulty(
        "rga",
        "duplicate",
        "duplicate-character",
        "Carries out an operation as often as it arrives.",
        runs=3,
    ),
    "no-tie-break-rga": Faulty(
        "rga",
        "partition",
        "divergence",
        "Leaves characters of one place and one time in the order of their arrival.",
        instead=("order-inversion",),
        runs=3,
    ),
    "no-tombstone-rga": Faulty(
        "rga",
        "partition",
        "lost-character",
        "Forgets deleted characters, and drops what is inserted after them.",
        instead=("divergence",),
        runs=3,
    ),
    "oldest-first-rga": Faulty(
        "rga",
        "",
        "intention-violation",
        "Puts the oldest first of what was inserted after one character.",
        runs=3,
    ),
    "orphans-last-rga": Faulty(
        "rga",
        "partition",
        "divergence",
        "Forgets deleted characters, and puts what is inserted after them at the end.",
        instead=("order-inversion", "order-cycle"),
        runs=3,
    ),
    "own-clock-rga": Faulty(
        "rga",
        "",
        "intention-violation",
        "Keeps Lamport's time without regard to others, in a list.",
        runs=3,
    ),
    "own-clock-tree-rga": Faulty(
        "rga",
        "",
        "intention-violation",
        "Keeps Lamport's time without regard to others, in a tree.",
        runs=3,
    ),
    "raw-index-rga": Faulty(
        "rga",
        "partition",
        "divergence",
        "Tells others positions, and no names.",
        runs=3,
    ),
    "reused-ids-rga": Faulty(
        "rga",
        "kill",
        "order-cycle",
        "Counts from one again, under its old name, when its disk is gone.",
        instead=("divergence", "intention-violation", "order-inversion"),
        disk="lost",
        latency_ms=500.0,
        rate=300.0,
        runs=15,
    ),
    "sorted-rga": Faulty(
        "rga",
        "",
        "intention-violation",
        "Sorts all characters by Lamport time and node, wherever they were inserted.",
        runs=3,
    ),
    "text-order-rga": Faulty(
        "rga",
        "",
        "intention-violation",
        "Compares ids as texts, so that the tenth comes before the ninth.",
        runs=3,
    ),
    "unsaved-deletes-rga": Faulty(
        "rga",
        "kill",
        "undeleted-character",
        "Saves and tells deletions with the next tick only.",
        runs=45,
    ),
    "unsaved-inserts-rga": Faulty(
        "rga",
        "kill",
        "lost-character",
        "Saves and tells insertions with the next tick only.",
        runs=6,
    ),
}
"""Nodes for the workload `rga`."""
