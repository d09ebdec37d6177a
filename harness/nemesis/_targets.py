"""Which nodes a fault strikes, and how a sentence names them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

_NAMED: Final = 6
"""How many nodes of a group a sentence names."""


def draw_nodes(
    targets: Sequence[str], nodes: Sequence[str], rng: Random
) -> tuple[str, ...]:
    """Return the nodes to strike, at least one, in the order of the cluster.

    Args:
        targets: A single key of `TARGETS`, or names of nodes.
        nodes: All nodes.
        rng: Decides.
    """
    if len(targets) != 1 or targets[0] not in TARGETS:
        return tuple(node for node in nodes if node in targets)
    size = TARGETS[targets[0]](len(nodes), rng)
    struck = rng.sample(range(len(nodes)), size)
    return tuple(nodes[position] for position in sorted(struck))


TARGETS: Mapping[str, Callable[[int, Random], int]] = MappingProxyType(
    {
        "all": lambda nodes, _: nodes,
        "majority": lambda nodes, _: nodes // 2 + 1,
        "minority": lambda nodes, _: max(1, (nodes - 1) // 2),
        "one": lambda _nodes, _: 1,
        "subset": lambda nodes, rng: rng.randint(1, nodes),
    }
)
"""How many of so many nodes are struck, by name."""


def many(nodes: Sequence[str]) -> str:
    """Name a few nodes, and count the rest."""
    return joined(nodes, "and")


def joined(nodes: Sequence[str], word: str) -> str:
    """Name a few nodes, the last after a word, and count the rest."""
    if len(nodes) == 1:
        return nodes[0]
    named, rest = nodes[:_NAMED], len(nodes) - _NAMED
    if rest > 0:
        return f"{', '.join(named)} {word} {rest} more"
    return f"{', '.join(named[:-1])} {word} {named[-1]}"


def verb(nodes: Sequence[str], one: str, several: str) -> str:
    """Name nodes with the form of a verb that goes with their number."""
    return f"{many(nodes)} {one if len(nodes) == 1 else several}"
