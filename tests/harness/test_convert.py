"""`harness convert`: from any format to those that can be written."""

from __future__ import annotations

import gzip
import shlex
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.cli import harness
from harness.documents import ConvertDocument
from harness.errors import UsageError
from histories import WRITABLE, load_history


LINES = b"""\
{"time": 0, "type": "invoke", "process": 0, "f": "write", "value": 1}
{"time": 1000000, "type": "ok", "process": 0, "f": "write", "value": 1}
{"time": 5000000, "type": "invoke", "process": 1, "f": "read"}
{"time": 6000000, "type": "ok", "process": 1, "f": "read", "value": null}
"""


def convert(*arguments: str | Path, stdin: bytes = b"") -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(harness, ["convert", *map(str, arguments)], input=stdin)


@pytest.mark.parametrize("name", list(WRITABLE))
def test_a_round_trip_changes_nothing(tmp_path: Path, name: str) -> None:
    """There and back again, through packed files and the format told by the content."""
    source, there, back = (tmp_path / part for part in ("a", "b.gz", "c"))
    source.write_bytes(LINES)
    assert convert(source, "--to", name, "-o", there).exit_code == 0
    assert gzip.decompress(there.read_bytes())
    assert convert(there, "--to", "jsonl", "-o", back).exit_code == 0
    assert load_history(back).history.digest() == load_history(source).history.digest()


def test_standard_input_goes_to_standard_output() -> None:
    """Only the history goes there; what to mind goes to standard error."""
    done = convert("-", "--to", "jepsen-edn", stdin=LINES)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0].startswith("{:index 0, :time 0, :type :invoke")
    assert "--nil-read value" in done.stderr


def test_porcupine_logs_are_converted(tmp_path: Path) -> None:
    """What the new format does not say of them is told."""
    source = tmp_path / "log"
    source.write_text(
        '{:process 0, :type :invoke, :f :get, :key "a", :value nil}\n'
        '{:process 0, :type :ok, :f :get, :key "a", :value ""}\n'
    )
    done = convert(source, "--to", "jsonl")
    assert done.exit_code == 0
    assert '"value":["a",""]' in done.stdout
    assert "--init" in done.stderr
    assert not convert(source, "--to", "jsonl", "--quiet").stderr


def event(type_: str, process: int, f: str, value: object) -> str:
    """Return an event as a map of EDN."""
    return f"{{:process {process}, :type :{type_}, :f :{f}, :value {value}}}\n"


@st.composite
def dialects(draw: st.DrawFn) -> str:
    """Return a small history of registers in some dialect of EDN: right, or not."""
    key = draw(st.sampled_from(["", "#jepsen.independent/tuple [{} {}]", "[{} {}]"]))
    is_tuple = draw(st.booleans())
    is_anonymous = draw(st.booleans()) and not is_tuple

    def value(number: object) -> str:
        return key.format(draw(st.integers(0, 1)), number) if key else str(number)

    text = ""
    for process in range(draw(st.integers(1, 5))):
        f = draw(st.sampled_from(["write", "read", "cas"]))
        asked = {"write": "1", "read": "nil", "cas": "[1 2]"}[f]
        found = draw(st.sampled_from(["nil", "1", "2"])) if f == "read" else asked
        type_ = draw(st.sampled_from(["ok", "ok", "fail", "info"]))
        text += event("invoke", process, f, value(asked))
        text += event(type_, process, f, value(found))
    if is_tuple:
        for name in (":process ", ":type ", ":f ", ":value "):
            text = text.replace(name, "")
        return text.replace("{", "[").replace("}", "]").replace(",", "")
    return text.replace(":process ", ":client ") if is_anonymous else text


@pytest.mark.parametrize("name", list(WRITABLE))
@given(text=dialects())
@settings(max_examples=60, deadline=None)
def test_what_is_converted_is_judged_alike(name: str, text: str) -> None:
    """By the options that the document names, whatever the dialect was."""
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "a.edn"), Path(folder, "b")
        source.write_text(text)
        done = convert(source, "--to", name, "-o", target, "--json")
        document = msgspec.json.decode(done.stdout, type=ConvertDocument)
        before, after = check(source), check(target, *document.options)
        if "--no-real-time" in document.options and before.get("reason") == "vacuous":
            return  # Each operation is a process of its own by now, as the notes say.
        assert after["verdict"] == before["verdict"], (document.options, text)
        assert after.get("reason") == before.get("reason")


def check(*arguments: str | Path) -> dict[str, Any]:
    """Return what is found in a history."""
    done = CliRunner().invoke(harness, ["check", "--json", *map(str, arguments)])
    result: dict[str, Any] = msgspec.json.decode(done.stdout)["result"]
    return result


CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside the project")
@pytest.mark.parametrize("name", list(WRITABLE))
@pytest.mark.parametrize(
    "path",
    [
        "knossos/data/multi-register/good/multi-register.edn",
        "knossos/data/mutex/bad/etcd.edn",
        "knossos/data/cas-register/bad/bad-analysis.edn",
        "porcupine/kv/c01-ok.txt",
        "porcupine/jepsen/etcd_001.log",
        "elle-cli/histories/knossos/cas-register/good/memstress3-9.edn",
    ],
)
def test_published_histories_are_judged_alike(
    path: str, name: str, tmp_path: Path
) -> None:
    """Also where a format says what an object holds at first, and the new one does not."""
    target = tmp_path / "it"
    done = convert(CASES / path, "--to", name, "-o", target, "--json")
    document = msgspec.json.decode(done.stdout, type=ConvertDocument)
    before, after = check(CASES / path), check(target, *document.options)
    assert before["verdict"] == after["verdict"]
    told = convert(CASES / path, "--to", name, "-o", target).stderr
    assert shlex.join(document.options) in told


def test_names_tell_how_a_file_is_packed(tmp_path: Path) -> None:
    """As its readers are told by the content."""
    for suffix in (".gz", ".bz2", ".xz", ""):
        target = tmp_path / f"a{suffix}"
        assert convert("-", "--to", "jsonl", "-o", target, stdin=LINES).exit_code == 0
        assert (target.read_bytes()[:1] == b"{") == (suffix == "")
        assert len(load_history(target).history) == 4


def test_a_document_needs_standard_output(tmp_path: Path) -> None:
    """And a file that cannot be written is an error of usage."""
    done = convert("-", "--to", "jsonl", "--json", stdin=LINES)
    assert isinstance(done.exception, UsageError)
    assert "--json needs --output" in str(done.exception)
    nowhere = tmp_path / "there is none" / "a"
    done = convert("-", "--to", "jsonl", "-o", nowhere, stdin=LINES)
    assert isinstance(done.exception, UsageError)
    assert "cannot be written" in str(done.exception)


def test_a_run_is_converted_by_its_folder(tmp_path: Path) -> None:
    """Its history is what is meant."""
    (tmp_path / "history.jsonl").write_bytes(LINES)
    assert convert(tmp_path, "--to", "jepsen-json").stdout.startswith('[\n{"index":0')


def test_what_is_no_history_is_refused(tmp_path: Path) -> None:
    """Nothing is written."""
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_text("what?")
    done = convert(source, "--to", "jsonl", "-o", target)
    assert done.exit_code != 0
    assert not target.exists()
