"""What is printed for who runs it in CI: annotations, nothing at all, exit codes."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import msgspec
import pytest
from click.testing import CliRunner, Result

from harness.cases import CORPUS
from harness.cli import harness
from harness.cli._annotations import annotation
from harness.documents import CheckDocument
from histories import Run


if TYPE_CHECKING:
    from pathlib import Path

STALE = """{"time": 0, "type": "invoke", "process": 0, "f": "write", "value": 1}
{"time": 1, "type": "ok", "process": 0, "f": "write", "value": 1}

{"time": 2, "type": "invoke", "process": 1, "f": "read"}
{"time": 3, "type": "ok", "process": 1, "f": "read", "value": READ}
"""
FORM = re.compile(
    r"::(error|warning) (?:file=([^,:]+),)?(?:line=(\d+),)?title=([^,]+?)::"
)
SIMULATED = ("--transport", "simulated", "--time-limit", "1", "--seed", "1")


def invoke(*arguments: str) -> Result:
    """Run a command."""
    done = CliRunner().invoke(harness, arguments, standalone_mode=False)
    assert done.exception is None, done.exc_info
    return done


def annotated(text: str) -> list[tuple[str, ...]]:
    """Return level, file, line and title of each annotation in a text."""
    found = [FORM.match(line) for line in text.splitlines() if line.startswith("::")]
    assert None not in found
    return [match.groups(default="") for match in found if match is not None]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a folder of its own, which is not GitHub's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)


def history(path: Path, read: str) -> Path:
    """Write a history of one write and one read."""
    path.write_text(STALE.replace("READ", read))
    return path


def test_nothing_in_a_message_ends_it_early() -> None:
    """Percent signs and ends of lines everywhere; colons and commas in properties."""
    text = annotation(
        "warning", "a,b: 5%\r\n::c", title="d::e,f\n", file="x:y,z", line=7
    )
    assert text == (
        "::warning file=x%3Ay%2Cz,line=7,title=d%3A%3Ae%2Cf%0A::a,b: 5%25%0D%0A::c"
    )
    assert annotation("error", "\x1b[31m", title="t") == "::error title=t::\\x1b[31m"


def test_a_failing_history_points_at_the_line_of_its_witness(tmp_path: Path) -> None:
    """Blank lines count; what is VALID says nothing; other histories do."""
    history(tmp_path / "stale.jsonl", "null")
    history(tmp_path / "fresh.jsonl", "1")
    done = invoke("check", str(tmp_path), "--annotations")
    assert done.return_value == 1
    found = annotated(done.stdout)
    assert {(level, file) for level, file, _, _ in found} == {("error", "stale.jsonl")}
    lines = {title: line for _, _, line, title in found}
    assert lines == {
        "INVALID%3A non-linearizable": "4",
        "INVALID%3A stale-read": "4",
    }


def test_what_cannot_be_judged_is_a_warning_where_it_stands(tmp_path: Path) -> None:
    """A line that is no event; and a file without any."""
    (tmp_path / "a.jsonl").write_text(STALE.replace("READ", "1") + "{}\n")
    (tmp_path / "b.jsonl").write_text("")
    done = invoke("check", ".", "--annotations")
    assert done.return_value == 2
    assert annotated(done.stdout) == [
        ("warning", "a.jsonl", "6", "UNKNOWN (malformed)"),
        ("warning", "b.jsonl", "", "UNKNOWN (vacuous)"),
    ]


def test_paths_are_those_of_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step may work in a folder of it."""
    (tmp_path / "part").mkdir()
    history(tmp_path / "part" / "stale.jsonl", "null")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.chdir(tmp_path / "part")
    done = invoke("check", "stale.jsonl", "--annotations", "--quiet")
    assert {file for _, file, _, _ in annotated(done.stdout)} == {"part/stale.jsonl"}


def test_documents_stay_alone_on_standard_output(tmp_path: Path) -> None:
    """GitHub reads standard error too."""
    path = history(tmp_path / "stale.jsonl", "null")
    done = invoke("check", str(path), "--annotations", "--json")
    msgspec.json.decode(done.stdout, type=CheckDocument)
    assert annotated(done.stderr)


