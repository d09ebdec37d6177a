"""The transport of child processes: what they are given, and how they are ended.

Whatever happens to the harness, no node outlives it: `shut_down` ends nodes politely
and then by force, `close` at once, and the watchdog does when the harness no longer
can.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ._notes import note_unread
from ._process import LaunchError
from .processes import ChildProcess
from .watchdog import MARK, Watchdog


if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.agenda import Agenda
    from harness.loop import Loop
    from harness.problems import ProblemLog
    from harness.spec import RunSpec
    from histories import Run

    from ._process import NodeProcess, Owner

EOF_GRACE_S = 0.5
"""How long a node may take to end once its input has ended, before SIGTERM."""

TERM_GRACE_S = 1.0
"""How long it may then take, before SIGKILL."""

_WATCH_NS = 50_000_000
_INTERRUPTS: Final = frozenset({"SIGINT", "SIGTERM", "SIGHUP"})


class ProcessTransport:
    """Nodes as processes of this machine; see `Transport`."""

    def __init__(
        self,
        spec: RunSpec,
        run: Run,
        *,
        agenda: Agenda,
        loop: Loop,
        problems: ProblemLog,
    ) -> None:
        self._spec = spec
        self._run = run
        self._agenda = agenda
        self._loop = loop
        self._problems = problems
        self._watchdog: Watchdog | None = None
        self._processes: dict[str, ChildProcess] = {}

    def open(self) -> None:
        """Start the watchdog, and look after processes from now on."""
        self._watchdog = Watchdog()
        self._watch()

    def launch(self, name: str, epoch: int, owner: Owner) -> NodeProcess:
        """Start the process of a node.

        Raises:
            LaunchError: It could not be started.
        """
        assert self._watchdog is not None, "opened before"
        spec = self._spec
        disk = self._run.disk_path(name)
        disk.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            **spec.environment,
            "HARNESS_SEED": str(spec.seed),
            "HARNESS_EPOCH": str(epoch),
            "HARNESS_DISK": str(disk),
            **self._clock_of(name),
            MARK: self._watchdog.mark,
        }
        if spec.faketime is not None:
            environment.pop("FAKETIME", None)  # would be preferred to the file
        watched = _Watched(owner)
        try:
            process = ChildProcess(
                name,
                argv=spec.bin,
                environment=environment,
                log=self._run.log_path(name),
                agenda=self._agenda,
                loop=self._loop,
                problems=self._problems,
                owner=watched,
            )
        except OSError as error:
            sentence = _spawn_failure(name, spec.bin[0], error)
            raise LaunchError(sentence) from error
        watched.transport, watched.process = self, process
        self._processes[name] = process
        self._watchdog.guard(process.group)
        return process

    def _clock_of(self, name: str) -> dict[str, str]:
        """Return the variables that make a node see its own wall clock.

        Under libfaketime all clocks of the process but the monotonic one are moved,
        so that a node must not move them once more.
        """
        clock, library = self._run.clock_path(name), self._spec.faketime
        if library is None:
            return {"HARNESS_CLOCK": str(clock)}
        if not clock.exists():
            self.set_clock(name, 0)
        return {
            "LD_PRELOAD": library,
            "FAKETIME_TIMESTAMP_FILE": str(clock),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",  # until version 0.9.8
        }

    def erase_disk(self, name: str) -> None:
        """Empty the folder of a node that has no process."""
        shutil.rmtree(self._run.disk_path(name), ignore_errors=True)

    def set_clock(self, name: str, offset_ns: int) -> None:
        """Have the wall clock of a node differ from the true one from now on."""
        path = self._run.clock_path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(f"{offset_ns / 1e9:+.6f}\n")
        fresh.replace(path)

    def clock_was_read(self, name: str) -> bool:
        """Return whether a node asked for its wall clock since that was last set.

        Reading a file leaves a trace in its times, unless it is mounted without.
        """
        path = self._run.clock_path(name)
        if os.statvfs(path).f_flag & os.ST_NOATIME:
            return True
        times = path.stat()
        return times.st_atime_ns > times.st_mtime_ns

    def shut_down(self, processes: Mapping[str, NodeProcess]) -> None:
        """End processes: end of input, SIGTERM, then SIGKILL of the group."""
        children = [self._processes[name] for name in processes]
        note_unread(
            children,
            lambda child: child.unread_input(),
            driver=self._loop,
            agenda=self._agenda,
            problems=self._problems,
        )
        for child in children:
            child.close_input()
        self._run_until_ended(EOF_GRACE_S)
        for number, grace_s in (
            (signal.SIGTERM, TERM_GRACE_S),
            (signal.SIGKILL, 5.0),
        ):
            for child in children:
                child.signal_group(number)
            self._run_until_ended(grace_s)
            if number is signal.SIGTERM:
                self._note_slow_exits(children)

    def close(self) -> None:
        """End whatever is left, at once."""
        for child in self._processes.values():
            child.signal_group(signal.SIGKILL)
        for child in self._processes.values():
            child.wait()
        if self._watchdog is not None:
            self._watchdog.close()
            self._watchdog = None
        self._forget_empty_disks()

    def _forget_empty_disks(self) -> None:
        """Remove the folders in which no node kept anything."""
        disks = [self._run.disk_path(name) for name in self._processes]
        for folder in (*disks, *{disk.parent for disk in disks}):
            with contextlib.suppress(OSError):
                folder.rmdir()

    def ended(self, child: ChildProcess) -> None:
        """Take note of the end of a process, before its owner does."""
        if self._watchdog is not None:
            self._watchdog.dismiss(child.group)
        if self._loop.interrupted and child.outcome.signal in _INTERRUPTS:
            # Until a child has a session of its own, Ctrl-C reaches it as well.
            child.excuse()

    def _all_ended(self) -> bool:
        """Return whether every process has ended; asks the system."""
        ended = [child.check_ended() for child in tuple(self._processes.values())]
        return all(ended)

    def _watch(self) -> None:
        """See to processes that have ended, now and then."""
        self._all_ended()
        if self._watchdog is not None:
            self._agenda.at(self._agenda.now + _WATCH_NS, self._watch)

    def _run_until_ended(self, grace_s: float) -> None:
        deadline = self._agenda.now + int(grace_s * 1e9)
        self._loop.run(self._all_ended, deadline=deadline)

    def _note_slow_exits(self, children: list[ChildProcess]) -> None:
        for child in children:
            if not child.ended:
                self._problems.note(
                    "slow-exit",
                    child.name,
                    f"{child.name} ended neither with its input nor on SIGTERM and "
                    "had to be killed.",
                )


class _Watched:
    """Passes on to the owner what a process does, its end after a look at it."""

    transport: ProcessTransport
    process: ChildProcess

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self.on_line = owner.on_line
        self.on_refusal = owner.on_refusal

    def on_end(self) -> None:
        self.transport.ended(self.process)
        self._owner.on_end()


def _spawn_failure(name: str, program: str, error: OSError) -> str:
    """Say why a program could not be started, and what to do."""
    if isinstance(error, PermissionError):
        advice = f"make it executable: chmod +x {program}"
    elif isinstance(error, FileNotFoundError) and Path(program).exists():
        advice = "the interpreter named in its first line (#!) does not exist"
    elif isinstance(error, FileNotFoundError):
        advice = "there is no such file"
    elif error.errno == errno.ENOEXEC:
        advice = "it is no program: a script needs a first line such as #!/usr/bin/env python3"
    else:
        advice = str(error.strerror)
    return f"{name} could not be started from {program}: {advice}."
