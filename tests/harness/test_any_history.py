"""A history from anywhere is judged without a flag, and says how it was taken."""

from __future__ import annotations

import bz2
import gzip
import json
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from harness.cli import harness
from harness.documents import CheckDocument
from histories import WRITABLE, load_history, write_format


if TYPE_CHECKING:
    from collections.abc import Sequence

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
TRANSACTIONAL = ("list-append", "rw-register", "bank", "long-fork", "RC/RA/CC")
VERDICTS = {"true": "valid", "false": "invalid", "false*": "invalid"}
VACUOUS = {
    f"knossos/data/cas-register/good/mongodb-v0-ack-rollback-{which}.edn"
    for which in ("", "9", "10", "11")
}
"""Published as true, and without any operation that succeeded."""

CAS = """{:process 0 :type :invoke :f :write :value 1}
{:process 0 :type :ok :f :write :value 1}
{:process 1 :type :invoke :f :cas :value [1 2]}
{:process 1 :type :ok :f :cas :value [1 2]}
{:process 0 :type :invoke :f :read :value nil}
{:process 0 :type :ok :f :read :value 2}
"""


def index() -> list[dict[str, Any]]:
    """Return what is known of every file; nothing if there are none."""
    try:
        lines = (CASES / "index.jsonl").read_text().splitlines()
    except OSError:
        return []
    return [json.loads(line) for line in lines]


missing = pytest.mark.skipif(
    not index(), reason="the histories recorded by others are not beside the project"
)


def check(*arguments: str, stdin: bytes | None = None) -> CheckDocument:
    """Judge one history."""
    import msgspec

    done = CliRunner().invoke(
        harness, ["check", "--json", *arguments], input=stdin, standalone_mode=False
    )
    assert done.exception is None, done.exc_info
    return msgspec.json.decode(done.stdout, type=CheckDocument)


@missing
@pytest.mark.parametrize("case", index(), ids=lambda case: case["path"])
def test_every_published_history_is_judged_without_a_flag(case: dict[str, Any]) -> None:
    """By its published verdict; format and model are printed, and so is the dialect."""
    found = check(str(CASES / case["path"]))
    result = found.result
    told = [note.partition(":")[0] for note in found.notes]
    assert told[0].startswith("Format ")
    if case["path"] in VACUOUS:
        assert (result.verdict.value, result.reason and result.reason.value) == (
            "unknown",
            "vacuous",
        )
        return
    assert any(word.startswith("Model ") for word in told)
    if case["model"].partition("(")[0] in TRANSACTIONAL:
        assert result.verdict.value == "unknown"
        assert result.reason is not None
        assert result.reason.value == "unsupported"
        return
    assert result.verdict.value == VERDICTS[case["expected"]]


@missing
@pytest.mark.parametrize(
    "path",
    [
        "knossos/data/cas-register/bad/bad-analysis.edn",
        "knossos/data/cas-register/bad/rethink-fail-minimal.edn",
        "knossos/data/cas-register/good/memstress3-12.edn",
        "knossos/data/mutex/bad/etcd.edn",
    ],
)
def test_the_verdict_is_the_same_in_every_format(path: str, tmp_path: Path) -> None:
    """Written in each that can be written, packed, and read without a flag."""
    known = check(str(CASES / path)).result.verdict
    history = load_history(CASES / path).history
    for name in WRITABLE:
        file = BytesIO()
        write_format(history, name, file)
        (tmp_path / name).write_bytes(bz2.compress(file.getvalue()))
        found = check(str(tmp_path / name))
        assert found.notes[0].startswith(f"Format {name}:")
        assert found.result.verdict is known, name


def forms(text: str) -> dict[str, str]:
    """Return the notations of EDN for some lines of operation maps."""
    tagged = text.replace("{", "#jepsen.history.Op{")
    keys = (":process ", ":type ", ":f ", ":value ")
    tuples = text.replace("{", "[").replace("}", "]")
    for key in keys:
        tuples = tuples.replace(key, "")
    return {
        "stream": text,
        "vector": f"[{text}]",
        "list": f"({text})",
        "tagged": tagged,
        "tagged vector": f"[{tagged}]",
        "commas": text.replace(" :", ", :"),
        "tuples": f"[{tuples}]",
        "comments": f"; a test\n#_ignored {text}",
    }


