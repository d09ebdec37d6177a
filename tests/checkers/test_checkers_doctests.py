"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import checkers


MODULES = sorted(path.stem for path in Path(checkers.__file__).parent.glob("_*.py"))


@pytest.mark.parametrize("name", [name for name in MODULES if name != "__init__"])
def test_examples_are_true(name: str) -> None:
    """Every example gives what it shows."""
    module = importlib.import_module(f"checkers.{name}")
    assert doctest.testmod(module).failed == 0
