"""Linearizability of queues, stacks, locks, sets and counters of 1,000,000 operations.

    python benchmarks/polynomial.py [OPERATIONS]

Ten clients use an object without a fault, two thirds of them in flight at any time;
`checking.objects` draws it. All these kinds are decided in polynomial time. Times are
of the wall or of the processor, whichever is less, and the least of up to 20 rounds in
0.3 seconds: *check* from the integer columns to the verdict, *prepare* from the history
in memory to those. Every history is checked in a process of its own.

Ends with 1 if a verdict is wrong.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

import msgspec
from checking.families import Family
from checking.objects import OBJECTS
from checking.ours import measure_history
from checking.sides import in_a_process

from checkers.kernel import describe
from checkers.models import MODELS
from checkers.search import REAL_TIME
from histories import load_history


if TYPE_CHECKING:
    from checking.families import Kind
    from checking.measurement import Measurement


KERNELS = ("native", "python")
LIMIT_S = 60.0
CLIENTS = 10


def main() -> int:
    """Check an object of each kind with both kernels; print a table."""
    operations = int(sys.argv[1]) if sys.argv[1:] else 1_000_000
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}; {describe().sentence}"
    )
    print(
        f"{f'{operations:,} operations':24}{'check, s':^18}{'prepare':>9}{'peak, MB':>10}\n"
        f"{'':24}{'native':>9}{'python':>9}{'s':>9}{'':10}   python / native"
    )
    wrong = False
    for kind in OBJECTS:
        native, python = (
            in_a_process(
                kernel,
                __file__,
                "--kind",
                kind,
                str(operations),
                timeout_s=4 * LIMIT_S,
            )
            for kernel in KERNELS
        )
        print(
            f"{kind:24}{native.check_s:9.3f}{python.check_s:9.2f}"
            f"{native.prepare_s:9.2f}{native.peak_mb:10.0f}"
            f"{python.check_s / native.check_s:13.0f}x     {native.method}",
            flush=True,
        )
        for kernel, found in zip(KERNELS, (native, python), strict=True):
            if found.verdict != "ok":
                wrong = True
                print(f"WRONG VERDICT: {kernel}: {found.verdict} {found.lack}")
    return int(wrong)


def measure(kind: Kind, operations: int) -> Measurement:
    """Draw an object and check it."""
    family = Family(kind=kind, clients=CLIENTS, operations=operations)
    lines = "".join(OBJECTS[kind](family).lines()).encode()
    loaded = load_history(io.BytesIO(lines), format="jsonl")
    return measure_history(loaded.history, MODELS[kind](), REAL_TIME, limit_s=LIMIT_S)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--kind"]:
        found = measure(
            next(one for one in OBJECTS if one == sys.argv[2]), int(sys.argv[3])
        )
        print(msgspec.json.encode(found).decode())
    else:
        sys.exit(main())
