"""Ends the node processes of a harness that died before it could.

The harness starts this file as a program of its own and holds the only other end of
its standard input. Lines `+PGID` and `-PGID` tell which process groups live; the end
of input means that the harness is gone, however it went, and that whatever is left
is to be killed. Imports little, so that it is there before the first node.

A node may have started processes that left its group. They are known by a mark in
the environment that they inherited, where the system shows environments (/proc).
"""

from __future__ import annotations

import os
import signal
import sys


MARK = "HARNESS_RUN"
"""The variable by which the processes of a run are known."""


class Watchdog:
    """The harness's side: starts the program and tells it what lives.

    Attributes:
        mark: Value of the variable `MARK` in the environment of every node.
    """

    def __init__(self) -> None:
        import subprocess

        self.mark = os.urandom(8).hex()
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-E", __file__, self.mark],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )
        assert self._process.stdin is not None, "asked for a pipe"
        self._pipe = self._process.stdin

    def guard(self, group: int) -> None:
        """Have a process group killed when the harness dies."""
        self._tell(b"+%d\n" % group)

    def dismiss(self, group: int) -> None:
        """Forget a process group that has ended."""
        self._tell(b"-%d\n" % group)

    def close(self) -> None:
        """Kill what nodes have left behind, and end the program.

        Every group has to be dismissed or dead by then.
        """
        kill_marked(self.mark)
        try:
            self._pipe.close()
        finally:
            self._process.wait()

    def _tell(self, line: bytes) -> None:
        try:
            self._pipe.write(line)
        except OSError:
            # Without its watchdog the harness still ends its nodes when it can.
            return


def main() -> None:
    """Read until the end of input, then kill the process groups that are left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line[0] == "+":
            groups.add(group)
        else:
            groups.discard(group)
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except OSError:
            continue
    kill_marked(sys.argv[1])


def kill_marked(mark: str) -> None:
    """Kill every process whose environment has the mark, where that can be seen."""
    entry = f"{MARK}={mark}".encode()
    try:
        names = os.listdir("/proc")  # noqa: PTH208 - pathlib takes longer than all this
    except OSError:
        return
    processes = [int(name) for name in names if name.isdigit()]
    for process in processes:
        try:
            with open(f"/proc/{process}/environ", "rb") as file:  # noqa: PTH123 - as above
                marked = entry in file.read().split(b"\0")
            if marked:
                os.kill(process, signal.SIGKILL)
        except OSError:
            continue


if __name__ == "__main__":
    main()
