"""The transport of simulated nodes: what they are given, and how they are ended."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from harness.transports._notes import note_full_log, note_unread
from nodes._disk import MemoryDisk

from ._process import SimulatedProcess
from ._program import find_source
from ._stage import Stage
from ._streams import Streams


if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.agenda import Agenda
    from harness.problems import ProblemLog
    from harness.spec import RunSpec
    from harness.transports import NodeProcess, Owner
    from histories import Run
    from nodes.runtime import Node

    from ._driver import VirtualDriver
    from ._program import Loaded

EPOCH_NS: Final = 1_767_225_600 * 1_000_000_000
"""The wall clock at the start of every run: 2026-01-01 00:00 UTC."""


class SimulatedTransport:
    """Nodes as objects in this process; see `harness.transports.Transport`."""

    def __init__(
        self,
        spec: RunSpec,
        run: Run,
        *,
        agenda: Agenda,
        driver: VirtualDriver,
        problems: ProblemLog,
    ) -> None:
        self._spec = spec
        self._run = run
        self._agenda = agenda
        self._driver = driver
        self._problems = problems
        self._source = find_source(spec.bin)
        self._stage = Stage(
            spec.seed,
            str(Path(self._source.path).parent),
            lambda: driver.interrupted > 0,
        )
        self._processes: dict[str, SimulatedProcess] = {}
        self._disks: dict[str, MemoryDisk] = {}
        self._offsets: dict[str, int] = {}
        self._read_clocks: set[str] = set()
        driver.look = self._stage.look

    def open(self) -> None:
        """Prepare this process for programs that are not its own."""
        self._stage.open()

    def launch(self, name: str, epoch: int, owner: Owner) -> NodeProcess:
        """Start the process of a node.

        Raises:
            NotSimulatedError: The program is not written on the runtime.
        """
        log = self._run.log_path(name)

        def clock_ns() -> int:
            self._read_clocks.add(name)
            return EPOCH_NS + self._agenda.now + self._offsets.get(name, 0)

        def make(loaded: Loaded) -> Node:
            return loaded.node_class(
                loaded.arguments,
                seed=str(self._spec.seed),
                disk=self._disks.setdefault(name, MemoryDisk()),
                clock=clock_ns,
                epoch=epoch,
            )

        process = self._processes[name] = SimulatedProcess(
            name,
            source=self._source,
            make=make,
            stage=self._stage,
            streams=Streams(log, partial(note_full_log, self._problems, name)),
            log=log,
            agenda=self._agenda,
            problems=self._problems,
            rng=Random(f"{self._spec.seed}/turns/{name}/{epoch}"),
            owner=owner,
        )
        return process

    def erase_disk(self, name: str) -> None:
        """Empty the disk of a node that has no process."""
        self._disks.pop(name, None)

    def set_clock(self, name: str, offset_ns: int) -> None:
        """Have the wall clock of a node differ from the true one from now on."""
        self._offsets[name] = offset_ns
        self._read_clocks.discard(name)

    def clock_was_read(self, name: str) -> bool:
        """Return whether a node asked for its wall clock since that was last set."""
        return name in self._read_clocks

    def shut_down(self, processes: Mapping[str, NodeProcess]) -> None:
        """End processes once they have read what was sent to them."""
        nodes = [self._processes[name] for name in processes]
        note_unread(
            nodes,
            lambda node: not node.idle,
            driver=self._driver,
            agenda=self._agenda,
            problems=self._problems,
        )
        for node in nodes:
            node.finish()

    def close(self) -> None:
        """End whatever is left, at once."""
        for process in self._processes.values():
            process.kill()
        self._stage.close()
