"""Flips of clauses: each changes what it says, and nothing else."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import Any

import pytest


sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from flipper import CHOSEN, ONLY_TOLD, PASSED, Flipper, Loader, all_flips, modules


sys.path.pop(0)

SOURCE = """
def judge(a, b):
    if a < b and not b == 3:
        return "yes"
    return "no"

def explain(a):
    return a > 1
"""
CASES = [(1, 2), (2, 2), (2, 1), (1, 3), (4, 3)]
EXPECTED = {
    -1: "yes no no no no",
    0: "yes yes no no no",
    1: "no no no yes no",
    2: "no no no yes no",
    3: "yes yes yes yes no",
    4: "no no no no no",
}
"""What is said of the cases, by the number of the flip."""


def _loaded(*, noting: bool = False) -> tuple[dict[str, Any], Flipper]:
    flipper = Flipper(noting=noting)
    tree = ast.fix_missing_locations(flipper.visit(ast.parse(SOURCE)))
    names: dict[str, Any] = {CHOSEN: -1}
    exec(compile(tree, "source", "exec"), names)
    return names, flipper


@pytest.mark.parametrize("number", sorted(EXPECTED))
def test_a_flip_changes_its_clause(number: int) -> None:
    """Each by its number; with none chosen, all is as it was."""
    names, flipper = _loaded()
    names[CHOSEN] = number
    assert " ".join(names["judge"](a, b) for a, b in CASES) == EXPECTED[number]
    assert names["explain"](2) is True
    assert len(flipper.places) == len(EXPECTED) - 1


def test_clauses_that_a_flip_would_change_are_noted() -> None:
    """Those behind a condition that fails are not, nor those that say the same."""
    names, _ = _loaded(noting=True)
    loader = Loader(noting=True)
    names[PASSED] = loader._noter("source")
    assert names["judge"](2, 1) == "no"
    assert loader.passed == {("source", 3)}
    loader.passed.clear()
    assert names["judge"](2, 2) == "no"
    assert loader.passed == {("source", 0), ("source", 3)}


def test_what_cannot_change_a_verdict_is_there() -> None:
    """Each entry names a module that has rules, and says why."""
    found = [path.as_posix() for path in modules()]
    for part, why in ONLY_TOLD.items():
        assert any(part in path for path in found), part
        assert why.endswith(".")


def test_flips_say_where_they_are() -> None:
    """By file, line and source."""
    flips = all_flips(["checkers/sets/_final"])
    assert flips
    assert {flip.package for flip in flips} == {"sets"}
    assert all(flip.line and flip.source and flip.kind for flip in flips)
