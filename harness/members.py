"""A node as the rest of the harness knows it: one address, whose process may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from histories import NodeOutcome

from .network import NODE


if TYPE_CHECKING:
    from collections.abc import Callable

    from .network import Packet
    from .problems import ProblemLog
    from .transports import NodeProcess
    from .wire import Gateway

BAD_LINES_LIMIT = 10_000
"""Lines that are no messages after which a process is not listened to any more."""


class Member:
    """A node of the cluster, whatever becomes of its processes.

    Attributes:
        name: Its address.
        role: What faults and statistics go by.
        refuses: Why it takes no messages now; None while it does.
        deliver: Takes a message; not to be called while it refuses any.
        process: Its process, which may have ended; None before the first.
        epoch: How many processes it had before this one.
        ready: Whether its process has been initialised.
        lost: Whether its process ended though nothing had asked it to.
    """

    role = NODE

    deliver: Callable[[Packet], None]

    def __init__(
        self,
        name: str,
        gateway: Gateway,
        problems: ProblemLog,
        on_end: Callable[[Member], None],
    ) -> None:
        self.name = name
        self.refuses: str | None = "dead"
        self.process: NodeProcess | None = None
        self.epoch = -1
        self.ready = False
        self.lost = False
        self._gateway = gateway
        self._problems = problems
        self._on_end = on_end
        self._bad_lines = 0

    @property
    def alive(self) -> bool:
        """Whether it has a process that has not ended."""
        return self.process is not None and not self.process.ended

    def adopt(self, process: NodeProcess) -> None:
        """Take messages by this process from now on."""
        self.process = process
        self.deliver = process.deliver
        self.refuses = None

    def outcome(self) -> NodeOutcome:
        """Return how its last process ended."""
        if self.process is None:
            return NodeOutcome(name=self.name)
        return msgspec.structs.replace(self.process.outcome, restarts=self.epoch)

    def on_line(self, line: bytes) -> None:
        """Send the message that its process printed."""
        if self._gateway.receive(self, line):
            return
        self._bad_lines += 1
        if self._bad_lines == BAD_LINES_LIMIT and self.process is not None:
            self.process.mute()
            self._problems.note(
                "flood",
                self.name,
                f"{self.name} printed {BAD_LINES_LIMIT} lines that are no "
                "messages; nothing that it prints is listened to any more.",
            )

    def on_refusal(self, cause: str | None) -> None:
        """Refuse messages, or take them again."""
        self.refuses = cause

    def on_end(self) -> None:
        """Refuse messages, and pass on that the process has ended."""
        self.refuses = "dead"
        self.ready = False
        self._on_end(self)