@pytest.mark.parametrize("form", forms("{}"))
@pytest.mark.parametrize(("read", "verdict"), [("2", "valid"), ("1", "invalid")])
def test_notations_of_edn_mean_the_same(form: str, read: str, verdict: str) -> None:
    """A vector, a stream, tagged records, tuples: from standard input, no flag."""
    text = CAS.replace(":read :value 2", f":read :value {read}")
    found = check("-", stdin=forms(text)[form].encode())
    assert found.result.verdict.value == verdict
    assert "Model cas-register: guessed" in " ".join(found.notes)


def lines(*operations: tuple[int, str, Any, Any]) -> bytes:
    """Return operations one after the other as JSON lines."""
    events = []
    for process, f, asked, found in operations:
        event = {"process": process, "f": f}
        events.append({**event, "type": "invoke", "value": asked})
        events.append({**event, "type": "ok", "value": found})
    return b"\n".join(json.dumps(event).encode() for event in events)


@pytest.mark.parametrize("options", [(), ("--model", "register")])
@pytest.mark.parametrize(("key", "verdict"), [(1, "valid"), (0, "invalid")])
def test_tuples_are_unwrapped_whatever_the_model(
    options: tuple[str, ...], key: int, verdict: str
) -> None:
    """A file that tags its keys says that they are independent, and need no flag."""
    text = "".join(
        f"{{:process 0 :type :{type_} :f :{f} :value #jepsen.independent/tuple {pair}}}"
        for f, pairs in (
            ("write", ("[0 1]", "[0 1]")),
            ("write", ("[1 2]", "[1 2]")),
            ("read", (f"[{key} nil]", f"[{key} 2]")),
        )
        for type_, pair in zip(("invoke", "ok"), pairs, strict=True)
    )
    found = check("-", *options, stdin=text.encode())
    assert found.result.verdict.value == verdict
    assert "tuples of jepsen.independent: 6" in " ".join(found.notes)


STALE = (
    CAS.replace(":f :read :value 2", ":f :read :value 1")
    .replace("{:process 0 :type :invoke :f :read", "{:process 2 :type :invoke :f :read")
    .replace("{:process 0 :type :ok :f :read", "{:process 2 :type :ok :f :read")
)


@pytest.mark.parametrize(
    ("text", "options", "verdict", "words"),
    [
        (STALE, (), "invalid", "is not linearizable"),
        (STALE, ("--no-real-time",), "unknown", "ended before which began was not"),
        (
            STALE,
            ("--no-real-time", "--consistency-models", "sequential"),
            "valid",
            "is sequentially consistent",
        ),
        (CAS.replace(":process", ":client"), (), "unknown", "no more is known"),
        (
            STALE.replace("value 1}", "value 9}").replace(":process", ":client"),
            (),
            "invalid",
            "which nobody had written",
        ),
    ],
)
def test_an_order_that_nobody_recorded_decides_nothing(
    text: str, options: tuple[str, ...], verdict: str, words: str
) -> None:
    """Files without processes, and what `--no-real-time` says of others; it is noted."""
    found = check("-", *options, stdin=text.encode())
    assert found.result.verdict.value == verdict
    assert words in found.result.summary
    if options or ":client" in text:
        told = " ".join(found.notes)
        assert "real time is known" in told or "as --no-real-time says" in told


TXN = """{:process 0 :type :invoke :f :txn :value [[:w 1 1] [:r 2 nil]]}
{:process 0 :type :ok :f :txn :value [[:w 1 1] [:r 2 3]]}
"""
TXN_LINE = '{"type":"TYPE","process":0,"f":"txn","value":[["append",1,1]]}'
TXN_LINES = [TXN_LINE.replace("TYPE", type_) for type_ in ("invoke", "ok")]


