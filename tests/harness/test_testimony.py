"""The journal of a run is evidence, if it is whole and nobody asked to leave it out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from click.testing import CliRunner

from checkers import Verdict
from harness import testimony
from harness.analysis import analyse_run
from harness.cli import harness as command_line
from harness.cli._program import bundled_program
from harness.workloads import WORKLOADS
from histories import MessageCounts


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from checkers import Result

    from .conftest import Trial


# Reads are answered at once, adds later than any client waits.
SLOW = """
    total, waiting = 0, []
    for message in messages():
        body = message["body"]
        if body["type"] == "add":
            total += body["delta"]
            waiting.append(message)
        else:
            ok(message, value=total)
            for late in waiting:
                ok(late)
            waiting = []
    """


@pytest.fixture
def run_slow(try_node: Callable[..., Trial]) -> Trial:
    """A run of one node that answers adds only when it is read."""
    return try_node(
        SLOW,
        workload="pn-counter",
        nodes=("n1",),
        concurrency=4,
        timeout_ms=1,
        time_limit_s=0.4,
    )


def judge(trial: Trial, **spec: Any) -> Result:
    return analyse_run(trial.run, WORKLOADS["pn-counter"], {**trial.run.spec(), **spec})


def notes(result: Result) -> list[str]:
    told: list[str] = result.parts["workload"].statistics.get("evidence", [])
    return told


def test_late_replies_decide_indeterminate_adds(run_slow: Trial) -> None:
    """What was answered too late is told, and counts, unless the client's view is taken."""
    result = judge(run_slow)
    (note,) = notes(result)
    assert "answered ok after the client had given up" in note
    assert result.verdict is judge(run_slow, client_view=True).verdict
    assert notes(judge(run_slow, client_view=True)) == [
        "By --client-view, indeterminate operations are taken as their clients saw them."
    ]


def test_a_journal_that_is_not_whole_is_not_used(run_slow: Trial) -> None:
    """Absent, torn, damaged, cut or uncounted: the note says which."""
    path = run_slow.run.journal_path
    whole = path.read_bytes()
    frames = _frames(whole)

    def note(content: bytes | None) -> str:
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
        (told,) = notes(judge(run_slow))
        assert told.endswith("operations are taken as their clients saw them.")
        return told

    assert note(whole[:-3]).startswith("The end of the journal is torn")
    assert note(b"something else").startswith("The journal cannot be read")
    cut = note(whole[: frames[-2]])
    assert cut.startswith(("The journal is not that of", "The journal has other"))
    assert note(None).startswith("There is no journal")


def _frames(content: bytes) -> list[int]:
    """Return where each frame of a journal ends."""
    ends, at = [], content.index(b"\n") + 1
    while at < len(content):
        at += 8 + int.from_bytes(content[at + 4 : at + 8], "little")
        ends.append(at)
    return ends


def test_a_run_that_was_killed_has_no_journal_to_believe(run_slow: Trial) -> None:
    """Without an outcome nothing says how many messages there were."""
    outcome = run_slow.run.outcome_path
    outcome.unlink()
    (note,) = notes(judge(run_slow))
    assert note.startswith("The run was killed")


def test_messages_that_the_journal_lacks_are_missed(run_slow: Trial) -> None:
    """A journal that ended early for want of disk is found out by the counts."""
    counted = run_slow.outcome.messages["all"]
    more = msgspec.structs.replace(counted, sent=counted.sent + 1)
    for messages in ({"all": more}, {"servers": MessageCounts()}):
        outcome = msgspec.structs.replace(run_slow.outcome, messages=messages)
        run_slow.run.write_json(run_slow.run.outcome_path, msgspec.to_builtins(outcome))
        (note,) = notes(judge(run_slow))
        assert note.startswith("The journal has other messages")


def test_a_journal_too_long_to_read_is_not_read(
    run_slow: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The analysis of a long run stays quick."""
    monkeypatch.setattr(testimony, "MOST_RECORDS", 10)
    (note,) = notes(judge(run_slow))
    assert "too many to read" in note


def test_the_view_of_clients_can_be_chosen_when_a_run_is_checked(
    run_slow: Trial,
) -> None:
    """`check` and `report` take the switch of the run, or another one."""

    def told(*arguments: str) -> str:
        done = CliRunner().invoke(
            command_line,
            ["check", str(run_slow.run.path), "--json", *arguments],
            standalone_mode=False,
        )
        result = json.loads(done.output)["result"]
        (note,) = result["parts"]["workload"]["statistics"]["evidence"]
        return str(note)

    assert "after the client had given up" in told()
    assert told("--client-view").startswith("By --client-view")
    spec = {**run_slow.run.spec(), "client_view": True}
    run_slow.run.write_json(run_slow.run.spec_path, spec)
    assert told().startswith("By --client-view")
    assert "after the client had given up" in told("--no-client-view")


def test_the_terminal_tells_what_became_of_indeterminate_operations(
    run_slow: Trial,
) -> None:
    """The note is one of the facts, and so is in the report."""
    done = CliRunner().invoke(command_line, ["check", str(run_slow.run.path)])
    assert "evidence" in done.output
    assert "indeterminate add" in done.output
    CliRunner().invoke(command_line, ["report", str(run_slow.run.path)])
    page = run_slow.run.report_path.read_text("utf-8")
    assert "after the client had given up" in page


def test_nodes_that_share_a_file_know_what_no_message_told_them(
    try_node: Callable[..., Trial], tmp_path: Path
) -> None:
    """Their history is right, and only the journal shows that they cheat."""
    shared = tmp_path / "shared"
    shared.write_text("0")
    trial = try_node(
        f"""
        import fcntl
        for message in messages():
            body = message["body"]
            with open({str(shared)!r}, "r+") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                total = int(file.read())
                if body["type"] == "add":
                    file.seek(0)
                    file.truncate()
                    file.write(str(total + body["delta"]))
            ok(message, **({{"value": total}} if body["type"] == "read" else {{}}))
        """,
        workload="g-counter",
        timeout_ms=2_000,
    )
    spec = trial.run.spec()
    seen = analyse_run(trial.run, WORKLOADS["g-counter"], {**spec, "client_view": True})
    assert seen.parts["workload"].verdict is Verdict.VALID
    result = analyse_run(trial.run, WORKLOADS["g-counter"], spec)
    anomalies = result.parts["workload"].anomalies
    assert {found.name for found in anomalies if found.fails} == {
        "impossible-knowledge"
    }


@pytest.mark.parametrize("workload", ["g-counter", "pn-counter", "g-set", "broadcast"])
def test_correct_nodes_stay_valid_with_clients_in_a_hurry(
    try_node: Callable[..., Trial], workload: str
) -> None:
    """With and without the journal, under partitions and with a short timeout."""
    program = bundled_program(WORKLOADS[workload].node)
    trial = try_node(
        "",
        workload=workload,
        bin=program.argv,
        environment=program.environment,
        nodes=("n1", "n2", "n3"),
        concurrency=6,
        rate=400.0,
        timeout_ms=1,
        time_limit_s=0.8,
        nemesis=("partition",),
        nemesis_interval_s=0.2,
        recovery_s=5.0,
    )
    for client_view in (False, True):
        spec = {**trial.run.spec(), "client_view": client_view}
        result = analyse_run(trial.run, WORKLOADS[workload], spec)
        assert result.parts["workload"].verdict is Verdict.VALID, result.summary
        if not client_view:
            told = " ".join(notes(result))
            assert "journal" not in told
            assert "indeterminate" in told or "info" not in trial.statuses()
