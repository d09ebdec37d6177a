"""Nodes that lost what they had kept: from then on they owe nothing from before."""

from __future__ import annotations

from bisect import bisect_right
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


class Losses:
    """Tells whether a node has lost its disk between two events."""

    def __init__(self, history: History) -> None:
        self._at: dict[str, list[int]] = {}
        for index, node in lost_disks(history):
            self._at.setdefault(node, []).append(index)

    def __bool__(self) -> bool:
        return bool(self._at)

    def after(self, node: str, start: int) -> bool:
        """Return whether a node lost its disk after an event."""
        at = self._at.get(node)
        return at is not None and at[-1] > start

    def between(self, node: str, start: int, end: int) -> bool:
        """Return whether a node lost its disk after one event and before another.

        Events are given by their indices. Logarithmic in the losses.
        """
        at = self._at.get(node)
        if at is None:
            return False
        after = bisect_right(at, start)
        return after < len(at) and at[after] < end


_PASSED_ON = (
    "What a node acknowledged before it lost its disk had been passed on by then: there "
    "is no journal to say otherwise."
)
_BY_ANY_MESSAGE = (
    "What a node acknowledged before it lost its disk it had passed on with any message "
    "that came to another node."
)


def assumed_of_disks(
    history: History, *, knows: bool, passed_on: bool = False
) -> tuple[str, ...]:
    """Return what is taken for granted of updates whose node lost its disk.

    Args:
        history: The history.
        knows: Whether the journal says which of them nobody can have any more.
        passed_on: Whether the others are owed.
    """
    if not Losses(history):
        return ()
    if not knows:
        return (_PASSED_ON,)
    return (_BY_ANY_MESSAGE,) if passed_on else ()


def disk_losses(history: History) -> list[tuple[int, str]]:
    """Return when nodes were killed that came back without their disks, and the nodes.

    Times are in ns since the start of the run, one for each kill of a node.
    """
    found: list[tuple[int, str]] = []
    dead: set[str] = set()
    for event in history.nemesis():
        value = event.value if isinstance(event.value, dict) else {}
        disk = value.get("disk")
        if event.f == "start-kill" and isinstance(disk, dict):
            lost = [str(node) for node, state in disk.items() if state == "lost"]
            found += [(event.time, node) for node in lost if node not in dead]
            dead.update(lost)
        elif event.f == "stop-kill":
            dead.clear()
    return found
