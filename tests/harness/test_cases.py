"""Cases: kept, small, readable, and judged again."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checkers import Verdict
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
from histories import Event, History


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
        ({"history": [{"type": "ok", "process": 0, "f": "read"}]}, "its history"),
        ({"history": [{"process": 0}]}, "its history"),
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


def test_a_valid_history_is_kept_only_in_full(tmp_path: Path) -> None:
    """There is nothing to shrink it to, and the error says what to do."""
    valid = history((0, "write", 1, 1), (1, "read", None, 1))
    lines = msgspec.json.Encoder().encode_lines(list(valid.events())).decode()
    done = harness("keep", "-", cwd=tmp_path, stdin=lines)
    assert done.returncode == 254
    assert "--full" in done.stderr
    done = harness("keep", "-", "--full", cwd=tmp_path, stdin=lines)
    assert done.returncode == 0