def test_a_run_points_at_its_history() -> None:
    """At a line where the anomaly has operations."""
    command = ("run", "-w", "g-counter", "--bin", "lost-update", *SIMULATED)
    done = invoke(*command, "--latency", "5", "--nemesis", "none", "--annotations")
    assert done.return_value == 1
    (level, file, line, title), *_ = annotated(done.stdout)
    assert (level, title) == ("error", "INVALID%3A lost-update")
    assert file.endswith("/history.jsonl")
    assert int(line) > 0
    again = invoke("check", "store/latest", "--annotations", "--quiet")
    assert annotated(again.stdout)[0][2:] == (line, title)


def test_a_hunt_points_at_the_smallest_run() -> None:
    """Which is the one to look at."""
    done = invoke(
        *("hunt", "-w", "g-counter", "--bin", "volatile-counter", "--time-limit", "2"),
        *("--seed", "7", "--jobs", "1", "--attempts", "5", "--annotations"),
    )
    assert done.return_value == 1
    (level, file, _, _), *_ = annotated(done.stdout)
    assert level == "error"
    assert f"replay      harness run --replay {file.rpartition('/')[0]}" in done.stdout


def test_a_case_that_has_changed_is_an_error(tmp_path: Path) -> None:
    """The title has its name, the message what has changed."""
    kept = next(CORPUS.glob("echo/*-valid-*.json"))
    text = kept.read_text().replace('"verdict": "valid"', '"verdict": "invalid"')
    (tmp_path / "a.json").write_text(text)
    done = invoke("regress", "--no-corpus", str(tmp_path), "--annotations")
    assert done.return_value == 1
    assert annotated(done.stdout)[0][:2] == ("error", "a.json")
    assert "verdict was invalid and is valid" in done.stdout


def lines_of(done: Result) -> list[int]:
    """Return the lines that annotations name, each once."""
    return sorted({int(line) for _, _, line, _ in annotated(done.stdout)})


def test_a_case_points_at_the_line_of_its_witness(tmp_path: Path) -> None:
    """In its own file, whatever stands before the history."""
    invoke("keep", str(history(tmp_path / "a.jsonl", "null")), "--name", "stale")
    path = tmp_path / "cases" / "stale.json"
    done = invoke("check", str(path), "--annotations")
    assert done.return_value == 1
    [line] = lines_of(done)
    text = path.read_text().splitlines()
    assert '"type":"invoke","process":1,"f":"read"' in text[line - 1]
    path.write_text(path.read_text().replace('"type":"ok"', '"type":"OK"', 1))
    for command in (("check",), ("regress", "--no-corpus")):
        done = invoke(*command, str(path), "--annotations")
        [line] = lines_of(done)
        assert '"OK"' in text[line - 1].replace('"ok"', '"OK"')
        assert f"{path}, line {line}: found type" in " ".join(done.output.split())


@pytest.mark.parametrize(
    ("before", "after", "at"),
    [
        ('"verdict": "invalid"', '"verdict": "valid"', '"verdict": "valid"'),
        ('"sequential": "yes"', '"sequential": "no"', '"sequential": "no"'),
        ('["non-linearizable"', '["divergence","non-linearizable"', '"anomalies"'),
        ('"models": {', '"noted": ["divergence"],\n    "models": {', '"noted"'),
        ('"non-linearizable",', "", '"found"'),
    ],
)
def test_a_case_that_has_changed_points_at_what_it_says(
    before: str, after: str, at: str, tmp_path: Path
) -> None:
    """The verdict, the model, or the anomalies; all of it for what is new."""
    invoke("keep", str(history(tmp_path / "a.jsonl", "null")), "--name", "stale")
    path = tmp_path / "cases" / "stale.json"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    done = invoke("regress", "--no-corpus", str(path), "--annotations")
    assert done.return_value == 1
    [line] = lines_of(done)
    assert at in path.read_text().splitlines()[line - 1]


