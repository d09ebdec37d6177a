"""Ends the node processes of a harness that died before it could.

A program of its own: `python watchdog.py`. Its standard input is a pipe that only
the harness holds. Lines `+PGID` and `-PGID` tell which process groups live; the
end of input means that the harness is gone, however it went, and that whatever is
left is to be killed. Imports little, so that it is there before the first node.
"""

from __future__ import annotations

import os
import signal
import sys


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
