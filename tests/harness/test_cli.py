"""The command line, as a user meets it."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from histories import Event, Store, write_history


ROOT = Path(__file__).resolve().parents[2]
SHORT = ("--time-limit", "0.4", "--recovery", "0.3", "--seed", "1")


def harness(
    *arguments: str, cwd: Path, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command as a shell would."""
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); "
        "from harness.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", program, str(ROOT), *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        input=stdin,
        timeout=60,
        check=False,
    )


def counter_history(path: Path, *, read: int) -> Path:
    """Write a history of one add of 3 and one final read."""
    rows: list[tuple[str, str, Any, bool]] = [
        ("invoke", "add", 3, False),
        ("ok", "add", 3, False),
        ("invoke", "read", None, True),
        ("ok", "read", read, True),
    ]
    events = [
        Event(
            index=index,
            time=index,
            type=type_,  # type: ignore[arg-type] - one of the four
            process=0,
            f=f,
            value=value,
            final=final,
            node="n1",
        )
        for index, (type_, f, value, final) in enumerate(rows)
    ]
    write_history(events, path)
    return path


def test_a_valid_run_says_so_and_leaves_everything(tmp_path: Path) -> None:
    """Exit code 0, a verdict first, and a folder with all that was promised."""
    done = harness("run", "-w", "g-counter", *SHORT, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("VALID")
    assert "--seed 1" in done.stdout
    run = Store(tmp_path / "store").latest()
    names = {path.name for path in run.path.iterdir()}
    assert names == {
        "history.jsonl",
        "journal.bin",
        "node-disks",
        "node-logs",
        "outcome.json",
        "report.html",
        "results.json",
        "spec.json",
    }
    assert not done.stderr, "no progress where nobody looks"


def test_the_naive_counter_loses_updates_under_concurrency(tmp_path: Path) -> None:
    """Exit code 1, the anomaly by its name, the witness in the JSON."""
    done = harness(
        *("run", "-w", "g-counter", "--bin", "seq-kv-counter", "--json", *SHORT),
        *("--rate", "400"),
        cwd=tmp_path,
    )
    assert done.returncode == 1, done.stdout
    document = json.loads(done.stdout)
    anomalies = document["result"]["parts"]["workload"]["anomalies"]
    assert anomalies[0]["name"] == "lost-update"
    assert anomalies[0]["operations"]


def test_the_naive_counter_is_right_when_it_is_used_by_one(tmp_path: Path) -> None:
    """Used sequentially, it loses nothing: one client, one node."""
    done = harness(
        *("run", "-w", "g-counter", "--bin", "lost-update", *SHORT),
        *("--node-count", "1", "--concurrency", "1"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout


def test_a_run_that_shows_nothing_is_unknown(tmp_path: Path) -> None:
    """A node that refuses everything is never called correct."""
    done = harness(
        *("run", "-w", "g-counter", "--bin", "echo", "--json", *SHORT), cwd=tmp_path
    )
    assert done.returncode == 2
    result = json.loads(done.stdout)["result"]
    assert (result["verdict"], result["reason"]) == ("unknown", "vacuous")


def test_arguments_after_two_dashes_go_to_the_node(tmp_path: Path) -> None:
    """Commands with arguments and trailing arguments reach the program."""
    node = tmp_path / "node.py"
    node.write_text("import sys; sys.exit(' '.join(sys.argv[1:]))")
    done = harness(
        *("run", "-w", "echo", "--bin", f"{sys.executable} node.py one 'two three'"),
        *("--init-timeout", "2", *SHORT, "--", "--four"),
        cwd=tmp_path,
    )
    assert done.returncode == 1
    assert "one two three --four" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "-w", "nope"), "'nope' is not one of"),
        (("run", "-w", "echo", "--bin", "ecko"), "did you mean 'echo'"),
        (("run", "-w", "echo", "--bin", "."), "folder"),
        (("run", "-w", "echo", "--bin", "'"), "cannot be read"),
        (("run", "-w", "echo", "--concurrency", "0"), "expected a number"),
        (("run", "-w", "echo", "--nodes", "n1,c1"), "'c1' is no name"),
        (("run", "-w", "echo", "--nodes", "n1,n1"), "same name"),
        (("run", "-w", "echo", "--nemesis", "quake"), "expected some of clock, deaf"),
        (("run", "-w", "echo", "--assert", "few messages"), "msgs-per-op < 30"),
        (("run", "-w", "echo", "--availability", "2"), "from 0 to 1"),
        (("check", "nowhere"), "does not exist"),
        (("check", "."), "nothing to check"),
        (("run", "-w", "echo", "--consistency-models", "causal"), "g-counter"),
        (("run", "-w", "g-counter", "--consistency-models", "best"), "linearizable"),
        (("run", "-w", "vv-register", "--consistency-models", "sequential"), "causal"),
        (
            ("run", "-w", "lww-register", "--consistency-models", "causal"),
            "vv-register",
        ),
        (("report",), "run"),
        (("transcript", "nowhere.json", "--bin", "echo"), "nowhere.json"),
        (("frobnicate",), "no command 'frobnicate'"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    """Exit code 254, what was wrong and what would be right, no traceback."""
    done = harness(*arguments, cwd=tmp_path)
    assert done.returncode == 254, done.stdout
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "store").exists()


def test_a_file_with_the_name_of_a_bundled_node_is_not_passed_over(
    tmp_path: Path,
) -> None:
    """Whoever has a program of that name here is asked which is meant."""
    (tmp_path / "echo").write_text("#!/bin/sh\n")
    done = harness("run", "-w", "echo", "--bin", "echo", *SHORT, cwd=tmp_path)
    assert done.returncode == 254
    assert "./echo" in done.stderr
    assert harness("run", "-w", "echo", *SHORT, cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(("read", "code"), [(3, 0), (2, 1)])
def test_a_history_file_is_judged_by_its_workload(
    tmp_path: Path, read: int, code: int
) -> None:
    """By the workload that is named, or else by consistency models; stdin too."""
    path = counter_history(tmp_path / "history.jsonl", read=read)
    arguments = ("--workload", "g-counter")
    assert harness("check", str(path), *arguments, cwd=tmp_path).returncode == code
    done = harness("check", "-", *arguments, cwd=tmp_path, stdin=path.read_text())
    assert done.returncode == code
    done = harness("check", str(path), "--json", cwd=tmp_path)
    assert done.returncode == code
    result = json.loads(done.stdout)["result"]
    assert result["statistics"]["models"]["sequential"]["verdict"] == (
        "yes" if read == 3 else "no"
    )


def test_a_folder_is_checked_whole_and_the_worst_verdict_counts(
    tmp_path: Path,
) -> None:
    """A line a history, and a sum."""
    counter_history(tmp_path / "a.jsonl", read=3)
    counter_history(tmp_path / "b.jsonl", read=2)
    done = harness("check", ".", "-w", "g-counter", cwd=tmp_path)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[:2]] == ["VALID", "INVALID"]
    assert lines[-1] == "2 histories: 1 valid, 1 invalid, 0 unknown"


def test_a_damaged_history_says_where(tmp_path: Path) -> None:
    """The line, what was found and what was expected; the verdict is UNKNOWN."""
    path = counter_history(tmp_path / "history.jsonl", read=3)
    lines = path.read_text().splitlines()
    lines[1] = '{"index": 1, "time": 0, "type": "perhaps", "process": 0, "f": "add"}'
    path.write_text("\n".join(lines) + "\n")
    done = harness("check", str(path), "-w", "g-counter", cwd=tmp_path)
    assert done.returncode == 2
    flat = " ".join(done.stdout.split())
    assert "line 2" in flat or ":2" in flat
    assert "perhaps" in flat


def test_a_run_that_was_killed_is_still_checked(tmp_path: Path) -> None:
    """Without outcome and with a torn last line the rest is judged, and that told."""
    assert harness("run", "-w", "echo", *SHORT, cwd=tmp_path).returncode == 0
    run = Store(tmp_path / "store").latest()
    run.outcome_path.unlink()
    text = run.history_path.read_bytes()
    run.history_path.write_bytes(text[:-20])
    done = harness("check", str(run.path), cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("VALID")


def test_a_report_can_be_written_again_and_is_the_same(tmp_path: Path) -> None:
    """The same run gives the same bytes."""
    assert harness("run", "-w", "echo", *SHORT, cwd=tmp_path).returncode == 0
    run = Store(tmp_path / "store").latest()
    first = run.report_path.read_bytes()
    run.report_path.unlink()
    done = harness("report", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert run.report_path.read_bytes() == first


@pytest.mark.parametrize(
    ("declared", "code"),
    [("sequential", 0), ("linearizable", 1), ("sequential,causal", 0)],
)
def test_the_declared_model_decides_the_exit_code(
    tmp_path: Path, declared: str, code: int
) -> None:
    """A counter by cas on seq-kv lags, which sequential consistency allows."""
    done = harness(
        *("run", "-w", "g-counter", "--bin", "cas-counter", "--json", *SHORT),
        *("--no-poll", "--recovery", "0.1", "--consistency-models", declared),
        cwd=tmp_path,
    )
    assert done.returncode == code, done.stdout
    parts = json.loads(done.stdout)["result"]["parts"]
    models = parts["models"]["statistics"]["models"]
    assert models["sequential"]["verdict"] == "yes"
    assert models["linearizable"]["verdict"] == "no"
    assert parts["workload"]["verdict"] == "valid"


@pytest.mark.parametrize("workload", ["g-counter", "pn-counter"])
def test_counters_are_judged_by_what_their_reads_saw(
    tmp_path: Path, workload: str
) -> None:
    """No model is left open: deltas are such that sums tell what is in them."""
    done = harness(
        *("run", "-w", workload, "--json", *SHORT, "--consistency-models", "causal"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout
    parts = json.loads(done.stdout)["result"]["parts"]
    models = parts["models"]["statistics"]["models"]
    assert all(model["verdict"] != "unknown" for model in models.values())


@pytest.mark.parametrize("workload", ["g-set", "broadcast"])
def test_sets_are_judged_by_consistency_models(tmp_path: Path, workload: str) -> None:
    """A grow-only set that gossips forgets nothing; a run is judged alike later."""
    done = harness(
        *("run", "-w", workload, "--json", *SHORT),
        *("--consistency-models", "read-your-writes,monotonic-reads"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout
    parts = json.loads(done.stdout)["result"]["parts"]
    assert parts["workload"]["verdict"] == "valid"
    models = parts["models"]["statistics"]["models"]
    assert all(model["verdict"] != "unknown" for model in models.values())
    run = Store(tmp_path / "store").latest()
    again = harness("check", str(run.path), "--json", cwd=tmp_path)
    assert again.returncode == 0
    assert json.loads(again.stdout)["result"]["parts"]["models"] == parts["models"]
    strict = harness(
        *("check", str(run.path), "--json", "--consistency-models", "linearizable"),
        cwd=tmp_path,
    )
    verdict = models["linearizable"]["verdict"]
    assert strict.returncode == {"yes": 0, "no": 1}[verdict]


def test_assertions_decide_the_exit_code(tmp_path: Path) -> None:
    """One that holds changes nothing, one that does not is a violation."""
    done = harness(
        *("run", "-w", "echo", *SHORT, "--assert", "msgs-per-op < 3"), cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout
    done = harness(
        *("run", "-w", "echo", *SHORT, "--assert", "msgs-per-op < 1"), cwd=tmp_path
    )
    assert done.returncode == 1
    assert "assertion-failed" in done.stdout


@pytest.mark.parametrize("command", ["list", "doctor"])
def test_what_there_is_can_be_asked_for(tmp_path: Path, command: str) -> None:
    """As text and as JSON."""
    done = harness(command, cwd=tmp_path)
    assert done.returncode == 0
    assert "g-counter" in done.stdout or "python" in done.stdout
    assert json.loads(harness(command, "--json", cwd=tmp_path).stdout)


def test_every_command_explains_itself(tmp_path: Path) -> None:
    """Each command of the list has its help."""
    listed = harness("--help", cwd=tmp_path).stdout
    for command in ("run", "check", "report", "transcript", "list", "doctor"):
        assert f"  {command} " in listed
        assert "Usage: harness" in harness(command, "--help", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("--time-limit", "nan"),
        ("--time-limit", "inf"),
        ("--rate", "nan"),
        ("--latency", "inf"),
        ("--loss", "nan"),
        ("--recovery", "nan"),
        ("--init-timeout", "inf"),
        ("--nemesis-interval", "0"),
        ("--concurrency", "999999999999"),
        ("-n", "lin-kv"),
        ("-n", "latest"),
        ("--bin", "x" * 300),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_made(
    tmp_path: Path, arguments: tuple[str, str]
) -> None:
    """Exit code 254, a sentence without a traceback, and no folder of a run."""
    done = harness("run", "-w", "g-set", *SHORT, *arguments, cwd=tmp_path)
    assert done.returncode == 254, done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "store").exists()


def test_a_command_longer_than_a_path_can_be_is_a_command(tmp_path: Path) -> None:
    """A program on the command line is not looked for in the file system."""
    program = f"{sys.executable} -c 'import sys; sys.exit({'0' * 300}3)'"
    done = harness("run", "-w", "echo", *SHORT, "--bin", program, cwd=tmp_path)
    assert "exited with status" in done.stdout, done.stderr


def test_no_time_at_all_is_a_run_that_shows_nothing(tmp_path: Path) -> None:
    """Faults leave a run without time to end, too."""
    done = harness(*("run", "-w", "g-set", *SHORT, "--time-limit", "0"), cwd=tmp_path)
    assert done.returncode == 2, done.stderr


def test_a_reader_who_leaves_early_does_not_change_the_exit_code(
    tmp_path: Path,
) -> None:
    """As `harness check … | head -0` does: the verdict stands."""
    saved = counter_history(tmp_path / "h.jsonl", read=3)
    program = "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    program += "from harness.cli import main; main()"
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", program, str(ROOT)),
            *("check", "-w", "g-counter", str(saved)),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    complaint = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert not complaint


def test_a_store_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    """What the system refuses is no defect of the harness."""
    (tmp_path / "file").touch()
    done = harness(
        *("run", "-w", "echo", *SHORT, "--store", "file/store"), cwd=tmp_path
    )
    assert done.returncode == 255
    assert done.stderr.startswith("harness: Not a directory: ")


def test_what_cannot_be_judged_does_not_keep_the_rest_from_it(tmp_path: Path) -> None:
    """A folder of mixed things: each gets its line, and no line is left raw."""
    harness("run", "-w", "g-counter", *SHORT, cwd=tmp_path)
    run = Store(tmp_path / "store").latest()
    (tmp_path / "store" / "a.jsonl").write_bytes(b"\x1b[2J\n")
    damaged = Store(tmp_path / "store").create("echo", dt.datetime.now(dt.UTC))
    damaged.history_path.write_text("")
    damaged.spec_path.write_text('{"workload": "echo", "nodes": 5}')
    os.mkfifo(tmp_path / "store" / "b.jsonl")
    done = harness("check", "store", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert done.stdout.count("UNKNOWN ") == 2
    assert f"VALID    {run.path.resolve().relative_to(tmp_path)}" in done.stdout
    done = harness("check", "store", "-w", "g-counter", cwd=tmp_path)
    assert "\\x1b[2J" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("text", ["{", "[]", '{"workload": "echo", "nodes": 5}'])
def test_a_damaged_spec_is_told_in_a_sentence(tmp_path: Path, text: str) -> None:
    """It is no defect of the harness."""
    run = Store(tmp_path / "store").create("echo", dt.datetime.now(dt.UTC))
    run.history_path.write_text("")
    run.spec_path.write_text(text)
    for command in ("check", "report"):
        done = harness(command, str(run.path), cwd=tmp_path)
        assert done.returncode == 254, done.stderr
        assert "spec.json" in done.stderr
        assert "Traceback" not in done.stderr
