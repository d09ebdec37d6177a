"""The mistakes that are made with sets whose elements can be removed."""

from __future__ import annotations

from ._faulty import Faulty


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping

SET_BUGS: Mapping[str, Faulty] = {
    "cached-contains-set": Faulty(
        "or-set",
        "",
        "contains-mismatch",
        "Answers whether it contains an element from a cache.",
        runs=3,
    ),
    "collecting-set": Faulty(
        "or-set",
        "deaf",
        "resurrected-element",
        "Throws tombstones away after 0.3 s.",
        runs=3,
    ),
    "discarding-set": Faulty(
        "or-set",
        "reorder",
        "divergence",
        "Does nothing about a remove that comes before the add that it takes away.",
        instead=("resurrected-element",),
        latency_ms=20.0,
        rate=300.0,
        runs=3,
    ),
    "entry-per-tag-set": Faulty(
        "or-set",
        "",
        "duplicate-element",
        "Shows an element as often as it was added.",
        runs=3,
    ),
    "hole-for-removed-set": Faulty(
        "or-set",
        "",
        "phantom-element",
        "Shows null where something was removed.",
        runs=3,
    ),
    "last-tag-told-set": Faulty(
        "or-set",
        "",
        "tag-reuse",
        "Tells the tag of the last add, by when there may have been another.",
        runs=12,
    ),
    "late-hiding-set": Faulty(
        "or-set",
        "",
        "resurrected-element",
        "Hides what was removed from reads with the next tick only.",
        runs=3,
    ),
    "late-showing-set": Faulty(
        "or-set",
        "",
        "lost-add",
        "Shows what was added in reads with the next tick only.",
        runs=3,
    ),
    "local-removes-set": Faulty(
        "or-set",
        "",
        "resurrected-element",
        "Tells nobody what it has removed.",
        instead=("divergence",),
        runs=3,
    ),
    "lww-or-set": Faulty(
        "or-set",
        "partition",
        "lost-add",
        "Lets the last of an add and a remove win, by the clocks.",
        rate=200.0,
        runs=3,
    ),
    "no-op-add-set": Faulty(
        "or-set",
        "partition",
        "lost-add",
        "Does nothing about an add of what it has.",
        runs=3,
    ),
    "no-tombstone-set": Faulty(
        "or-set",
        "",
        "resurrected-element",
        "Takes what a peer has and it has not for news.",
        runs=3,
    ),
    "nothing-empty-set": Faulty(
        "or-set",
        "",
        "lost-add",
        "Takes an empty element for none.",
        runs=5,
    ),
    "one-tag-told-set": Faulty(
        "or-set",
        "",
        "live-tag-kept",
        "Tells one of the tags that it has removed.",
        runs=3,
    ),
    "remove-by-name-set": Faulty(
        "or-set",
        "partition",
        "divergence",
        "Removes an element on other nodes whatever its adds there are.",
        instead=("lost-add",),
        runs=3,
    ),
    "remove-wins-set": Faulty(
        "or-set",
        "partition",
        "lost-add",
        "Lets a remove win over an add at the same time.",
        runs=3,
    ),
    "reused-tags-set": Faulty(
        "or-set",
        "kill",
        "lost-add",
        "Counts its tags from one again when it is started again.",
        instead=("tag-reuse",),
        runs=3,
    ),
    "two-phase-or-set": Faulty(
        "or-set",
        "",
        "lost-add",
        "Never lets an element come back that was removed once.",
        runs=3,
    ),
    "unioned-dots-set": Faulty(
        "or-set",
        "deaf",
        "returned-tag",
        "Keeps all dots of an element that both sides of a merge have.",
        instead=("resurrected-element",),
        runs=18,
    ),
    "unmerged-clock-set": Faulty(
        "or-set",
        "",
        "resurrected-element",
        "Takes the elements of its peers, and not what they have seen.",
        runs=3,
    ),
    "volatile-set": Faulty(
        "or-set",
        "kill",
        "lost-add",
        "Acknowledges what it has in memory only.",
        runs=4,
    ),
    "wall-clock-set": Faulty(
        "or-set",
        "clock",
        "lost-add",
        "Believes its clock, though it knows of later writes.",
        runs=3,
    ),
    "whole-state-set": Faulty(
        "or-set",
        "partition",
        "lost-add",
        "Replaces its state by one with more updates in it.",
        instead=("resurrected-element",),
        runs=3,
    ),
}
"""Each is run as an OR-Set, also those that are right as something else."""
