"""A short cycle in a graph that has one, for an explanation."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


STARTS = 32
"""How many nodes of a cycle are tried as the one to come back to."""


def short_cycle(
    nodes: Iterable[int], successors: Mapping[int, Sequence[int]]
) -> list[int]:
    """Return the nodes of a short cycle in their order.

    Args:
        nodes: Nodes each of which has a predecessor among them, as those that no
            topological order has reached do.
        successors: By node: the nodes behind it. Others than `nodes` are ignored.
    """
    members = set(nodes)
    predecessor: dict[int, int] = {}
    for node in members:
        for following in successors.get(node, ()):
            if following in members:
                predecessor[following] = node
    node = min(members)
    walked: dict[int, None] = {}
    while node not in walked:
        walked[node] = None
        node = predecessor[node]
    cycle = list(walked)
    cycle = cycle[cycle.index(node) :]
    cycle.reverse()
    for start in cycle[:STARTS]:
        shorter = _way_back(start, members, successors, len(cycle))
        if shorter:
            cycle = shorter
    return cycle


def _way_back(
    start: int, members: set[int], successors: Mapping[int, Sequence[int]], limit: int
) -> list[int] | None:
    """Return the shortest cycle through a node if it has less nodes than a limit."""
    came_from: dict[int, int] = {}
    distance = {start: 0}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        if distance[node] + 1 >= limit:
            return None
        for following in successors.get(node, ()):
            if following == start:
                cycle = [node]
                while cycle[-1] != start:
                    cycle.append(came_from[cycle[-1]])
                return cycle[::-1]
            if following in members and following not in distance:
                distance[following] = distance[node] + 1
                came_from[following] = node
                queue.append(following)
    return None


def short_path(
    start: int, goal: int, predecessors: Callable[[int], Iterable[int]]
) -> list[int]:
    """Return the nodes of a shortest path between two nodes; there has to be one."""
    follower = {goal: goal}
    queue = deque([goal])
    while start not in follower:
        node = queue.popleft()
        for before in predecessors(node):
            if before not in follower:
                follower[before] = node
                queue.append(before)
    path = [start]
    while path[-1] != goal:
        path.append(follower[path[-1]])
    return path
