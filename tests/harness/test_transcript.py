from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from harness.cli import harness as command_line
from harness.errors import UsageError
from harness.services import SERVICES
from harness.transcript import Case, Mismatch, load_transcript, run_transcript
from nodes import command


TRANSCRIPTS = Path(__file__).parents[3] / "shared" / "transcripts"
NODES = {
    "4-1-lost-update": "lost-update",
    "4-2-seq-kv": "seq-kv-counter",
    "4-3-cas": "cas-counter",
    "4-4-g-counter": "g-counter",
    "4-5-concurrent-increments": "g-counter",
    "17-2-1-g-counter": "g-counter",
    "17-2-2-g-counter-laws": "g-counter",
    "17-2-3-pn-counter": "pn-counter",
    "17-2-4-gossip-pn-counter": "pn-counter",
    "17-2-5-g-counter-workload": "g-counter",
}
ALSO = {"4-3-cas": ("fresh-cas-counter", "sum-counter")}


def message(src: str, dest: str, **body: Any) -> dict[str, Any]:
    return {"src": src, "dest": dest, "body": body}


INIT = message("c0", "n1", type="init", msg_id=1, node_id="n1", node_ids=["n1"])
READY = message("n1", "c0", type="init_ok", in_reply_to=1, msg_id=0)


