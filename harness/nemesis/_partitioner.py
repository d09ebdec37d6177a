"""The partition nemesis: cuts links, repairs them, and records both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.network import LinkFault

from .partitions import draw, shapes_for


if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from harness.agenda import Agenda
    from harness.interpreter import Log
    from harness.network import Network

_SHORTEST_NS = 1_000_000
"""Time between two changes at the least: faults must not take all the time there is."""


class Partitioner:
    """Alternates between a partition of random shape and a whole network.

    The first partition begins at a time uniform in [0, interval), so that operations
    before, during and after a fault are seen in short runs too; every later gap is
    uniform in [0, 2 · interval), which is Maelstrom's.

    Attributes:
        in_force: The fault that is in force, in words; None while there is none.
    """

    def __init__(
        self,
        *,
        agenda: Agenda,
        log: Log,
        network: Network,
        nodes: Sequence[str],
        interval_ns: int,
        rng: Random,
    ) -> None:
        self.in_force: str | None = None
        self._agenda = agenda
        self._log = log
        self._network = network
        self._nodes = tuple(nodes)
        self._interval_ns = interval_ns
        self._rng = rng
        self._shapes = shapes_for(len(nodes))
        self._running = False

    def start(self) -> None:
        """Begin the schedule, if any shape cuts something at this number of nodes."""
        self._running = bool(self._shapes)
        if self._running:
            self._later(self._rng.random())

    def stop(self) -> None:
        """End the schedule and repair whatever is cut."""
        self._running = False
        if self.in_force is not None:
            self._repair()

    def _later(self, gap: float) -> None:
        """Enter the next change after so many intervals."""
        delay = max(_SHORTEST_NS, int(gap * self._interval_ns))
        self._agenda.at(self._agenda.now + delay, self._change)

    def _change(self) -> None:
        if not self._running:
            return
        if self.in_force is None:
            self._partition()
        else:
            self._repair()
        self._later(2 * self._rng.random())

    def _partition(self) -> None:
        shape = self._rng.choice(self._shapes)
        cut = draw(shape, self._nodes, self._rng)
        self._log.nemesis("start-partition", {"shape": shape})
        self._network.impose("partition", LinkFault(links=cut.blocked, block=True))
        self.in_force = cut.sentence
        self._log.nemesis(
            "start-partition",
            {
                "shape": shape,
                "sentence": cut.sentence,
                "blocked": sorted(map(list, cut.blocked)),
            },
        )

    def _repair(self) -> None:
        self._log.nemesis("stop-partition", None)
        effect = self._network.lift("partition")
        self.in_force = None
        self._log.nemesis("stop-partition", {"dropped": effect.dropped})
