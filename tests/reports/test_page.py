"""The page as text; `test_browser` looks at it in a browser."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import msgspec

from checkers import Anomaly, Result, Verdict
from histories import NEMESIS, Event, History, Run, write_history
from reports import page, write_report
from reports.sections import SECTIONS


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Reader(HTMLParser):
    """Collects the tags, attributes and texts that a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(key, value or "") for key, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def data_of(text: str) -> dict[str, Any]:
    """Return what the page hands to its script."""
    match = re.search(r'<script type="application/json" id="data">(.*?)</script>', text)
    assert match, "the page has data"
    found: dict[str, Any] = json.loads(match[1])
    return found


def test_page_is_as_in_the_gold_file(
    small_run: tuple[Run, Result], gold: Callable[[str, str], None]
) -> None:
    """The page of a small run is, but for style and script, as it was approved of."""
    text = page(*small_run)
    text = re.sub(r"(<style>).*?(</style>)", r"\1\2", text, flags=re.DOTALL)
    text = re.sub(r"(<script>).*?(</script>)", r"\1\2", text, flags=re.DOTALL)
    text = re.sub(r"sha256-[\w+/=]+", "sha256", text)
    gold("small.html", text.replace("><", ">\n<"))


def test_equal_runs_give_equal_bytes(bad_run: tuple[Run, Result]) -> None:
    """Writing a report twice gives the same file, and leaves no draft behind."""
    run, result = bad_run
    first = write_report(run, result).read_bytes()
    assert write_report(run, result).read_bytes() == first
    assert first.decode() == page(run, result)
    assert {path.suffix for path in run.path.iterdir()} <= {
        ".html",
        ".json",
        ".jsonl",
        "",
    }


def test_what_a_node_writes_stays_text(bad_run: tuple[Run, Result]) -> None:
    """Hostile output adds no element, and no control or reordering character."""
    text = page(*bad_run)
    reader = Reader(text)
    assert "img" not in reader.tags
    assert reader.tags.count("script") == 2
    assert not [key for key, _ in reader.attributes if key.startswith("on")]
    assert '</script><script>alert("owned")' in reader.text
    assert not re.search("[\x00-\x09\x0b-\x1f\u2028\u202e]", text)


def test_page_asks_for_nothing(good_run: tuple[Run, Result]) -> None:
    """No address of another place is in the page, and its policy allows none."""
    text = page(*good_run)
    assert not re.search(r"https?:|//[a-z]|@import|url\(", text.replace("// ", ""))
    links = [value for key, value in Reader(text).attributes if key in {"src", "href"}]
    assert all(link.startswith(("#", "data:,")) for link in links)
    assert "default-src 'none'" in html.unescape(text)


def test_every_section_can_be_reached(
    small_run: tuple[Run, Result], models: Result
) -> None:
    """A small run with everything has all sections, each once in the navigation."""
    run, result = small_run
    parts = {**result.parts, "models": models}
    text = page(run, msgspec.structs.replace(result, parts=parts))
    ids = re.findall(r'<section id="([\w-]+)">', text)
    assert len(ids) == len(set(ids)) == len(SECTIONS)
    nav = text[text.index("<nav") : text.index("</nav>")]
    assert re.findall(r'href="#([\w-]+)"', nav) == ids[1:]


def test_sections_without_content_are_left_out(aborted_run: tuple[Run, Result]) -> None:
    """A run that never began has neither charts nor timeline, faults nor messages."""
    text = page(*aborted_run)
    ids = re.findall(r'<section id="([\w-]+)">', text)
    assert ids == ["verdict", "checks", "nodes", "problems", "run"]
    assert 'id="data"' not in text


def test_a_folder_without_anything_has_a_page(tmp_path: Path) -> None:
    """Not even a spec is needed for a report that says what is missing."""
    result = Result(checker="echo", verdict=Verdict.UNKNOWN, summary="")
    text = page(Run(tmp_path), result)
    assert "Nothing could be decided." in text
    assert "history.jsonl" in text


def test_an_imported_history_has_a_timeline(good_run: tuple[Run, Result]) -> None:
    """Without spec and outcome, rows are found from the processes themselves."""
    run, result = good_run
    run.write_json(run.spec_path, {})
    run.outcome_path.unlink()
    write_history(
        (event for event in run.history().events() if isinstance(event.process, int)),
        run.history_path,
    )
    columns = data_of(page(run, result))["operations"]
    assert 1 < len(columns["rows"]) <= 13
    assert max(columns["row"]) == len(columns["rows"]) - 1


