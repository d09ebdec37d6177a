"""Benchmarks run by one command, and tell what they compare with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[1]

SMALL = {
    "checks.py --operations 2000": "times as long",
    "decode.py 2000": "times as fast",
    "end_to_end.py 50": "x json.loads",
    "formats.py 500": "x json.loads",
    "polynomial.py 500": "python / native",
    "replicated.py --operations 2000": "ratio",
    "sequential.py 20 lost": "python / native",
    "simulator.py 1 echo": "times",
    "tradeoffs.py --seconds 2": "x\n",
}
"""Commands that take seconds, and what is in their output. Others need other languages."""


@pytest.mark.slow
@pytest.mark.parametrize("command", SMALL)
def test_a_benchmark_runs_at_a_small_size(command: str) -> None:
    """Nothing else runs them, until somebody wants a figure."""
    script, *arguments = command.split()
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / script, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert SMALL[command] in done.stdout