@pytest.mark.parametrize(
    "text",
    [
        *forms(TXN).values(),
        TXN.replace(":process 0", ""),
        TXN.replace("[[:w 1 1] [:r 2 nil]]", "[]").replace("[[:w 1 1] [:r 2 3]]", "[]"),
        "\n".join(TXN_LINES),
        f"[{','.join(TXN_LINES)}]",
        f'{{"history":[{",".join(TXN_LINES)}]}}',
        "INFO  jepsen.util - 0\t:invoke\t:txn\t[[:w 1 1]]\n",
        "w 1 1\n-----\n=====\nr 1 1\n",
        "w(1,1,0,1)\nr(1,1,1,2)\n",
        "[x:=1 y==2]\n---\n[x==?]\n",
        '[[{"events":[{"Write":{"variable":0,"version":1}}],"committed":true}]]',
    ],
)
def test_transactions_are_said_not_to_be_judged(text: str) -> None:
    """In every format; to keep or to judge them is refused by the same sentence."""
    found = check("-", stdin=text.encode())
    assert found.result.reason is not None
    assert found.result.reason.value == "unsupported"
    words = found.result.summary.lower()
    assert "transactions" in words
    assert "not judged yet" in words
    done = CliRunner().invoke(
        harness, ["keep", "-", "--full"], input=text.encode(), standalone_mode=False
    )
    assert str(done.exception).lower() == words


@pytest.mark.parametrize("command", ["check", "convert", "keep"])
def test_values_may_be_too_deep_for_what_is_done_with_them(command: str) -> None:
    """Then the line of the deepest is told."""
    value = "[" * 5_000 + "]" * 5_000
    text = CAS.replace(":f :write :value 1", f":f :write :value {value}", 1)
    options = ("--to", "jepsen-edn") if command == "convert" else ()
    done = CliRunner().invoke(
        harness, [command, "-", *options], input=text.encode(), standalone_mode=False
    )
    told = " ".join((done.output or str(done.exception)).split())
    assert "line 1: found a value that is nested 5,000 levels deep" in told


UNSUPPORTED = ("unsupported", "say it with --model")
KV = [(0, "write", ["a", 1], ["a", 1]), (0, "write", ["b", 2], ["b", 2])]


@pytest.mark.parametrize(
    ("operations", "model", "verdict"),
    [
        ([*KV, (1, "read", "a", 1)], "kv", "valid"),
        ([*KV, (1, "read", "a", 2)], "kv", "invalid"),
        ([*KV, (1, "read", ["a", None], ["a", 1])], "kv", "valid"),
        ([*KV, (1, "read", ["a", None], ["a", 2])], "kv", "invalid"),
        ([*KV, (1, "cas", ["a", [1, 3]], None), (1, "read", "a", 3)], "kv", "valid"),
        ([*KV, (1, "cas", ["a", [2, 3]], None), (1, "read", "a", 3)], "kv", "invalid"),
        ([(0, "put", ["k", 1], None), (1, "get", "k", 1)], "kv", "valid"),
        ([(0, "put", ["k", 1], None), (1, "get", "k", None)], "kv", "invalid"),
        (
            [(0, "add", [1, 5], [1, 5]), (1, "read", [1, None], [1, [5]])],
            "set",
            "valid",
        ),
        (
            [(0, "add", [1, 5], [1, 5]), (1, "read", [2, None], [2, [5]])],
            "set",
            "invalid",
        ),
        (
            [(0, "add", [1, 5], [1, 5]), (1, "read", [1, None], [1, 5])],
            "g-counter",
            "valid",
        ),
        ([(0, "add", 5, 5), (1, "read", None, 5)], "g-counter", "valid"),
        ([(0, "add", 5, 5), (1, "read", None, [])], "set", "invalid"),
        ([(0, "acquire", None, None), (1, "acquire", None, None)], "mutex", "invalid"),
    ],
)
def test_what_is_meant_is_guessed_and_said(
    operations: Sequence[tuple[int, str, Any, Any]], model: str, verdict: str
) -> None:
    """Stores of keys, independent keys, counters, sets, locks: no `--model`."""
    found = check("-", stdin=lines(*operations))
    assert found.result.verdict.value == verdict
    assert f"Model {model}: guessed from" in " ".join(found.notes)


