"""A node inside the harness: handles one message at a time, in virtual time.

What is known as the time that a process takes is drawn here: a message is handled at
the moment when the node gets to it, and what the node has to say comes out a little
later. A node that is killed in between has done its work and told nobody. Messages go
in and come out as the lines that a process would read and print.
"""

from __future__ import annotations

import traceback
from collections import deque
from math import log
from typing import TYPE_CHECKING, Final

from harness.transports._input import BACKLOG_LIMIT, quoted
from harness.transports._node_log import NodeLog
from harness.transports._notes import note_full_input, note_long_line
from harness.transports._output import LINE_LIMIT, READ_SIZE
from histories import NodeOutcome
from nodes._stdio import line_of, parse_line

from ._program import NotSimulatedError, load
from ._stage import EndlessError


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from harness.agenda import Agenda
    from harness.network import Packet
    from harness.problems import ProblemLog
    from harness.transports import Owner
    from nodes.runtime import Node

    from ._program import Loaded, Source
    from ._stage import Stage
    from ._streams import Streams

TURN_NS: Final = 80_000
"""What a message costs a node on average, but for a few."""

LONG_TURN_NS: Final = 5_000_000
"""What one of these few costs on average: a collection of garbage, a busy machine."""

LONG_TURNS: Final = 0.004
"""How many are long."""

START_NS: Final = (10_000_000, 50_000_000)
"""How long a process takes to start, from and to."""

_NEVER: Final = 1 << 62


