"""Whatever a file holds, `harness check` answers with a verdict or with one sentence."""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.ladder import LEVELS
from checkers.models import MODELS
from harness.cli import harness
from harness.errors import HarnessError
from harness.workloads import WORKLOADS
from histories import FORMATS


if TYPE_CHECKING:
    from pathlib import Path


FILES = {
    "jsonl": b"""{"time": 0, "type": "invoke", "process": 0, "f": "write", "value": 1}
{"time": 1, "type": "ok", "process": 0, "f": "write", "value": 1}
{"time": 2, "type": "invoke", "process": 1, "f": "read"}
{"time": 3, "type": "info", "process": "nemesis", "f": "start-partition"}
{"time": 4, "type": "ok", "process": 1, "f": "read", "value": null}
{"time": 5, "type": "invoke", "process": 1, "f": "cas", "value": [1, 2]}
{"time": 6, "type": "info", "process": 1, "f": "cas", "value": [1, 2], "error": "x"}
""",
    "jepsen-edn": b"""[{:process 0, :type :invoke, :f :enqueue, :value 1, :time 3}
{:process 1, :type :invoke, :f :dequeue, :value nil}
#jepsen.history.Op{:process 0, :type :ok, :f :enqueue, :value 1}
{:process :nemesis, :type :info, :f :kill, :value #{"n1" "n2"}} ; killed
{:process 1, :type :ok, :f :dequeue, :value 1 :error [:a "b" 1/2]}]
""",
    "knossos-edn": b"""[[0 :invoke :read nil] [1 :invoke :write 3]
[0 :ok :read 3] [1 :info :write 3 :timed-out]]
""",
    "porcupine-jepsen-log": b"""INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2]
INFO  jepsen.core - noise
INFO  jepsen.util - 1\t:invoke\t:read\tnil
INFO  jepsen.util - 0\t:fail\t:cas\t[1 2]
INFO  jepsen.util - 1\t:ok\t:read\tnil
INFO  jepsen.util - :nemesis\t:info\t:start\tnil
""",
    "porcupine-kv-log": b"""{:process 0, :type :invoke, :f :put, :key "0", :value "x"}
{:process 1, :type :invoke, :f :get, :key "0", :value nil}
{:process 0, :type :ok, :f :put, :key "0", :value "x"}
{:process 1, :type :ok, :f :get, :key "0", :value "x y"}
{:process 1, :type :invoke, :f :append, :key "0", :value " y"}
{:process 1, :type :ok, :f :append, :key "0", :value " y"}
""",
    "jepsen-json": b"""[{"process": 0, "type": "invoke", "f": "add", "value": 1, "index": 0},
{"process": 0, "type": "ok", "f": "add", "value": 1, "index": 1},
{"process": 1, "type": "invoke", "f": "read", "value": null, "index": 2},
{"process": 1, "type": "ok", "f": "read", "value": [1], "index": 3}]
""",
    "awdit": b"""w 0 1
r 1 0
-----
r 0 1
=====
w 1 2
""",
}

TOKENS = [
    *b'nil null ok :ok info -1 1e999 [ ] { } ( ) " #{ \\ ; : true NaN {} [] 1/2'.split(),
    *b"99999999999999999999999 0.5 add read write cas acquire txn #_ ^ \x00".split(
        b" "
    ),
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b'"\\ud800"',
    b"\r",
]

OPTIONS = [
    (),
    ("--json",),
    ("--independent",),
    ("--nil-read", "unknown"),
    ("--failed-cas", "assert"),
    *(("--model", name) for name in MODELS),
    *(("--workload", name) for name in WORKLOADS),
    *(("--format", name) for name in FORMATS),
    *(("--consistency-models", name) for name in LEVELS),
    *(("--init", init) for init in ("0", '[1, "a"]', '{"x": 0}', "true", "{", "-3")),
]


def mutated(rng: Random, text: bytes) -> bytes:
    """Return a text with bytes, tokens or lines lost, doubled, swapped or put in."""
    for _ in range(rng.choice((1, 1, 2, 5))):
        kind, at = rng.randrange(6), rng.randrange(len(text) + 1)
        tokens = re.findall(rb"\w+|\s+|.", text, re.DOTALL)
        lines = text.splitlines(keepends=True)
        if kind == 0:
            text = text[:at] + bytes([rng.randrange(256)]) + text[at + 1 :]
        elif kind == 1:
            text = text[:at] + rng.choice(TOKENS) + text[at:]
        elif kind == 2 and tokens:
            tokens[rng.randrange(len(tokens))] = rng.choice([*TOKENS, *tokens])
            text = b"".join(tokens)
        elif kind == 3 and lines:
            lines.insert(rng.randrange(len(lines)), rng.choice(lines))
            text = b"".join(lines)
        elif kind == 4 and lines:
            del lines[rng.randrange(len(lines))]
            text = b"".join(lines)
        elif kind == 5:
            text = text[:at]
    return text


