"""Mixes of all workloads: right nodes are not accused, and seeds repeat runs."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from click.testing import CliRunner

from checkers import Verdict
from harness.cli import harness
from harness.errors import UsageError
from harness.hunting import Space, attempt
from harness.hunting._draw import draw_spec
from harness.nemesis import NEMESES
from harness.runner import Quiet, execute
from harness.workloads import WORKLOADS
from histories import Run, Store
from nodes import command


if TYPE_CHECKING:
    from pathlib import Path

    from harness.spec import RunSpec


CHOICES = [(name, mix) for name, one in WORKLOADS.items() for mix in one.mixes]

MAELSTROM = ("broadcast", "echo", "g-counter", "g-set", "pn-counter", "unique-ids")
"""The workloads that Maelstrom has too."""


def drawn(name: str, mix: str | None, number: int, longest_s: float = 2.0) -> RunSpec:
    """Return a run of a hunt on the right node."""
    workload = WORKLOADS[name]
    argv, environment = command(workload.node)
    space = Space(
        workload=name,
        bin=tuple(argv),
        environment=environment,
        mix=mix,
        nemeses=tuple(sorted(NEMESES)),
        longest_s=longest_s,
        seed=1,
    )
    return draw_spec(space, workload, number)


@pytest.mark.parametrize(("name", "mix"), CHOICES)
def test_a_right_node_is_not_accused(name: str, mix: str) -> None:
    """Whatever the faults, the delays and the rates are."""
    verdicts = []
    for number in range(4):
        trial = attempt(drawn(name, mix, number))
        assert trial.verdict is not Verdict.INVALID, trial.summary
        verdicts.append(trial.verdict)
    assert Verdict.VALID in verdicts


@pytest.mark.parametrize(("name", "mix"), CHOICES)
def test_faults_in_phases_end_at_barriers(name: str, mix: str) -> None:
    """Clients go on after each of them."""
    spec = msgspec.structs.replace(
        drawn(name, mix, 0),
        nodes=("n1", "n2", "n3"),
        concurrency=6,
        nemesis=("partition",),
        nemesis_schedule="phases",
        nemesis_interval_s=0.4,
        time_limit_s=2.0,
        rate=100.0,
    )
    trial = attempt(spec)
    assert trial.verdict is Verdict.VALID, trial.summary
    assert trial.operations > 50
    assert trial.faults["partition"] >= 1


def carried_out(spec: RunSpec, folder: Path) -> bytes:
    """Return the history of a run as it is saved."""
    run = Store(folder).create(spec.workload, dt.datetime.now(dt.UTC))
    execute(spec, WORKLOADS[spec.workload], run, Quiet())
    return run.history_path.read_bytes()


@pytest.mark.parametrize(("name", "mix"), CHOICES)
def test_one_seed_is_one_history(tmp_path: Path, name: str, mix: str) -> None:
    """To the byte."""
    spec = drawn(name, mix, 2, 1.5)
    first = carried_out(spec, tmp_path / "first")
    assert first
    assert carried_out(spec, tmp_path / "second") == first


def test_the_first_mix_is_what_maelstrom_does_where_it_does_it() -> None:
    """So that results compare."""
    stock = {name for name, one in WORKLOADS.items() if "stock" in one.mixes}
    assert stock == set(MAELSTROM)
    for name in MAELSTROM:
        assert WORKLOADS[name].mix(()) == "stock"


def test_a_hunt_draws_all_mixes_unless_one_is_asked_for() -> None:
    """Each about as often."""
    for name in ("or-set", "pn-counter", "rga"):
        mixes = Counter(drawn(name, None, number).mix for number in range(300))
        assert mixes.keys() == WORKLOADS[name].mixes.keys()
        assert min(mixes.values()) > 50
    assert {drawn("rga", "litmus", number).mix for number in range(20)} == {"litmus"}


def run_command(*arguments: str) -> Any:
    return CliRunner().invoke(harness, [*arguments], standalone_mode=False)


def test_a_mix_is_saved_and_kept_when_a_run_is_repeated(tmp_path: Path) -> None:
    """The command that repeats it cannot ask for another."""
    store = ("--store", str(tmp_path), "--json")
    done = run_command(
        *("run", "-w", "g-counter", "--mix", "telling", "--transport", "simulated"),
        *("--time-limit", "1", "--seed", "4", *store),
    )
    first = Run(tmp_path / json.loads(done.stdout)["run"])
    assert first.spec()["mix"] == "telling"
    again = run_command("run", "--replay", str(first.path), *store)
    second = Run(tmp_path / json.loads(again.stdout)["run"])
    assert second.spec()["mix"] == "telling"
    other = run_command("run", "--replay", str(first.path), "--mix", "stock", *store)
    assert isinstance(other.exception, UsageError)


@pytest.mark.parametrize(
    ("models", "asked", "mix"),
    [
        (None, None, "stock"),
        ("sequential", None, "stock"),
        ("causal", None, "telling"),
        ("causal", "stock", "stock"),
    ],
)
def test_models_about_what_was_seen_choose_the_telling_mix(
    tmp_path: Path, models: str | None, asked: str | None, mix: str
) -> None:
    """Unless another is asked for."""
    done = run_command(
        *("run", "-w", "pn-counter", "--transport", "simulated", "--json"),
        *("--time-limit", "0.5", "--rate", "20", "--seed", "4", "--nemesis", "none"),
        *("--store", str(tmp_path)),
        *(() if models is None else ("--consistency-models", models)),
        *(() if asked is None else ("--mix", asked)),
    )
    run = Run(tmp_path / json.loads(done.stdout)["run"])
    assert run.spec()["mix"] == mix


@pytest.mark.parametrize("verb", ["run", "hunt"])
def test_a_mix_that_the_workload_does_not_have_is_an_error(verb: str) -> None:
    """Which says those that it has."""
    done = run_command(verb, "-w", "or-set", "--mix", "stock")
    assert isinstance(done.exception, UsageError)
    assert str(done.exception) == ("--mix 'stock': or-set has both, contended, litmus")


def test_mixes_are_listed_with_what_they_do() -> None:
    """For people and for programs."""
    assert "    mix contended: " in run_command("list").stdout
    listed = json.loads(run_command("list", "--json").stdout)["workloads"]
    assert list(listed["pn-counter"]["mixes"]) == ["stock", "telling"]
    assert all(doc for one in listed.values() for doc in one["mixes"].values())
