from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from nodes import BUNDLED, command
from nodes.runtime import Node


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


def test_an_unknown_name_has_no_command() -> None:
    """Who asks for a node that is not bundled is told by a KeyError."""
    with pytest.raises(KeyError, match="no-such-node"):
        command("no-such-node")
