"""The nodes and the network: who did what, how it ended, and what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from histories import PROBLEM_KINDS
from reports._facts import FATAL, ProblemGroup, ending, problem_groups
from reports._format import NOTHING, brief, count, moment
from reports._markup import Markup, element, markup, prose, table
from reports._survey import Tally

from ._section import Section


if TYPE_CHECKING:
    from histories import MessageCounts, NodeOutcome, Problem
    from reports._view import View


PROBLEMS_OPEN = 2
TAILS_OPEN = 2

_CLASSES = {
    "all": "all",
    "clients": "with clients",
    "servers": "between nodes and services",
}


def nodes_section(view: View) -> Section | None:
    """Return a row for each node, and the ends of their logs."""
    ends = {node.name: node for node in view.outcome.nodes}
    problems = [problem.node for problem in view.outcome.problems]
    names = list(dict.fromkeys([*_named(view), *ends, *sorted(view.survey.by_node)]))
    if not names:
        return None
    with_finals = bool(view.survey.finals)
    rows = []
    for name in names:
        tally = view.survey.by_node.get(name, Tally())
        final = view.survey.finals
        row: list[str | Markup | None] = [
            element("strong", name),
            *(count(number) for number in (tally.ok, tally.fail, tally.info)),
        ]
        if with_finals:
            row.append(
                element("code", brief(final[name], 60), title=brief(final[name], 2000))
                if name in final
                else "never read"
            )
        row += [count(problems.count(name)), _end(ends.get(name))]
        rows.append(row)
    head = (
        "node",
        "ok",
        "fail",
        "info",
        *(["final read"] * with_finals),
        "problems",
        "end",
    )
    numeric = (1, 2, 3, len(head) - 2)
    fallen = [node for node in ends.values() if not node.expected]
    tails = [
        _tail(node, open_=node in fallen and len(fallen) <= TAILS_OPEN)
        for name in names
        if (node := ends.get(name)) and node.stderr_tail
    ]
    body = [table(head, rows, numeric=numeric), tails]
    return Section("nodes", "Nodes", markup(body))


def _named(view: View) -> list[str]:
    nodes = view.spec.get("nodes")
    return [str(node) for node in nodes] if isinstance(nodes, list) else []


def _end(node: NodeOutcome | None) -> Markup | str:
    if node is None:
        return NOTHING
    if node.expected:
        return element("span", "ended by the harness", title=ending(node))
    return element("span", ending(node), class_="bad")


def _tail(node: NodeOutcome, *, open_: bool) -> Markup:
    lines = node.stderr_tail
    which = "last line" if len(lines) == 1 else f"last {count(len(lines))} lines"
    return element(
        "details",
        element("summary", f"{node.name}: {which} of standard error"),
        element("pre", "\n".join(lines)),
        open=open_,
    )


def messages_section(view: View) -> Section | None:
    """Return what the network carried and lost, and per operation."""
    messages = view.outcome.messages
    if not messages:
        return None
    operations = view.survey.tally.total
    causes = sorted({cause for each in messages.values() for cause in each.dropped})
    order = [name for name in _CLASSES if name in messages]
    rows = [
        (
            _CLASSES[name],
            count(messages[name].sent),
            count(messages[name].received),
            *(count(messages[name].dropped.get(cause, 0)) for cause in causes),
            _per_operation(messages[name], operations),
        )
        for name in order
    ]
    head = (
        "messages",
        "sent",
        "received",
        *(f"lost: {cause}" for cause in causes),
        "per operation",
    )
    return Section(
        "messages", "Messages", table(head, rows, numeric=range(1, len(head)))
    )


def _per_operation(messages: MessageCounts, operations: int) -> str:
    return count(messages.sent / operations) if operations else NOTHING


def problems_section(view: View) -> Section | None:
    """Return what nodes did against the protocol by kind, each with its evidence."""
    groups = problem_groups(view)
    if not groups:
        return None
    return Section("problems", "Node problems", markup(map(_group, groups)))


def _group(group: ProblemGroup) -> Markup:
    kind = PROBLEM_KINDS.get(group.kind)
    told = [_problem(problem) for problem in group.problems]
    rest = told[PROBLEMS_OPEN:]
    return element(
        "article",
        element(
            "h3",
            kind.title if kind else group.kind,
            " ",
            element("code", group.kind),
            element("span", group.extent, class_="count") if group.extent else None,
        ),
        element("p", prose(kind.advice), class_="meaning") if kind else None,
        told[:PROBLEMS_OPEN],
        element("details", element("summary", f"{count(len(rest))} more"), rest)
        if rest
        else None,
        class_="problem fatal" if group.kind in FATAL else "problem",
    )


def _problem(problem: Problem) -> Markup:
    seen = f"{problem.node or 'unknown node'}, first at {moment(problem.time)}"
    if problem.count > 1:
        seen += f", {count(problem.count)} times"
    return element(
        "div",
        element("p", problem.sentence, class_="sentence"),
        element("p", seen, class_="count"),
        element("pre", problem.evidence) if problem.evidence else None,
    )
