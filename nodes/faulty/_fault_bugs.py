"""Nodes that pass for right until the fault comes that they are made for."""

from __future__ import annotations

from ._faulty import Faulty


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping

FAULT_BUGS: Mapping[str, Faulty] = {
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
        instead=("stale-final-read",),
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
    "short-memory-counter": Faulty(
        "g-counter",
        "loss",
        "over-count",
        "Looks up an add that is sent again among the last few only.",
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
"""Nodes of all kinds, to see whether the fault does its work."""
