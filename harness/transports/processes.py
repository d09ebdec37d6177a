"""Nodes as child processes that speak lines over pipes.

A node runs in a session and process group of its own, with the working directory
and the environment of the harness, and without a shell. Its standard error goes
straight to a file, so that nothing is lost when the harness dies.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from histories import NodeOutcome

from ._input import InputQueue
from ._node_log import NodeLog
from ._notes import note_full_input, note_full_log, note_long_line
from ._output import PIPE_SIZE, OutputLines


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from harness.agenda import Agenda
    from harness.loop import Loop
    from harness.problems import ProblemLog

    from ._process import Owner

_ENDING_NS = 200_000_000


class ChildProcess:
    """A node process of this machine; see `NodeProcess`.

    Attributes:
        name: The node.
        ended: Whether the process has ended.
        outcome: How it ended, once it has.
        log: What it writes to standard error.
    """

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
        owner: Owner,
    ) -> None:
        """Start the process.

        Raises:
            OSError: It could not be started.
        """
        self.name = name
        self.ended = False
        self.outcome = NodeOutcome(name=name)
        self.log = NodeLog(log)
        self._agenda = agenda
        self._problems = problems
        self._owner = owner
        self._ending = False
        self._paused = False
        # Appending, so that the log goes on when the process is replaced, and so that
        # a writer goes on at the end of a log that was cut short.
        with log.open("ab") as stderr:
            self._process = subprocess.Popen(
                list(argv),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=dict(environment),
                bufsize=0,
                start_new_session=True,
            )
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None, "asked for a pipe"
        assert stdout is not None, "asked for a pipe"
        for pipe in (stdin, stdout):
            _enlarge_pipe(pipe.fileno())
        self._input = InputQueue(
            stdin, name, loop, on_refusal=self._refuse, on_lost=self._lost_stdin
        )
        self._output = OutputLines(
            stdout,
            loop,
            on_line=owner.on_line,
            on_long_line=partial(note_long_line, problems, name),
            on_closed=self._lost_stdout,
        )
        self.deliver = self._input.push
        self.release = self._input.release
        self.flush = self._input.flush
        self.unread_input = self._input.unread
        self.mute = self._output.mute

    @property
    def starter(self) -> str | None:
        """The client whose messages are not held."""
        return self._input.starter

    @starter.setter
    def starter(self, client: str | None) -> None:
        self._input.starter = client

    @property
    def read_lines(self) -> int:
        """Lines that it printed so far."""
        return self._output.count

    @property
    def unfinished(self) -> int:
        """How many bytes of a line are there whose end is not."""
        return self._output.unfinished

    @property
    def group(self) -> int:
        """The process group, which is also the process id of the node."""
        return self._process.pid

    def _refuse(self, cause: str | None) -> None:
        """Pass on that input is full or no longer is."""
        if cause is not None:
            note_full_input(self._problems, self.name)
        self._owner.on_refusal(cause)

    def _lost_stdin(self) -> None:
        """Give up an input that nobody reads any more."""
        self._owner.on_refusal("closed-stdin")
        self._note_unless_ended(
            "closed-stdin", "input", "no message reaches it any more."
        )

    def _lost_stdout(self) -> None:
        """See to the end of what the node prints."""
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

    def check_ended(self) -> bool:
        """Return whether the process has ended; tells the owner if it just did."""
        if self.ended:
            return True
        seen = os.waitid(
            os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT
        )
        if seen is None:
            if self.log.bound():
                note_full_log(self._problems, self.name)
            return False
        self._reap()
        return True

    def _reap(self) -> None:
        """Take what an ended process has left, and note how it ended."""
        self._output.drain()
        if not self._ending:
            self._output.take_unfinished()
        self.ended = True
        # Before the process is reaped its group cannot be taken by another.
        with contextlib.suppress(OSError):
            os.killpg(self.group, signal.SIGKILL)
        status = self._process.wait()
        self._input.close()
        self._output.close()
        self.outcome = NodeOutcome(
            name=self.name,
            exit_code=status if status >= 0 else None,
            signal=_signal_name(-status) if status < 0 else None,
            expected=self._ending,
            stderr_tail=self.log.tail(),
        )
        self._owner.on_end()

    def excuse(self) -> None:
        """Take the way that it ended for what was to be expected."""
        self.outcome = msgspec.structs.replace(self.outcome, expected=True)

    def kill(self) -> None:
        """End it at once, as a fault; what it had printed by then is still read."""
        self.signal_group(signal.SIGKILL)
        if not self.ended:
            os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
            self._reap()

    def pause(self) -> None:
        """Stop it and all that it started, which is so when this returns."""
        if self.check_ended() or self._paused:
            return
        self._paused = True
        os.killpg(self.group, signal.SIGSTOP)
        os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def resume(self) -> None:
        """Let it go on."""
        if self._paused:
            self._paused = False
            with contextlib.suppress(OSError):
                os.killpg(self.group, signal.SIGCONT)

    def close_input(self) -> None:
        """Tell the node that the run is over by ending its input."""
        self._ending = True
        self._input.flush()
        self._input.close()

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the node and to all that it started."""
        self._ending = True
        if not self.ended:
            with contextlib.suppress(OSError):
                os.killpg(self.group, number)

    def wait(self) -> None:
        """Wait for a process that was killed."""
        self._process.wait()


def _signal_name(number: int) -> str:
    """Return the name of a signal; most real-time signals have none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _enlarge_pipe(fd: int) -> None:
    """Let a pipe hold more, where the system allows it: fewer, larger reads."""
    with contextlib.suppress(OSError, AttributeError):
        fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
