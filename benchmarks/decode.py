"""Reading a history of 1,000,000 events, against `json.loads` line by line.

Run as `python benchmarks/decode.py [EVENTS]`. Each reader runs in a process of
its own, so that the peak of memory is its own; times are the best of three.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from histories import Event, EventType, read_history, write_history


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


EVENTS = 1_000_000
CLIENTS = 50
ROUNDS = 3


def main() -> None:
    """Write a history, read it in every way, print what it took."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "history.jsonl")
        write_history(_events(count, random.Random(1)), path)
        megabytes = path.stat().st_size / 1e6
        print(f"{count:,} events, {megabytes:.0f} MB, Python {sys.version.split()[0]}")
        print(f"{'':14} {'seconds':>8} {'events/s':>10} {'MB/s':>6} {'peak MB':>8}")
        seconds = {}
        for name in READERS:
            output = subprocess.run(
                [sys.executable, __file__, name, path], capture_output=True, check=True
            ).stdout
            seconds[name], peak = json.loads(output)
            print(
                f"{name:14} {seconds[name]:8.2f} {count / seconds[name]:10,.0f}"
                f" {megabytes / seconds[name]:6.0f} {peak:8.0f}"
            )
        ratio = seconds["json.loads"] / seconds["read_history"]
        print(f"read_history is {ratio:.1f} times as fast, and pairs operations too")


def _measure(read: Callable[[Path], object], path: Path) -> None:
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        read(path)
        best = min(best, time.perf_counter() - start)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([best, peak_mb]))


def _loads(path: Path) -> object:
    with path.open("rb") as lines:
        return [json.loads(line) for line in lines]


def _events(count: int, rng: random.Random) -> Iterator[Event]:
    """Yield adds and reads by concurrent clients, with a value in most of them."""
    running: dict[int, tuple[str, int]] = {}
    for index in range(count):
        process = rng.randrange(CLIENTS)
        node = f"n{process % 5}"
        type_: EventType = "ok" if process in running else "invoke"
        if type_ == "invoke":
            running[process] = (rng.choice(("add", "read")), rng.randrange(100))
        f, value = running[process] if type_ == "invoke" else running.pop(process)
        yield Event(
            index=index,
            time=index * 25_000,
            type=type_,
            process=process,
            f=f,
            value=None if (type_, f) == ("invoke", "read") else value,
            node=node,
        )


READERS = {"json.loads": _loads, "read_history": read_history}


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _measure(READERS[sys.argv[1]], Path(sys.argv[2]))
    else:
        main()
