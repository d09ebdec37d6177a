"""The few facts that terminal and page both begin with, a sentence each."""

from __future__ import annotations

import shlex
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from checkers import Reason, Verdict

from ._format import count, cut, duration, listed, measure, plural, share
from ._ladder import shortened
from ._survey import STATUSES


if TYPE_CHECKING:
    from checkers import Anomaly
    from histories import NodeOutcome, Problem

    from ._survey import Tally
    from ._view import View


REASONS = {
    Reason.TIMEOUT: "the check ran out of time before it could decide",
    Reason.MEMORY: "the check ran out of memory before it could decide",
    Reason.VACUOUS: "there was too little to judge, and a pass would have said nothing",
    Reason.UNSUPPORTED: "the history has something that this check cannot judge",
    Reason.MALFORMED: "what was given is not well formed",
    Reason.CRASHED: "the run or a check broke down before it could decide",
}

NO_SUMMARY = {
    Verdict.VALID: "nothing was found that breaks the contract",
    Verdict.INVALID: "the contract is broken",
    Verdict.UNKNOWN: "nothing could be decided",
}

FATAL = ("spawn-failed", "init-error", "init-timeout", "exited", "killed")
"""Kinds of problems after which a node does nothing any more."""

_COUNTED_MAX = 12

_REPLACED = frozenset({"--seed", "--test-count"})

LATENCY_MEASURES = ("latency-p50", "latency-p95", "latency-p99", "latency-max")


def verdict_sentence(view: View, *, in_full: bool = False) -> str:
    """Return what was found, as a sentence that ends in a full stop.

    What is drawn is told in a clause, unless it is to be told in full.
    """
    summary = view.result.summary.strip()
    if not in_full:
        summary = shortened(view, summary)
    return _sentence(summary or NO_SUMMARY[view.result.verdict])


def first_anomaly(view: View) -> Anomaly | None:
    """Return the anomaly that the summary begins with, if it is one's sentence."""
    for _, anomaly in view.anomalies:
        if anomaly.sentence and view.result.summary.startswith(anomaly.sentence):
            return anomaly
    return None


def reason_sentence(view: View) -> str | None:
    """Return why the verdict is UNKNOWN, or None; why a run ended early says enough."""
    reason = view.result.reason
    if reason is None or view.outcome.aborted:
        return None
    return _sentence(f"{reason.value}: {REASONS[reason]}")


def early_end(view: View) -> str | None:
    """Return why the run ended early, or None if it did not or was told already."""
    if view.outcome.aborted and view.outcome.aborted not in view.result.summary:
        return _sentence(f"the run ended before any load: {view.outcome.aborted}")
    if view.outcome.interrupted:
        return "The run was interrupted; what was recorded until then is judged."
    return None


def _sentence(text: str) -> str:
    """Return text with a capital and a full stop; the name of a node stays as it is."""
    word = text.split(" ", 1)[0]
    if word.rstrip(":,").isalpha():
        text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…")) else text + "."


class Fact(msgspec.Struct, frozen=True):
    """A line of the summary.

    Attributes:
        label: What it is about.
        headline: The one thing to know.
        detail: The rest, or nothing.
        joint: What stands between the two in a line.
    """

    label: str
    headline: str
    detail: str = ""
    joint: str = ", "

    @property
    def text(self) -> str:
        """Headline and detail in a line."""
        return (
            f"{self.headline}{self.joint}{self.detail}"
            if self.detail
            else self.headline
        )


def facts(view: View) -> list[Fact]:
    """Return what there is to say, the key facts first."""
    said = (
        _operations(view),
        _latency(view),
        _messages(view),
        _faults(view),
        _evidence(view),
        _nodes(view),
    )
    return [fact for fact in said if fact is not None]


def _operations(view: View) -> Fact | None:
    tally = view.tally
    if tally.total:
        said = [by_status(tally), *_refusal(view), *_ended_early(view)]
        return Fact("operations", count(tally.total), "; ".join(said), ": ")
    return Fact("operations", "none") if view.run is not None else _counted(view)


def _refusal(view: View) -> list[str]:
    """Return what operations mostly failed with, where a function never succeeded."""
    judged = dict(view.leaves).get("statistics")
    if view.history is None or judged is None or judged.verdict is Verdict.VALID:
        return []
    errors = Counter(
        ": ".join(map(str, error)) if isinstance(error, list) else str(error)
        for each in view.history.operations()
        if (error := each.error) is not None
    )
    return [f"most often {cut(error, 80)}" for error, _ in errors.most_common(1)]


def _ended_early(view: View) -> list[str]:
    """Return which operations clients had none left of before the end."""
    return [
        f"no {f} in the last {extent}"
        for _, result in view.leaves
        for f, extent in result.statistics.get("ended-early", {}).items()
    ]


def _counted(view: View) -> Fact | None:
    """Return what the checkers have counted in a history that is no run's."""
    numbers = sorted(
        (key != "operations", key, number)
        for _, result in view.leaves
        for key, number in result.statistics.items()
        if type(number) is int
    )
    counts = [
        plural(number, key.removesuffix("s"), key)
        if key.endswith("s")
        else f"{key} {count(number)}"
        for _, key, number in numbers
    ]
    return Fact("counted", ", ".join(counts[:_COUNTED_MAX])) if counts else None


def by_status(tally: Tally) -> str:
    """Return counts by status, leaving out those that are zero.

    >>> from ._survey import Tally
    >>> by_status(Tally(ok=9, info=1))
    '9 ok (90%), 1 info'
    """
    parts = [
        f"{count(number)} {status}"
        + (f" ({share(number, tally.total)})" if status == "ok" else "")
        for status in STATUSES
        if (number := getattr(tally, status)) or status == "ok"
    ]
    return ", ".join(parts)


