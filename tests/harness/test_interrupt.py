"""Ctrl-C ends a check of a history that takes for ever, soon and with a word."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from random import Random
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from checkers import kernel


if TYPE_CHECKING:
    from collections.abc import Iterator


# A test run that a shell has put into the background passes on that SIGINT is ignored.
START = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from harness.cli import main; main()"
)
SEARCHING_S = 1.0
"""Seconds of the processor after which it is past its start, and searches."""

PATIENCE_S = 3.0
"""It takes a tenth of that, unless the machine has much else to do."""


def lines() -> Iterator[str]:
    """Yield a history of swaps at once, which would have to make an Eulerian path."""
    rng = Random(3)
    swaps = [rng.sample(range(6), 2) for _ in range(44)]
    events: list[tuple[str, int, str, int | list[int]]] = [
        ("invoke", 0, "write", 0),
        ("ok", 0, "write", 0),
    ]
    events += [("invoke", process, "cas", swap) for process, swap in enumerate(swaps)]
    events += [("ok", process, "cas", swap) for process, swap in enumerate(swaps)]
    for index, (type_, process, f, value) in enumerate(events):
        event = {"index": index, "time": index, "type": type_, "process": process}
        yield json.dumps(event | {"f": f, "value": value}) + "\n"


def processor_s(process: subprocess.Popen[str]) -> float:
    """Return the seconds of the processor that a process has used."""
    stat = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="nothing tells the processor time"
)
@pytest.mark.parametrize("core", ["native", "python"])
def test_ctrl_c_ends_a_long_check(core: str, tmp_path: Path) -> None:
    """The process ends with its code for that and without a traceback."""
    if core == "native" and not kernel.available():
        pytest.skip("the native kernel is not built")
    path = tmp_path / "history.jsonl"
    path.write_text("".join(lines()))
    with subprocess.Popen(
        [sys.executable, "-c", START, "check", "--model", "cas-register", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {kernel.VARIABLE: core},
    ) as process:
        try:
            while processor_s(process) < SEARCHING_S:
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(timeout=0.02)
            sent = monotonic()
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=10 * PATIENCE_S)
        finally:
            process.kill()
    assert monotonic() - sent < PATIENCE_S
    assert process.returncode == 255
    assert errors.splitlines()[-1] == "aborted"
    assert "Traceback" not in errors
    assert "ignored" not in errors
