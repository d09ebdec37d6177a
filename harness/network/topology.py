"""Who is whose neighbour: what nodes are told in a `topology` message.

It is a suggestion. The network carries messages between all nodes alike.
"""

from __future__ import annotations

import math
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


def topology(name: str, nodes: Sequence[str]) -> dict[str, list[str]]:
    """Return the neighbours of every node in a topology, a key of `TOPOLOGIES`.

    Every topology is connected, and neighbours are neighbours of each other.
    """
    if name not in TOPOLOGIES:
        raise ValueError(f"there is no topology {name!r}; take {', '.join(TOPOLOGIES)}")
    neighbours = TOPOLOGIES[name]
    count = len(nodes)
    return {
        node: [nodes[other] for other in neighbours(position, count)]
        for position, node in enumerate(nodes)
    }


def _line(position: int, count: int) -> list[int]:
    return _existing((position - 1, position + 1), count)


def _grid(position: int, count: int) -> list[int]:
    """Fill a square row by row; neighbours are below, above, right and left."""
    side = math.isqrt(count - 1) + 1
    column = position % side
    around = [position + side, position - side]
    if column + 1 < side:
        around.append(position + 1)
    if column > 0:
        around.append(position - 1)
    return _existing(around, count)


def _tree(position: int, count: int, *, branches: int) -> list[int]:
    """Fill a tree level by level; neighbours are the parent, then the children."""
    first = position * branches + 1
    children = range(first, first + branches)
    if position == 0:
        return _existing(children, count)
    return _existing(((position - 1) // branches, *children), count)


def _total(position: int, count: int) -> list[int]:
    return [other for other in range(count) if other != position]


def _existing(positions: Iterable[int], count: int) -> list[int]:
    return [position for position in positions if 0 <= position < count]


TOPOLOGIES: Mapping[str, Callable[[int, int], list[int]]] = MappingProxyType(
    {
        "grid": _grid,
        "line": _line,
        "total": _total,
        "tree": partial(_tree, branches=2),
        "tree2": partial(_tree, branches=2),
        "tree3": partial(_tree, branches=3),
        "tree4": partial(_tree, branches=4),
    }
)
"""Gives the neighbours of the node at a position among so many, by name."""
