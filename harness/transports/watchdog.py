"""Ends the node processes of a harness that died before it could.

The harness starts this file as a program of its own and holds the only other end of
its standard input. Lines `+PGID` and `-PGID` tell which process groups live; the end
of input means that the harness is gone, however it went, and that whatever is left
is to be killed. Imports little, so that it is there before the first node.
"""

from __future__ import annotations

import os
import signal
import sys


class Watchdog:
    """The harness's side: starts the program and tells it what lives."""

    def __init__(self) -> None:
        import subprocess

        self._process = subprocess.Popen(
            [sys.executable, "-S", "-E", __file__],
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
        """End the program; every group has to be dismissed or dead by then."""
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


if __name__ == "__main__":
    main()
