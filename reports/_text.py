"""The summary of a run in a terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from checkers import Verdict

from ._facts import (
    early_end,
    facts,
    problem_title,
    reason_sentence,
    rerun,
    verdict_sentence,
)
from ._format import plural
from ._markup import visible
from ._view import View


if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkers import Anomaly, Result
    from histories import Run


WIDTH = 96
ANOMALIES_MAX = 5
PROBLEMS_MAX = 6
EVIDENCE_LINES = 5

_LABEL = 12
_COLORS = {Verdict.VALID: "32", Verdict.INVALID: "31", Verdict.UNKNOWN: "33"}
_MARKS = {Verdict.VALID: "✓", Verdict.INVALID: "✗", Verdict.UNKNOWN: "?"}


class Ink:
    """Paints text for a terminal, or leaves it alone."""

    def __init__(self, *, color: bool) -> None:
        self._color = color

    def paint(self, text: str, code: str) -> str:
        """Return text in a color, where there is color."""
        return f"\x1b[{code}m{text}\x1b[0m" if self._color and text else text


def render_text(run: Run, result: Result, *, color: bool) -> str:
    """Return what a reader of the terminal is told about a run.

    The verdict and its reason come first, then the anomalies and what nodes did
    wrong, each with its evidence and a bounded number of them, then the facts, and
    last where the report is and how to repeat the run. What nodes wrote is shown
    with its control characters made visible. Ends in a newline.
    """
    view = View(run, result)
    ink = Ink(color=color)
    blocks = [
        list(_verdict(view, ink)),
        list(_anomalies(view, ink)),
        list(_problems(view, ink)),
        list(_facts(view, ink)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _verdict(view: View, ink: Ink) -> Iterator[str]:
    verdict = view.result.verdict
    name = verdict.value.upper()
    lines = _wrapped(verdict_sentence(view), first=len(name) + 2, rest=len(name) + 2)
    yield ink.paint(name, f"1;{_COLORS[verdict]}") + lines[0][len(name) :]
    yield from lines[1:]
    indent = len(name) + 2
    for more in (early_end(view), reason_sentence(view), *view.trouble):
        if more:
            yield from _wrapped(more, first=indent, rest=indent)


def _anomalies(view: View, ink: Ink) -> Iterator[str]:
    failing = [each for _, each in view.anomalies if each.fails]
    notes = [each for _, each in view.anomalies if not each.fails]
    # A protocol problem is told below, with its evidence.
    for title, found, mark, code in (
        ("what is wrong", failing, "✗", "31"),
        ("also noted", notes, "·", "33"),
    ):
        if found:
            yield ink.paint(title, "1")
        for anomaly in _spread(found, ANOMALIES_MAX):
            yield from _item(anomaly, ink.paint(mark, code))
        if len(found) > ANOMALIES_MAX:
            yield f"    and {len(found) - ANOMALIES_MAX} more in the report"


def _spread(found: list[Anomaly], limit: int) -> list[Anomaly]:
    """Return at most `limit` anomalies, of as many names as possible."""
    ranks: dict[str, int] = {}
    ranked = []
    for at, anomaly in enumerate(found):
        rank = ranks[anomaly.name] = ranks.get(anomaly.name, -1) + 1
        ranked.append((rank, at))
    return [found[at] for at in sorted(at for _, at in sorted(ranked)[:limit])]


def _item(anomaly: Anomaly, mark: str) -> Iterator[str]:
    lines = _wrapped(f"{anomaly.name}: {anomaly.sentence}", first=4, rest=4)
    yield f"  {mark} {lines[0][4:]}"
    yield from lines[1:]


def _problems(view: View, ink: Ink) -> Iterator[str]:
    problems = view.outcome.problems
    if problems:
        yield ink.paint("what nodes did", "1")
    for problem in problems[:PROBLEMS_MAX]:
        times = f" ({problem.count} times)" if problem.count > 1 else ""
        title = f"{problem.node or 'a node'}, {problem_title(problem)}{times}: "
        lines = _wrapped(title + problem.sentence, first=4, rest=4)
        yield f"  {ink.paint('!', '33')} {lines[0][4:]}"
        yield from lines[1:]
        yield from _evidence(problem.evidence, ink)
    if len(problems) > PROBLEMS_MAX:
        yield f"    and {plural(len(problems) - PROBLEMS_MAX, 'more problem')} in the report"
    told = {problem.node for problem in problems if problem.evidence}
    for node in view.outcome.nodes:
        if not node.expected and node.name not in told and node.stderr_tail:
            yield f"    last lines of {node.name} on standard error:"
            yield from _evidence("\n".join(node.stderr_tail), ink)


def _evidence(text: str, ink: Ink) -> Iterator[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    for line in lines[-EVIDENCE_LINES:]:
        shown = visible(line.expandtabs(4))
        shown = shown if len(shown) <= WIDTH - 6 else shown[: WIDTH - 7] + "…"
        yield ink.paint(f"    | {shown}", "2")


def _facts(view: View, ink: Ink) -> Iterator[str]:
    parts = "  ".join(
        ink.paint(f"{_MARKS[part.verdict]} {name}", _COLORS[part.verdict])
        for name, part in view.result.parts.items()
    )
    if parts:
        yield f"  {'checked':<{_LABEL}}{parts}"
    said = facts(view)
    if (seed := view.spec.get("seed")) is not None:
        said.append(("seed", str(seed)))
    said.append(("report", str(view.run.report_path)))
    for label, text in said:
        lines = _wrapped(text, first=2 + _LABEL, rest=2 + _LABEL, break_words=False)
        yield f"  {label:<{_LABEL}}{lines[0][2 + _LABEL :]}"
        yield from lines[1:]
    if command := rerun(view):
        yield f"  {'run again':<{_LABEL}}{visible(command)}"


def _wrapped(
    text: str, *, first: int, rest: int, break_words: bool = True
) -> list[str]:
    return textwrap.wrap(
        visible(" ".join(text.split())),
        WIDTH,
        initial_indent=" " * first,
        subsequent_indent=" " * rest,
        break_long_words=break_words,
        break_on_hyphens=False,
    ) or [" " * first]
