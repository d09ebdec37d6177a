"""Loading a history of 100,000 operations, in every format that has one.

Run as `python benchmarks/formats.py [OPERATIONS] [FILE…]`. The history is one of a
register with compare and set, by 20 clients; files are loaded besides. The baseline is
`json.loads` of every line of the first one, which makes no history of them. Each load
runs in a process of its own, so that the peak of memory is its own; times are processor
time, the best of three.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from histories import load_history


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


OPERATIONS = 100_000
CLIENTS = 20
ROUNDS = 3


NAMES = ("index", "time", "type", "process", "f", "value")

Row = tuple[int, int, str, int, str, Any]
"""An event, by these names."""


def main() -> None:
    """Write the history in every format, load it, print what it took."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else OPERATIONS
    rows = list(_rows(count, random.Random(1)))
    print(f"{count:,} operations, Python {sys.version.split()[0]}")
    print(
        f"{'':24} {'MB':>6} {'seconds':>8} {'events/s':>10} {'MB/s':>6} {'peak MB':>8}"
        f" {'x json.loads':>13}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for name, write in WRITERS.items():
            Path(folder, name).write_text(write(rows))
        baseline = _load("json.loads", Path(folder, "jsonl"), None)
        for name in WRITERS:
            _load(name, Path(folder, name), baseline)
        for name in sys.argv[2:]:
            _load(Path(name).name, Path(name), baseline)


def _load(name: str, path: Path, baseline: float | None) -> float:
    """Print a row, and return the seconds for an event.

    Args:
        name: What is loaded.
        path: Where it is.
        baseline: The seconds for an event of what it is compared with; None if it is
            that.
    """
    how = "--measure" if baseline is not None else "--baseline"
    command = [sys.executable, __file__, how, str(path)]
    output = subprocess.run(command, capture_output=True, check=True).stdout
    seconds, peak, events = json.loads(output)
    megabytes = path.stat().st_size / 1e6
    times = seconds / events / (baseline or seconds / events)
    print(
        f"{name:24} {megabytes:6.1f} {seconds:8.2f} {events / seconds:10,.0f}"
        f" {megabytes / seconds:6.1f} {peak:8.0f} {times:13.1f}"
    )
    return float(seconds / events)


def _history(path: Path) -> int:
    return len(load_history(path).history)


def _lines(path: Path) -> int:
    with path.open("rb") as lines:
        return len([json.loads(line) for line in lines])


LOADERS = {"--measure": _history, "--baseline": _lines}


def _measure(load: Callable[[Path], int], path: Path) -> None:
    best, events = float("inf"), 0
    for _ in range(ROUNDS):
        start = time.process_time()
        events = load(path)
        best = min(best, time.process_time() - start)
    print(json.dumps([best, _peak_mb(), events]))


def _peak_mb() -> float:
    """Return the peak of memory; `getrusage` would begin with that of the parent."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _rows(count: int, rng: random.Random) -> Iterator[Row]:
    """Yield reads, writes and swaps by concurrent clients, results at random."""
    running: dict[int, tuple[str, Any]] = {}
    index = now = invoked = 0
    while invoked < count or running:
        now += rng.randrange(20_000)
        process = rng.randrange(CLIENTS)
        if process in running:
            f, value = running.pop(process)
            result = rng.randrange(5) if f == "read" else value
            yield index, now, "ok", process, f, result
        elif invoked < count:
            f = rng.choice(("read", "write", "cas"))
            pair = [rng.randrange(5), rng.randrange(5)]
            value = {"read": None, "write": pair[0], "cas": pair}[f]
            running[process] = f, value
            invoked += 1
            yield index, now, "invoke", process, f, value
        else:
            continue
        index += 1


def _edn(value: Any) -> str:
    if isinstance(value, list):
        return f"[{' '.join(map(_edn, value))}]"
    return "nil" if value is None else str(value)


def _edn_map(row: Row) -> str:
    index, now, type_, process, f, value = row
    return (
        f"{{:type :{type_}, :f :{f}, :value {_edn(value)}, :process {process},"
        f" :time {now}, :index {index}}}"
    )


def _edn_over_lines(row: Row) -> str:
    return _edn_map(row).replace(", ", ",\n ")


def _json(row: Row) -> str:
    return json.dumps(dict(zip(NAMES, row, strict=True)), separators=(",", ":"))


def _columns(row: Row, separator: str) -> str:
    _, _, type_, process, f, value = row
    parts = (str(process), f":{type_}", f":{f}", _edn(value))
    return separator.join(parts)


WRITERS: Mapping[str, Callable[[Sequence[Row]], str]] = {
    "jsonl": lambda rows: "\n".join(map(_json, rows)),
    "jepsen-json": lambda rows: "[" + ",\n".join(map(_json, rows)) + "]",
    "jepsen-edn": lambda rows: "\n".join(map(_edn_map, rows)),
    "jepsen-edn, vector": lambda rows: "[" + "\n ".join(map(_edn_map, rows)) + "]",
    "jepsen-edn, one line": lambda rows: f"[{' '.join(map(_edn_map, rows))}]",
    "jepsen-edn, many lines": lambda rows: "\n".join(map(_edn_over_lines, rows)),
    "knossos-edn": lambda rows: "\n".join(f"[{_columns(row, ' ')}]" for row in rows),
    "porcupine-jepsen-log": lambda rows: "\n".join(
        "INFO  jepsen.util - " + _columns(row, "\t") for row in rows
    ),
}


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] in LOADERS:
        _measure(LOADERS[sys.argv[1]], Path(sys.argv[2]))
    else:
        main()
