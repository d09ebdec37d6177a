"""The examples in the docstrings of models are true."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import checkers.models


MODULES = sorted(
    path.stem for path in Path(checkers.models.__file__).parent.glob("*.py")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    """Every example gives what it shows."""
    package = "checkers.models"
    module = importlib.import_module(
        package if name == "__init__" else f"{package}.{name}"
    )
    assert doctest.testmod(module).failed == 0
