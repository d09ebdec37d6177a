"""Mistakes that are made with counters.

The five that everybody makes once are `local-reads-counter`, `shared-integer-counter`,
`tick-only-counter`, `positive-merge-counter` and `float-delta-counter`.
"""

from __future__ import annotations

from ._faulty import Faulty


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping

COUNTER_BUGS: Mapping[str, Faulty] = {
    "ack-first-counter": Faulty(
        "g-counter",
        "",
        "read-your-writes",
        "Acknowledges an add before it counts it, so that its own client misses it.",
        models=("read-your-writes",),
        runs=3,
    ),
    "applied-error-counter": Faulty(
        "g-counter",
        "partition",
        "aborted-effect",
        "Counts an add, and then says with a definite error that it has not.",
        runs=6,
    ),
    "cached-read-counter": Faulty(
        "g-counter",
        "",
        "read-your-writes",
        "Reads from a cache that is refreshed now and then, and not by an add.",
        models=("read-your-writes",),
        runs=3,
    ),
    "clamped-counter": Faulty(
        "pn-counter",
        "",
        "lost-update",
        "Shows zero for whatever is below.",
        instead=("over-count",),
        runs=3,
    ),
    "default-one-counter": Faulty(
        "pn-counter",
        "",
        "thin-air",
        "Says that it has counted one when it knows nothing yet.",
        runs=20,
    ),
    "estimating-counter": Faulty(
        "g-counter",
        "partition",
        "impossible-knowledge",
        "Adds what others will have counted while it hears nobody.",
        runs=6,
    ),
    "float-delta-counter": Faulty(
        "pn-counter",
        "",
        "type-error",
        "Counts in floating point: a count is a whole number, so keep it an integer.",
        runs=3,
    ),
    "key-by-key-counter": Faulty(
        "g-counter",
        "",
        "long-fork",
        "Sums keys that it reads one after the other: the sum is of no single moment.",
        instead=("non-sequential",),
        models=("sequential", "causal"),
        runs=6,
    ),
    "last-received-counter": Faulty(
        "g-counter",
        "",
        "regress",
        "Takes over the state that it was told last, instead of merging it.",
        instead=("lost-update",),
        latency_ms=20.0,
        runs=3,
    ),
    "local-reads-counter": Faulty(
        "g-counter",
        "",
        "divergence",
        "Reads what was added on the same node alone: the value of a counter is the sum "
        "over all nodes, so they have to tell each other.",
        runs=3,
    ),
    "minus-one-counter": Faulty(
        "g-counter",
        "",
        "negative-value",
        "Says -1 when it means that it knows nothing yet.",
        latency_ms=20.0,
        runs=20,
    ),
    "one-peer-counter": Faulty(
        "g-counter",
        "",
        "stale-final-read",
        "Gossips with the same peer all the time, so that somebody is told nothing.",
        runs=3,
    ),
    "own-slot-disk-counter": Faulty(
        "g-counter",
        "kill",
        "regress",
        "Keeps its own slot on disk, and not what others have told.",
        runs=3,
    ),
    "positive-merge-counter": Faulty(
        "pn-counter",
        "",
        "divergence",
        "Merges only what was added: a PN-Counter is two G-Counters, and both of them "
        "have to be merged.",
        runs=3,
    ),
    "seldom-fresh-counter": Faulty(
        "g-counter",
        "",
        "non-linearizable",
        "Reads from a store that it has caught up with a moment ago.",
        instead=("stale-read",),
        models=("linearizable",),
        runs=3,
    ),
    "shared-integer-counter": Faulty(
        "g-counter",
        "",
        "lost-update",
        "Keeps one integer for all nodes, and reads and writes it in two steps: who "
        "shares a number has to swap it, or give each node a slot of its own.",
        runs=3,
    ),
    "shared-slot-counter": Faulty(
        "g-counter",
        "",
        "lost-update",
        "Lets all nodes count in one slot, and keeps the greater of two counts.",
        instead=("regress",),
        latency_ms=20.0,
        runs=3,
    ),
    "signed-slot-counter": Faulty(
        "pn-counter",
        "",
        "lost-update",
        "Counts down in a slot that is merged by the greater count, which undoes it.",
        instead=("divergence", "over-count"),
        runs=3,
    ),
    "single-precision-counter": Faulty(
        "g-counter",
        "",
        "read-your-writes",
        "Keeps the sum in a float of 32 bits, in which small adds disappear.",
        instead=("over-count",),
        models=("read-your-writes",),
        runs=3,
    ),
    "sum-merge-counter": Faulty(
        "g-counter",
        "",
        "over-count",
        "Merges by the sum and not by the maximum, so that what comes twice counts twice.",
        runs=3,
    ),
    "tick-only-counter": Faulty(
        "g-counter",
        "",
        "assertion-failed",
        "Tells others of an add with the next tick only: tell them at once, or reads "
        "are as old as a tick is long.",
        assertions=("convergence-ms < 500ms",),
        runs=3,
    ),
    "two-halves-counter": Faulty(
        "g-counter",
        "",
        "impossible-value",
        "Counts a number in two halves, and shows one of them.",
        runs=10,
    ),
    "waiting-counter": Faulty(
        "g-counter",
        "partition",
        "unavailable",
        "Refuses to count while a peer is silent.",
        availability=0.95,
        runs=3,
    ),
    "write-behind-counter": Faulty(
        "g-counter",
        "",
        "non-sequential",
        "Writes an add to the store after it was acknowledged.",
        models=("sequential",),
        rate=40.0,
        runs=6,
    ),
}
"""Nodes for the workloads of counters."""
