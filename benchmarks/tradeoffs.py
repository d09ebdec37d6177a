"""Measures what designs of a counter cost: without waiting, trying again, locking.

    python benchmarks/tradeoffs.py [--rate N] [--seconds S]

The same workload, 5 nodes and 10 clients, on `g-counter` (a CRDT: nobody waits),
`cas-counter` (optimistic concurrency: swap, and try again) and `locking-counter` (a lock
in a store): healthy, and cut off from the services half of the time, where a CRDT is cut
into partitions instead, for it needs no service. Simulated, with 10 ms between servers,
so that the figures do not depend on the machine. Times are those of adds that succeeded;
`ok` is the part of all operations that did. The CRDT is the baseline: how many times as
long as its median add takes, and as many messages as it sends, alike healthy or cut off.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

from harness.analysis import analyse_run
from harness.runner import execute
from harness.spec import LatencySpec, RunSpec
from harness.workloads import WORKLOADS
from histories import Store
from nodes import command


DESIGNS = {
    "CRDT": ("g-counter", "partition"),
    "OCC": ("cas-counter", "service-partition"),
    "locking": ("locking-counter", "service-partition"),
}
"""A node for each design, and the fault that separates it from what it needs."""

COLUMNS = ("ok", "p50 ms", "p95 ms", "max ms", "messages/op", "p50", "messages")
COMPARED = 1, 4
"""Of which columns the last two are multiples of those of the CRDT."""

Row: TypeAlias = Sequence[float | None]


class Silent:
    """A progress that tells nobody."""

    def update(self, status: Any) -> None:
        """Take note of nothing."""

    def log(self, node: str, line: str) -> None:
        """Show nothing."""


def measure(node: str, fault: str | None, options: argparse.Namespace) -> Row:
    """Return a row of figures of a run."""
    argv, environment = command(node)
    spec = RunSpec(
        workload="g-counter",
        bin=tuple(argv),
        environment=environment,
        transport="simulated",
        nodes=("n1", "n2", "n3", "n4", "n5"),
        concurrency=10,
        rate=options.rate,
        time_limit_s=options.seconds,
        timeout_ms=2_000,
        latency=LatencySpec("exponential", 10.0),
        nemesis=(fault,) if fault else (),
        nemesis_interval_s=options.seconds / 8,
        recovery_s=20.0,
        poll=False,  # adds that wait for the lock are done by then
        seed=1,
    )
    with tempfile.TemporaryDirectory() as folder:
        workload = WORKLOADS["g-counter"]
        run = Store(Path(folder)).create("g-counter", dt.datetime.now(dt.UTC))
        execute(spec, workload, run, Silent())
        result = analyse_run(run, workload, run.spec())
    figures = [result.measures.get(name) for name in ("ok-rate", "add-latency-p50")]
    figures += [result.measures.get(f"add-latency-{one}") for one in ("p95", "max")]
    figures.append(result.measures.get("msgs-per-op"))
    return [None if one is None else one.value for one in figures]


def main() -> None:
    """Print a row for each design, healthy and cut off."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--seconds", type=float, default=40.0)
    options = parser.parse_args()
    print(f"{'design':10}{'':10}" + "".join(f"{name:>14}" for name in COLUMNS))
    baseline: dict[str, Row] = {}
    for design, (node, fault) in DESIGNS.items():
        for how, struck in (("healthy", None), ("cut off", fault)):
            row = measure(node, struck, options)
            base = baseline.setdefault(how, row)
            cells = ["-" if one is None else f"{one:.4g}" for one in row]
            cells += [times(row[column], base[column]) for column in COMPARED]
            print(f"{design:10}{how:10}" + "".join(f"{cell:>14}" for cell in cells))


def times(figure: float | None, baseline: float | None) -> str:
    """Return how many times a figure is another one."""
    return f"{figure / baseline:.4g}x" if figure and baseline else "-"


if __name__ == "__main__":
    main()
