"""What a transport is: where the processes of nodes live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from harness.errors import HarnessError


if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.network import Packet
    from histories import NodeOutcome

    from ._node_log import NodeLog


class LaunchError(HarnessError):
    """A process could not be started; the message says why and what to do."""


class Owner(Protocol):
    """Who is told what a process does."""

    def on_line(self, line: bytes) -> None:
        """Take a line that the process printed, without its end."""

    def on_end(self) -> None:
        """Take note that the process has ended; its `outcome` says how."""

    def on_refusal(self, cause: str | None) -> None:
        """Take note that the process takes no messages for now, or takes them again."""


class NodeProcess(Protocol):
    """One incarnation of a node.

    Messages for it are held until `release` is called, but for those of `starter`,
    who initialises it.

    Attributes:
        starter: The client whose messages are not held.
        ended: Whether it has ended.
        outcome: How it ended, once it has.
        log: What it writes to standard error.
    """

    starter: str | None
    ended: bool
    outcome: NodeOutcome
    log: NodeLog

    @property
    def read_lines(self) -> int:
        """How many lines it printed so far."""

    @property
    def unfinished(self) -> int:
        """How many bytes of a line are there whose end is not."""

    def deliver(self, packet: Packet) -> None:
        """Queue a message; must not block."""

    def release(self) -> None:
        """Deliver what was held, and hold nothing from now on."""

    def flush(self) -> None:
        """Hand over what is queued."""

    def unread_input(self) -> bool:
        """Return whether messages wait that the node has not taken."""

    def mute(self) -> None:
        """Throw away whatever it prints from now on."""

    def check_ended(self) -> bool:
        """Return whether it has ended; tells the owner if it just did."""

    def kill(self) -> None:
        """End it at once, as a fault: whatever it held in memory is lost."""

    def pause(self) -> None:
        """Have it do nothing until `resume`; messages for it wait."""

    def resume(self) -> None:
        """Let it go on."""


class Transport(Protocol):
    """Starts the processes of nodes and ends them, and holds what outlives them."""

    def open(self) -> None:
        """Prepare; comes before the first launch."""

    def launch(self, name: str, epoch: int, owner: Owner) -> NodeProcess:
        """Start the process of a node.

        Args:
            name: The node.
            epoch: How many processes it had before.
            owner: Who is told what the process does.

        Raises:
            LaunchError: It could not be started.
        """

    def erase_disk(self, name: str) -> None:
        """Empty the folder of a node that has no process."""

    def set_clock(self, name: str, offset_ns: int) -> None:
        """Have the wall clock of a node differ from the true one from now on."""

    def clock_was_read(self, name: str) -> bool:
        """Return whether a node asked for its wall clock since that was last set.

        True too where that cannot be told.
        """

    def shut_down(self, processes: Mapping[str, NodeProcess]) -> None:
        """End the processes that have not ended: politely, then by force."""

    def close(self) -> None:
        """End whatever is left, at once."""
