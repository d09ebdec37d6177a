"""Each faulty node is caught under its fault, and passes without any."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checkers import ANOMALIES
from harness.workloads import WORKLOADS
from nodes import BUNDLED, faulty
from nodes.faulty import FAULTY
from nodes.faulty._fault_bugs import FAULT_BUGS
from nodes.runtime import Node


if TYPE_CHECKING:
    from collections.abc import Callable

    Judge = Callable[..., tuple[str, set[str]]]

every_node = pytest.mark.parametrize("name", FAULTY)
every_faulted = pytest.mark.parametrize("name", FAULT_BUGS)


def program(name: str) -> type[Node]:
    """Return the class of a faulty node."""
    module = importlib.import_module(BUNDLED[name])
    (found,) = (
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Node)
        and value.__module__ == module.__name__
    )
    return found


def fault(name: str) -> str:
    """Return the fault that reveals a node, as the world knows it."""
    lost = "-disk-lost" if FAULTY[name].disk == "lost" else ""
    return FAULTY[name].fault + lost


@every_faulted
def test_a_faulty_node_is_caught_under_its_fault(judge: Judge, name: str) -> None:
    """Most runs with the fault are INVALID, and show what the table says."""
    runs = [
        judge(program(name), FAULTY[name].workload, fault(name), seed=seed)
        for seed in range(4)
    ]
    caught = [anomalies for verdict, anomalies in runs if verdict == "INVALID"]
    assert len(caught) >= 3
    assert sum(FAULTY[name].anomaly in anomalies for anomalies in caught) >= 2


@every_faulted
def test_a_faulty_node_passes_without_its_fault(judge: Judge, name: str) -> None:
    """Nobody would notice: not while all is well, and not under an unrelated fault."""
    kind = program(name)
    for seed in range(3):
        assert judge(kind, FAULTY[name].workload, seed=seed) == ("VALID", set())
    unrelated = "loss" if "ids" in name else "clock"
    if fault(name) == "clock":
        unrelated = "loss"
    assert judge(kind, FAULTY[name].workload, unrelated) == ("VALID", set())


@every_node
def test_the_table_says_what_is_wrong(name: str) -> None:
    """Workload and anomaly exist, and the docstring has the same story at length."""
    facts = FAULTY[name]
    assert facts.workload in WORKLOADS
    assert facts.anomaly in ANOMALIES
    assert facts.disk in {"kept", "lost"}
    assert facts.bug.endswith(".")
    text = importlib.import_module(BUNDLED[name]).__doc__ or ""
    assert "The bug: " in text
    assert f"`{facts.anomaly}`" in text
    assert facts.fault.rstrip("e") in text.partition("It needs ")[2]


def test_every_faulty_node_is_in_the_table() -> None:
    """Each module is bundled and in the table, both in order of the names."""
    folder = Path(faulty.__file__).parent
    stems = [path.stem for path in folder.glob("*.py") if path.stem[0] != "_"]
    names = sorted(stem.replace("_", "-") for stem in stems)
    assert list(FAULTY) == names
    assert names == [name for name in BUNDLED if "nodes.faulty." in BUNDLED[name]]


@pytest.mark.parametrize("name", [name for name in FAULT_BUGS if name != "leased-ids"])
def test_a_faulty_node_is_a_few_lines_away_from_a_correct_one(name: str) -> None:
    """It derives from a node that is right, and overrides little."""
    parent = program(name).__mro__[1]
    assert parent is not Node
    module = importlib.import_module(BUNDLED[name])
    tree = ast.parse(Path(str(module.__file__)).read_text())
    (body,) = (node for node in tree.body if isinstance(node, ast.ClassDef))
    assert (body.end_lineno or 0) - body.lineno < 30
