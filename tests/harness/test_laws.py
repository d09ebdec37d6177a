"""Messages of a run, fed to fresh nodes in other orders."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from click.testing import CliRunner

from checkers import Reason, Verdict
from harness.cli import harness
from harness.laws import ORDERS, Delivered, check_laws, delivered, rig_of
from harness.laws._rigs import _Processes
from harness.runner import execute
from harness.spec import RunSpec
from harness.workloads import WORKLOADS
from histories import Store
from nodes import command


if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from harness.laws import LawsResult
    from histories import Run


class Silent:
    """A progress that shows nothing."""

    def update(self, *_: Any) -> None:
        """Do nothing."""

    def log(self, *_: Any) -> None:
        """Do nothing."""


def carried_out(folder: Path, workload: str, node: str) -> Run:
    """Return a short simulated run of a bundled node."""
    argv, environment = command(node)
    spec = RunSpec(
        workload=workload,
        bin=tuple(argv),
        environment=environment,
        transport="simulated",
        nodes=("n1", "n2", "n3"),
        concurrency=6,
        rate=100.0,
        time_limit_s=2.0,
        timeout_ms=1_000,
        nemesis=("partition",),
        nemesis_interval_s=0.5,
        seed=1,
    )
    run = Store(folder).create(workload, dt.datetime.now(dt.UTC))
    execute(spec, WORKLOADS[workload], run, Silent())
    return run


def judged(
    folder: Path, workload: str, node: str, orders: Sequence[str] = tuple(ORDERS)
) -> LawsResult:
    """Return whether the laws hold for a bundled node."""
    run = carried_out(folder, workload, node)
    spec = msgspec.convert(run.spec(), RunSpec)
    kind = WORKLOADS[workload]
    reads = kind.reads(kind.subjects(run.history().events()))
    return check_laws(
        delivered(run, spec.nodes),
        rig_of(spec, kind, reads),
        trials=6,
        orders=orders,
        rng=Random(1),
    )


RIGHT = [
    ("g-counter", "g-counter"),
    ("pn-counter", "pn-counter"),
    ("pn-counter", "op-counter"),
    ("g-set", "g-set"),
    ("or-set", "or-set"),
    ("or-set", "op-or-set"),
    ("or-set", "delta-or-set"),
    ("mv-register", "mv-register"),
    ("vv-register", "vv-register"),
    ("lww-register", "vv-register"),
    ("rga", "rga"),
    ("rga", "op-rga"),
    ("broadcast", "broadcast"),
]


@pytest.mark.parametrize(("workload", "node"), RIGHT)
def test_a_node_that_is_right_reads_the_same_in_any_order(
    tmp_path: Path, workload: str, node: str
) -> None:
    """Whether it merges states or waits for causes."""
    result = judged(tmp_path, workload, node)
    assert result.verdict is Verdict.VALID, result
    assert 0 < result.telling <= result.windows


WRONG = [
    ("g-counter", "sum-merge-counter", {"shuffled", "each-twice", "whole-twice"}),
    ("g-counter", "last-received-counter", {"shuffled"}),
    ("pn-counter", "no-dedup-counter", {"each-twice", "whole-twice"}),
    ("rga", "no-dedup-rga", {"each-twice", "whole-twice"}),
    ("rga", "no-causal-buffer-rga", {"shuffled"}),
    ("rga", "no-tombstone-rga", {"shuffled"}),
    ("rga", "no-tie-break-rga", {"shuffled"}),
]


@pytest.mark.parametrize(("workload", "node", "orders"), WRONG)
def test_a_node_that_is_wrong_does_not(
    tmp_path: Path, workload: str, node: str, orders: set[str]
) -> None:
    """A witness has so few messages that a person can read them."""
    result = judged(tmp_path, workload, node)
    assert result.verdict is Verdict.INVALID
    assert {broken.order for broken in result.broken} & orders
    for broken in result.broken:
        assert len(broken.messages) <= 24
        assert broken.read != broken.other


def test_who_relies_on_an_order_is_not_held_to_another(tmp_path: Path) -> None:
    """Operations that come in order need no buffer."""
    orders = [order for order in ORDERS if order != "shuffled"]
    result = judged(tmp_path, "rga", "no-causal-buffer-rga", orders)
    assert result.verdict is Verdict.VALID


class Sums:
    """A node that adds up what it is told."""

    def __init__(self, *, answers: bool = True, drift: int = 0) -> None:
        self._answers = answers
        self._drift = drift
        self._asked = 0

    def read(self, messages: Sequence[Delivered]) -> str | None:
        """Return the sum."""
        self._asked += self._drift
        total = sum(message.body["delta"] for message in messages)
        return str(total + self._asked) if self._answers else None


DELTAS = {
    "n1": [
        Delivered(number, "n2", {"type": "add", "delta": number % 2})
        for number in range(30)
    ]
}


def laws_of(rig: Sums, told: dict[str, list[Delivered]] = DELTAS) -> LawsResult:
    """Return whether the laws hold for a node that was told of deltas."""
    return check_laws(told, rig, trials=20, orders=tuple(ORDERS), rng=Random(1))


def test_the_witness_is_as_small_as_can_be() -> None:
    """One message, that counts twice."""
    result = laws_of(Sums())
    assert [broken.order for broken in result.broken] == ["each-twice", "whole-twice"]
    for broken in result.broken:
        (message,) = broken.messages
        assert message.body["delta"] == 1
        assert broken.replayed == (0, 0)
        assert (broken.read, broken.other) == ("1", "2")


@pytest.mark.parametrize(
    ("rig", "told", "reason"),
    [
        (Sums(answers=False), DELTAS, Reason.UNSUPPORTED),
        (Sums(drift=1), DELTAS, Reason.UNSUPPORTED),
        (Sums(), {"n1": []}, Reason.VACUOUS),
        (Sums(), {"n1": DELTAS["n1"][:1]}, Reason.VACUOUS),
    ],
)
def test_what_says_nothing_is_unknown(
    rig: Sums, told: dict[str, list[Delivered]], reason: Reason
) -> None:
    """No answers, answers by chance, no messages, or none that change anything."""
    result = laws_of(rig, told)
    assert (result.verdict, result.reason) == (Verdict.UNKNOWN, reason)


def test_processes_and_objects_read_the_same(tmp_path: Path) -> None:
    """A node that is no Python program is started anew each time."""
    run = carried_out(tmp_path, "g-counter", "g-counter")
    spec = msgspec.convert(run.spec(), RunSpec)
    told = delivered(run, spec.nodes)
    workload = WORKLOADS["g-counter"]
    window = told["n2"][:20]
    reads = workload.reads(())
    simulated = rig_of(spec, workload, reads)
    assert _Processes(spec, workload, reads).read(window) == simulated.read(window)


def test_the_journal_says_what_a_node_got_and_told_another(tmp_path: Path) -> None:
    """No replies, nobody else's messages, and nothing twice from the same node."""
    run = carried_out(tmp_path, "pn-counter", "op-counter")
    told = delivered(run, ("n1", "n2", "n3"))
    assert {message.src for message in told["n1"]} == {"n1", "n2", "n3"}
    for messages in told.values():
        assert all("in_reply_to" not in message.body for message in messages)
        said = [
            (message.src, msgspec.json.encode(message.body, order="sorted"))
            for message in messages
        ]
        assert len(set(said)) == len(said)


def test_the_command_shows_what_was_fed_and_read(tmp_path: Path) -> None:
    """A witness that a person can read, or all of it as JSON."""
    run = carried_out(tmp_path, "g-counter", "last-received-counter")
    shown = CliRunner().invoke(harness, ["laws", str(run.path)], standalone_mode=False)
    assert shown.return_value == 1
    assert "  fed 2 1  reads " in shown.output
    assert "INVALID: What is read depends on the order" in shown.output
    told = CliRunner().invoke(
        harness,
        ["laws", str(run.path), "--node", "n2", "--no-shuffle", "--json"],
        standalone_mode=False,
    )
    document = msgspec.json.decode(told.output)["result"]
    assert document["verdict"] in {"valid", "invalid"}
    assert all(broken["node"] == "n2" for broken in document["broken"])
