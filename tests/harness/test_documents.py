"""What `--json` prints has a version, a schema, and nothing that the schema lacks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from click.testing import CliRunner

from harness.cases import CORPUS, read_case
from harness.cli import harness
from harness.documents import (
    DOCUMENTS,
    CheckDocument,
    ConvertDocument,
    Document,
    HuntDocument,
    KeepDocument,
    LawsDocument,
    ListDocument,
    MutantsDocument,
    RegressDocument,
    RunDocument,
    ShrinkDocument,
    TranscriptDocument,
)
from harness.schema import json_schema, tag_of


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "harness" / "schema-1.json"
ANY: Any = msgspec.json.Decoder(reduce(or_, DOCUMENTS))
SHORT = ("--transport", "simulated", "--time-limit", "1", "--seed", "1")
INIT = {"type": "init", "msg_id": 1, "node_id": "n1", "node_ids": ["n1"]}
CONVERSATION = {
    "task": "echo",
    "cases": [
        {
            "name": name,
            "input": [{"src": "c1", "dest": "n1", "body": INIT}],
            "expect": [
                {"src": "n1", "dest": "c1", "body": {"type": name, "in_reply_to": 1}}
            ],
            "match": {"extra_fields": True},
        }
        for name in ("init_ok", "error")
    ],
}


def documents(*arguments: str) -> tuple[int, list[Any]]:
    """Run a command with --json; return its exit code, and what it printed.

    A document is decoded into the type that is documented, and encoded again gives the
    same bytes: it has every field, and no other at any depth.
    """
    done = CliRunner().invoke(harness, [*arguments, "--json"], standalone_mode=False)
    assert done.exception is None, done.exc_info
    found = []
    for line in done.stdout.splitlines():
        document = ANY.decode(line)
        assert msgspec.json.encode(document).decode() == line
        assert line.startswith(f'{{"command":"{arguments[0]}","schema":1,')
        found.append(document)
    return done.return_value or 0, found


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of runs."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def failed(store: Path) -> Path:
    """The folder of a run that is INVALID."""
    code, (document,) = documents(
        *("run", "-w", "g-counter", "--bin", "lost-update", *SHORT),
        *("--store", str(store), "--latency", "5", "--nemesis", "none"),
    )
    assert code == 1
    assert isinstance(document, RunDocument)
    assert document.result.verdict.value == "invalid"
    return Path(document.run)


def test_a_run_has_a_document(failed: Path) -> None:
    """It says where the run is."""
    assert (failed / "history.jsonl").is_file()


def test_every_history_has_a_document(failed: Path, tmp_path: Path) -> None:
    """A run, a history file and one that is none, in one call."""
    (tmp_path / "torn.jsonl").write_text("{\n")
    code, found = documents(
        "check", str(failed), str(failed / "history.jsonl"), str(tmp_path)
    )
    assert code == 1
    assert [type(document) for document in found] == [CheckDocument] * 3
    assert [document.result.verdict.value for document in found][::2] == [
        "invalid",
        "unknown",
    ]


def test_a_hunt_and_what_it_shrinks_have_documents(failed: Path, store: Path) -> None:
    """With what was found, and without."""
    place = ("--jobs", "1", "--attempts", "5", "--store", str(store))
    code, (hunt,) = documents(
        *("hunt", "-w", "g-counter", "--bin", "volatile-counter", "--runs", "40"),
        *("--time-limit", "2", "--seed", "7", *place),
    )
    assert code == 1
    assert isinstance(hunt, HuntDocument)
    assert hunt.shrunk is not None
    _, (vain,) = documents("hunt", "-w", "echo", "--runs", "1", "--seed", "1", *place)
    assert (vain.run, vain.result, vain.size, vain.shrunk) == (None,) * 4
    _, (shrunk,) = documents("shrink", str(failed), *place)
    assert isinstance(shrunk, ShrinkDocument)


def test_laws_and_mutants_have_documents(store: Path) -> None:
    """What was found of a run, and of a faulty node and one that is right."""
    _, (run,) = documents("run", "-w", "g-counter", *SHORT, "--store", str(store))
    code, (laws,) = documents("laws", run.run, "--trials", "2")
    assert code == 0
    assert isinstance(laws, LawsDocument)
    _, (broken,) = documents(
        "run",
        "-w",
        "rga",
        "--bin",
        "no-causal-buffer-rga",
        *SHORT,
        "--store",
        str(store),
    )
    _, (laws,) = documents("laws", broken.run, "--trials", "5")
    assert isinstance(laws, LawsDocument)
    code, (mutants,) = documents("mutants", "volatile-ids", "--right", "1")
    assert code == 0
    assert isinstance(mutants, MutantsDocument)


def test_cases_have_a_document(tmp_path: Path) -> None:
    """Those that have not changed, and those that have."""
    kept = next(CORPUS.glob("echo/*.json"))
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "b.json").write_bytes(kept.read_bytes())
    code, (document,) = documents("regress", "--no-corpus", str(tmp_path))
    assert code == 1
    assert isinstance(document, RegressDocument)
    assert [case.passed for case in document.results] == [False, True]


def test_what_is_kept_and_converted_has_a_document(tmp_path: Path) -> None:
    """It says what was written where, and what had to be assumed."""
    source, target = tmp_path / "a.edn", tmp_path / "b.jsonl"
    source.write_text(
        "{:process 0 :type :invoke :f :read} {:process 0 :type :ok :f :read :value 1}"
    )
    _, (converted,) = documents(
        "convert", str(source), "--to", "jsonl", "-o", str(target)
    )
    assert isinstance(converted, ConvertDocument)
    assert converted.output == str(target)
    assert (converted.format, converted.events) == ("jepsen-edn", 2)
    assert converted.notes[0].startswith("Format jepsen-edn")
    _, (kept,) = documents("keep", str(target), "--to", str(tmp_path / "cases"))
    assert isinstance(kept, KeepDocument)
    assert kept.found == read_case(Path(kept.path)).found
    assert (kept.operations, kept.of) == (1, 1)
    assert kept.check.model == "register"


@pytest.mark.skipif(sys.platform == "darwin", reason="names of files are UTF-8 there")
def test_a_document_tells_any_name_of_a_file(tmp_path: Path) -> None:
    """Also one whose bytes are no text."""
    path = os.fsdecode(bytes(tmp_path) + b"/\xff.jsonl")
    Path(path).write_text("")
    done = CliRunner().invoke(harness, ["check", path, "--json"], standalone_mode=False)
    assert done.exception is None, done.exc_info
    assert json.loads(done.stdout)["path"] == path


def test_transcripts_have_a_document_a_case(tmp_path: Path) -> None:
    """With the first reply that was not as expected."""
    path = tmp_path / "echo.json"
    path.write_text(json.dumps(CONVERSATION))
    code, found = documents("transcript", str(path), "--bin", "echo")
    assert code == 1
    assert all(isinstance(document, TranscriptDocument) for document in found)
    assert [document.passed for document in found] == [True, False]


@pytest.mark.parametrize("command", ["list", "doctor"])
def test_what_there_is_has_a_document(command: str) -> None:
    """Of the project, and of the machine."""
    _, (document,) = documents(command)
    if isinstance(document, ListDocument):
        assert not document.faulty.keys() & set(document.nodes)


def test_every_command_with_documents_is_in_the_schema() -> None:
    """Who has `--json` has a document, and the other way round."""
    context = harness.make_context("harness", [], resilient_parsing=True)
    with_json = []
    for name in harness.list_commands(context):
        command = harness.get_command(context, name)
        assert command is not None
        if any("--json" in option.opts for option in command.params):
            with_json.append(name)
    assert with_json == [tag_of(document) for document in DOCUMENTS]


def test_the_schema_that_is_shipped_is_the_one_of_this_version() -> None:
    """Version 1 has what it had: a change that is no new field needs a new version."""
    done = CliRunner().invoke(harness, ["schema"], standalone_mode=False)
    assert done.stdout == SHIPPED.read_text(), (
        "if fields were added, or described: harness schema > harness/schema-1.json"
    )


def promises(schema: Mapping[str, Any]) -> list[str]:
    """Return what a reader may rely on: a line for each field of each object.

    What a field may be is a promise as well; that a new value is among those that it
    may be breaks it, too.
    """
    lines = []
    for name, definition in schema["$defs"].items():
        if "enum" in definition:
            lines.append(f"{name}: {json.dumps(definition['enum'])}")
        for field, kind in definition.get("properties", {}).items():
            plain = {key: part for key, part in kind.items() if key != "description"}
            always = " always" if field in definition.get("required", ()) else ""
            lines.append(f"{name}.{field}{always}: {json.dumps(plain, sort_keys=True)}")
    return sorted(lines)


def test_what_was_promised_holds() -> None:
    """A line that the schema lacks is a field that is gone, or means something else."""
    promised = (Path(__file__).parent / "promised-1.txt").read_text().splitlines()
    assert not set(promised) - set(promises(json.loads(SHIPPED.read_text())))


def test_the_schema_of_one_command_is_asked_for_by_its_name() -> None:
    """Every definition that it needs is in it, and every field is described."""
    for document in DOCUMENTS:
        schema = json_schema(tag_of(document))
        assert schema["$ref"] == f"#/$defs/{document.__name__}"
        whole = schema["$defs"][document.__name__]
        assert whole["required"][:2] == ["command", "schema"]
        for definition in schema["$defs"].values():
            for name, field in definition.get("properties", {}).items():
                is_described = "description" in field
                assert is_described or name in {"command", *MESSAGE}, name


MESSAGE = ("src", "dest", "body")
"""Fields of messages, which say what they are."""


def validate(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> None:
    """Fail unless a value is what a schema says, of the words that ours has."""
    if "$ref" in schema:
        validate(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "enum" in schema:
        assert value in schema["enum"]
    if "anyOf" in schema:
        assert any(is_valid(value, one, root) for one in schema["anyOf"])
    kinds: dict[str, Any] = {
        "string": str,
        "boolean": bool,
        "integer": int,
        "number": (int, float),
        "null": type(None),
        "array": list,
        "object": dict,
    }
    if "type" in schema:
        assert isinstance(value, kinds[schema["type"]])
        assert not isinstance(value, bool) or schema["type"] == "boolean"
    if isinstance(value, dict) and "type" in schema:
        assert set(schema.get("required", ())) <= value.keys()
        others = schema.get("additionalProperties", {})
        for name, part in value.items():
            validate(part, schema.get("properties", {}).get(name, others), root)
    if isinstance(value, list):
        for number, part in enumerate(value):
            first = schema.get("prefixItems", [])[number : number + 1]
            validate(part, first[0] if first else schema.get("items") or {}, root)


def is_valid(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> bool:
    """Whether a value is what a schema says."""
    try:
        validate(value, schema, root)
    except AssertionError:
        return False
    return True


def test_documents_are_valid_by_the_schema_as_others_read_it(failed: Path) -> None:
    """A reader of the schema alone agrees, and rejects what is none."""
    schema = json_schema()
    done = CliRunner().invoke(
        harness, ["check", str(failed), "--json"], standalone_mode=False
    )
    document = json.loads(done.stdout)
    validate(document, schema, schema)
    assert not is_valid({**document, "schema": 2}, schema, schema)
    assert not is_valid({**document, "notes": [1]}, schema, schema)
    assert not is_valid({"command": "check", "schema": 1}, schema, schema)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "RUN"),
        ("laws", "RUN", "--trials", "2"),
        ("regress", "--no-corpus", str(CORPUS / "g-counter")),
        ("list",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_equal_input_gives_equal_bytes(
    arguments: Sequence[str], failed: Path, tmp_path: Path
) -> None:
    """Whatever the order in which sets are walked."""
    words = [str(failed) if word == "RUN" else word for word in arguments]
    program = "from harness.cli import main; main()"
    printed = {
        subprocess.run(
            [sys.executable, "-c", program, *words, "--json"],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            capture_output=True,
            check=False,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
    assert printed != {b""}


def test_documents_begin_with_command_and_version() -> None:
    """For who reads lines of several commands."""
    for document in DOCUMENTS:
        assert issubclass(document, Document)
        assert document.__struct_fields__[0] == "schema"
        assert document.__struct_config__.tag_field == "command"
