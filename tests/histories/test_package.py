"""The package shows what it should, and costs little to import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import histories


ROOT = Path(__file__).parents[2]
HEAVY = {
    "asyncio",
    "concurrent",
    "hashlib",
    "hypothesis",
    "networkx",
    "numpy",
    "polars",
}


def test_exports_are_there() -> None:
    """`__all__` has each name once, and each name in it exists."""
    assert len(set(histories.__all__)) == len(histories.__all__)
    assert all(hasattr(histories, name) for name in histories.__all__)


def test_import_is_light() -> None:
    """Importing the package loads no heavy library."""
    listing = subprocess.run(
        [sys.executable, "-c", "import histories, sys; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split()
    assert "msgspec" in listing
    assert HEAVY.isdisjoint(listing)
