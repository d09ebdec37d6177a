"""The examples in docstrings."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("name", ["_facts", "_format", "_columns", "_markup"])
def test_examples_are_true(name: str) -> None:
    """Every example in a docstring gives what it says."""
    result = doctest.testmod(import_module(f"reports.{name}"))
    assert result.attempted
    assert not result.failed
