"""Mistakes that are made with registers that keep concurrent writes."""

from __future__ import annotations

from ._faulty import Faulty


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping

REGISTER_BUGS: Mapping[str, Faulty] = {
    "any-entry-mv-register": Faulty(
        "mv-register",
        "partition",
        "forgotten-write",
        "Takes a clock for the later one if any entry of it is greater.",
        instead=("lost-write",),
        runs=6,
    ),
    "context-count-register": Faulty(
        "dvv-register",
        "",
        "dot-reuse",
        "Numbers a write by its context alone, which may be old or empty.",
        runs=3,
    ),
    "cut-context-register": Faulty(
        "vv-register",
        "",
        "clock-below-context",
        "Keeps one entry of each context.",
        runs=3,
    ),
    "echoing-register": Faulty(
        "vv-register",
        "",
        "dot-reuse",
        "Answers with the clock of the write before.",
        instead=("superseded-sibling",),
        runs=3,
    ),
    "first-sibling-register": Faulty(
        "vv-register",
        "",
        "lost-write",
        "Tells peers one of several siblings.",
        instead=("divergence",),
        runs=3,
    ),
    "keeping-mv-register": Faulty(
        "mv-register",
        "",
        "superseded-sibling",
        "Puts a write beside those that its node has acknowledged before.",
        runs=5,
    ),
    "last-of-siblings-register": Faulty(
        "vv-register",
        "",
        "lost-write",
        "Shows the last of several concurrent values.",
        runs=3,
    ),
    "never-superseding-register": Faulty(
        "vv-register",
        "",
        "superseded-sibling",
        "Replaces nothing, not even what the client has seen.",
        runs=3,
    ),
    "no-conflict-flag-register": Faulty(
        "vv-register",
        "",
        "wrong-conflict-flag",
        "Says of siblings that there is no conflict.",
        runs=3,
    ),
    "node-clock-register": Faulty(
        "vv-register",
        "",
        "false-cause",
        "Counts by node without dots: a clock then covers what its client has not seen.",
        instead=("lost-write",),
        runs=3,
    ),
    "overwriting-register": Faulty(
        "vv-register",
        "",
        "false-cause",
        "Replaces all that its node knows, not what the client has seen.",
        instead=("lost-write",),
        runs=3,
    ),
    "reused-name-register": Faulty(
        "vv-register",
        "kill",
        "dot-reuse",
        "Counts from one again under its old name, when its disk is gone.",
        instead=("lost-write",),
        disk="lost",
        runs=6,
    ),
    "same-clock-register": Faulty(
        "vv-register",
        "",
        "clock-below-context",
        "Does not count a write that replaces something.",
        runs=3,
    ),
    "shared-clock-register": Faulty(
        "vv-register",
        "",
        "superseded-sibling",
        "Has one clock for all siblings.",
        instead=("unstable-clock",),
        runs=3,
    ),
    "single-value-mv-register": Faulty(
        "mv-register",
        "partition",
        "forgotten-write",
        "Keeps one of several concurrent values.",
        instead=("lost-write",),
        runs=6,
    ),
    "single-value-register": Faulty(
        "vv-register",
        "",
        "lost-write",
        "Keeps one of several concurrent values.",
        runs=3,
    ),
    "sum-order-mv-register": Faulty(
        "mv-register",
        "partition",
        "forgotten-write",
        "Takes the clock with the greater sum for the later one.",
        instead=("lost-write",),
        runs=6,
    ),
    "sum-order-register": Faulty(
        "vv-register",
        "",
        "lost-write",
        "Takes the clock with the greater sum for the later one.",
        runs=3,
    ),
    "text-order-register": Faulty(
        "vv-register",
        "",
        "lost-write",
        "Compares clocks as texts, in which 10 comes before 9.",
        instead=("superseded-sibling",),
        runs=3,
    ),
    "union-siblings-register": Faulty(
        "vv-register",
        "",
        "superseded-sibling",
        "Merges by union, which brings back what was replaced.",
        runs=3,
    ),
    "volatile-clock-mv-register": Faulty(
        "mv-register",
        "kill",
        "dot-reuse",
        "Counts its writes in memory, and from one again when it was killed.",
        runs=3,
    ),
    "wall-clock-register": Faulty(
        "lww-register",
        "clock",
        "causal-loss",
        "Believes its clock, also when it has seen later stamps.",
        runs=15,
    ),
}
"""Nodes for the workloads of registers."""