def test_quiet_prints_what_is_not_valid_alone(tmp_path: Path) -> None:
    """The exit code says the rest."""
    fresh = history(tmp_path / "fresh.jsonl", "1")
    stale = history(tmp_path / "stale.jsonl", "null")
    for options in ((), ("--json",), ("--annotations",)):
        done = invoke("check", str(fresh), str(fresh), "--quiet", *options)
        assert (done.return_value, done.output) == (0, "")
    done = invoke("check", str(fresh), str(stale), "--quiet")
    assert done.return_value == 1
    assert "fresh" not in done.stdout
    assert done.stdout.splitlines()[-1] == "2 histories: 1 valid, 1 invalid, 0 unknown"


@pytest.mark.parametrize(
    "command",
    [
        ("run", "-w", "echo", *SIMULATED),
        ("hunt", "-w", "echo", "--runs", "1", "--jobs", "1", "--seed", "1"),
        ("mutants", "volatile-ids", "--right", "0", "--jobs", "1"),
        ("regress", "--no-corpus", str(CORPUS / "echo")),
    ],
    ids=lambda command: command[0],
)
def test_quiet_prints_nothing_if_all_is_well(command: tuple[str, ...]) -> None:
    """Neither for people nor for machines."""
    for options in ((), ("--json",)):
        done = invoke(*command, "--quiet", *options)
        assert (done.return_value or 0, done.output) == (0, "")


def test_what_repeats_a_run_says_nothing_of_how_it_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Except to the node, whose arguments these words may be."""
    words = ["run", "--json", "-w", "echo", "--quiet", *SIMULATED, "--", "--json"]
    monkeypatch.setattr("sys.argv", ["harness", *words])
    invoke(*words[:-2])
    run = Run(tmp_path / "store" / "latest")
    asked = ["harness", "run", "-w", "echo", *SIMULATED, "--", "--json"]
    assert run.spec()["command"] == asked


def test_every_command_tells_its_exit_codes() -> None:
    """At the end of its help."""
    context = harness.make_context("harness", [], resilient_parsing=True)
    for name in harness.list_commands(context):
        done = CliRunner().invoke(harness, [name, "--help"], standalone_mode=False)
        assert re.search(r"Exit\s+codes", done.output), name
        assert "254 usage" in " ".join(done.output.split()), name


def test_a_case_is_judged_as_it_says(tmp_path: Path) -> None:
    """And a folder of cases, with what else can be done with them."""
    kept = min((CORPUS / "g-counter").glob("*.json"))
    done = invoke("check", str(kept))
    assert "nothing has changed" in done.output
    assert "g-counter as it says" in " ".join(done.output.split())
    done = invoke("check", str(CORPUS / "g-counter"))
    count = len(list((CORPUS / "g-counter").glob("*.json")))
    assert f"{count} of them are cases: `harness regress --no-corpus" in done.output
    shutil.copy(kept, tmp_path / "broken.json")
    text = (tmp_path / "broken.json").read_text()
    (tmp_path / "broken.json").write_text(text.replace('"found"', '"lost"'))
    done = invoke("check", "broken.json")
    assert done.return_value == 2
    assert "is no case" in done.output


def test_a_case_can_be_judged_otherwise() -> None:
    """As the history that it has, by the model or workload that is asked for."""
    kept = min((CORPUS / "g-counter").glob("*-valid-*.json"))
    done = invoke("check", str(kept), "--model", "g-counter")
    assert "A case" not in done.output
    assert done.return_value in {0, 1}


def test_a_typing_error_names_what_was_meant() -> None:
    """And lists the nodes that are right, not those with a bug."""
    done = CliRunner().invoke(harness, ["chekc"], standalone_mode=False)
    assert "no command 'chekc': did you mean 'check'?" in str(done.exception)
    for command in (("run", "-w", "echo", "--bin"), ("mutants",)):
        wrong = "volatile-idz" if command == ("mutants",) else "ehco"
        done = CliRunner().invoke(harness, [*command, wrong], standalone_mode=False)
        text = str(done.exception)
        assert "did you mean" in text
        assert ("volatile-clock" in text) == (command == ("mutants",))
        assert "`harness list`" in text