@pytest.mark.parametrize(
    ("operations", "reason", "words"),
    [
        ([(0, "add", 1, 1)], "vacuous", "no read returned anything"),
        ([(0, "add", 1, 1), (0, "remove", 1, 1)], "vacuous", "no read returned"),
        ([(0, "add", 1, 1), (0, "read", None, None)], "vacuous", "no read returned"),
        (
            [(0, "write", [1, 1], [1, 1]), (0, "read", [1, None], [1, [1]])],
            *UNSUPPORTED,
        ),
        ([(0, "frobnicate", 1, 1)], "unsupported", "say it with --model"),
        ([(0, "write", 1, 1), (0, "read", None, [1])], "unsupported", "--workload"),
    ],
)
def test_what_cannot_be_guessed_is_unknown_and_says_what_to_do(
    operations: Sequence[tuple[int, str, Any, Any]], reason: str, words: str
) -> None:
    """Alone as among others, with a document of its own."""
    result = check("-", stdin=lines(*operations)).result
    assert result.verdict.value == "unknown"
    assert result.reason is not None
    assert result.reason.value == reason
    assert words in result.summary


def test_a_document_may_say_its_model() -> None:
    """Beside the history, with what it holds at first; `--model` says otherwise."""
    events = [json.loads(line) for line in lines((0, "read", None, 0)).splitlines()]
    for init, verdict in ((0, "valid"), (None, "invalid")):
        document = {"model": "register", "init": init, "history": events}
        found = check("-", stdin=json.dumps(document).encode())
        assert found.result.verdict.value == verdict
        assert "the file says so" in found.notes[-1]
    document = {"model": "teapot", "history": events}
    found = check("-", stdin=json.dumps(document).encode())
    assert "Histories of teapot cannot be judged" in found.result.summary
    found = check("-", "--model", "g-counter", stdin=json.dumps(document).encode())
    assert found.result.verdict.value == "valid"


@missing
def test_the_oracle_is_agreed_with_without_a_flag() -> None:
    """What Knossos says of small histories whose file says their model."""
    text = (CASES / "oracle" / "knossos.jsonl").read_bytes()
    differing = []
    for line in text.splitlines()[::4]:
        case = json.loads(line)
        if "note" in case:  # Of a crashed dequeue, which Knossos takes for none.
            continue
        known = {one["valid"] for one in case["oracle"].values()}
        result = check("-", stdin=line).result
        if result.verdict.value == "unknown" or known - {True, False}:
            continue
        if known != {result.verdict.value == "valid"}:
            differing.append(case["name"])
    assert not differing


def test_a_folder_is_searched_for_histories(tmp_path: Path) -> None:
    """Runs of Jepsen by their history alone; settings and results are passed over."""
    run = tmp_path / "store" / "etcd" / "20261120T101010.000Z"
    run.mkdir(parents=True)
    for name in ("history.edn", "history.txt", "results.edn"):
        (run / name).write_text(CAS)
    (tmp_path / "a.edn").write_text(CAS)
    (tmp_path / "b.log.bz2").write_bytes(
        bz2.compress(b"INFO  jepsen.util - 0\t:invoke\t:read\tnil\n")
    )
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "notes.txt").write_text("What we saw.\n")
    (tmp_path / "c.jsonl").write_bytes(lines((0, "write", 1, 1), (0, "read", None, 1)))
    (tmp_path / ".d.jsonl").write_bytes(b"")
    done = CliRunner().invoke(
        harness, ["check", str(tmp_path)], standalone_mode=False, env={"COLUMNS": "200"}
    )
    found = [line.split()[1] for line in done.output.splitlines()[:-1]]
    assert [Path(path.rstrip(":")).name for path in found] == [
        "a.edn",
        "b.log.bz2",
        "c.jsonl",
        "history.edn",
    ]