def test_operations_of_anomalies_are_never_sampled_away(
    bad_run: tuple[Run, Result],
) -> None:
    """A page that may show few operations shows those that matter, and says so."""
    run, result = bad_run
    text = page(run, result, sample_max=10)
    data = data_of(text)
    indices = []
    for difference in data["operations"]["index"]:
        indices.append(difference + (indices[-1] if indices else 0))
    cited = {
        at
        for part in result.parts.values()
        for each in part.anomalies
        for at in each.operations
    }
    assert cited <= set(indices)
    assert len(indices) <= len(cited) + 11
    assert "are too many to show" in text
    history: History = run.history()
    assert sum(map(sum, (data["rates"][s] for s in ("ok", "fail", "info")))) == len(
        list(history.operations())
    )


def test_only_failing_anomalies_are_marked(bad_run: tuple[Run, Result]) -> None:
    """Operations of a mere note are in the timeline without a mark."""
    run, result = bad_run
    notes = {
        at
        for part in result.parts.values()
        for each in part.anomalies
        if not each.fails
        for at in each.operations
    }
    failing = set(data_of(page(run, result))["cited"])
    assert failing
    assert notes - failing


def test_the_operation_that_is_wrong_is_crossed(small_run: tuple[Run, Result]) -> None:
    """It is the one that a sentence begins with, of what fails."""
    run, result = small_run
    first, second = [each.index for each in run.history().operations()][:2]

    def crosses(sentence: str, *, fails: bool = True) -> list[str]:
        anomaly = Anomaly(
            name="lost-add",
            sentence=sentence,
            operations=(first, second),
            fails=fails,
        )
        told = msgspec.structs.replace(result, anomalies=(anomaly,), parts={})
        bars = re.findall(r'<(?:a|g) class="act stuck"[^>]*>', page(run, told))
        return [re.findall(r'data-operation="(\d+)"', bar)[0] for bar in bars]

    assert crosses(f"read {second} (n1, process 1, 0.1 s) lacks it.") == [str(second)]
    assert crosses(f"The final read {first} (n1) lacks it.") == [str(first)]
    assert crosses("All nodes agree on 3 (read 1 (n1)).") == []
    assert crosses(f"read {second} (n1) lacks it.", fails=False) == []


def test_the_banner_tells_what_few_operations_are(
    small_run: tuple[Run, Result], models: Result
) -> None:
    """Whoever reads no further knows them; of many there is the drawing."""
    run, _ = small_run
    reader = Reader(page(run, models))
    assert reader.text.count(models.summary) == 2, "in the banner and among checks"
    anomaly = models.anomalies[0]
    many = {**anomaly.data, "operations": [*anomaly.data["operations"]] * 2}
    told = msgspec.structs.replace(anomaly, data=many)
    anomalies = (told, *models.anomalies[1:])
    reader = Reader(page(run, msgspec.structs.replace(models, anomalies=anomalies)))
    assert reader.text.count(models.summary) == 1


def test_the_head_tells_which_node_ran(small_run: tuple[Run, Result]) -> None:
    """Reports of one workload differ in it, and in the seed."""
    run, result = small_run

    def head(*command: str) -> str:
        spec = {**run.spec(), "command": ["harness", "run", *command], "seed": 7}
        run.write_json(run.spec_path, spec)
        found = re.search("<header>.*?<p>(.*?)</p>", page(run, result))
        assert found
        return html.unescape(found[1]).partition(" UTC · ")[2]

    assert head("--bin", "./node --fast") == "./node --fast · seed 7"
    assert head("--bin=<b>") == "<b> · seed 7"
    assert head("--bin") == "seed 7"
    assert len(head("--bin", "x" * 999)) < 80


def test_what_a_fault_did_is_told_in_units(small_run: tuple[Run, Result]) -> None:
    """Nobody has to divide nanoseconds, or to read JSON."""
    run, result = small_run
    value = {"sentence": "n5 is killed", "disk": {"n5": "kept"}, "nodes": ["n5", "n1"]}
    done = {"dead_ns": 3_567_045_753, "killed": 1, "shape": "one"}
    events = [
        Event(index=at, time=at, type="info", process=NEMESIS, f=f, value=content)
        for at, (f, content) in enumerate(
            [
                ("start-kill", {}),
                ("start-kill", value),
                ("stop-kill", None),
                ("stop-kill", done),
            ]
        )
    ]
    write_history(events, run.history_path)
    told = "dead: 3.57 s, disk: n5 kept, killed: 1, nodes: n5 n1, shape: one"
    assert told in Reader(page(run, result)).text
