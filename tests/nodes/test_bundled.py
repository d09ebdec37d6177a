from __future__ import annotations

import ast
import doctest
import importlib
import sys
from pathlib import Path

import pytest

import nodes
from nodes import BUNDLED, command
from nodes.crdt import g_counter, g_set, pn_counter
from nodes.runtime import Node


FOLDER = Path(nodes.__file__).parent
SOURCES = [str(path.relative_to(FOLDER)) for path in sorted(FOLDER.rglob("*.py"))]


@pytest.mark.parametrize("name", BUNDLED)
def test_programs_are_short(name: str) -> None:
    """A program is one node of less than 120 lines, in the module of its name."""
    module = importlib.import_module(BUNDLED[name])
    programs = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Node)
        and value.__module__ == module.__name__
    ]
    assert len(programs) == 1
    assert BUNDLED[name].rpartition(".")[2] == name.replace("-", "_")
    assert BUNDLED[name].rpartition(".")[0] in {"nodes", "nodes.faulty"}
    assert module.__file__ is not None
    assert len(Path(module.__file__).read_text().splitlines()) < 120


@pytest.mark.parametrize("source", SOURCES)
def test_only_the_standard_library_is_needed(source: str) -> None:
    """What a node imports comes with Python or with this package."""
    allowed = sys.stdlib_module_names | {"nodes"}
    for statement in ast.walk(ast.parse((FOLDER / source).read_text())):
        if isinstance(statement, ast.Import):
            assert {
                alias.name.partition(".")[0] for alias in statement.names
            } <= allowed
        elif isinstance(statement, ast.ImportFrom) and not statement.level:
            assert (statement.module or "").partition(".")[0] in allowed


@pytest.mark.parametrize("module", [g_counter, g_set, pn_counter])
def test_examples_in_docstrings_hold(module: object) -> None:
    """The examples give what they show."""
    results = doctest.testmod(module)
    assert results.attempted
    assert not results.failed


def test_an_unknown_name_has_no_command() -> None:
    """Who asks for a node that is not bundled is told by a KeyError."""
    with pytest.raises(KeyError, match="no-such-node"):
        command("no-such-node")
