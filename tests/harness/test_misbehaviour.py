"""What goes wrong with nodes: each has its sentence, and the run goes on."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.members import BAD_LINES_LIMIT
from histories import PROBLEM_KINDS


if TYPE_CHECKING:
    from collections.abc import Callable

ECHO = """
for message in messages():
    ok(message, echo=message["body"]["echo"])
"""


def test_a_correct_node_has_no_problems(try_node: Callable[..., Any]) -> None:
    """Nothing is noted of a node that does as it should."""
    trial = try_node(ECHO)
    assert trial.kinds == []
    assert set(trial.statuses()) == {"ok"}
    assert len(trial.statuses()) > 10
    assert [node.exit_code for node in trial.outcome.nodes] == [0, 0]
    assert list(trial.outcome.phases) == ["setup", "main", "teardown", "end"]


@pytest.mark.parametrize(
    ("program", "kind", "evidence"),
    [
        ('print("hello", flush=True)', "not-json", "hello"),
        ("print([1], flush=True)", "not-an-object", "[1]"),
        ('send("n9", {"type": "x"})', "unknown-destination", "n9"),
        ('send("n2", {"type": "x"}, src="n7")', "forged-source", "n7"),
        (
            "send(message['src'], {'type': 'x', 'in_reply_to': 99})",
            "unexpected-reply",
            "99",
        ),
        ("send(message['src'], {'type': 'x'})", "unexpected-reply", "None"),
        (
            "reply({**message, 'body': {'msg_id': message['body']['msg_id'] + 0.0}})",
            "unexpected-reply",
            ".0",
        ),
        (
            'os.write(1, b\'{"src":"n1","dest":"n2","body":"\\xff"}\\n\')',
            "not-json",
            "0xff",
        ),
    ],
)
def test_a_stray_line_is_noted_and_operations_go_on(
    try_node: Callable[..., Any], program: str, kind: str, evidence: str
) -> None:
    """A line that is no proper message costs nothing but a note with the line."""
    trial = try_node(f"""
for message in messages():
    if message["body"]["type"] != "echo":
        continue
    {program}
    ok(message, echo=message["body"]["echo"])
""")
    assert set(trial.kinds) == {kind}
    problem = trial.outcome.problems[0]
    assert evidence in problem.sentence + problem.evidence
    assert set(trial.statuses()) == {"ok"}


@pytest.mark.parametrize(
    ("reply", "kind", "status"),
    [
        ("ok(message)", "malformed-reply", "info"),
        ("reply(message, type='wrong', echo=1)", "malformed-reply", "info"),
        ("ok(message, echo=message['body']['echo'], more=1)", "extra-field", "ok"),
        ("reply(message, type='error', text='?')", "error-without-code", "info"),
        ("reply(message, type='error', code=999)", "unknown-error-code", "info"),
    ],
)
def test_a_wrong_reply_is_noted_with_its_line(
    try_node: Callable[..., Any], reply: str, kind: str, status: str
) -> None:
    """A reply with missing or extra fields says which, and keeps the operation."""
    trial = try_node(f"for message in messages(): {reply}")
    assert set(trial.kinds) == {kind}
    assert trial.outcome.problems[0].evidence
    assert set(trial.statuses()) == {status}


@pytest.mark.parametrize(
    ("code", "status"), [(11, "fail"), (22, "fail"), (0, "info"), (13, "info")]
)
def test_errors_mean_what_the_protocol_says(
    try_node: Callable[..., Any], code: int, status: str
) -> None:
    """A definite error is a failure; after any other the outcome is open."""
    trial = try_node(
        f"for message in messages(): reply(message, type='error', code={code})"
    )
    assert trial.kinds == []
    assert set(trial.statuses()) == {status}


def test_a_late_reply_is_noted_and_the_operation_stays_open(
    try_node: Callable[..., Any],
) -> None:
    """An answer after the timeout changes nothing, and the process is renewed."""
    trial = try_node(
        """
        for message in messages():
            time.sleep(0.3)
            ok(message, echo=message["body"]["echo"])
        """,
        nodes=("n1",),
        concurrency=1,
        time_limit_s=0.5,
    )
    assert "late-reply" in trial.kinds
    operations = list(trial.run.history().operations())
    assert {operation.status for operation in operations} == {"info"}
    assert [operation.process for operation in operations] == list(
        range(len(operations))
    )


@pytest.mark.parametrize(
    ("end", "kind", "words"),
    [
        ("sys.exit(3)", "exited", "status 3"),
        ("sys.exit(0)", "exited", "status 0"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "killed", "SIGSEGV"),
        ("os.kill(os.getpid(), 40)", "killed", "signal 40"),
        ("raise RuntimeError('out of cheese')", "exited", "out of cheese"),
    ],
)
def test_the_end_of_a_node_is_noted_with_its_last_words(
    try_node: Callable[..., Any], end: str, kind: str, words: str
) -> None:
    """A node that ends by itself says how, and the others are still driven."""
    trial = try_node(f"""
