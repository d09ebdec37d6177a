"""Hunts: what is drawn, what is found, and how small it becomes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from checkers import Verdict
from harness.cli import harness
from harness.errors import UsageError
from harness.generators import Context, Op, Pending, Worker, recorded
from harness.hunting import (
    Bench,
    Shrinker,
    Size,
    Space,
    attempt,
    draw_spec,
    explicit,
    search,
)
from harness.hunting._minimise import minimised
from harness.hunting._reduce import (
    Episode,
    episodes_of,
    narrowed,
    until,
    with_episodes,
    without_nodes,
)
from harness.spec import Change, PlannedOperation, RunSpec
from harness.workloads import WORKLOADS
from nodes import command


if TYPE_CHECKING:
    from collections.abc import Iterable

HARNESS = Path(sys.executable).with_name("harness")


def space(node: str, **fields: Any) -> Space:
    """Return a space of runs of a bundled node."""
    argv, environment = command(node)
    defaults: dict[str, Any] = {"workload": "g-counter", "nemeses": (), "seed": 1}
    return Space(bin=tuple(argv), environment=environment, **{**defaults, **fields})


def planned(**fields: Any) -> RunSpec:
    """Return a spec of three nodes with a few operations and faults."""
    defaults: dict[str, Any] = {
        "workload": "g-counter",
        "bin": ("x",),
        "nodes": ("n1", "n2", "n3"),
        "concurrency": 6,
        "rate": 1.0,
        "time_limit_s": 1.0,
        "seed": 1,
        "nemesis": ("pause", "partition"),
        "operations": tuple(
            PlannedOperation(number * 100, number, "add", number) for number in range(6)
        ),
        "schedule": (
            Change(10, "start-pause", {"nodes": ["n1", "n3"], "sentence": "x"}),
            Change(
                20,
                "start-partition",
                {"blocked": [["n1", "n2"], ["n2", "n3"]], "sentence": "y"},
            ),
            Change(300, "stop-pause"),
        ),
    }
    return RunSpec(**{**defaults, **fields})


@given(st.lists(st.integers(0, 30), unique=True), st.sets(st.integers(0, 30)))
def test_minimised_keeps_what_is_needed(items: list[int], wanted: set[int]) -> None:
    """Exactly the needed items are left, in their order."""
    needed = wanted & set(items)

    def first(parts: Iterable[tuple[int, ...]]) -> int | None:
        for position, part in enumerate(parts):
            if needed <= set(part):
                return position
        return None

    assert minimised(tuple(items), first) == tuple(
        item for item in items if item in needed
    )


def test_a_number_is_always_the_same_run() -> None:
    """What is drawn depends on the seed and the number alone."""
    drawn = space("g-counter", nemeses=("kill", "pause"))
    workload = WORKLOADS["g-counter"]
    specs = [draw_spec(drawn, workload, number) for number in range(20)]
    assert specs == [draw_spec(drawn, workload, number) for number in range(20)]
    assert len({spec.seed for spec in specs}) == 20
    assert {spec.transport for spec in specs} == {"simulated"}


def test_a_fault_is_an_episode_from_start_to_stop() -> None:
    """Starts find their stops; what is put back is what was taken out."""
    spec = planned()
    pause, partition = episodes_of(spec)
    assert pause.stop == Change(300, "stop-pause")
    assert partition.stop is None
    assert with_episodes(spec, [pause, partition]) == spec
    alone = with_episodes(spec, [partition])
    assert alone.nemesis == ("partition",)
    assert alone.schedule == (spec.schedule or ())[1:2]


def test_a_run_is_cut_short() -> None:
    """What comes after a time is gone, stops of faults as well."""
    short = until(planned(), 250)
    assert [op.time_ns for op in short.operations or ()] == [0, 100, 200]
    assert [change.time_ns for change in short.schedule or ()] == [10, 20]


def test_a_node_goes_with_all_that_names_it() -> None:
    """Clients keep their nodes, and no fault names a node that is gone."""
    spec = planned()
    smaller = list(without_nodes(spec))
    assert len(smaller) == 6
    gone = smaller[0]  # without n3
    assert gone.nodes == ("n1", "n2")
    assert [(op.worker, op.value) for op in gone.operations or ()] == [
        (0, 0),
        (1, 1),
        (2, 3),
        (3, 4),
    ]
    assert gone.concurrency == 4
    plans = [change.value for change in gone.schedule or () if change.value]
    assert plans == [
        {"nodes": ["n1"], "sentence": "pause strikes n1"},
        {"blocked": [["n1", "n2"]], "sentence": "no messages from n1 to n2"},
    ]
    moved = smaller[3]  # n3's clients call n2 now
    assert [op.value for op in moved.operations or ()] == list(range(6))
    homes = {op.value: moved.nodes[op.worker % 2] for op in moved.operations or ()}
    assert homes == {0: "n1", 1: "n2", 2: "n2", 3: "n1", 4: "n2", 5: "n2"}
    assert not list(without_nodes(planned(nodes=("n1",))))


def test_a_fault_strikes_less() -> None:
    """Of several nodes or links one is left, and said to be."""
    pause, partition = episodes_of(planned())
    assert [one.start.value["nodes"] for one in narrowed(pause)] == [["n1"], ["n3"]]
    assert [["n2", "n3"]] in [one.start.value["blocked"] for one in narrowed(partition)]
    assert not list(narrowed(Episode(Change(0, "barrier"))))


def test_recorded_operations_wait_for_their_workers_alone() -> None:
    """A busy worker does not hold up another, and all ends at its time."""
    workers = tuple(Worker(id=i, process=i, node=f"n{i}") for i in range(2))
    generator = recorded(
        [
            Op("a", time=5, worker=0),
            Op("b", time=6, worker=0),
            Op("c", time=7, worker=1),
        ],
        until=20,
    )

    def ask(generator: Any, time: int, *free: int) -> Any:
        return generator.next(
            Context(
                time=time,
                rng=None,  # type: ignore[arg-type]  # nothing is drawn
                free=[workers[number] for number in free],
                workers=workers,
            )
        )

    assert ask(generator, 0, 0, 1)[0] == Pending(5)
    op, generator = ask(generator, 5, 0, 1)
    assert op.f == "a"
    assert ask(generator, 6, 1)[0] == Pending(7)
    op, generator = ask(generator, 7, 1)
    assert op.f == "c"
    op, generator = ask(generator, 9, 0, 1)
    assert op.f == "b"
    assert ask(generator, 10, 0, 1)[0] == Pending(20)
    assert ask(generator, 20, 0, 1)[0] is None


def test_a_run_replays_from_what_is_explicit() -> None:
    """Given operations and faults make the run that they were taken from."""
    drawn = space("g-counter", nemeses=("kill", "partition", "roam"))
    spec = draw_spec(drawn, WORKLOADS["g-counter"], 3)
    trial, whole = explicit(spec)
    assert whole.operations
    assert attempt(whole) == trial


@pytest.mark.parametrize("node", ["lost-update", "seq-kv-counter"])
def test_a_violation_becomes_small(node: str) -> None:
    """A faulty node is found, and two operations show what is wrong with it."""
    with Bench(1) as bench:
        hunt = search(space(node), WORKLOADS["g-counter"], 50, bench, lambda _: None)
        assert hunt.found is not None
        assert hunt.verdict is Verdict.INVALID
        trial, whole = explicit(hunt.found[0])
        shrinker = Shrinker(
            whole, "lost-update", bench, limit=400, progress=lambda _: None
        )
        smallest = shrinker.shrink()
    assert "lost-update" in trial.anomalies
    assert shrinker.size.operations <= 3
    assert shrinker.size.nodes <= 2
    assert shrinker.size.operations < Size.of(whole).operations
    assert "lost-update" in attempt(smallest).anomalies
    copy = msgspec.json.decode(msgspec.json.encode(smallest), type=RunSpec)
    assert attempt(copy) == attempt(smallest)


def test_a_hunt_does_not_depend_on_the_number_of_processes() -> None:
    """One process and two find the same run after the same number of runs."""
    drawn = space("lost-update", seed=5)
    hunts = []
    for jobs in (1, 2):
        with Bench(jobs) as bench:
            hunts.append(
                search(drawn, WORKLOADS["g-counter"], 30, bench, lambda _: None)
            )
    assert hunts[0] == hunts[1]


def test_the_command_finds_shrinks_and_says_how_to_replay(tmp_path: Path) -> None:
    """`hunt` exits 1 with the sizes; its last line repeats the violation."""
    arguments = ["hunt", "-w", "g-counter", "--bin", "lost-update", "--seed", "2"]
    done = CliRunner().invoke(
        harness,
        [*arguments, "--jobs", "1", "--attempts", "300", "--store", str(tmp_path)],
        standalone_mode=False,
    )
    assert done.return_value == 1, done.output
    assert "shrunk" in done.output
    replay = done.output.splitlines()[-1].split("replay", 1)[1].split()
    assert replay[:3] == ["harness", "run", "--replay"]
    again = subprocess.run(
        [HARNESS, *replay[1:], "--store", tmp_path / "again", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 1, again.stderr
    assert json.loads(again.stdout)["result"]["verdict"] == "invalid"


def test_a_simulated_run_can_be_shrunk_later(tmp_path: Path) -> None:
    """`shrink` takes what `run` has found, and keeps a smaller run beside it."""
    options = ["--store", str(tmp_path), "--seed", "1", "--time-limit", "2"]
    workload = ["-w", "g-counter", "--bin", "seq-kv-counter", "--nemesis", "none"]
    runner = CliRunner()
    found = runner.invoke(
        harness,
        ["run", "--transport", "simulated", *workload, *options, "--json"],
        standalone_mode=False,
    )
    assert found.return_value == 1, found.output
    run = json.loads(found.output)["run"]
    shrink = ["shrink", run, "--jobs", "1", "--attempts", "200"]
    done = runner.invoke(
        harness, [*shrink, "--store", str(tmp_path), "--json"], standalone_mode=False
    )
    assert done.return_value == 1, done.output
    report = json.loads(done.output)
    assert report["shrunk"]["size"]["operations"] <= 3 < report["size"]["operations"]
    assert Path(report["shrunk"]["run"], "history.jsonl").exists()


def test_what_cannot_be_shrunk_is_said_so(tmp_path: Path) -> None:
    """A run that is valid has nothing to keep, and one of processes does not repeat."""
    runner = CliRunner()
    for transport, word in (("simulated", "does not fail"), ("processes", "alike")):
        arguments = ["-w", "echo", "--time-limit", "0.2", "--nodes", "n1", "--json"]
        made = runner.invoke(
            harness,
            ["run", "--transport", transport, *arguments, "--store", str(tmp_path)],
            standalone_mode=False,
        )
        run = json.loads(made.output)["run"]
        with pytest.raises(UsageError, match=word):
            runner.invoke(
                harness, ["shrink", run], standalone_mode=False, catch_exceptions=False
            )


def test_the_command_tells_what_was_tried_in_vain(tmp_path: Path) -> None:
    """Without a violation `hunt` exits 0 and says how much was tried."""
    arguments = [
        "hunt",
        "-w",
        "echo",
        "--runs",
        "2",
        "--time-limit",
        "1",
        "--seed",
        "2",
    ]
    done = CliRunner().invoke(
        harness,
        [*arguments, "--jobs", "1", "--store", str(tmp_path), "--json"],
        standalone_mode=False,
    )
    assert done.return_value == 0, done.output
    report = json.loads(done.output)
    assert report["runs"] == 2
    assert report["verdicts"] == {"valid": 2, "invalid": 0, "unknown": 0}
    assert not list(tmp_path.iterdir())
