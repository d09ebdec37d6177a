"""The summary of a run in a terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from checkers import Verdict

from ._facts import (
    FATAL,
    early_end,
    facts,
    first_anomaly,
    problem_groups,
    reason_sentence,
    rerun,
    verdict_sentence,
)
from ._format import count
from ._ink import COLORS, WIDTH, Ink, wrapped
from ._ladder import is_told
from ._ladder_text import drawing_block, ladder_block
from ._markup import visible
from ._view import PROTOCOL, View, parts_of


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from checkers import Anomaly, Result
    from histories import Run


ANOMALIES_MAX = 5
PROBLEMS_MAX = 6
EVIDENCE_LINES = 5

_LABEL = 12
_MARKS = {Verdict.VALID: "✓", Verdict.INVALID: "✗", Verdict.UNKNOWN: "?"}


def render_text(run: Run, result: Result, *, color: bool) -> str:
    """Return what a reader of the terminal is told about a run.

    The verdict and its reason come first, then the anomalies and what nodes did
    wrong, each with its evidence and a bounded number of them, then the facts, and
    last where the report is and how to repeat the run. What nodes wrote is shown
    with its control characters made visible. Ends in a newline.
    """
    view = View(run, result)
    return _render(view, [("report", str(run.report_path))], Ink(color=color))


def render_findings(
    source: str, result: Result, *, color: bool, notes: Sequence[str] = ()
) -> str:
    """Return the same about a history that no run of the harness left.

    Args:
        source: What the history was read from, as the reader knows it.
        result: What the checkers found in it.
        color: Whether the terminal takes colors.
        notes: What the reader of a foreign format has taken for granted, a sentence
            each.
    """
    view = View(None, result)
    return _render(view, [("history", source)], Ink(color=color), notes)


def _render(
    view: View, origin: list[tuple[str, str]], ink: Ink, notes: Sequence[str] = ()
) -> str:
    blocks = [
        list(_verdict(view, ink)),
        list(ladder_block(view, ink)),
        list(drawing_block(view, ink)),
        list(_anomalies(view, ink)),
        list(_problems(view, ink)),
        list(_notes(notes, ink)),
        list(_facts(view, origin, ink)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _verdict(view: View, ink: Ink) -> Iterator[str]:
    verdict = view.result.verdict
    name = verdict.value.upper()
    indent = len(name) + 2
    first = first_anomaly(view)
    named = f"{first.name}: " if first else ""
    lines = wrapped(named + verdict_sentence(view), indent)
    yield ink.paint(name, f"1;{COLORS[verdict.value]}") + lines[0][len(name) :]
    yield from lines[1:]
    for more in (early_end(view), reason_sentence(view), *view.trouble):
        if more:
            yield from wrapped(more, indent)


def _anomalies(view: View, ink: Ink) -> Iterator[str]:
    # What nodes did against the protocol is told by `_problems`, with its evidence,
    # and what the summary begins with has been told, as has what was drawn.
    told = bool(view.outcome.problems)
    first = first_anomaly(view)
    found = [
        each
        for each in view.anomalies
        if each[1] is not first
        and not (told and each[0] == PROTOCOL)
        and not is_told(each[1], view)
    ]
    for title, fails, mark in (
        ("what is wrong", True, ink.paint("✗", "31")),
        ("also noted", False, ink.paint("·", "33")),
    ):
        listed = [each for each in found if each[1].fails is fails]
        if not listed:
            continue
        yield ink.paint(title, "1")
        shown = _spread([anomaly for _, anomaly in listed], ANOMALIES_MAX)
        for anomaly in shown:
            yield from _item(f"{anomaly.name}: {anomaly.sentence}", mark)
        more = _count(view, listed) - len(shown)
        if more:
            yield f"    and {count(more)} more"


def _count(view: View, listed: list[tuple[str, Anomaly]]) -> int:
    """Return how many anomalies stand for these, of which checkers keep a few."""
    kept = Counter((path, anomaly.name) for path, anomaly in listed)
    whole = Counter((path, anomaly.name) for path, anomaly in view.anomalies)
    return sum(
        view.anomaly_counts[key] - (whole[key] - number) for key, number in kept.items()
    )


def _spread(found: list[Anomaly], limit: int) -> list[Anomaly]:
    """Return at most `limit` anomalies, of as many names as possible."""
    ranks: dict[str, int] = {}
    ranked = []
    for at, anomaly in enumerate(found):
        rank = ranks[anomaly.name] = ranks.get(anomaly.name, -1) + 1
        ranked.append((rank, at))
    return [found[at] for at in sorted(at for _, at in sorted(ranked)[:limit])]


def _item(text: str, mark: str) -> Iterator[str]:
    lines = wrapped(text, 4)
    yield f"  {mark} {lines[0][4:]}"
    yield from lines[1:]


def _problems(view: View, ink: Ink) -> Iterator[str]:
    groups = problem_groups(view)
    if groups:
        yield ink.paint("what nodes did", "1")
    for group in groups[:PROBLEMS_MAX]:
        first = group.problems[0]
        extent = f" ({group.extent})" if group.extent else ""
        mark = ink.paint("✗", "31") if group.kind in FATAL else ink.paint("!", "33")
        yield from _item(f"{group.kind}{extent}: {first.sentence}", mark)
        if first.evidence.strip() not in first.sentence:
            yield from _evidence(first.evidence, ink)
    if len(groups) > PROBLEMS_MAX:
        yield f"    and {count(len(groups) - PROBLEMS_MAX)} more kinds of problems"
    told = {problem.node for problem in view.outcome.problems if problem.evidence}
    for node in view.outcome.nodes:
        if not node.expected and node.name not in told and node.stderr_tail:
            yield f"    last lines of {node.name} on standard error:"
            yield from _evidence("\n".join(node.stderr_tail), ink)


def _evidence(text: str, ink: Ink) -> Iterator[str]:
    lines = [line for line in text.split("\n") if line.strip()]
    for line in lines[-EVIDENCE_LINES:]:
        shown = visible(line.expandtabs(4))
        shown = shown if len(shown) <= WIDTH - 6 else shown[: WIDTH - 7] + "…"
        yield ink.paint(f"    | {shown}", "2")


def _notes(notes: Sequence[str], ink: Ink) -> Iterator[str]:
    if notes:
        yield ink.paint("read as", "1")
    for note in notes:
        yield from _item(note, "·")


def _facts(view: View, origin: list[tuple[str, str]], ink: Ink) -> Iterator[str]:
    if view.result.parts:
        parts = [_part(name, part, ink) for name, part in parts_of(view.result)]
        yield f"  {'checked':<{_LABEL}}{'  '.join(parts)}"
    said = [(fact.label, fact.text) for fact in facts(view)]
    if (seed := view.spec.get("seed")) is not None:
        said.append(("seed", str(seed)))
    for label, text in said + origin:
        lines = wrapped(text, 2 + _LABEL)
        yield f"  {label:<{_LABEL}}{lines[0][2 + _LABEL :]}"
        yield from lines[1:]
    if command := rerun(view):
        yield f"  {'run again':<{_LABEL}}{visible(command)}"


def _part(name: str, part: Result, ink: Ink) -> str:
    reason = f" ({part.reason.value})" if part.reason else ""
    return ink.paint(
        f"{_MARKS[part.verdict]} {name}{reason}", COLORS[part.verdict.value]
    )
