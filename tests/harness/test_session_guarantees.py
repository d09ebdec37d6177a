"""Registers with siblings, texts, sets and carts, judged by what clients saw: whole runs."""

from __future__ import annotations

import datetime as dt
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import pytest

from checkers import Reason, Result, Verdict
from harness.analysis import analyse_run
from harness.runner import execute
from harness.spec import LatencySpec, RunSpec
from harness.workloads import WORKLOADS
from histories import Store
from nodes import command


if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("n1", "n2", "n3")


FIELDS: dict[str, Any] = {
    "nodes": ("n1", "n2", "n3", "n4", "n5"),
    "rate": 100.0,
    "latency": LatencySpec("exponential", 5.0),
    "nemesis": ("partition",),
}
"""Runs in which much is under way, and some nodes hear of things through others."""


class Silent:
    """A progress that shows nothing."""

    def update(self, *_: Any) -> None:
        """Do nothing."""

    def log(self, *_: Any) -> None:
        """Do nothing."""


def judged(
    folder: Path, program: tuple[list[str], dict[str, str]], seed: int, **fields: Any
) -> Result:
    """Run nodes for some virtual seconds and judge the run."""
    argv, environment = program
    defaults: dict[str, Any] = {
        "workload": "vv-register",
        "nodes": NAMES,
        "concurrency": 6,
        "rate": 60.0,
        "time_limit_s": 5.0,
        "timeout_ms": 1000,
        "nemesis_interval_s": 1.0,
        "latency": LatencySpec("exponential", 20.0),
        "consistency_models": ("causal",),
    }
    spec = RunSpec(
        bin=tuple(argv),
        environment=dict(environment),
        transport="simulated",
        seed=seed,
        **{**defaults, **fields},
    )
    workload = WORKLOADS[spec.workload]
    run = Store(folder).create(spec.workload, dt.datetime.now(dt.UTC))
    execute(spec, workload, run, Silent())
    return analyse_run(run, workload, run.spec())


@pytest.mark.parametrize(
    "workload", ["vv-register", "dvv-register", "rga", "or-set", "shopping-cart"]
)
def test_a_node_that_is_right_is_causal_for_clients_that_stay(
    tmp_path: Path, workload: str
) -> None:
    """Who hears of an update hears of all that its node knew, partitions or not."""
    for seed in range(3):
        program = command(WORKLOADS[workload].node)
        fields: dict[str, Any] = {"workload": workload, "nemesis": ("partition",)}
        if workload == "rga":
            fields["mix"] = "typing"
        result = judged(tmp_path, program, seed, **fields)
        assert result.verdict is Verdict.VALID, result.summary
        models = result.parts["models"].statistics["models"]
        assert [name for name, one in models.items() if one["verdict"] != "yes"] == [
            "linearizable",
            "sequential",
        ]


def test_clients_that_roam_miss_what_they_wrote(tmp_path: Path) -> None:
    """The same register, and not its fault: the next node has not heard of it yet."""
    program = command("vv-register")
    for seed in range(20):
        result = judged(tmp_path, program, seed, nemesis=("roam", "partition"))
        assert result.parts["workload"].verdict is Verdict.VALID
        if result.parts["models"].anomalies:
            break
    models = result.parts["models"]
    assert "read-your-writes" in models.statistics["weakest-failing"]
    anomaly = models.anomalies[0]
    assert anomaly.name == "read-your-writes"
    write, read = anomaly.data["operations"]
    assert write["process"] == read["process"]
    assert write["node"] != read["node"]


@pytest.mark.parametrize("workload", ["or-set", "shopping-cart"])
def test_clients_that_roam_miss_what_they_put_in(tmp_path: Path, workload: str) -> None:
    """It is not there yet, and nobody removed it."""
    for seed in range(20):
        fields: dict[str, Any] = {
            "workload": workload,
            "nemesis": ("roam", "partition"),
        }
        result = judged(tmp_path, command(workload), seed, **fields)
        assert result.parts["workload"].verdict is Verdict.VALID
        if result.parts["models"].anomalies:
            break
    models = result.parts["models"]
    assert "read-your-writes" in models.statistics["weakest-failing"]
    first, *_, last = models.anomalies[0].data["operations"]
    assert first["process"] == last["process"]
    assert len({one["node"] for one in models.anomalies[0].data["operations"]}) > 1


@pytest.mark.parametrize(
    ("node", "broken", "kept"),
    [
        ("late-showing-set", "read-your-writes", "monotonic-reads"),
        ("late-hiding-set", "read-your-writes", "monotonic-reads"),
        ("cached-contains-set", "monotonic-reads", "monotonic-writes"),
        ("local-removes-set", "monotonic-writes", "read-your-writes"),
    ],
)
def test_sets_are_found_out_that_break_a_guarantee(
    tmp_path: Path, node: str, broken: str, kept: str
) -> None:
    """Their clients stay, and see that something is missing, or is there again."""
    for seed in range(20):
        fields = {**FIELDS, "workload": "or-set", "nemesis": ()}
        result = judged(tmp_path, command(node), seed, **fields)
        models = result.parts["models"].statistics["models"]
        if models[broken]["verdict"] == "no":
            break
    assert models[broken]["verdict"] == "no"
    assert models[kept]["verdict"] == "yes"


