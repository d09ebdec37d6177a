"""Operations a second of the wall: real processes, and the simulator.

    python benchmarks/simulator.py [SECONDS] [WORDS...]

Real processes take 100 operations a second for five seconds; that is their rate, and
not what they could do. The simulator takes the same rate, for 120 seconds of virtual
time or those given, and the best of three is printed: these figures want a second or
more of the wall. With words, only loads whose name has them all are run. Both count the whole run:
start, main phase, recovery, final reads and end. The judgement of the history is
measured for itself.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from harness.analysis import analyse_run
from harness.cli._program import bundled_program
from harness.runner import execute
from harness.spec import RunSpec
from harness.workloads import WORKLOADS
from histories import Store


if TYPE_CHECKING:
    from harness.runner import Status
    from harness.spec import Transport


RATE = 100.0
REAL_S = 5.0
SIMULATED_S = 120.0
ROUNDS = 3
LOADS = (
    ("g-counter", "g-counter"),
    ("pn-counter", "fresh-cas-counter"),
    ("g-set", "g-set"),
    ("broadcast", "broadcast"),
    ("unique-ids", "unique-ids"),
    ("echo", "echo"),
)


class Mute:
    """A progress that tells nobody."""

    def update(self, status: Status) -> None:
        """Take note of nothing."""

    def log(self, node: str, line: str) -> None:
        """Show nothing."""


class Measurement(msgspec.Struct, frozen=True):
    """What a run took.

    Attributes:
        operations: Operations that were invoked.
        messages: Messages that were sent.
        seconds: Of the wall, for the run.
        processor_s: Of the processor of this process, for the run.
        check_s: Of the wall, for its judgement.
    """

    operations: int
    messages: int
    seconds: float
    processor_s: float
    check_s: float

    @property
    def rate(self) -> float:
        """Operations a second of the wall."""
        return self.operations / self.seconds


def main() -> None:
    """Measure every workload whose name has the words given; print a table."""
    words = sys.argv[1:]
    simulated_s = float(words.pop(0)) if words and words[0].isdigit() else SIMULATED_S
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}, five nodes, no faults, best of {ROUNDS}"
    )
    print(f"{'':32}operations/s of the wall          simulated")
    print(
        f"{'':32}{'processes':>10}{'simulated':>11}{'times':>7}"
        f"{'us/message':>12}{'check, s':>10}"
    )
    for workload, node in LOADS:
        title = f"{workload}, {node}"
        if not all(word in title for word in words):
            continue
        real = measure(workload, node, "processes", min(REAL_S, simulated_s))
        simulated = max(
            (measure(workload, node, "simulated", simulated_s) for _ in range(ROUNDS)),
            key=lambda measurement: measurement.rate,
        )
        print(
            f"{title:32}{real.rate:10,.0f}{simulated.rate:11,.0f}"
            f"{simulated.rate / real.rate:7,.0f}"
            f"{simulated.processor_s / simulated.messages * 1e6:12.1f}"
            f"{simulated.check_s:10.2f}",
            flush=True,
        )


def measure(
    workload: str, node: str, transport: Transport, seconds: float
) -> Measurement:
    """Carry out a run and judge it."""
    program = bundled_program(node)
    spec = RunSpec(
        workload=workload,
        bin=program.argv,
        environment=program.environment,
        nodes=("n1", "n2", "n3", "n4", "n5"),
        concurrency=5,
        transport=transport,
        rate=RATE,
        time_limit_s=seconds,
        seed=1,
    )
    with tempfile.TemporaryDirectory() as folder:
        run = Store(Path(folder)).create(workload, dt.datetime.now(dt.UTC))
        began, used = time.perf_counter(), time.process_time()
        outcome = execute(spec, WORKLOADS[workload], run, Mute())
        ended, used = time.perf_counter(), time.process_time() - used
        result = analyse_run(run, WORKLOADS[workload], run.spec())
        check_s = time.perf_counter() - ended
        if result.verdict.value != "valid":
            sys.exit(f"{workload} on {node}: {result.summary}")
        operations = sum(event.type == "invoke" for event in run.history().events())
    return Measurement(
        operations=operations,
        messages=outcome.messages["all"].sent,
        seconds=ended - began,
        processor_s=used,
        check_s=check_s,
    )


if __name__ == "__main__":
    main()
