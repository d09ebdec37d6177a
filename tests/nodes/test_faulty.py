"""Each faulty node is found out in short simulated runs; those that are right are not.

That `harness mutants` finds them is one thing. Here it is held too that those which are
made for a fault pass without it, and what the tables say of each.
"""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from checkers import ANOMALIES, Verdict
from harness.cli.mutants_command import VARIANTS
from harness.hunting import Trial, attempt, mutant_specs, right_specs
from harness.workloads import WORKLOADS
from nodes import BUNDLED, faulty
from nodes.faulty import FAULTY
from nodes.faulty._counter_bugs import COUNTER_BUGS
from nodes.faulty._fault_bugs import FAULT_BUGS
from nodes.runtime import Node


if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from harness.spec import RunSpec

LENGTH_S = 3.0
"""How long a run is that is to find nothing: half of what `harness mutants` gives."""

RIGHT = [
    *(
        (name, node)
        for name, workload in WORKLOADS.items()
        for node in (workload.node, *VARIANTS.get(name, ()))
    ),
    ("pn-counter", "op-counter"),
]
"""Nodes that are right, and as what."""

STALE = ("cas-counter", "sum-counter")
"""Counters that are right, but for reads of the past, as seq-kv allows them."""

STATELESS = ("cas-counter", "echo", "fresh-cas-counter", "sum-counter", "unique-ids")
"""Nodes with nothing on disk that they could not do without."""

NO_PLAIN_LOOK_FINDS = {
    "bulk-insert-rga",
    "dense-position-rga",
    "oldest-first-rga",
    "own-clock-rga",
    "own-clock-tree-rga",
    "sorted-rga",
}
"""Mistakes with texts on which all nodes agree."""

every_node = pytest.mark.parametrize("name", FAULTY)
every_faulted = pytest.mark.parametrize("name", FAULT_BUGS)


def run(spec: RunSpec, **changes: Any) -> Trial:
    """Return what comes of a short run, with some changes."""
    return attempt(msgspec.structs.replace(spec, time_limit_s=LENGTH_S, **changes))


def runs_of(name: str) -> Iterator[RunSpec]:
    """Yield the runs that are to reveal a faulty node."""
    return mutant_specs(name, FAULTY[name], seed=1, transport="simulated")


@every_node
def test_a_faulty_node_is_found_out(name: str) -> None:
    """A run of `harness mutants` is INVALID, by an anomaly that its bug is known for."""
    for spec in runs_of(name):
        trial = attempt(spec)
        if set(trial.anomalies) & set(FAULTY[name].anomalies):
            break
    else:
        pytest.fail(f"{FAULTY[name].anomaly} was not found")
    assert trial.verdict is Verdict.INVALID
    if name in NO_PLAIN_LOOK_FINDS:
        assert trial.plain


@every_faulted
def test_a_faulty_node_passes_without_its_fault(name: str) -> None:
    """Nobody would notice: not while all is well, and not under an unrelated fault."""
    unrelated = "loss" if "ids" in name or FAULTY[name].fault == "clock" else "clock"
    specs = runs_of(name)
    for nemesis in ((), (), (), (unrelated,)):
        assert run(next(specs), nemesis=nemesis).verdict is Verdict.VALID


@pytest.mark.parametrize(("workload", "node"), RIGHT)
def test_a_node_that_is_right_is_not_accused(workload: str, node: str) -> None:
    """Whatever the faults are."""
    for spec in right_specs(workload, node, 5, seed=3):
        trial = run(spec)
        assert trial.verdict is not Verdict.INVALID, trial.summary


@pytest.mark.parametrize("node", STALE)
def test_a_read_of_the_past_is_no_accusation_where_it_is_allowed(node: str) -> None:
    """Sequential consistency is all that the store promises."""
    for spec in right_specs("pn-counter", node, 5, seed=3):
        trial = run(spec, consistency_models=("sequential",))
        assert trial.verdict is not Verdict.INVALID, trial.summary


@pytest.mark.parametrize("node", STATELESS)
def test_a_node_without_state_stands_the_loss_of_a_disk(node: str) -> None:
    """What keeps its state in a service, or none, does not need the old disk."""
    workload = node if node in WORKLOADS else "pn-counter"
    models = ("sequential",) if node in STALE else ()
    for spec in right_specs(workload, node, 3, seed=3):
        trial = run(
            spec,
            nemesis=("clock", "kill", "partition"),
            disk="lost",
            consistency_models=models,
        )
        assert trial.verdict is not Verdict.INVALID, trial.summary


def test_a_counter_that_tells_at_once_keeps_what_is_asserted() -> None:
    """What `tick-only-counter` fails is no demand that nobody could meet."""
    demands = FAULTY["tick-only-counter"]
    for spec in mutant_specs("g-counter", demands, seed=1, transport="simulated"):
        trial = run(spec)
        assert trial.verdict is Verdict.VALID, trial


def test_more_than_one_law_is_seen_to_be_broken() -> None:
    """A sum changes what is told twice, and who always says yes is wrong now."""
    adding = run(next(runs_of("adding-merge-counter")))
    assert "non-idempotent" in adding.anomalies
    left = run(next(runs_of("left-keys-counter")))
    assert {"non-commutative", "false-claim"} <= set(left.anomalies)


@every_node
def test_the_table_says_what_is_wrong(name: str) -> None:
    """Workload and anomaly exist, and the docstring has the same story at length."""
    facts = FAULTY[name]
    assert facts.workload in WORKLOADS
    assert facts.anomaly in ANOMALIES
    assert facts.disk in {"kept", "lost"}
    assert facts.bug.endswith(".")
    assert 0 < facts.runs <= 60
    text = importlib.import_module(BUNDLED[name]).__doc__ or ""
    assert "The bug: " in text
    assert f"`{facts.anomaly}`" in text
    assert facts.fault.rstrip("e") in text.partition("It needs ")[2]


@pytest.mark.parametrize(
    "name",
    [
        "float-delta-counter",
        "local-reads-counter",
        "positive-merge-counter",
        "shared-integer-counter",
        "tick-only-counter",
    ],
)
def test_the_five_mistakes_come_with_a_lesson(name: str) -> None:
    """What is wrong, and after a colon what is right."""
    wrong, colon, right = COUNTER_BUGS[name].bug.partition(": ")
    assert wrong
    assert colon
    assert right.endswith(".")


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
    module = importlib.import_module(BUNDLED[name])
    (kind,) = (
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Node)
        and value.__module__ == module.__name__
    )
    assert kind.__mro__[1] is not Node
    tree = ast.parse(Path(str(module.__file__)).read_text())
    (body,) = (node for node in tree.body if isinstance(node, ast.ClassDef))
    assert (body.end_lineno or 0) - body.lineno < 30
