"""The corpus: what was found in its cases is found again, and most that can be is there."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from checkers import ANOMALIES
from harness.cases import CORPUS, find_cases, read_case


ROOT = Path(__file__).resolve().parents[2]
CASES = tuple(find_cases(CORPUS))
MOST_SECONDS = 30
MOST_BYTES = 20_000

WITHOUT_CASE: dict[str, str] = {}
"""Anomalies that no case has, and why."""


@pytest.mark.parametrize("kernel", ["python", "native"])
def test_nothing_has_changed(kernel: str) -> None:
    """Every case is judged as it was kept, by either kernel, in seconds."""
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); "
        "from harness.cli import main; main()"
    )
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program, str(ROOT), "regress", "--json"],
        env={**os.environ, "HARNESS_KERNEL": kernel},
        capture_output=True,
        text=True,
        check=False,
    )
    if kernel == "native" and "HARNESS_KERNEL" in done.stdout + done.stderr:
        pytest.skip("the native kernel is not built")
    assert done.returncode in {0, 1}, done.stderr
    document = msgspec.json.decode(done.stdout)
    changed = {
        each["path"]: each["differences"]
        for each in document["results"]
        if not each["passed"]
    }
    assert not changed
    assert document["cases"] == len(CASES)
    assert time.monotonic() - began < MOST_SECONDS


def test_every_anomaly_has_a_case() -> None:
    """Except for those of the list, and these have none indeed.

    A new one needs a case, `python benchmarks/corpus.py --only NODE`, or a reason.
    """
    seen = set()
    for path in CASES:
        found = read_case(path).found
        seen |= {*found.anomalies, *found.noted}
    assert set(ANOMALIES) - seen == set(WITHOUT_CASE)


def test_there_are_many_small_cases() -> None:
    """So many that they say something, and each short enough to be read."""
    assert len(CASES) >= 800
    large = [path.name for path in CASES if path.stat().st_size > MOST_BYTES]
    assert not large


def test_cases_are_written_as_they_are_read() -> None:
    """Making one anew changes no line by itself, and no case names this machine."""
    for path in CASES:
        text = path.read_text(encoding="utf-8")
        assert read_case(path).text() == text, path
        assert str(ROOT) not in text
        assert "/tmp/" not in text


def test_what_was_picked_is_recorded_anew() -> None:
    """Each pick has its case, which comes out the same from its seed."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        from corpus_families import FAMILIES, picks
    finally:
        sys.path.pop(0)
    for family, name, seed in picks():
        [path] = (CORPUS / family).glob(f"{name}-*-{seed}.json")
        _, make = FAMILIES[family]
        made, kept = make(name, seed), read_case(path)
        assert made is not None
        assert (made.history, made.check, made.origin, made.journal) == (
            *(kept.history, kept.check, kept.origin, kept.journal),
        ), path
