"""The few facts that terminal and page both begin with, a sentence each."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from checkers import Reason, Verdict

from ._format import count, duration, measure, plural, share
from ._survey import STATUSES


if TYPE_CHECKING:
    from histories import NodeOutcome, Problem

    from ._survey import Tally
    from ._view import View


REASONS = {
    Reason.TIMEOUT: "the check ran out of time before it could decide",
    Reason.MEMORY: "the check ran out of memory before it could decide",
    Reason.VACUOUS: "there was too little to judge, and a pass would have said nothing",
    Reason.UNSUPPORTED: "the history has something that this check cannot judge",
    Reason.MALFORMED: "the history is not well formed",
    Reason.CRASHED: "a check itself failed, which says nothing about the nodes",
}

LATENCY_MEASURES = ("latency-p50", "latency-p95", "latency-p99", "latency-max")


def verdict_sentence(view: View) -> str:
    """Return what was found, as a sentence that ends in a full stop."""
    sentence = (
        view.result.summary.strip()
        or {
            Verdict.VALID: "nothing was found that breaks the contract",
            Verdict.INVALID: "the contract is broken",
            Verdict.UNKNOWN: "nothing could be decided",
        }[view.result.verdict]
    )
    return _sentence(sentence)


def reason_sentence(view: View) -> str | None:
    """Return why the verdict is UNKNOWN, or None."""
    reason = view.result.reason
    return _sentence(f"{reason.value}: {REASONS[reason]}") if reason else None


def early_end(view: View) -> str | None:
    """Return why the run ended early, or None if it did not."""
    if view.outcome.aborted:
        return _sentence(f"the run ended before any load: {view.outcome.aborted}")
    if view.outcome.interrupted:
        return "The run was interrupted; what was recorded until then is judged."
    return None


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…")) else text + "."


def facts(view: View) -> list[tuple[str, str]]:
    """Return the label and the text of what there is to say, the key facts first."""
    said = [
        ("operations", _operations(view.survey.tally)),
        ("latency", _latency(view)),
        ("messages", _messages(view)),
        ("faults", _faults(view)),
        ("nodes", _nodes(view)),
    ]
    return [(label, text) for label, text in said if text]


def _operations(tally: Tally) -> str:
    if not tally.total:
        return "none was carried out"
    return f"{count(tally.total)}: {by_status(tally)}"


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


def _latency(view: View) -> str:
    parts = [
        f"{name.removeprefix('latency-')} {measure(found.value, found.unit)}"
        for name in LATENCY_MEASURES
        if (found := view.measures.get(name)) and found.value is not None
    ]
    return ", ".join(parts)


def _messages(view: View) -> str:
    total = view.measures.get("msgs-per-op")
    between = view.measures.get("server-msgs-per-op")
    if total is None or total.value is None:
        return ""
    text = f"{count(total.value)} per operation"
    if between and between.value is not None:
        text += f", {count(between.value)} of them between nodes and services"
    return text


def dropped(view: View) -> dict[str, int]:
    """Return how many messages the network lost, by cause."""
    counts = view.outcome.messages.get("all")
    return (
        {cause: lost for cause, lost in counts.dropped.items() if lost}
        if counts
        else {}
    )


def _faults(view: View) -> str:
    names: dict[str, list[int]] = {}
    for fault in view.faults:
        names.setdefault(fault.name, []).append(fault.end - fault.start)
    parts = [
        f"{name} {_times(len(spans))} ({duration(sum(spans))} in all)"
        for name, spans in names.items()
    ]
    if lost := dropped(view):
        causes = ", ".join(
            f"{count(number)} by {cause}" for cause, number in lost.items()
        )
        parts.append(f"{plural(sum(lost.values()), 'message')} lost ({causes})")
    return "; ".join(parts) or ("none" if view.survey.tally.total else "")


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{count(number)} times")


def _nodes(view: View) -> str:
    nodes = view.outcome.nodes
    if not nodes:
        return ""
    ended = [f"{node.name} {ending(node)}" for node in nodes if not node.expected]
    text = plural(len(nodes), "process", "processes")
    return f"{text}; " + (", ".join(ended) if ended else "none ended by itself")


def ending(node: NodeOutcome) -> str:
    """Return how a node process ended."""
    if node.signal:
        return f"killed by {node.signal}"
    if node.exit_code is not None:
        return f"exited with status {node.exit_code}"
    return "still ran"


def problem_title(problem: Problem) -> str:
    """Return the title of a problem's kind; the kind itself if it is a new one."""
    from histories import PROBLEM_KINDS

    known = PROBLEM_KINDS.get(problem.kind)
    return known.title if known else problem.kind.replace("-", " ")


def rerun(view: View) -> str | None:
    """Return the command line that repeats the run with the same seed."""
    command = view.spec.get("command")
    if not isinstance(command, list) or not command:
        return None
    words = [str(word) for word in command]
    seed = view.spec.get("seed")
    if seed is not None and not any(word.startswith("--seed") for word in words):
        words += ["--seed", str(seed)]
    return shlex.join(words)
