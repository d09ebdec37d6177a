"""Consistency models as text and page tell them: the ladder and its drawings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from checkers import Anomaly, Result, Verdict, check_models
from histories import Event, History
from reports import render_findings
from reports._ink import Ink
from reports._ladder import Act, Candidate, DeadEnd, Witness, deciding, witness
from reports._ladder_text import draw
from reports._view import View
from reports.sections._judgement import anomalies_section
from reports.sections._models import models_section


if TYPE_CHECKING:
    from collections.abc import Callable


RESULTS = Path(__file__).with_name("results")
CASES = ["stale-register", "store-buffering", "long-fork", "queue"]
HOSTILE = '</svg><script>alert("owned")</script>\x1b[31m\u202e\n"onload=x'


def result_of(name: str) -> Result:
    """Return what `check_models` has found in a history, as it was saved."""
    return msgspec.json.decode((RESULTS / f"{name}.json").read_bytes(), type=Result)


def section_of(result: Result) -> str:
    """Return the section of the page about models."""
    section = models_section(View(None, result))
    assert section is not None
    return section.render()


def drawn(found: Witness) -> list[str]:
    """Return a drawing in the terminal."""
    return list(draw(found, Ink(color=False)))


@pytest.mark.parametrize("name", CASES)
def test_text_of_models_is_as_in_the_gold_file(
    name: str, gold: Callable[[str, str], None]
) -> None:
    """Each kind of violation is told and drawn as a reader has approved of."""
    text = render_findings(f"{name}.edn", result_of(name), color=False)
    assert max(map(len, text.splitlines())) <= 96
    gold(f"models-{name}.txt", text)


@pytest.mark.parametrize("name", CASES)
def test_section_of_models_is_as_in_the_gold_file(
    name: str, gold: Callable[[str, str], None]
) -> None:
    """Each kind of violation is in the page as a reader has approved of."""
    text = section_of(result_of(name))
    assert text == section_of(result_of(name))
    gold(f"models-{name}.html", text.replace("><", ">\n<") + "\n")


def test_models_as_a_part_are_told_alike() -> None:
    """A composed result has the same section, wherever its models are."""
    result = result_of("queue")
    composed = Result(
        checker="workload",
        verdict=result.verdict,
        summary=result.summary,
        parts={"models": result},
    )
    assert section_of(composed) == section_of(result)
    text = render_findings("a", composed, color=False)
    assert "✗ linearizable" in text
    assert "|--✗ dequeue → 2--|" in text


def test_without_models_there_is_no_section() -> None:
    """Neither a result of something else nor a crashed check has a ladder."""
    for checker in ("counter", "models"):
        result = Result(checker=checker, verdict=Verdict.UNKNOWN, summary="It broke.")
        assert models_section(View(None, result)) is None
        assert "models" not in render_findings("a", result, color=False)


def test_a_violation_is_told_once() -> None:
    """What the models section draws is no card among the anomalies as well."""
    assert anomalies_section(View(None, result_of("store-buffering"))) is None
    text = render_findings("a", result_of("queue"), color=False)
    assert "what is wrong" not in text


def test_what_a_checker_finds_can_be_drawn() -> None:
    """The data of a violation of a session guarantee is enough for a drawing."""
    events = [
        Event(index=0, time=0, type="invoke", process=0, f="write", value=1),
        Event(index=1, time=1, type="ok", process=0, f="write", value=1),
        Event(index=2, time=2, type="invoke", process=0, f="read"),
        Event(index=3, time=3, type="ok", process=0, f="read"),
    ]
    result = check_models(
        History.from_events(events), "register", declared="read-your-writes"
    )
    first = deciding(View(None, result))
    assert first is not None
    assert first.name == "read-your-writes"
    found = witness(first)
    assert found is not None
    assert drawn(found) == ["  process 0  |--write 1--| |--read → null--|"]


def test_what_the_verdict_says_is_drawn() -> None:
    """It is the anomaly that the summary tells, though it begins a sentence there."""
    anomalies = tuple(
        Anomaly(
            name=name,
            sentence=f"read {operation} (process 0) misses write 0.",
            operations=(0, operation),
            data=msgspec.to_builtins(Witness(operations=(act(operation, 0, "read"),))),
        )
        for operation, name in [(1, "read-your-writes"), (2, "monotonic-reads")]
    )
    result = msgspec.structs.replace(
        result_of("queue"),
        anomalies=anomalies,
        summary="It needs monotonic reads. Read 2 (process 0) misses write 0.",
    )
    assert deciding(View(None, result)) == anomalies[1]
    section = section_of(result)
    assert section.index("monotonic-reads") < section.index("<h3>Own update not seen")
    assert re.findall(r'"act stuck".*?data-operation="(\d)"', section) == ["2", "1"]
    assert "Read 2 (process 0) misses write 0.</p>" in section


def test_an_open_operation_has_no_end_in_a_drawing() -> None:
    """What may take effect at any time reaches to the edge, and has no end."""
    lines = drawn(
        Witness(
            operations=(
                act(0, 0, "write 1", returned=3),
                act(1, 1, "write 2"),
                act(4, 2, "read → 2", returned=5),
            )
        )
    )
    assert lines == [
        "  process 0  |--write 1--|",
        "  process 1    |--write 2--------------…>",
        "  process 2                |--read → 2--|",
    ]


def test_bars_that_overlap_overlap_in_a_drawing() -> None:
    """Two bars have a column in common if and only if the operations are concurrent."""
    acts = (
        act(0, 0, "a", returned=5),
        act(1, 1, "longer than the others", returned=2),
        act(3, 1, "b", returned=7),
        act(6, 0, "c", returned=8),
    )
    first, second = drawn(Witness(operations=acts))
    spans = [
        [match.span() for match in re.finditer(r"\|-[^|]*-\|", line)]
        for line in (first, second)
    ]
    (a, c), (long, b) = spans
    assert overlap(a, long)
    assert overlap(a, b)
    assert overlap(b, c)
    assert not overlap(long, c)


def test_a_long_drawing_is_cut_into_strips() -> None:
    """Forty operations one after the other fit the terminal, each whole or left out."""
    acts = [act(2 * at, at % 2, f"write {at}", returned=2 * at + 1) for at in range(40)]
    lines = drawn(Witness(operations=tuple(acts)))
    assert lines[0] == "    the beginning is left out"
    assert max(map(len, lines)) <= 96
    bars = re.findall(r"\|--write (\d+)--\|", "".join(lines))
    assert sorted(map(int, bars)) == list(range(40 - len(bars), 40))
    assert "".join(lines).count("|") == 2 * len(bars) > 0


def test_equal_labels_are_told_apart() -> None:
    """Two operations that did the same are drawn with their indices."""
    acts = (act(0, 0, "read → 1", returned=1), act(2, 0, "read → 1", returned=3))
    assert drawn(Witness(operations=acts)) == [
        "  process 0  |--read → 1 #0--| |--read → 1 #2--|"
    ]


def test_wide_letters_keep_bars_in_line() -> None:
    """A letter of two columns takes two."""
    acts = (act(0, 0, "write 漢字", returned=1), act(2, 1, "read", returned=3))
    first, second = drawn(Witness(operations=acts))
    assert first.endswith("|--write 漢字--|")
    assert len(first) + 2 == second.index("|") - 1


def test_hostile_values_stay_text() -> None:
    """Whatever operations say, neither terminal nor page is steered by it."""
    found = Witness(
        operations=(act(0, 0, HOSTILE, returned=1), act(2, 1, HOSTILE * 99)),
        key=HOSTILE,
        keeps="real-time",
        operations_before=9,
        operations_after=2,
        dead_ends=(
            DeadEnd((0,), HOSTILE * 99, (Candidate(2, HOSTILE * 99, HOSTILE),)),
        ),
    )
    anomaly = Anomaly(
        name="non-linearizable",
        sentence=HOSTILE,
        operations=(0, 2),
        data=msgspec.to_builtins(found),
    )
    result = msgspec.structs.replace(
        result_of("queue"), anomalies=(anomaly,), summary=HOSTILE
    )
    page = section_of(result)
    text = render_findings("a", result, color=False)
    for said in (page, text):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", said)
    assert "<script" not in page
    assert page.count("</svg>") == 2
    assert not re.search(r"<[^>]* onload=", re.sub(r'"[^"]*"', "", page))
    assert max(map(len, text.splitlines())) <= 110
    assert len(page) < 20_000


@pytest.mark.parametrize(
    "data",
    [{}, {"operations": []}, {"operations": 3}, {"operations": [{"operation": "x"}]}],
)
def test_data_that_cannot_be_drawn_is_told(data: dict[str, Any]) -> None:
    """A violation without operations, or with odd ones, is told in its sentence."""
    anomaly = Anomaly(name="non-linearizable", sentence="It is odd.", data=data)
    result = msgspec.structs.replace(result_of("queue"), anomalies=(anomaly,))
    assert "It is odd." in render_findings("a", result, color=False)
    assert "<svg" not in section_of(result)
    section = anomalies_section(View(None, result))
    assert section is not None
    assert "It is odd." in section.body


def test_notes_are_told_in_a_block() -> None:
    """What a reader of a foreign format took for granted is said, a line each."""
    notes = ("It is the log of Porcupine.", "A read of nil says nothing.")
    text = render_findings("a", result_of("queue"), color=False, notes=notes)
    assert (
        "\n\nread as\n  · It is the log of Porcupine.\n  · A read of nil says nothing.\n\n"
        in text
    )


def test_a_history_without_a_run_is_counted_as_its_checks_did() -> None:
    """No operations are claimed to be none where no run was looked at."""
    text = render_findings("a", result_of("queue"), color=False)
    assert "operations  none" not in text
    assert "counted     4 operations, 3 configurations, 1 key\n" in text
    bare = Result(checker="counter", verdict=Verdict.UNKNOWN, summary="No.")
    assert "none" not in render_findings("a", bare, color=False)


def act(operation: int, process: int, does: str, returned: int | None = None) -> Act:
    """Return an operation of which only the order matters."""
    return Act(operation, process, does, operation, returned, returned=returned)


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two spans have something in common."""
    return one[0] < other[1] and other[0] < one[1]