def test_carts_are_found_out_that_bring_back_what_was_removed(tmp_path: Path) -> None:
    """The union of two carts has what a client had taken out of one of them."""
    fields: dict[str, Any] = {"workload": "shopping-cart"}
    result = judged(tmp_path, command("union-cart"), 1, **fields)
    assert result.parts["workload"].verdict is Verdict.VALID
    models = result.parts["models"].statistics["models"]
    assert models["read-your-writes"]["verdict"] == "no"
    assert models["monotonic-reads"]["verdict"] == "no"


def test_reads_that_list_tags_say_which_adds_they_saw(tmp_path: Path) -> None:
    """They are recorded beside the elements, and what they say is explained."""
    path = tmp_path / "node.py"
    path.write_text(
        textwrap.dedent(
            """
            from nodes.or_set import ORSetNode
            from nodes.runtime import run

            class Telling(ORSetNode):
                def read(self, message):
                    tags = {str(one): self.state.tags(one) for one in self.elements()}
                    return {**super().read(message), "tags": tags}

            if __name__ == "__main__":
                run(Telling)
            """
        )
    )
    program = [sys.executable, str(path)], command("or-set")[1]
    result = judged(tmp_path, program, 2, workload="or-set", nemesis=("partition",))
    assert result.verdict is Verdict.VALID, result.summary
    history = Store(tmp_path).latest().history()
    reads = [one.output for one in history.operations() if one.f == "read"]
    assert all(read is None or read.keys() == {"elements", "tags"} for read in reads)


def test_a_text_without_order_of_causes_is_found_out(tmp_path: Path) -> None:
    """Insertions come before what their writers had read, though each one's in order."""
    program = command("no-causal-buffer-rga")
    for seed in range(20):
        fields = {**FIELDS, "workload": "rga", "mix": "typing"}
        result = judged(tmp_path, program, seed, **fields)
        if result.parts["models"].anomalies:
            break
    models = result.parts["models"].statistics["models"]
    assert models["causal"]["verdict"] == "no"
    assert models["writes-follow-reads"]["verdict"] == "no"


def test_texts_with_deletions_are_not_taken_for_whole(tmp_path: Path) -> None:
    """What is missing may have been deleted: nobody knows whether it was seen."""
    result = judged(tmp_path, command("rga"), 1, workload="rga", mix="contended")
    models = result.parts["models"]
    assert (models.verdict, models.reason) == (Verdict.UNKNOWN, Reason.UNSUPPORTED)


BUGS = {
    "read-your-writes": """
        # Answers from what was there a while ago.
        def start(self):
            super().start()
            self.cached = self.state

        @every(0.1)
        def refresh(self):
            self.cached = self.state

        def read(self, message):
            known, self.state = self.state, self.cached
            reply = super().read(message)
            self.state = known
            return reply
    """,
    "monotonic-reads": """
        # Shows every other client what was there when it was last written to.
        def start(self):
            super().start()
            self.last, self.count = self.state, 0

        def share(self, delta):
            super().share(delta)
            self.last = self.state

        def read(self, message):
            self.count += 1
            known = self.state
            if self.count % 2:
                self.state = self.last
            reply = super().read(message)
            self.state = known
            return reply
    """,
    "monotonic-writes": """
        # Tells of one register at a time, not in the order of the writes.
        def share(self, delta):
            self.learn(delta)

        @every(0.02)
        def tell_one(self):
            registers = self.state.encode()
            if registers:
                key = self.rng.choice(sorted(registers))
                for peer in self.peers:
                    state = {key: registers[key]}
                    self.send(peer, {"type": "replicate", "state": state})

        def _gossip(self):
            pass
    """,
    "writes-follow-reads": """
        # Tells what was written here, and nothing that it was told.
        def start(self):
            super().start()
            self.mine = self.empty()

        def share(self, delta):
            self.mine = self.mine.merge(delta)
            super().share(delta)

        def _gossip(self):
            for peer in self.peers:
                body = {"type": "replicate", "state": self.mine.encode()}
                self.send(peer, body)
    """,
}
"""Nodes that break a guarantee, though their clients stay."""


@pytest.mark.parametrize("broken", BUGS)
def test_each_guarantee_is_broken_by_some_node(tmp_path: Path, broken: str) -> None:
    """Clients stay, and see it; the values that they see are right."""
    path = tmp_path / "node.py"
    path.write_text(
        "from nodes.runtime import every, run\n"
        "from nodes.dvv_register import DVVRegister\n"
        "class Faulty(DVVRegister):\n"
        + textwrap.indent(textwrap.dedent(BUGS[broken]), "    ")
        + "\nif __name__ == '__main__':\n    run(Faulty)\n"
    )
    program = [sys.executable, str(path)], command("dvv-register")[1]
    for seed in range(20):
        result = judged(tmp_path, program, seed, workload="dvv-register", **FIELDS)
        weakest = result.parts["models"].statistics["weakest-failing"]
        if broken in weakest:
            break
    assert broken in weakest
    assert result.parts["workload"].verdict is Verdict.VALID, result.summary
    levels = result.parts["models"].statistics["models"]
    assert (levels["pram"]["verdict"] == "yes") is (broken == "writes-follow-reads")
