"""Mistakes in merges on request, and in what is said of them."""

from __future__ import annotations

from ._faulty import Faulty


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Mapping

MERGE_BUGS: Mapping[str, Faulty] = {
    "adding-merge-counter": Faulty(
        "crdt-verify",
        "",
        "non-idempotent",
        "Merges two states by the sum of their counts.",
        runs=3,
    ),
    "adding-unequal-counter": Faulty(
        "crdt-verify",
        "",
        "non-associative",
        "Merges two states by the sum of those counts that differ.",
        runs=3,
    ),
    "common-keys-counter": Faulty(
        "crdt-verify",
        "",
        "dropped-key",
        "Merges only the keys that both states have.",
        runs=3,
    ),
    "left-keys-counter": Faulty(
        "crdt-verify",
        "",
        "dropped-key",
        "Merges only the keys of the first state, and always says that all laws hold.",
        runs=3,
    ),
    "mistaken-laws-counter": Faulty(
        "crdt-verify",
        "",
        "false-claim",
        "Merges as it should, and takes a merge for idempotent that changes nothing.",
        runs=3,
    ),
    "overwriting-merge-counter": Faulty(
        "crdt-verify",
        "",
        "wrong-maximum",
        "Merges two states by taking over the counts of the second.",
        instead=("non-commutative",),
        runs=3,
    ),
    "smaller-count-counter": Faulty(
        "crdt-verify",
        "",
        "wrong-maximum",
        "Merges two states by the smaller of their counts.",
        runs=3,
    ),
}
"""Nodes for the workload of merges on request."""
