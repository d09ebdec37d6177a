"""A run that is repeated: its faults and its operations, on the same node or another."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from histories import Run, Store


ROOT = Path(__file__).resolve().parents[2]


def harness(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a shell would."""
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); "
        "from harness.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", program, str(ROOT), *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a run under three faults that each changed several times."""
    folder = tmp_path_factory.mktemp("replay")
    done = harness(
        "run",
        *("-w", "g-counter", "--nemesis", "partition,kill,duplicate", "--seed", "5"),
        *("--time-limit", "1.5", "--nemesis-interval", "0.3", "--timeout", "500"),
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Store(folder / "store").latest()


def changes(run: Run) -> list[tuple[str, Any]]:
    """Return the changes of faults before the end of the main phase."""
    spec = run.spec()
    limit = spec["time_limit_s"] * 1e9
    return [
        (change["f"], change["value"])
        for change in spec["schedule"]
        if change["time_ns"] < limit - 50e6
    ]


def started(run: Run) -> list[tuple[str, Any]]:
    """Return what the history says that was started, and done, before that end."""
    count = sum(f.startswith("start-") for f, _ in changes(run))
    events = [e for e in run.history().nemesis() if e.f.startswith("start-")]
    return [(event.f, event.value) for event in events[1::2]][:count]


def test_the_spec_of_a_run_has_the_changes_that_were_made(first: Run) -> None:
    """They are those of the history, with all that they did and to whom."""
    made = changes(first)
    assert len(made) >= 5
    assert [pair for pair in made if pair[0].startswith("start-")] == started(first)
    kinds = {f for f, _ in made}
    assert {"start-partition", "start-kill", "start-duplicate"} <= kinds


def test_a_replay_makes_the_same_changes_and_operations(first: Run) -> None:
    """Faults strike the same nodes in the same way; clients do the same."""
    folder = first.path.parents[2]
    done = harness("run", "--replay", str(first.path), cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    second = Store(folder / "store").latest()
    assert second.path.resolve() != first.path.resolve()
    assert changes(second) == changes(first)
    assert started(second) == started(first)
    before, after = (
        Counter(op.input for op in run.history().operations() if op.f == "add")
        for run in (first, second)
    )
    # A client that waits longer than it did may come to fewer.
    assert after <= before
    assert after.total() > 0.5 * before.total()
    assert f"harness run --replay {first.path.resolve()}" in done.stdout


def test_a_replay_takes_another_node_and_nothing_else(first: Run) -> None:
    """Everything but the node is as it was; what contradicts that is refused."""
    folder = first.path.parents[2]
    done = harness(
        *("run", "--replay", str(first.path), "--bin", "lost-update", "--json"),
        cwd=folder,
    )
    spec = Run.open(folder / json.loads(done.stdout)["run"]).spec()
    assert "nodes.lost_update" in spec["bin"]
    refused = harness("run", "--replay", str(first.path), "--rate", "3", cwd=folder)
    assert refused.returncode == 254
    assert "--rate cannot be given with --replay" in refused.stderr
    refused = harness("run", "--replay", str(first.path), "-w", "echo", cwd=folder)
    assert refused.returncode == 254
    assert "is a run of g-counter" in refused.stderr


def test_all_faults_at_once_leave_a_correct_node_right(tmp_path: Path) -> None:
    """`all` is every fault; none of them makes a correct node look wrong."""
    done = harness(
        "run",
        *("-w", "g-set", "--nemesis", "all", "--time-limit", "2", "--seed", "1"),
        *("--timeout", "500", "--json"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    outcome = Store(tmp_path / "store").latest().outcome()
    assert outcome is not None
    assert len(outcome.faults) >= 8
    assert any(node.restarts for node in outcome.nodes)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--nemesis", "rain"), "or all, or none"),
        (("--nemesis-targets", "n9"), "some of the nodes n1, n2"),
        (("--nemesis-targets", "one,n1"), "'one'"),
    ],
)
def test_what_there_is_not_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    """The message says what there is."""
    done = harness("run", "-w", "echo", *arguments, cwd=tmp_path)
    assert done.returncode == 254
    assert words in done.stderr


def test_list_has_a_sentence_for_every_fault(tmp_path: Path) -> None:
    """`harness list` is where faults are explained."""
    listed = json.loads(harness("list", "--json", cwd=tmp_path).stdout)["faults"]
    assert set(listed) == {
        *("partition", "deaf", "mute", "kill", "pause", "clock", "loss", "duplicate"),
        *("reorder", "delay", "slow-services", "service-partition", "roam"),
    }
    assert all(len(sentence) > 20 for sentence in listed.values())
