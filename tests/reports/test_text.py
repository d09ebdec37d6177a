"""The summary in the terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
import pytest

from checkers import Anomaly, Reason, Result, Verdict
from histories import Event, Problem, write_history
from reports import render_findings, render_text


if TYPE_CHECKING:
    from collections.abc import Callable

    from histories import Run


@pytest.mark.parametrize("name", ["good", "bad", "aborted"])
def test_text_is_as_in_the_gold_file(
    name: str, request: pytest.FixtureRequest, gold: Callable[[str, str], None]
) -> None:
    """Each kind of run is told exactly as a reader has approved of."""
    run, result = request.getfixturevalue(f"{name}_run")
    gold(f"{name}.txt", render_text(run, result, color=False))


def test_a_good_run_takes_few_lines(good_run: tuple[Run, Result]) -> None:
    """A run without findings fits into twenty lines."""
    assert len(render_text(*good_run, color=False).splitlines()) <= 20


def test_no_color_means_no_escape(bad_run: tuple[Run, Result]) -> None:
    """Without color no control character is printed, whatever a node has written."""
    text = render_text(*bad_run, color=False)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", text)


def test_color_adds_nothing_but_color(bad_run: tuple[Run, Result]) -> None:
    """With color the text is the same once the colors are taken away."""
    colored = render_text(*bad_run, color=True)
    assert "\x1b[1;31mINVALID\x1b[0m" in colored
    plain = re.sub(r"\x1b\[[0-9;]*m", "", colored)
    assert plain == render_text(*bad_run, color=False)


def test_lines_fit_the_terminal(bad_run: tuple[Run, Result]) -> None:
    """No line but the command and the path is wider than 96 columns."""
    lines = render_text(*bad_run, color=False).splitlines()
    assert all(len(line) <= 96 for line in lines if "run again" not in line)


def test_every_name_of_an_anomaly_is_shown_before_repetitions(
    small_run: tuple[Run, Result],
) -> None:
    """Where there are many anomalies, a rare kind is not crowded out."""
    run, _ = small_run
    many = [Anomaly(name="lost-update", sentence=f"Lost {at}.") for at in range(50)]
    rare = Anomaly(name="regress", sentence="It went back.")
    text = render_text(run, _invalid(*many, rare), color=False)
    assert "It went back." in text
    assert text.count("Lost ") == 4
    assert "and 46 more" in text


def test_anomalies_that_were_only_counted_are_counted(
    small_run: tuple[Run, Result],
) -> None:
    """A checker that keeps one of 900 anomalies has found 900."""
    run, _ = small_run
    kept = Anomaly(name="lost-update", sentence="Lost 3.")
    result = msgspec.structs.replace(
        _invalid(kept), statistics={"anomaly-counts": {"lost-update": 900}}
    )
    assert "and 899 more" in render_text(run, result, color=False)


def test_what_clients_had_no_more_of_is_told(good_run: tuple[Run, Result]) -> None:
    """A run that goes on without adds does not look like one with adds."""
    run, result = good_run
    early = {"add": "39.7 s of 60.0 s"}
    told = msgspec.structs.replace(result, parts={}, statistics={"ended-early": early})
    lines = " ".join(render_text(run, told, color=False).split())
    assert "; no add in the last 39.7 s of 60.0 s" in lines


def test_rerun_replaces_the_seed_and_the_count(
    bad_run: tuple[Run, Result],
) -> None:
    """The run of a series is repeated alone, with the seed that it had."""
    run, result = bad_run
    command = ["harness", "run", "--seed", "1", "--test-count=9", "--", "--fast"]
    run.write_json(run.spec_path, run.spec() | {"command": command, "seed": 5})
    text = render_text(run, result, color=False)
    assert "run again   harness run --seed 5 -- --fast\n" in text


def test_an_unreadable_history_is_told(good_run: tuple[Run, Result]) -> None:
    """A run whose history is damaged is still summed up, with what is wrong."""
    run, _ = good_run
    run.history_path.write_text("no history\n{}\n")
    result = Result(
        checker="g-counter",
        verdict=Verdict.UNKNOWN,
        reason=Reason.MALFORMED,
        summary="The history cannot be read.",
    )
    text = render_text(run, result, color=False)
    assert text.startswith("UNKNOWN  The history cannot be read.")
    assert "history.jsonl, line 1" in text


def test_findings_need_no_run() -> None:
    """A history that is no run's is judged in the same words, with its source."""
    found = _invalid(Anomaly(name="regress", sentence="It went back."))
    text = render_findings("other.jsonl", found, color=False)
    assert text.startswith("INVALID  It is broken.\n")
    assert "regress: It went back." in text
    assert text.endswith("history     other.jsonl\n")


def _invalid(*anomalies: Anomaly) -> Result:
    return Result(
        checker="counter",
        verdict=Verdict.INVALID,
        summary="it is broken",
        anomalies=anomalies,
    )


def test_of_nodes_that_never_began_none_ended(aborted_run: tuple[Run, Result]) -> None:
    """A program that cannot be started has no processes to count."""
    run, result = aborted_run
    told = run.outcome()
    assert "5 processes" in render_text(run, result, color=False)
    problem = Problem(
        kind="spawn-failed", node="n1", sentence="n1 did not start.", time=0
    )
    run.write_json(run.outcome_path, msgspec.structs.replace(told, problems=(problem,)))
    assert "processes" not in render_text(run, result, color=False)


def test_why_nothing_succeeded_is_told(good_run: tuple[Run, Result]) -> None:
    """A handler with another name than the request is seen by what the node said."""
    run, result = good_run
    errors = [["not-supported", "no handler\x1b[31m for 'add'"]] * 2 + ["timeout"]
    events = [
        Event(index=2 * at + end, time=at, type=kind, process=at, f="add", error=error)
        for at, why in enumerate(errors)
        for end, kind, error in ((0, "invoke", None), (1, "fail", why))
    ]
    write_history(events, run.history_path)
    statistics = Result(checker="statistics", verdict=Verdict.UNKNOWN, summary="None.")
    parts = {**result.parts, "statistics": statistics}
    told = msgspec.structs.replace(result, parts=parts)
    text = render_text(run, told, color=False)
    assert r"3 fail; most often not-supported: no handler\x1b[31m for 'add'" in text
    assert "most often" not in render_text(run, result, color=False)