for message in messages():
    if node_id == "n1":
        {end}
    ok(message, echo=message["body"]["echo"])
""")
    assert trial.kinds == [kind]
    problem = trial.outcome.problems[0]
    assert problem.node == "n1"
    assert words in problem.sentence
    ended = {node.name: node.expected for node in trial.outcome.nodes}
    assert ended == {"n1": False, "n2": True}
    assert "ok" in trial.statuses()


def test_a_run_ends_early_when_every_node_is_gone(
    try_node: Callable[..., Any],
) -> None:
    """There is nothing to wait for without nodes."""
    trial = try_node(
        "for message in messages(): sys.exit(1)",
        time_limit_s=600,
        timeout_ms=600_000,
    )
    assert set(trial.kinds) == {"exited"}
    assert trial.outcome.phases["end"] < 60e9


@pytest.mark.parametrize(
    ("program", "kind", "words"),
    [
        ("time.sleep(60)", "init-timeout", "not read its standard input"),
        ("sys.stdin.readline(); time.sleep(60)", "init-timeout", "flushed"),
        (
            "sys.stdin.readline(); print('{\"hello\": 1}', flush=True); sys.stdin.read()",
            "init-timeout",
            "printed 1 lines",
        ),
        ("sys.exit('no config')", "exited", "no config"),
    ],
)
def test_a_node_that_does_not_come_up_says_why(
    try_node: Callable[..., Any], program: str, kind: str, words: str
) -> None:
    """Without init_ok there is no test, and the likely reason is given."""
    trial = try_node(program, init_timeout_s=0.4)
    assert kind in trial.kinds
    assert trial.outcome.aborted is not None
    assert words in trial.outcome.aborted
    assert len(trial.run.history()) == 0


def test_a_node_that_dies_of_its_topology_has_answered_init(
    try_node: Callable[..., Any],
) -> None:
    """The sentence names the request that the node did not survive."""
    trial = try_node("next(messages()); sys.exit(1)", workload="broadcast")
    assert "before it answered topology" in trial.outcome.aborted


def test_output_that_is_not_flushed_is_told_from_silence(
    try_node: Callable[..., Any],
) -> None:
    """Lines that come only when the input ends were waiting in a buffer."""
    trial = try_node(
        """
        for line in sys.stdin:
            body = json.loads(line)["body"]
            print('{"src": "n1", "dest": "c-setup0", "body": {"type": "init_ok"}}')
        """,
        init_timeout_s=0.3,
    )
    assert "unflushed-output" in trial.kinds


def test_a_refusal_of_init_is_told(try_node: Callable[..., Any]) -> None:
    """An error reply to init aborts the run with its text."""
    trial = try_node(
        """
        for line in sys.stdin:
            message = json.loads(line)
            node_id = message["body"]["node_id"]
            reply(message, type="error", code=11, text="not today")
        """
    )
    assert "init-error" in trial.kinds
    assert "not today" in (trial.outcome.aborted or "")


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        ("#!/bin/sh\n", 0o644, "chmod +x"),
        ("#!/no/such/interpreter\n", 0o755, "interpreter"),
        ("no program", 0o755, "#!"),
    ],
)
def test_a_program_that_cannot_be_started_says_what_to_do(
    try_node: Callable[..., Any],
    tmp_path: Path,
    content: str,
    mode: int,
    words: str,
) -> None:
    """The cause is found out and the cure is in the sentence."""
    path = tmp_path / "broken"
    path.write_text(content)
    path.chmod(mode)
    trial = try_node("", bin=(str(path),))
    assert trial.kinds == ["spawn-failed"]
    assert words in (trial.outcome.aborted or "")


def test_a_node_that_closes_its_input_is_noted(try_node: Callable[..., Any]) -> None:
    """Nothing reaches it any more, which explains the timeouts."""
    trial = try_node(
        """
        for message in messages():
            os.close(0)
            ok(message, echo=message["body"]["echo"])
            time.sleep(60)
        """,
        nodes=("n1",),
        time_limit_s=0.6,
    )
    assert trial.kinds == ["closed-stdin"]


def test_a_node_that_closes_its_output_is_noted(try_node: Callable[..., Any]) -> None:
    """Nothing can be heard from it any more."""
    trial = try_node(
        """
        for message in messages():
            os.close(1)
            sys.stdin.read()
        """,
        nodes=("n1",),
        time_limit_s=0.5,
    )
    assert trial.kinds[0] == "closed-stdout"


def test_a_line_that_the_end_of_its_node_cut_short_is_shown(
    try_node: Callable[..., Any],
) -> None:
    """The end of a process ends its last line too, whatever that is worth."""
    trial = try_node(
        """
        for message in messages():
            os.write(1, b'{"src": "n1", "de')
            os._exit(0)
        """,
        nodes=("n1",),
    )
    assert trial.kinds == ["not-json", "exited"]
    assert trial.outcome.problems[0].evidence == '{"src": "n1", "de'


def test_a_node_that_never_ends_its_line_is_told_so(
    try_node: Callable[..., Any],
) -> None:
    """An answer without a line break is no silence, and flushing would not help."""
    trial = try_node(
        """
        os.write(1, b'{"src":"n1","dest":"c-setup0","body":{"type":"init_ok"}}')
        sys.stdin.read()
        """,
        nodes=("n1",),
        init_timeout_s=0.3,
    )
    assert trial.kinds[0] == "init-timeout"
    assert "56 bytes without the line break" in (trial.outcome.aborted or "")


def test_a_flood_of_garbage_is_cut_off(try_node: Callable[..., Any]) -> None:
    """A node that only prints garbage is not listened to; the others are."""
    trial = try_node(
        """
        for message in messages():
            if node_id == "n1":
                while True:
                    os.write(1, b"y\\n" * 30_000)
            ok(message, echo=message["body"]["echo"])
        """
    )
    assert set(trial.kinds) >= {"not-json", "flood"}
    bad = next(p for p in trial.outcome.problems if p.kind == "not-json")
    assert bad.count == BAD_LINES_LIMIT
    assert "ok" in trial.statuses()


def test_an_endless_line_is_given_up(
    try_node: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory is bounded, and what comes after the line is heard."""
    monkeypatch.setattr("harness.transports._output.LINE_LIMIT", 100_000)
    trial = try_node(
        """
        first = True
        for message in messages():
            if first:
                os.write(1, b"x" * 300_000 + b"\\n")
            first = False
            ok(message, echo=message["body"]["echo"])
        """
    )
    assert set(trial.kinds) == {"line-too-long"}
    assert "ok" in trial.statuses()


