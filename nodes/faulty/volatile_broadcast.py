"""A broadcast that forgets what it has acknowledged when it is killed.

The bug: values are in memory only. The neighbours were told that they are known here,
and do not send them again.
It shows as `regress` of a node that was killed, and as `missing-on-node`.
It needs a *kill*, and nothing about the disk: there is nothing on it.
"""

from __future__ import annotations

from nodes._disk import MemoryDisk
from nodes.broadcast import Broadcast
from nodes.runtime import run


class VolatileBroadcast(Broadcast):
    """Differs from the broadcast node in that nothing is kept on disk."""

    def start(self) -> None:
        """Begin with nothing, on a disk that does not outlive this node."""
        self._disk = MemoryDisk()
        super().start()


if __name__ == "__main__":
    run(VolatileBroadcast)
