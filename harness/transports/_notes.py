"""What is noted of processes that do not take or say things as they should.

The words are the same wherever nodes live.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from ._input import BACKLOG_LIMIT
from ._node_log import LOG_LIMIT
from ._output import LINE_LIMIT


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.agenda import Agenda
    from harness.driver import Driver
    from harness.problems import ProblemLog

READ_GRACE_NS = 200_000_000
"""How long a node may take, at the end, to have read all that was sent to it once."""


class _Named(Protocol):
    name: str


_Process = TypeVar("_Process", bound=_Named)


def note_full_input(problems: ProblemLog, node: str) -> None:
    """Note that so much waits for a node that more is dropped."""
    problems.note(
        "queue-overflow",
        node,
        f"{node} does not read its input: {BACKLOG_LIMIT >> 20} MiB wait "
        "for it, and further messages to it are dropped.",
    )


def note_long_line(problems: ProblemLog, node: str, beginning: bytes) -> None:
    """Note a line that is given up."""
    problems.note(
        "line-too-long",
        node,
        f"{node} printed {LINE_LIMIT >> 20} MiB without a line break; "
        "the rest of that line is skipped. A message ends with a newline.",
        beginning.decode("utf-8", "backslashreplace"),
    )


def note_full_log(problems: ProblemLog, node: str) -> None:
    """Note that a log was begun anew."""
    problems.note(
        "log-overflow",
        node,
        f"{node} wrote {LOG_LIMIT >> 20} MiB to standard error; "
        "the log was emptied and goes on from there.",
    )


def note_unread(
    processes: Sequence[_Process],
    is_behind: Callable[[_Process], bool],
    *,
    driver: Driver,
    agenda: Agenda,
    problems: ProblemLog,
) -> None:
    """Give processes the time to read what they have not; note those that do not."""
    unread = list(filter(is_behind, processes))

    def all_read() -> bool:
        unread[:] = filter(is_behind, unread)
        return not unread

    driver.run(all_read, deadline=agenda.now + READ_GRACE_NS)
    for process in unread:
        problems.note(
            "unread-input",
            process.name,
            f"{process.name} had not read what was sent to it when the run ended: "
            "it is stuck, stopped, or slower than its input.",
        )