class SimulatedProcess:
    """A node in virtual time; see `harness.transports.NodeProcess`.

    Attributes:
        name: The node.
        starter: The client whose messages are not held.
        ended: Whether the process has ended.
        outcome: How it ended, once it has.
        log: What it writes to standard error.
        read_lines: How many lines it printed so far.
    """

    def __init__(
        self,
        name: str,
        *,
        source: Source,
        make: Callable[[Loaded], Node],
        stage: Stage,
        streams: Streams,
        log: Path,
        agenda: Agenda,
        problems: ProblemLog,
        rng: Random,
        owner: Owner,
    ) -> None:
        """Start the process.

        Args:
            name: The node.
            source: Its program.
            make: Makes the node of the program.
            stage: Where the program runs.
            streams: Its standard output and standard error.
            log: Where standard error goes.
            agenda: Where what it does is entered.
            problems: Told what it does wrong.
            rng: How long it takes for what it does.
            owner: Told what it prints, and its end.

        Raises:
            NotSimulatedError: The program is not written on the runtime.
        """
        self.name = name
        self.starter: str | None = None
        self.ended = False
        self.outcome = NodeOutcome(name=name)
        self.read_lines = 0
        self._stage = stage
        self._streams = streams
        self._stdout, self._stderr = streams.stdout, streams.stderr
        self.log = NodeLog(log)
        self._agenda = agenda
        self._problems = problems
        self._random = rng.random
        self._owner = owner
        self._head = b',"dest":%b,"body":' % quoted(name)
        self._held: list[Packet] | None = []
        self._queue: deque[Packet] = deque()
        self._backlog = 0
        self._full = False
        self._lines: list[bytes] = []
        self._status: int | None = None
        self._busy = True
        self._paused = False
        self._late = False
        self._stuck = False
        self._muted = False
        self._alarm = _NEVER
        self._node: Node
        self._load(source, make)
        start = START_NS[0] + int(self._random() * (START_NS[1] - START_NS[0]))
        agenda.at(agenda.now + start, self._emit)

    def _load(self, source: Source, make: Callable[[Loaded], Node]) -> None:
        """Run the program until it has made its node."""
        try:
            self._stage.enter(self._stdout, self._stderr)
            try:
                self._node = make(load(source))
            finally:
                self._stage.leave()
        except (NotSimulatedError, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 - whatever ends a process
            self._fail(error)

    # What the rest of the harness calls.

    @property
    def unfinished(self) -> int:
        """How many bytes of a line are there whose end is not."""
        return self._streams.unfinished

    @property
    def idle(self) -> bool:
        """Whether it has done all that it was asked to."""
        return self.ended or not (self._busy or self._queue)

    def deliver(self, packet: Packet) -> None:
        """Queue a message, and handle it if nothing else is being handled."""
        if self._held is not None and packet.src != self.starter:
            self._held.append(packet)
        else:
            self._queue.append(packet)
        self._backlog += len(packet.body)
        if self._backlog > BACKLOG_LIMIT and not self._full:
            self._full = True
            note_full_input(self._problems, self.name)
            self._owner.on_refusal("overflow")
        if not self._busy and not self._paused and self._queue:
            self._step()

    def release(self) -> None:
        """Deliver what was held, and hold nothing from now on."""
        self._queue.extend(self._held or ())
        self._held = None
        self._go_on()

    def flush(self) -> None:
        """Do nothing: what is queued has been handed over."""

    def unread_input(self) -> bool:
        """Return whether messages wait that the node has not taken."""
        return bool(self._queue) and not self.ended

    def mute(self) -> None:
        """Throw away whatever it prints from now on."""
        self._muted = True

    def check_ended(self) -> bool:
        """Return whether it has ended."""
        return self.ended

    def kill(self) -> None:
        """End it at once; what it has not told anybody yet is lost."""
        if not self.ended:
            self._end(signal="SIGKILL", expected=True)

    def pause(self) -> None:
        """Have it do nothing until `resume`; messages for it wait."""
        self._paused = True

    def resume(self) -> None:
        """Let it go on."""
        if not self._paused:
            return
        self._paused = False
        if self._late:
            self._late = False
            self._emit()
        else:
            self._go_on()

    def finish(self) -> None:
        """End it as a process ends whose input has ended."""
        if self.ended:
            return
        if self._stuck:
            self._end(signal="SIGTERM", expected=True)
            return
        self._late = self._paused = False
        if self._status is None:
            self._end(exit_code=0, expected=True)
        else:
            self._emit()

    # How it works.

    def _step(self) -> None:
        """Handle a message or what is due; what comes of it comes out later."""
        self._busy = True
        agenda, stage, node = self._agenda, self._stage, self._node
        packet = self._queue.popleft() if self._queue else None
        stage.enter(self._stdout, self._stderr)
        try:
            node.now_ns = agenda.now
            if packet is not None:
                self._backlog -= len(packet.body)
                message = parse_line(
                    b'{"id":%d,"src":%b%b%b}'
                    % (packet.id, quoted(packet.src), self._head, packet.body)
                )
                if message:
                    node.receive(message)
            deadline = node.next_deadline()
            if deadline is not None and deadline <= agenda.now:
                node.advance(agenda.now)
            for sent in node.take_outbox():
                self._lines.append(line_of(sent).encode())
        except KeyboardInterrupt:
            raise  # the user gave up
        except BaseException as error:  # noqa: BLE001 - whatever ends a process
            self._fail(error)
        finally:
            stage.leave()
        draw = self._random()
        mean = TURN_NS
        if draw < LONG_TURNS:
            draw /= LONG_TURNS
            mean = LONG_TURN_NS
        agenda.at(agenda.now + 1_000 - int(mean * log(1.0 - draw)), self._emit)
        if self._full and self._backlog < BACKLOG_LIMIT // 2:
            self._full = False
            self._owner.on_refusal(None)

    def _emit(self) -> None:
        """Send what has come of the last step, and take the next."""
        if self.ended or self._stuck:
            return
        if self._paused:
            self._late = True
            return
        if self._lines:
            lines, self._lines = self._lines, []
            for line in lines:
                self._print(line[:-1])
        if self._streams.has_output:
            for line in self._streams.take_lines():
                self._print(line)
        if self._status is not None:
            self._end(exit_code=self._status, expected=False)
        elif not self.ended:
            self._busy = False
            self._go_on()

    def _print(self, line: bytes) -> None:
        """Pass on a line as one that was read from a pipe."""
        if self._muted or self.ended or not line:
            return
        self.read_lines += 1
        if len(line) > LINE_LIMIT:
            note_long_line(self._problems, self.name, line[:READ_SIZE])
            return
        self._owner.on_line(line)

    def _go_on(self) -> None:
        """Take the next step now, or when something is due."""
        if self._busy or self._paused or self.ended:
            return
        if self._queue:
            self._step()
            return
        deadline = self._node.next_deadline()
        if deadline is None:
            return
        if deadline <= self._agenda.now:
            self._step()
        elif deadline < self._alarm:
            self._alarm = deadline
            self._agenda.at(deadline, self._wake, deadline)

    def _wake(self, alarm: int) -> None:
        """Look what is due now, unless another alarm has taken the place of this."""
        if alarm == self._alarm:
            self._alarm = _NEVER
            self._go_on()

    def _fail(self, error: BaseException) -> None:
        """Take what a program raised as a process would."""
        if isinstance(error, EndlessError):
            self._stick(error)
            return
        self._lines.clear()
        self._status = 1
        if isinstance(error, SystemExit):
            code = error.code
            if code is None or isinstance(code, int):
                self._status = (code or 0) & 0xFF
            else:
                self._complain(f"{code}\n")
        else:
            self._complain("".join(traceback.format_exception(error)))

    def _stick(self, error: BaseException) -> None:
        """Leave a node alone that does not return: it will not do anything any more."""
        self._stuck = True
        self._lines.clear()
        place = "".join(traceback.format_tb(error.__traceback__))
        self._complain(f"This did not return:\n{place}")
        self._problems.note(
            "unread-input",
            self.name,
            f"{self.name} did not return from what it was doing for some seconds of "
            "the wall clock: it loops or waits. Its log says where.",
            place,
        )

    def _complain(self, text: str) -> None:
        self._stderr.write(text)

    def _end(
        self, *, expected: bool, exit_code: int | None = None, signal: str | None = None
    ) -> None:
        """Be no more."""
        if exit_code is not None:
            for line in self._streams.close(flush=True):
                self._print(line)
        else:
            self._streams.close(flush=False)
        self.ended = True
        self._queue.clear()
        self._held = None
        self._lines.clear()
        self.outcome = NodeOutcome(
            name=self.name,
            exit_code=exit_code,
            signal=signal,
            expected=expected,
            stderr_tail=self.log.tail(),
        )
        self._owner.on_end()
