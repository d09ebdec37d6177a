"""Cases: kept, small, readable, and judged again."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checkers import Verdict
from checkers.evidence import Line
from harness.cases import (
    CaseError,
    HowChecked,
    differences,
    find_cases,
    junit,
    keep,
    read_case,
    regress,
)
from histories import Event, History, Outcome, Problem


ROOT = Path(__file__).resolve().parents[2]
REGISTER = HowChecked(model="register", nil_read="value")


def history(*operations: tuple[int, str, Any, Any]) -> History:
    """Return operations one after the other: process, f, input, output."""
    events = []
    for number, (process, f, given, got) in enumerate(operations):
        index, time = 2 * number, 1_000_000 * number
        invoked = Event(
            index=index, time=time, type="invoke", process=process, f=f, value=given
        )
        events += [
            invoked,
            msgspec.structs.replace(
                invoked, index=index + 1, time=time + 500_000, type="ok", value=got
            ),
        ]
    return History.from_events(events)


STALE = history(
    (0, "write", 1, 1),
    (0, "read", None, 1),
    (0, "write", 2, 2),
    (1, "read", None, 1),
    (1, "read", None, 2),
    (0, "read", None, 2),
)


def kept(tmp_path: Path, name: str = "case", **changes: Any) -> Path:
    """Return the file of a case that fails, with some of its fields replaced."""
    case = keep(STALE, REGISTER, origin={"seed": 1})
    path = tmp_path / f"{name}.json"
    document = msgspec.json.decode(case.text())
    path.write_bytes(msgspec.json.encode(document | changes))
    return path


def harness(
    *arguments: str, cwd: Path, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); "
        "from harness.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", program, str(ROOT), *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_failing_history_is_kept_minimal() -> None:
    """What is left fails by the same anomaly, and needs each of its operations."""
    case = keep(STALE, REGISTER, origin={})
    operations = list(case.events().operations())
    assert case.found.verdict is Verdict.INVALID
    assert "non-linearizable" in case.found.anomalies
    assert "unexplained" not in case.found.anomalies
    assert [(one.f, one.input, one.output) for one in operations] == [
        ("write", 1, 1),
        ("write", 2, 2),
        ("read", None, 1),
    ]


def test_a_history_is_kept_in_full_on_request() -> None:
    """Nothing is left out of it."""
    case = keep(STALE, REGISTER, origin={}, full=True)
    assert len(case.history) == len(STALE)
    assert case.events().digest() == STALE.digest()


def test_indices_stay_as_they_were() -> None:
    """Values may refer to them, whatever was left out before."""
    case = keep(STALE, REGISTER, origin={})
    kept_indices = [event["index"] for event in case.history]
    assert kept_indices == [0, 1, 4, 5, 6, 7]
    assert [event.index for event in case.events().events()] == kept_indices


def test_updates_that_sums_are_made_of_are_not_left_out() -> None:
    """A counter without one of its adds would be accused whoever it is of."""
    counted = history(
        (0, "add", 1, 1), (0, "add", 2, 2), (1, "read", None, 4), (1, "read", None, 3)
    )
    case = keep(counted, HowChecked(workload="g-counter"), origin={})
    assert [one.f for one in case.events().operations()].count("add") == 2
    assert case.found.verdict is Verdict.INVALID


def test_a_case_reads_back_as_it_was_written(tmp_path: Path) -> None:
    """Equal cases have equal text, a line an event."""
    case = keep(STALE, REGISTER, origin={"seed": 3})
    path = tmp_path / "one.json"
    path.write_text(case.text())
    assert read_case(path) == case
    assert read_case(path).text() == case.text()
    lines = case.text().splitlines()
    assert sum('"process"' in line for line in lines) == len(case.history)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"case": 99}, "version 99"),
        ({"check": {}}, "either a workload or a model"),
        ({"check": {"workload": "nope"}}, "no workload 'nope'"),
        ({"check": {"model": "nope"}}, "no model 'nope'"),
        ({"found": {"verdict": "maybe"}}, "verdict"),
        ({"found": {"verdict": "valid", "anomalies": ["nope"]}}, "no anomaly 'nope'"),
        (
            {"history": [{"type": "ok", "process": 0, "f": "read"}]},
            "line 1: found 'ok'",
        ),
        ({"history": [{"process": 0}]}, "line 1: found an event without type"),
        ({"more": 1}, "more"),
    ],
)
def test_what_is_no_case_is_refused(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    """The error names the file and what is wrong with it."""
    path = kept(tmp_path, **changes)
    with pytest.raises(CaseError, match=told) as caught:
        read_case(path)
    assert str(path) in str(caught.value)


def test_a_problem_of_no_node_reads_back(tmp_path: Path) -> None:
    """As that of a fault that failed: a case of it is no less a case."""
    problem = Problem(kind="fault-failed", node=None, sentence="It failed.")
    case = keep(STALE, REGISTER, origin={}, outcome=Outcome(problems=(problem,)))
    path = tmp_path / "failed.json"
    path.write_text(
        msgspec.structs.replace(case, outcome=Outcome(problems=(problem,))).text()
    )
    read = read_case(path).outcome
    assert read is not None
    assert read.problems == (problem,)


def test_changes_are_told_by_verdict_model_and_anomaly(tmp_path: Path) -> None:
    """Each is one difference, with what was and what is."""
    before = read_case(kept(tmp_path)).found
    after = msgspec.structs.replace(
        before,
        verdict=Verdict.VALID,
        models={**before.models, "linearizable": "yes"},
        anomalies=(),
        noted=("non-linearizable",),
    )
    found = {one.what: (one.expected, one.found) for one in differences(before, after)}
    assert found["verdict"] == ("invalid", "valid")
    assert found["model linearizable"] == ("no", "yes")
    assert found["anomaly non-linearizable"] == ("fails", "noted")
    assert differences(before, before) == ()


def test_cases_are_judged_in_order_whatever_they_are(tmp_path: Path) -> None:
    """A file that is no case does not keep the others from being judged."""
    kept(tmp_path, "b")
    (tmp_path / "a.json").write_text("{}")
    kept(tmp_path, "c", found={"verdict": "valid"})
    outcomes = list(regress(list(find_cases(tmp_path)), jobs=1))
    assert [outcome.passed for outcome in outcomes] == [False, True, False]
    assert outcomes[0].differences[0].what == "case"
    suite = ET.fromstring(junit(outcomes))
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    assert len(suite.findall("testcase/failure")) == 2


def test_keep_and_regress_on_the_command_line(tmp_path: Path) -> None:
    """A history from standard input is kept, judged again, and a change is an exit of 1."""
    lines = msgspec.json.Encoder().encode_lines(list(STALE.events())).decode()
    done = harness("keep", "-", "--name", "stale", cwd=tmp_path, stdin=lines)
    assert done.returncode == 0, done.stderr
    assert "3 of 6 operations" in done.stdout
    again = harness("keep", "-", "--name", "stale", cwd=tmp_path, stdin=lines)
    assert again.returncode == 254
    assert "exists" in again.stderr
    done = harness("regress", "--no-corpus", "cases", "--quiet", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    path = tmp_path / "cases" / "stale.json"
    path.write_text(
        path.read_text().replace('"sequential": "yes"', '"sequential": "no"')
    )
    done = harness(
        "regress", "--no-corpus", "cases", "--junit", "out.xml", cwd=tmp_path
    )
    assert done.returncode == 1
    assert "model sequential" in done.stdout
    assert (tmp_path / "out.xml").is_file()
    done = harness("regress", "--no-corpus", "cases", "--json", cwd=tmp_path)
    document = msgspec.json.decode(done.stdout)
    assert (document["schema"], document["changed"]) == (1, 1)


def test_what_has_changed_is_told_whatever_files_are_called(tmp_path: Path) -> None:
    """No name of a file, and nothing in it, steers the terminal or breaks the XML."""
    kept(tmp_path, "ok")
    (tmp_path / 'a\x1b[31m]]><&".json').write_bytes(b'{"case": 1, "\x1b[31m": 1}')
    (tmp_path / os.fsdecode(b"\xff.json")).write_text("{", encoding="utf-8")
    done = harness("regress", "--no-corpus", "--junit", "all.xml", ".", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "\x1b" not in done.stdout
    assert r"a\x1b[31m]]><&" in done.stdout
    assert "3 cases in" in done.stdout
    assert len(ET.parse(tmp_path / "all.xml").findall("testcase/failure")) == 2


def test_a_case_that_cannot_be_written_is_an_error_of_usage(tmp_path: Path) -> None:
    """And so is a path that is none."""
    lines = msgspec.json.Encoder().encode_lines(list(STALE.events())).decode()
    (tmp_path / "file").write_text("")
    done = harness("keep", "-", "--to", "file/cases", cwd=tmp_path, stdin=lines)
    assert done.returncode == 254
    assert "cannot be written" in done.stderr
    done = harness("check", "a" * 5_000, cwd=tmp_path)
    assert done.returncode == 254
    assert "too long" in done.stderr


def test_a_valid_history_is_kept_only_in_full(tmp_path: Path) -> None:
    """There is nothing to shrink it to, and the error says what to do."""
    valid = history((0, "write", 1, 1), (1, "read", None, 1))
    lines = msgspec.json.Encoder().encode_lines(list(valid.events())).decode()
    done = harness("keep", "-", cwd=tmp_path, stdin=lines)
    assert done.returncode == 254
    assert "--full" in done.stderr
    done = harness("keep", "-", "--full", cwd=tmp_path, stdin=lines)
    assert done.returncode == 0


def test_what_objects_hold_at_first_is_kept_with_a_case(tmp_path: Path) -> None:
    """As `harness check` has it; what the model cannot begin with is refused."""
    lines = (
        '{:process 0, :type :invoke, :f :get, :key "a", :value nil}\n'
        '{:process 0, :type :ok, :f :get, :key "a", :value ""}\n'
    )
    for options in ((), ("--model", "kv")):
        done = harness(
            "keep", "-", "--full", "--name", "it", "--force", *options,
            cwd=tmp_path, stdin=lines,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert read_case(tmp_path / "cases" / "it.json").check.init == ""
    done = harness(
        "keep", "-", "--full", "--init", '"a"', "--model", "g-counter",
        cwd=tmp_path, stdin=lines,
    )  # fmt: skip
    assert done.returncode == 254
    assert "--init '\"a\"' for g-counter" in done.stderr


@pytest.mark.parametrize("lacking", ["has_real_time", "has_sessions"])
def test_a_case_remembers_what_nobody_recorded(lacking: str, tmp_path: Path) -> None:
    """What is no violation without that is none when the case is judged again."""
    check = msgspec.structs.replace(REGISTER, **{lacking: False})
    case = keep(STALE, check, origin={}, full=True)
    assert case.found.verdict is Verdict.UNKNOWN
    path = tmp_path / "stale.json"
    path.write_text(case.text())
    assert f'"{lacking}": false' in case.text()
    assert read_case(path).check == check
    [outcome] = regress([path], 1)
    assert outcome.passed


SLEEPLESS = HowChecked(workload="g-set", nodes=("n1", "n2"))


def knowing_too_much() -> tuple[History, tuple[Line, ...]]:
    """Return a read of an element that no message could have told its node."""
    seen = history(
        (0, "add", 1, 1),
        (1, "read", None, [1]),
        (1, "read", None, [1]),
        (0, "add", 2, 2),
    )
    events = [
        msgspec.structs.replace(event, node=f"n{int(event.process) + 1}")
        for event in seen.events()
    ]
    lines = tuple(
        line
        for number, operation in enumerate((0, 2, 4, 6))
        for line in (
            Line(time=number, node=events[operation].node, takes=operation),
            Line(
                time=number, node=events[operation].node, answers=operation, says="ok"
            ),
        )
    )
    return History.from_events(events), lines


def test_messages_are_kept_if_what_is_found_rests_on_them(tmp_path: Path) -> None:
    """Of them only what is needed, in a file of a later version, and judged again."""
    seen, lines = knowing_too_much()
    case = keep(seen, SLEEPLESS, origin={}, journal=lines)
    assert case.found.anomalies == ("impossible-knowledge",)
    assert 0 < len(case.journal) < len(lines)
    path = tmp_path / "one.json"
    path.write_text(case.text())
    assert read_case(path) == case
    assert '"case": 2' in case.text()
    assert [one.passed for one in regress([path], jobs=1)] == [True]
    without = msgspec.structs.replace(case, journal=())
    path.write_text(without.text())
    assert '"case": 1' in without.text()
    assert [one.passed for one in regress([path], jobs=1)] == [False]


def test_messages_that_say_nothing_are_not_kept() -> None:
    """A case in full has them only if the same is not found without."""
    seen, lines = knowing_too_much()
    assert keep(seen, SLEEPLESS, origin={}, journal=lines, full=True).journal == lines
    told = Line(time=0, node="n2", learns=(0,), by="n1")
    known = (lines[0], lines[1], told, *lines[2:])
    case = keep(seen, SLEEPLESS, origin={}, journal=known, full=True)
    assert case.journal == ()


def test_messages_of_another_history_are_refused(tmp_path: Path) -> None:
    """The error says what they tell of."""
    path = kept(tmp_path, case=2, journal=[{"time": 1, "node": "n1", "takes": 999}])
    with pytest.raises(CaseError, match=r"its journal: .* operation 999"):
        read_case(path)


def test_a_run_is_kept_with_its_messages_if_it_needs_them(tmp_path: Path) -> None:
    """What a node does against the order that it was told shows in its journal."""
    done = harness(
        *("run", "-w", "rga", "--bin", "sorted-rga", "--transport", "simulated"),
        *("--node-count", "3", "--rate", "30", "--time-limit", "3", "--seed", "1"),
        cwd=tmp_path,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    done = harness("keep", "store/latest", "--name", "it", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "messages, " in done.stdout
    case = read_case(tmp_path / "cases" / "it.json")
    assert "intention-violation" in case.found.anomalies
    assert case.journal
    done = harness("check", "cases/it.json", cwd=tmp_path)
    assert done.returncode == 1
    assert "nothing has changed" in done.stdout
    done = harness("regress", "--no-corpus", "cases", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