def _latency(view: View) -> Fact | None:
    parts = [
        f"{name.removeprefix('latency-')} {measure(found.value, found.unit)}"
        for name in LATENCY_MEASURES
        if (found := view.measures.get(name)) and found.value is not None
    ]
    return Fact("latency", parts[0], ", ".join(parts[1:])) if parts else None


def _messages(view: View) -> Fact | None:
    total = view.measures.get("msgs-per-op")
    between = view.measures.get("server-msgs-per-op")
    if total is None or total.value is None:
        return None
    detail = ""
    if between and between.value:
        detail = f"{count(between.value)} of them between nodes and services"
    return Fact("messages", f"{count(total.value)} per operation", detail)


def dropped(view: View) -> dict[str, int]:
    """Return how many messages the network lost, by cause.

    A reply that came when nobody waited for it any more is no loss.
    """
    counts = view.outcome.messages.get("all")
    return (
        {cause: n for cause, n in counts.dropped.items() if n and cause != "late"}
        if counts
        else {}
    )


_KINDS_MAX = 3
"""So many kinds of faults are told with their durations."""


def _faults(view: View) -> Fact | None:
    spans: dict[str, list[int]] = {}
    for fault in view.faults:
        spans.setdefault(fault.name, []).append(fault.end - fault.start)
    struck, details = _struck(spans)
    lost = dropped(view)
    if lost:
        total = plural(sum(lost.values()), "message")
        causes = ", ".join(
            f"{count(number)} by {cause}" for cause, number in lost.items()
        )
        details.append(
            f"{total} lost by {next(iter(lost))}"
            if len(lost) == 1
            else f"{total} lost, {causes}"
        )
    if not struck and not (view.tally.total and view.outcome.nodes):
        return None  # Of a test that recorded it nobody expects any.
    return Fact("faults", struck or "none", "; ".join(details))


def _struck(spans: dict[str, list[int]]) -> tuple[str, list[str]]:
    """Return which faults there were, and for how long; how often, if they are many."""
    if len(spans) > _KINDS_MAX:
        total = sum(map(len, spans.values()))
        each = ", ".join(f"{name} {count(len(one))}" for name, one in spans.items())
        return f"{count(total)} of {count(len(spans))} kinds", [each]
    struck = [f"{name} {_times(len(each))}" for name, each in spans.items()]
    details = [
        f"{duration(sum(each))} in all"
        if len(spans) == 1
        else f"{name} {duration(sum(each))}"
        for name, each in spans.items()
    ]
    return ", ".join(struck), details


def _evidence(view: View) -> Fact | None:
    """Return what the journal made of indeterminate operations."""
    notes = [
        str(note)
        for _, result in view.leaves
        for note in result.statistics.get("evidence", ())
    ]
    return Fact("evidence", notes[0], " ".join(notes[1:]), " ") if notes else None


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{count(number)} times")


def _nodes(view: View) -> Fact | None:
    nodes, told = view.outcome.nodes, view.outcome.problems
    never_began = view.outcome.aborted and any(
        problem.kind == "spawn-failed" for problem in told
    )
    if not nodes or never_began:
        return None
    ended: dict[str, list[str]] = {}
    for node in nodes:
        if not node.expected:
            ended.setdefault(ending(node), []).append(node.name)
    said = [
        f"{'all' if len(names) == len(nodes) > 1 else listed(names)} {how}"
        for how, names in ended.items()
    ]
    return Fact(
        "nodes",
        plural(len(nodes), "process", "processes"),
        ", ".join(said) or "none ended by itself",
    )


class ProblemGroup(msgspec.Struct, frozen=True):
    """Problems of one kind.

    Attributes:
        kind: The kind.
        problems: At least one, in order of first occurrence.
    """

    kind: str
    problems: tuple[Problem, ...]

    @property
    def extent(self) -> str:
        """How many nodes had it, and how often."""
        nodes = {problem.node for problem in self.problems}
        times = sum(problem.count for problem in self.problems)
        parts = [plural(len(nodes), "node")] if len(nodes) > 1 else []
        parts += [f"{count(times)} times"] if times > len(nodes) else []
        return ", ".join(parts)


def problem_groups(view: View) -> list[ProblemGroup]:
    """Return problems by kind: those that ended a node, then by first occurrence."""
    groups: dict[str, list[Problem]] = {}
    for problem in view.outcome.problems:
        groups.setdefault(problem.kind, []).append(problem)
    found = [ProblemGroup(kind, tuple(members)) for kind, members in groups.items()]
    return sorted(found, key=lambda group: group.kind not in FATAL)


def ending(node: NodeOutcome) -> str:
    """Return how a node process ended."""
    if node.signal:
        return f"killed by {node.signal}"
    if node.exit_code is not None:
        return f"exited with status {node.exit_code}"
    return "still ran"


def rerun(view: View) -> str | None:
    """Return the command line that repeats this run alone, with the same seed."""
    command = view.spec.get("command")
    if not isinstance(command, list) or not command:
        return None
    words: list[str] = []
    remaining = iter(map(str, command))
    for word in remaining:
        if word in _REPLACED:
            next(remaining, None)
        elif word.partition("=")[0] not in _REPLACED:
            words.append(word)
    seed = view.spec.get("seed")
    is_replay = any(word.partition("=")[0] == "--replay" for word in words)
    if seed is not None and not is_replay:
        at = words.index("--") if "--" in words else len(words)
        words[at:at] = ["--seed", str(seed)]
    return shlex.join(words)
