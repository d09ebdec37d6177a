"""Under which name a node counts its updates."""

from __future__ import annotations


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from .runtime import Node


def actor_of(node: Node) -> str:
    """Return the name under which a node counts, one that nobody had before it.

    It is the node's own name, and stays so as long as the disk is kept: the counts go
    on from there. A node that has lost its disk would count from one again. So it has
    to be somebody else, and takes a name from how often it was started.
    """
    name: str | None = node.disk.read("actor")
    if name is None:
        name = f"{node.node_id}.{node.epoch}" if node.epoch else node.node_id
        node.disk.write("actor", name)
    return name
