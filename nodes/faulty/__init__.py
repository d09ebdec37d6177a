"""Nodes with one bug each, to see whether a fault, a workload and a checker find it.

Each is a few lines away from a node that is right. Without the fault that it is made
for it passes for right, too: that is what the fault is needed for.

Reading order: `fire_and_forget_counter` has the least; `_hearing` is for the three that
draw conclusions from what they hear.

Roaming clients need no node with a bug. `g-counter` keeps its promise to clients that
stay, and shows `monotonic-reads` and `read-your-writes` to those that change nodes: with
`--consistency-models` naming either, it fails once clients roam.
"""

from __future__ import annotations


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FAULTY", "Faulty"]


class Faulty:
    """What is wrong with a node, and what shows it.

    Attributes:
        workload: The workload that it is a node for.
        fault: The fault that reveals it, as `--nemesis` names it; empty if none is
            needed.
        anomaly: What the checker finds then, most of the time.
        anomalies: The same, and what it may find instead.
        bug: What it does wrong, as a sentence.
        disk: What the fault `kill` leaves of its disk: `kept` or `lost`.
        models: Consistency models that have to be declared for it to be wrong.
        latency_ms: Mean delay between servers that it takes.
        rate: Operations a second that it takes.
        runs: In how many runs it is to be found at the latest.
    """

    __slots__ = (
        "anomalies",
        "anomaly",
        "bug",
        "disk",
        "fault",
        "latency_ms",
        "models",
        "rate",
        "runs",
        "workload",
    )

    def __init__(
        self,
        workload: str,
        fault: str,
        anomaly: str,
        bug: str,
        *,
        instead: tuple[str, ...] = (),
        disk: str = "kept",
        models: tuple[str, ...] = (),
        latency_ms: float = 0.0,
        rate: float = 100.0,
        runs: int = 20,
    ) -> None:
        self.workload = workload
        self.fault = fault
        self.anomaly = anomaly
        self.anomalies = (anomaly, *instead)
        self.bug = bug
        self.disk = disk
        self.models = models
        self.latency_ms = latency_ms
        self.rate = rate
        self.runs = runs


FAULTY: Mapping[str, Faulty] = {
    "assumed-ack-counter": Faulty(
        "pn-counter",
        "deaf",
        "stale-final-read",
        "Takes an add for delivered when the peer keeps talking and others have it.",
    ),
    "clock-ids": Faulty(
        "unique-ids",
        "clock",
        "duplicate-id",
        "Numbers ids within each second of the wall clock, and trusts it never to go back.",
    ),
    "disk-ids": Faulty(
        "unique-ids",
        "kill",
        "duplicate-id",
        "Counts ids on disk, and begins at one again when the disk is gone.",
        disk="lost",
    ),
    "fire-and-forget-broadcast": Faulty(
        "broadcast",
        "partition",
        "missing-on-node",
        "Sends each value once and never again.",
    ),
    "fire-and-forget-counter": Faulty(
        "pn-counter",
        "partition",
        "divergence",
        "Sends each add once and never again.",
    ),
    "giving-up-counter": Faulty(
        "pn-counter",
        "mute",
        "divergence",
        "Gives up sending an add when nobody acknowledges it, though all peers talk.",
    ),
    "impatient-counter": Faulty(
        "g-counter",
        "delay",
        "over-count",
        "Takes an add that is not acknowledged in time for lost, and sends it as a new one.",
    ),
    "in-order-counter": Faulty(
        "pn-counter",
        "reorder",
        "divergence",
        "Drops an add that comes after a later one, and acknowledges it.",
    ),
    "leased-ids": Faulty(
        "unique-ids",
        "pause",
        "duplicate-id",
        "Goes on handing out numbers under a lease that others have taken over.",
    ),
    "lww-counter": Faulty(
        "g-counter",
        "clock",
        "lost-update",
        "Merges the slots of a counter by the time of their last write.",
    ),
    "no-dedup-counter": Faulty(
        "g-counter",
        "duplicate",
        "over-count",
        "Looks up only those adds that say that they were sent before.",
    ),
    "optimistic-ack-counter": Faulty(
        "g-counter",
        "service-partition",
        "lost-update",
        "Acknowledges an add although the store could not be reached.",
    ),
    "retrying-cas-counter": Faulty(
        "g-counter",
        "slow-services",
        "over-count",
        "Takes a swap without an answer for one that did not happen, and swaps again.",
    ),
    "trusting-counter": Faulty(
        "pn-counter",
        "loss",
        "divergence",
        "Sends again only to peers that were silent for a second.",
    ),
    "volatile-broadcast": Faulty(
        "broadcast",
        "kill",
        "regress",
        "Acknowledges values that it has in memory only.",
    ),
    "volatile-counter": Faulty(
        "g-counter",
        "kill",
        "divergence",
        "Keeps its own count in memory only.",
    ),
    "volatile-ids": Faulty(
        "unique-ids",
        "kill",
        "duplicate-id",
        "Counts ids in memory only.",
    ),
}
"""Every faulty node by the name that a user calls it."""
