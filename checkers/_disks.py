"""Nodes that lost what they had kept: from then on they owe nothing from before."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from histories import History


def lost_disks(history: History) -> list[tuple[int, str]]:
    """Return the events at which nodes had lost their disks, by index, and the nodes.

    That is when a node is killed, as the nemesis `kill` records it, and again when it is
    started: a reply from before may be recorded only after the kill.
    """
    found: list[tuple[int, str]] = []
    dead: list[str] = []
    for event in history.nemesis():
        value = event.value if isinstance(event.value, dict) else {}
        disk = value.get("disk")
        if event.f == "start-kill" and isinstance(disk, dict):
            lost = [str(node) for node, state in disk.items() if state == "lost"]
            found += [(event.index, node) for node in lost]
            dead += [node for node in lost if node not in dead]
        elif event.f == "stop-kill":
            found += [(event.index, node) for node in dead]
            if "restarted" in value:
                dead = []
    return found
