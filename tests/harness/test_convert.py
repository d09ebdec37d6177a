"""`harness convert`: from any format to those that can be written."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from harness.cli import harness
from histories import WRITABLE, load_history


if TYPE_CHECKING:
    from pathlib import Path


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
