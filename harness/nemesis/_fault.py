"""What a fault is, and what it acts on.

A fault is drawn, started and stopped. What is drawn is a plan, JSON in which nothing is
left to chance: it is recorded, and a replay starts the fault with it again. A stop
returns counts of what the fault did. Each means that something was changed, so that
a fault whose counts are all 0 did nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeAlias

import msgspec


if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from harness.agenda import Agenda
    from harness.network import Network
    from harness.spec import Disk

Plan: TypeAlias = dict[str, Any]
"""What a start does to what; `sentence` says it in plain English."""


class Fault(Protocol):
    """One kind of fault.

    Attributes:
        name: What `--nemesis` takes.
        doc: What it does, in a clause without a subject.
    """

    name: ClassVar[str]
    doc: ClassVar[str]

    def __init__(self, arena: Arena) -> None: ...

    def draw(self, rng: Random) -> Plan | None:
        """Return a plan; None: there is nothing here that it could strike."""

    def start(self, plan: Plan) -> None:
        """Do what a plan says."""

    def stop(self) -> dict[str, int]:
        """Undo whatever is done, and return what it did since the start."""


class Machines(Protocol):
    """The processes of nodes, for faults that strike these."""

    def kill(self, name: str) -> bool:
        """End a process at once; return whether there was one."""

    def restart(self, name: str, *, keep_disk: bool) -> bool:
        """Start a node that has no process; return whether that was possible."""

    def pause(self, name: str) -> bool:
        """Have a process do nothing; return whether it was running."""

    def resume(self, name: str) -> None:
        """Let a process go on."""

    def set_clock(self, name: str, offset_ns: int) -> None:
        """Have a node's wall clock differ from the true one by so much."""

    def clock_was_read(self, name: str) -> bool:
        """Return whether a node asked for its wall clock since it was set."""


class Travellers(Protocol):
    """The clients, for the fault that has them change nodes."""

    @property
    def homes(self) -> Sequence[str]:
        """The node of each client."""

    def roam(self, clients: Sequence[int], nodes: Sequence[str]) -> None:
        """Have clients call these nodes in turn."""

    def go_home(self) -> int:
        """Have clients call their own nodes; return how often they called others."""


class Arena(msgspec.Struct, frozen=True, kw_only=True):
    """What faults act on, and within which limits.

    Attributes:
        nodes: All nodes.
        services: All services.
        targets: Which nodes are struck; see `harness.nemesis.TARGETS`.
        disk: What is left of the disk of a node that is killed.
        agenda: Knows the time.
        network: Carries the messages.
        machines: Run the nodes.
        travellers: Call the nodes.
    """

    nodes: tuple[str, ...]
    services: tuple[str, ...]
    targets: tuple[str, ...]
    disk: Disk
    agenda: Agenda
    network: Network
    machines: Machines
    travellers: Travellers