def test_what_cannot_be_read_in_a_folder_is_told(tmp_path: Path) -> None:
    """Damaged, packed by others, or of transactions: it is not as if it were not there."""
    (tmp_path / "a.EDN").write_text(CAS)
    (tmp_path / "b.edn.gz").write_bytes(gzip.compress(CAS.encode())[:-9])
    (tmp_path / "c.edn.zst").write_bytes(b"\x28\xb5\x2f\xfd")
    (tmp_path / "d.hist").write_text("[x:=1]\n")
    (tmp_path / "results.json.zst").write_bytes(b"\x28\xb5\x2f\xfd")
    done = CliRunner().invoke(harness, ["check", str(tmp_path)], standalone_mode=False)
    assert done.return_value == 2
    lines = done.output.splitlines()
    expected = {
        "a.EDN": "The history of",
        "b.edn.gz": "found a damaged packed file",
        "c.edn.zst": "found a file that zstd has packed",
        "d.hist": "found transactions in the format of dbcop",
    }
    assert len(lines) == len(expected) + 1
    for line, (name, words) in zip(lines, expected.items(), strict=False):
        assert f"{tmp_path / name}: {words}" in line


def test_a_folder_of_a_history_and_no_run_is_that_history(tmp_path: Path) -> None:
    """Alone or below another; to check and to keep."""
    folder = tmp_path / "recorded"
    folder.mkdir()
    path = folder / "history.jsonl"
    path.write_bytes(lines((0, "write", 1, 1), (0, "read", None, 1)))
    for place in (folder, tmp_path):
        found = check(str(place))
        assert found.path == str(path)
        assert found.result.verdict.value == "valid"
    done = CliRunner().invoke(
        harness,
        ["keep", str(folder), "--full", "--to", str(tmp_path / "cases")],
        standalone_mode=False,
    )
    assert done.exception is None
    (folder / "spec.json").write_text('{"workload": "g-set"}')
    assert check(str(folder)).path == str(folder)
    asked = check(str(folder), "--model", "register")
    assert asked.result.verdict.value == "valid"
    assert asked.result.checker == "models"


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    """What a shell makes of `<(command)` is no file."""
    if not Path("/dev/fd").exists():
        pytest.skip("this system has no /dev/fd")
    import subprocess

    path = tmp_path / "a.edn"
    path.write_text(CAS)
    program = "from harness.cli import main; main()"
    done = subprocess.run(
        ["bash", "-c", f'"{sys.executable}" -c "{program}" check <(cat {path})'],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


EVENT = '{"type":"TYPE","process":0,"f":"read","time":1}\n'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<!doctype html>\n", "--format; if not, write an event a line, such as {"),
        (
            "process,type,f\n0,invoke,read\n",
            "found a file that begins with `process,ty",
        ),
        (EVENT.replace("TYPE", "OK"), "expected one of the types invoke, ok, fail"),
        (
            EVENT.replace("TYPE", "ok").replace(":1}", ':"noon"}'),
            "expected nanoseconds",
        ),
        (EVENT.replace("TYPE", "ok").replace(":0,", ":-1,"), "from 0 on for a client"),
        (EVENT.replace("TYPE", "ok").replace(":0,", ':"0",'), "such as '0' are no cl"),
        (EVENT.replace("TYPE", "ok"), "expected an invocation before each completion"),
        (2 * EVENT.replace("TYPE", "invoke"), "line 2: found a second invocation"),
        ("{'type': 'invoke'}\n", "`'` is Clojure source"),
        (f"[{EVENT},]", "column 2: found broken JSON"),
        ('{"valid?": true}\n', "found an event without type"),
        ("[{:type :invoke :process 0 :f}\n]", "a value for every key"),
        ("[{:type :invoke\n :process 0", "which closes the `{` of line 1"),
        ("[" * 10_000, "which closes"),
        ("JEPSEN\0\0", "history.edn beside it"),
    ],
)
def test_a_broken_file_says_where_what_and_what_to_do(content: str, words: str) -> None:
    """Whatever somebody takes for a history."""
    found = check("-", stdin=content.encode())
    assert found.result.verdict.value == "unknown"
    assert words in found.result.summary
