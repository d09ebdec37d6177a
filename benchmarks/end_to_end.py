"""From a file, and from the shell, to a verdict: 100 operations and 100,000.

    python benchmarks/end_to_end.py [OPERATIONS...]

Histories are those of a register, of ten clients and without a fault, as JSON lines.
The parts are timed in one process: to read the file, to prepare integers, to check
them; each the least of up to 20 rounds in 0.3 seconds. *Shell to verdict* is a process
from its start to its end, so it has the start of Python and all imports as well: the
least of ten for short ones. It runs `harness check --model register`, which judges all
consistency models, replays its witness and prints what it found. The baseline is a process of Python that
does nothing but `json.loads` of every line. Times are of the wall
or of the processor, whichever is less; memory is the peak of that process.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from checking.families import Family
from checking.sides import Limits, ours

from checkers.kernel import describe


LIMITS = Limits(check_s=60.0, memory_mb=8192)
HARNESS = Path(sys.executable).with_name("harness")
OPERATIONS = (100, 100_000)
PLAIN = "import json, sys\nfor line in open(sys.argv[1], 'rb'): json.loads(line)"
ENOUGH_S = 3.0
ROUNDS = 10


def main() -> None:
    """Measure histories of every size, with few values and with unique ones."""
    sizes = [int(word.replace(",", "")) for word in sys.argv[1:]] or OPERATIONS
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}; {describe().sentence}"
    )
    print(
        f"{'operations':>10}  {'values':8}{'read':>9}{'prepare':>9}{'check, ms':>11}"
        f"{'read / check':>14}{'read / both':>13}{'shell to verdict':>18}"
        f"{'peak, MB':>10}{'x json.loads':>14}"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "history.jsonl")
        command = [str(HARNESS), "check", "--model", "register", str(path)]
        for operations in sizes:
            for values in (5, 0):
                family = Family(
                    kind="register", clients=10, operations=operations, values=values
                )
                family.write(path)
                print(row(family, path, command), flush=True)


def row(family: Family, path: Path, command: list[str]) -> str:
    """Measure a history; return a row of the table."""
    side = ours("native" if describe().kernel == "native" else "python", LIMITS)
    [found] = side.check("jsonl", "register", [path], LIMITS)
    plain_s, _ = started([sys.executable, "-c", PLAIN, str(path)])
    seconds, peak_mb = started(command)
    return (
        f"{family.operations:10,}  {f'{family.values}' if family.values else 'unique':8}"
        f"{found.read_s * 1000:9.1f}{found.prepare_s * 1000:9.1f}"
        f"{found.check_s * 1000:11.2f}"
        f"{found.read_s / found.check_s:14.1f}"
        f"{found.read_s / (found.prepare_s + found.check_s):13.1f}"
        f"{seconds * 1000:15.0f} ms{peak_mb:10.0f}{seconds / plain_s:14.1f}"
    )


def started(command: list[str]) -> tuple[float, float]:
    """Return the least seconds that a process takes, and its peak of memory in MB."""
    best, spent, rounds = float("inf"), 0.0, 0
    while rounds < ROUNDS and spent < ENOUGH_S:
        begin, used = time.perf_counter(), _children_s()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        used, begin = _children_s() - used, time.perf_counter() - begin
        if done.returncode:
            sys.exit(f"{' '.join(command)} ends with {done.returncode}: {done.stderr}")
        best = min(best, used, begin)
        spent += begin
        rounds += 1
    return best, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