def echo(value: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a request and the reply that it deserves."""
    request = message("c1", "n1", type="echo", msg_id=2, echo=value)
    reply = message("n1", "c1", type="echo_ok", echo=value, in_reply_to=2, msg_id=1)
    return request, reply


def case(
    *, given: list[Any], expect: list[Any], timeout_ms: int = 5000, **match: Any
) -> Case:
    data = {"name": "a case", "input": given, "expect": expect, "match": match}
    return msgspec.convert(data | {"timeout_ms": timeout_ms}, Case)


def run(given: Case, *argv: str) -> Mismatch | None:
    """Run a case on the command, or on the bundled echo."""
    bundled, env = command("echo")
    return run_transcript(given, argv or bundled, env, services=SERVICES)


def script(*lines: str) -> tuple[str, ...]:
    """Return the command of a node that says these lines and then some code."""
    says = "".join(f"print({line!r}, flush=True)\n" for line in lines)
    return sys.executable, "-S", "-c", says + "import sys; sys.stdin.read()"


@pytest.mark.parametrize(
    ("task", "name"),
    [*NODES.items(), *((task, name) for task, names in ALSO.items() for name in names)],
)
def test_bundled_nodes_pass_the_counter_track(task: str, name: str) -> None:
    """Every case of a task passes on the node that belongs to it, numbers included."""
    path = TRANSCRIPTS / f"{task}.json"
    if not path.exists():
        pytest.skip(f"{path.name} is not at hand beside the repository")
    argv, env = command(name)
    for given in load_transcript(path).cases:
        mismatch = run_transcript(given, argv, env, services=SERVICES)
        assert mismatch is None, str(mismatch)


def test_the_example_of_the_help_passes(tmp_path: Path) -> None:
    """Whoever copies it has a transcript to begin with."""
    told = CliRunner().invoke(command_line, ["transcript", "--help"]).output
    path = tmp_path / "echo.json"
    path.write_text(told[told.index("{") : told.rindex("}") + 1], encoding="utf-8")
    (case,) = load_transcript(path).cases
    assert case.match.ignore == ("msg_id",)
    assert run_transcript(case, *command("echo"), services=SERVICES) is None


def test_a_conversation_that_fits_has_no_mismatch() -> None:
    """Equal replies in the listed order pass."""
    request, reply = echo({"a": [1, 2]})
    assert run(case(given=[INIT, request], expect=[READY, reply])) is None


@pytest.mark.parametrize(
    ("due", "text"),
    [
        ({"echo": 1.0}, "echo is 1, not 1.0"),
        ({"echo": True}, "echo is 1, not true"),
        ({"in_reply_to": 3}, "in_reply_to is 2, not 3"),
        ({"more": 1}, "the field 'more' is missing"),
        ({"type": "echo"}, 'type is "echo_ok", not "echo"'),
    ],
)
def test_the_first_difference_is_described(due: dict[str, Any], text: str) -> None:
    """What is wrong is said in a sentence, with both replies."""
    request, reply = echo(1)
    expected = {**reply, "body": {**reply["body"], **due}}
    mismatch = run(case(given=[INIT, request], expect=[READY, expected]))
    assert mismatch is not None
    assert (mismatch.position, mismatch.text) == (1, text)
    shown = str(mismatch)
    assert shown.startswith(f"a case: reply 2: {text}\n  expected ")
    assert '\n  found    {"src":"n1","dest":"c1","body":{"type":"echo_ok"' in shown


def test_a_reply_to_somebody_else_is_a_mismatch() -> None:
    """The envelope counts as well as the body."""
    request, reply = echo(1)
    given = case(given=[INIT, request], expect=[READY, {**reply, "dest": "c2"}])
    mismatch = run(given)
    assert mismatch is not None
    assert mismatch.text == "dest is 'c1', not 'c2'"


def test_fields_can_be_ignored() -> None:
    """An ignored field may be there, differ or be absent."""
    request, reply = echo(1)
    reply["body"]["msg_id"] = 77
    reply["body"]["other"] = 1
    given = case(
        given=[INIT, request], expect=[READY, reply], ignore=["msg_id", "other"]
    )
    assert run(given) is None


def test_lists_can_be_unordered() -> None:
    """An unordered list is compared as a multiset, not as a set."""
    request, reply = echo([3, 1, 1])
    for values, fits in [([1, 3, 1], True), ([1, 3, 3], False), ([1, 3], False)]:
        reply["body"]["echo"] = values
        given = case(given=[INIT, request], expect=[READY, reply], unordered=["echo"])
        assert (run(given) is None) == fits


def test_extra_fields_must_be_allowed() -> None:
    """Fields that are not listed are a mismatch, unless the case allows them."""
    request, reply = echo(1)
    del reply["body"]["echo"]
    mismatch = run(case(given=[INIT, request], expect=[READY, reply]))
    assert mismatch is not None
    assert mismatch.text == "there are fields that should not be: echo"
    given = case(given=[INIT, request], expect=[READY, reply], extra_fields=True)
    assert run(given) is None


def test_extra_messages_must_be_allowed() -> None:
    """Replies that are not listed are a mismatch in between and at the end."""
    request, reply = echo(1)
    last = {**reply, "body": {**reply["body"], "msg_id": 2}}
    messages = [INIT, request, request]
    between = run(case(given=messages, expect=[READY, last]))
    assert between is not None
    assert between.text == "msg_id is 1, not 2"
    at_the_end = run(case(given=messages, expect=[READY, reply]))
    assert at_the_end is not None
    assert (at_the_end.position, at_the_end.text) == (2, "one reply too many")
    for expect in ([READY, last], [READY, reply]):
        assert run(case(given=messages, expect=expect, extra_messages=True)) is None


def test_a_reply_that_never_comes_is_waited_for() -> None:
    """Past the deadline the case has failed, and what came instead is shown."""
    request, reply = echo(1)
    other = {**reply, "body": {**reply["body"], "echo": 2}}
    given = case(
        given=[INIT, request],
        expect=[READY, other],
        timeout_ms=300,
        extra_messages=True,
    )
    mismatch = run(given)
    assert mismatch is not None
    assert "nothing came within 300 ms; the last reply" in mismatch.text
    assert mismatch.found is not None
    assert mismatch.found.body["echo"] == 1


def test_an_exit_is_noticed_at_once() -> None:
    """Nobody waits for a process that has ended; its last words are shown."""
    code = "import sys; sys.exit('no such luck')"
    mismatch = run(case(given=[INIT], expect=[READY]), sys.executable, "-c", code)
    assert mismatch is not None
    assert mismatch.text == "the node exited with code 1"
    assert mismatch.stderr == "no such luck"
    assert str(mismatch).endswith("\n  stderr   no such luck")


def test_a_death_by_signal_is_named() -> None:
    """A node that was killed is told from one that exited."""
    code = "import os; os.kill(os.getpid(), 9)"
    mismatch = run(case(given=[INIT], expect=[READY]), sys.executable, "-c", code)
    assert mismatch is not None
    assert mismatch.text == "the node was killed by SIGKILL"


def test_a_line_that_is_no_message_is_shown() -> None:
    """Anything but a message on standard output is a mismatch."""
    mismatch = run(case(given=[INIT], expect=[READY]), *script("starting..."))
    assert mismatch is not None
    assert mismatch.text.startswith("not a message (")
    assert mismatch.text.endswith("): starting...")
    ready = json.dumps(READY)
    mismatch = run(case(given=[INIT], expect=[READY]), *script(ready, "bye"))
    assert mismatch is not None
    assert mismatch.position == 1


def test_messages_to_peers_are_not_compared() -> None:
    """A node may talk to peers, who are silent, as much as it likes."""
    peer = json.dumps({**message("n1", "n2", type="gossip"), "id": 5})
    lines = script(peer, json.dumps(READY), peer)
    assert run(case(given=[INIT], expect=[READY]), *lines) is None


def test_a_node_that_does_not_read_is_no_deadlock() -> None:
    """Input that does not fit into the pipe waits without holding up the replies."""
    request, _ = echo("x" * 300_000)
    lines = script(json.dumps(READY))
    assert run(case(given=[INIT, request], expect=[READY]), *lines) is None


def test_a_command_that_is_none_is_a_mismatch() -> None:
    """What can't be started is reported like any other failure of the node."""
    mismatch = run(case(given=[INIT], expect=[READY]), "/no/such/node")
    assert mismatch is not None
    assert mismatch.text == "/no/such/node can't be started: No such file or directory"


def test_a_file_that_is_no_transcript_is_refused(tmp_path: Path) -> None:
    """The message says what is wrong and what a transcript looks like."""
    with pytest.raises(UsageError, match="No such file"):
        load_transcript(tmp_path / "absent.json")
    path = tmp_path / "wrong.json"
    path.write_text('{"task": "t", "cases": [{"name": "n", "input": []}]}')
    with pytest.raises(UsageError, match="expect"):
        load_transcript(path)