@settings(max_examples=400, deadline=None)
@given(seed=st.integers(0, 1 << 60))
def test_a_damaged_file_is_told_and_never_crashes(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A verdict with its exit code, or an error of ours; no other exception."""
    rng = Random(seed)
    path = tmp_path_factory.getbasetemp() / "history"
    path.write_bytes(mutated(rng, rng.choice(list(FILES.values()))))
    options = [*rng.choice(OPTIONS), *rng.choice(OPTIONS)]
    done = CliRunner().invoke(
        harness, ["check", str(path), "--timeout", "2", *options], standalone_mode=False
    )
    assert done.exception is None or isinstance(done.exception, HarnessError), (
        seed,
        done.exc_info,
    )
    if done.exception is None:
        assert done.return_value in {0, 1, 2}
        assert "crashed" not in done.output.lower(), (seed, done.output)


def _told(path: Path, *options: str) -> str:
    done = CliRunner().invoke(
        harness, ["check", str(path), *options], standalone_mode=False
    )
    text = done.output if done.exception is None else str(done.exception)
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("name", "damage", "words"),
    [
        ("jsonl", (b'"f": "read"}', b'"g": "read"}'), "line 3: found {"),
        ("jsonl", (b'"ok", "process": 1', b'"ok", "process": 2'), "line 5: found 'ok'"),
        (
            "jepsen-edn",
            (b":type :ok, :f :d", b":type :yes, :f :d"),
            "line 5: found type",
        ),
        ("jepsen-edn", (b'"n2"}}', b'"n2"})'), "line 4, column"),
        ("knossos-edn", (b"[1 :invoke", b"[1 :start"), 'line 1: found [1,"start",'),
        ("porcupine-jepsen-log", (b":ok\t:read\tnil", b":ok\t:read\t[1"), "line 5"),
        ("porcupine-kv-log", (b'"x y"}', b'"x y"]'), "line 4, column"),
        (
            "jepsen-json",
            (b'"value": 1, "index": 1', b'"value": , "index": 1'),
            "line 2",
        ),
        ("awdit", (b"r 0 1", b"r 0 one"), "line 4: found `r 0 one`"),
    ],
)
def test_what_is_malformed_has_a_place(
    tmp_path: Path, name: str, damage: tuple[bytes, bytes], words: str
) -> None:
    """File, line, what was found, what was expected, and what to do."""
    path = tmp_path / "history"
    assert damage[0] in FILES[name]
    path.write_bytes(FILES[name].replace(*damage, 1))
    text = _told(path)
    assert words in text
    for word in ("history", "found", "expected", "Malformed"):
        assert word in text


def test_a_history_of_another_model_has_a_place_too(tmp_path: Path) -> None:
    """The operation, its line and what the model knows instead."""
    path = tmp_path / "history"
    path.write_bytes(FILES["jsonl"])
    text = _told(path, "--model", "set")
    assert "line 1, operation 0: found the function 'write'; expected one of" in text


def test_an_initial_state_of_another_model_is_a_usage_error(tmp_path: Path) -> None:
    """It says what it should be; what only the format says is passed over."""
    path = tmp_path / "history"
    path.write_bytes(FILES["jepsen-json"])
    assert "expected a list of elements" in _told(path, "--init", "3")
    path.write_bytes(FILES["porcupine-kv-log"])
    assert "found the function" in _told(path, "--model", "g-counter")


def test_what_was_dropped_is_told(tmp_path: Path) -> None:
    """A torn last line, and how many operations may have taken effect or not."""
    path = tmp_path / "history"
    path.write_bytes(FILES["jsonl"][:-20])
    text = _told(path)
    assert "line 7: dropped the last line, which is incomplete" in text
    assert "indeterminate 1" in text


def test_a_file_without_operations_is_vacuous(tmp_path: Path) -> None:
    """An empty file, or one of faults alone, is no mistake in the command."""
    path = tmp_path / "history"
    for content in (b"", b"[{:process :nemesis, :type :info, :f :kill}]"):
        path.write_bytes(content)
        assert "There is nothing to judge" in _told(path)
