"""Nodes as child processes that speak lines over pipes.

A node runs in a session and process group of its own, with the working directory
and the environment of the harness, and without a shell. Its standard error goes
straight to a file, so that nothing is lost when the harness dies.
"""

from __future__ import annotations

import array
import contextlib
import fcntl
import json
import os
import signal
import subprocess
import termios
from functools import cache
from typing import TYPE_CHECKING

from harness.network import NODE
from histories import NodeOutcome


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from harness.agenda import Agenda
    from harness.loop import Loop
    from harness.network import Packet
    from harness.problems import ProblemLog

READ_SIZE = 64 * 1024
"""Bytes taken from one node a turn: no node can keep the others waiting."""

LINE_LIMIT = 16 * 1024 * 1024
"""Bytes of a line after which it is given up."""

BACKLOG_LIMIT = 64 * 1024 * 1024
"""Bytes that wait for a node that does not read; more is dropped."""

_ENDING_NS = 200_000_000
_PIPE_SIZE = 1024 * 1024


class ProcessNode:
    """One node process. Messages for it are held until `release` is called.

    Attributes:
        name: Its address.
        role: What faults and statistics go by.
        read_lines: Lines that it printed so far.
        bad_lines: How many of them were no messages; counted by the owner.
        ended: Whether the process has ended.
        starter: The client whose messages are not held: the one that initialises.
        log: The file that holds its standard error.
        outcome: How it ended, once it has.
    """

    role = NODE

    def __init__(
        self,
        name: str,
        *,
        argv: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        agenda: Agenda,
        loop: Loop,
        problems: ProblemLog,
        on_line: Callable[[ProcessNode, bytes], None],
        on_end: Callable[[ProcessNode], None],
    ) -> None:
        """Start the process.

        Raises:
            OSError: It could not be started.
        """
        self.name = name
        self.read_lines = 0
        self.bad_lines = 0
        self.ended = False
        self.starter: str | None = None
        self.log = log
        self.outcome = NodeOutcome(name=name)
        self._agenda = agenda
        self._loop = loop
        self._problems = problems
        self._on_line = on_line
        self._on_end = on_end
        self._address = _quoted(name)
        self._partial = b""
        self._skipping = False
        self._muted = False
        self._held: list[Packet] | None = []
        self._outgoing: list[bytes] = []
        self._backlog = 0
        self._blocked = False
        self._ending = False
        self._shown = 0
        with log.open("wb") as stderr:
            self._process = subprocess.Popen(
                list(argv),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=dict(environment),
                bufsize=0,
                start_new_session=True,
            )
        assert self._process.stdin is not None, "asked for a pipe"
        assert self._process.stdout is not None, "asked for a pipe"
        self._stdin: int | None = self._process.stdin.fileno()
        self._stdout: int | None = self._process.stdout.fileno()
        for fd in (self._stdin, self._stdout):
            os.set_blocking(fd, False)
            _enlarge_pipe(fd)
        loop.watch(self._stdout, self._read, _never)

    @property
    def unfinished(self) -> int:
        """How many bytes of a line are there whose end is not."""
        return len(self._partial)

    @property
    def group(self) -> int:
        """The process group, which is also the process id of the node."""
        return self._process.pid

    def deliver(self, packet: Packet) -> None:
        """Queue a message for the node; `flush` writes it."""
        if self._held is None or packet.src == self.starter:
            self._queue(packet)
        else:
            self._held.append(packet)

    def release(self) -> None:
        """Deliver what was held, and hold nothing from now on."""
        held, self._held = self._held, None
        for packet in held or ():
            self._queue(packet)

    def _queue(self, packet: Packet) -> None:
        if self._stdin is None:
            return
        line = b'{"id":%d,"src":%b,"dest":%b,"body":%b}\n' % (
            packet.id,
            _quoted(packet.src),
            self._address,
            packet.body,
        )
        self._backlog += len(line)
        if self._backlog > BACKLOG_LIMIT:
            self._backlog -= len(line)
            self._problems.note(
                "queue-overflow",
                self.name,
                f"{self.name} does not read its input: {BACKLOG_LIMIT >> 20} MiB wait "
                "for it, and further messages to it are dropped.",
            )
            return
        self._outgoing.append(line)

    def flush(self) -> None:
        """Write what is queued, as far as the pipe takes it."""
        if not self._outgoing or self._blocked or self._stdin is None:
            return
        data = b"".join(self._outgoing)
        self._outgoing.clear()
        try:
            written = os.write(self._stdin, data)
        except BlockingIOError:
            written = 0
        except OSError:
            self._lost_stdin()
            return
        self._backlog -= written
        if written < len(data):
            self._outgoing.append(data[written:])
            self._blocked = True
            self._loop.watch_writable(self._stdin, self._writable)

    def _writable(self) -> None:
        assert self._stdin is not None, "watched while it is open"
        self._loop.forget(self._stdin)
        self._blocked = False
        self.flush()

    def _lost_stdin(self) -> None:
        """Give up an input that nobody reads any more."""
        self._close_stdin()
        self._note_unless_ended(
            "closed-stdin", "input", "no message reaches it any more."
        )

    def _read(self) -> None:
        """Take a bounded amount of what the node printed; see to its end."""
        if self._take() != 0:
            return
        self._close_stdout()
        self._note_unless_ended(
            "closed-stdout", "output", "nothing can be heard from it any more."
        )

    def _note_unless_ended(self, kind: str, stream: str, effect: str) -> None:
        """Note a stream that a node closed, unless that was how it ended.

        A process that ends closes its streams a moment before it can be seen to have
        ended.
        """

        def note() -> None:
            if not self.check_ended() and not self._ending:
                sentence = f"{self.name} closed its standard {stream} while running; "
                self._problems.note(kind, self.name, sentence + effect)

        if not self.check_ended() and not self._ending:
            self._agenda.at(self._agenda.now + _ENDING_NS, note)

    def _take(self) -> int:
        """Pass on the lines of one read; return its size, -1 if there was none."""
        if self._stdout is None:
            return 0
        try:
            data = os.read(self._stdout, READ_SIZE)
        except BlockingIOError:
            return -1
        if self._muted:
            return len(data)
        lines = data.split(b"\n")
        if self._skipping:
            if len(lines) == 1:
                return len(data)
            self._skipping = False
            del lines[0]
        else:
            lines[0] = self._partial + lines[0]
        self._partial = lines.pop()
        if len(self._partial) > LINE_LIMIT:
            self._give_up_line()
        self.read_lines += len(lines)
        on_line = self._on_line
        for line in lines:
            on_line(self, line)
            if self._muted:
                break
        return len(data)

    def mute(self) -> None:
        """Throw away whatever the node prints from now on."""
        self._muted = True

    def _give_up_line(self) -> None:
        self._problems.note(
            "line-too-long",
            self.name,
            f"{self.name} printed {LINE_LIMIT >> 20} MiB without a line break; "
            "the rest of that line is skipped. A message ends with a newline.",
            self._partial[:200].decode("utf-8", "backslashreplace"),
        )
        self._partial = b""
        self._skipping = True

    def check_ended(self) -> bool:
        """Return whether the process has ended, and note how if it just did."""
        if self.ended:
            return True
        seen = os.waitid(
            os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT
        )
        if seen is None:
            return False
        self._drain()
        self._end_line()
        self.ended = True
        # Before the process is reaped its group cannot be taken by another.
        with contextlib.suppress(OSError):
            os.killpg(self.group, signal.SIGKILL)
        status = self._process.wait()
        self._close_stdin()
        self._close_stdout()
        self.outcome = NodeOutcome(
            name=self.name,
            exit_code=status if status >= 0 else None,
            signal=_signal_name(-status) if status < 0 else None,
            expected=self._ending,
            stderr_tail=tail_lines(self.log),
        )
        self._on_end(self)
        return True

    def _drain(self) -> None:
        """Take what an ended process left in its pipe, at most a bound."""
        for _ in range(_PIPE_SIZE // READ_SIZE + 1):
            if self._take() <= 0:
                return

    def _end_line(self) -> None:
        """Take the end of a process that ended unasked for the end of its line."""
        line, self._partial = self._partial, b""
        if line and not self._muted and not self._ending:
            self.read_lines += 1
            self._on_line(self, line)

    def close_input(self) -> None:
        """Tell the node that the run is over by ending its input."""
        self._ending = True
        self.flush()
        self._close_stdin()

    def unread_input(self) -> bool:
        """Return whether messages wait that the node has not taken."""
        return bool(self._outgoing) or (
            self._stdin is not None and _bytes_in_pipe(self._stdin) > 0
        )

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the node and to all that it started."""
        self._ending = True
        if not self.ended:
            with contextlib.suppress(OSError):
                os.killpg(self.group, number)

    def new_stderr(self) -> list[str]:
        """Return the whole lines that it wrote to standard error since the last call."""
        with self.log.open("rb") as file:
            file.seek(self._shown)
            data = file.read(READ_SIZE)
        whole = data.rfind(b"\n") + 1
        if not whole and len(data) == READ_SIZE:
            whole = len(data)
        self._shown += whole
        return data[:whole].decode("utf-8", "backslashreplace").splitlines()

    def wait(self) -> None:
        """Wait for a process that was killed."""
        self._process.wait()

    def _close_stdin(self) -> None:
        if self._stdin is not None:
            self._loop.forget(self._stdin)
            assert self._process.stdin is not None, "asked for a pipe"
            with contextlib.suppress(OSError):
                self._process.stdin.close()
            self._stdin = None
            self._outgoing.clear()

    def _close_stdout(self) -> None:
        if self._stdout is not None:
            self._loop.forget(self._stdout)
            assert self._process.stdout is not None, "asked for a pipe"
            self._process.stdout.close()
            self._stdout = None


def tail_lines(log: Path, *, lines: int = 20, size: int = 16_384) -> tuple[str, ...]:
    """Return the last lines of a log, reading at most `size` bytes of it."""
    with log.open("rb") as file:
        start = max(0, file.seek(0, os.SEEK_END) - size)
        file.seek(start)
        text = file.read(size).decode("utf-8", "backslashreplace")
    return tuple(text.splitlines()[-lines:])


@cache
def _quoted(name: str) -> bytes:
    """Return an address as JSON."""
    return json.dumps(name).encode()


def _signal_name(number: int) -> str:
    """Return the name of a signal; most real-time signals have none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _never() -> None:
    raise AssertionError("the output of a node is only read")


def _enlarge_pipe(fd: int) -> None:
    """Let a pipe hold more, where the system allows it: fewer, larger reads."""
    with contextlib.suppress(OSError, AttributeError):
        fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)


def _bytes_in_pipe(fd: int) -> int:
    """Return how many bytes of a pipe nobody has read yet."""
    count = array.array("i", [0])
    with contextlib.suppress(OSError):
        fcntl.ioctl(fd, termios.FIONREAD, count)
    return count[0]