def test_a_node_that_does_not_end_is_killed(try_node: Callable[..., Any]) -> None:
    """Neither the end of input nor SIGTERM ends it; SIGKILL does, and it is told."""
    trial = try_node(
        """
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for message in messages():
            ok(message, echo=message["body"]["echo"])
        while True:
            time.sleep(60)
        """,
        nodes=("n1",),
    )
    assert trial.kinds == ["slow-exit"]
    assert trial.outcome.nodes[0].signal == "SIGKILL"
    assert trial.outcome.nodes[0].expected


def test_what_a_node_started_does_not_outlive_it(
    try_node: Callable[..., Any], tmp_path: Path
) -> None:
    """The whole process group of a node ends with it."""
    trial = try_node(
        f"""
        for message in messages():
            if node_id == "n1":
                child = os.fork()
                if child == 0:
                    time.sleep(600)
                with open({str(tmp_path / "child")!r}, "w") as file:
                    file.write(str(child))
                sys.exit(0)
            ok(message, echo=message["body"]["echo"])
        """
    )
    assert trial.kinds == ["exited"]
    child = int((tmp_path / "child").read_text())
    assert _has_ended(child)


def test_a_child_that_left_its_group_does_not_outlive_the_run(
    try_node: Callable[..., Any], tmp_path: Path
) -> None:
    """It is known by the mark in its environment."""
    trial = try_node(
        f"""
        for message in messages():
            child = os.fork()
            if child == 0:
                os.setsid()
                time.sleep(600)
            with open({str(tmp_path / "child")!r}, "w") as file:
                file.write(str(child))
            ok(message, echo=message["body"]["echo"])
            break
        for message in messages():
            ok(message, echo=message["body"]["echo"])
        """,
        nodes=("n1",),
    )
    assert trial.kinds == []
    assert _has_ended(int((tmp_path / "child").read_text()))


def test_a_node_that_is_stopped_is_noted(try_node: Callable[..., Any]) -> None:
    """What was sent to it lies unread, which explains the timeouts."""
    trial = try_node(
        """
        for message in messages():
            ok(message, echo=message["body"]["echo"])
            os.kill(os.getpid(), signal.SIGSTOP)
        """,
        nodes=("n1",),
        time_limit_s=0.3,
    )
    assert "unread-input" in trial.kinds
    assert "info" in trial.statuses()


def test_standard_error_is_kept_and_shown_on_demand(
    try_node: Callable[..., Any],
) -> None:
    """Each node has its log, and the progress gets its lines when they are wanted."""
    trial = try_node(
        """
        print("hello from a node", file=sys.stderr, flush=True)
        for message in messages():
            ok(message, echo=message["body"]["echo"])
        """,
        log_stderr=True,
    )
    assert trial.run.log_path("n1").read_text() == "hello from a node\n"
    assert sorted(trial.progress.lines) == [
        ("n1", "hello from a node"),
        ("n2", "hello from a node"),
    ]


def test_every_kind_of_problem_is_in_the_catalogue(
    try_node: Callable[..., Any],
) -> None:
    """What can be noted is what `PROBLEM_KINDS` describes."""
    trial = try_node('print("x", flush=True)' + ECHO)
    assert set(trial.kinds) <= set(PROBLEM_KINDS)


def _has_ended(process: int) -> bool:
    """Return whether a process is gone, or dead and not yet collected."""
    try:
        os.kill(process, signal.SIG_DFL)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    return status.rpartition(")")[2].split()[0] == "Z"
