"""What was found: the verdict, the anomalies, and how far the checks reach."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from checkers import ANOMALIES, Verdict
from reports._deeds import acts, subject
from reports._facts import early_end, facts, reason_sentence, verdict_sentence
from reports._format import brief, count, duration, moment, plural, sentence
from reports._ladder import witness
from reports._lanes import lanes
from reports._markup import Markup, element, markup, prose, table
from reports._view import PROTOCOL, parts_of

from ._lanes_drawing import drawing
from ._models import drawn_anomalies
from ._section import Section, operations_link


if TYPE_CHECKING:
    from checkers import Anomaly, Result
    from histories import Operation
    from reports._view import View


OPERATIONS_DRAWN = 12
OPERATIONS_MAX = 200
CARDS_OPEN = 3

_MARKS = {Verdict.VALID: "✓", Verdict.INVALID: "✗", Verdict.UNKNOWN: "?"}
_LINKED = 64
_LONG = 160
_TOLD_MAX = 3


def verdict_section(view: View) -> Section:
    """Return the banner: the verdict in a sentence, its reason, the key facts."""
    verdict = view.result.verdict
    # Few operations are told before they are drawn, further down.
    drawn = [found for each in drawn_anomalies(view) if (found := witness(each))]
    in_full = all(len(found.operations) <= _TOLD_MAX for found in drawn)
    more = [early_end(view), reason_sentence(view), *view.trouble]
    return Section(
        "verdict",
        "",
        element(
            "div",
            element(
                "p",
                element("span", _MARKS[verdict], class_="mark", aria_hidden="true"),
                verdict.value.upper(),
                class_="word",
            ),
            element(
                "p",
                verdict_sentence(view, in_full=in_full),
                class_="sentence long"
                if len(view.result.summary) > _LONG
                else "sentence",
            ),
            [element("p", line, class_="reason") for line in more if line],
            element(
                "ul",
                [
                    element("li", badge(part.verdict), " ", name)
                    for name, part in parts_of(view.result)
                ],
                class_="parts",
            )
            if view.result.parts
            else None,
            element(
                "dl",
                [
                    element(
                        "div",
                        element("dt", fact.label),
                        element("dd", fact.headline),
                        element("dd", fact.detail, class_="detail"),
                    )
                    for fact in facts(view)
                ],
                class_="facts",
            ),
            class_=f"banner {verdict.value}",
        ),
    )


def badge(verdict: Verdict) -> Markup:
    """Return a verdict as a small coloured word."""
    return element("span", verdict.value, class_=f"badge {verdict.value}")


def anomalies_section(view: View) -> Section | None:
    """Return a card for each anomaly, grouped by name, those that fail first.

    What nodes did against the protocol without failing anything has a section of
    its own, see `problems_section`, as has what contradicts a consistency model, see
    `models_section`.
    """
    told = bool(view.outcome.problems)
    drawn = drawn_anomalies(view)
    found = [
        (path, anomaly)
        for path, anomaly in view.anomalies
        if (anomaly.fails or not (told and path == PROTOCOL)) and anomaly not in drawn
    ]
    if not found:
        return None
    groups: list[Markup] = []
    for (fails, path, name), members in groupby(
        found, key=lambda each: (each[1].fails, each[0], each[1].name)
    ):
        kept = [anomaly for _, anomaly in members]
        total = view.anomaly_counts[path, name]
        groups.append(_group(view, name, kept, total=total, fails=fails))
    return Section("anomalies", "Anomalies", markup(groups))


def _group(
    view: View, name: str, found: list[Anomaly], *, total: int, fails: bool
) -> Markup:
    kind = ANOMALIES.get(name)
    shown = "" if total == len(found) else f", {count(len(found))} of them shown"
    cards = [_card(view, anomaly) for anomaly in found]
    return element(
        "div",
        element(
            "h3",
            kind.title if kind else name,
            " ",
            element("code", name),
            element("span", f"{count(total)} found{shown}", class_="count"),
            None if fails else element("span", "fails nothing", class_="count"),
        ),
        element("p", prose(kind.meaning), class_="meaning") if kind else None,
        cards[:CARDS_OPEN],
        element(
            "details",
            element("summary", f"{plural(len(cards) - CARDS_OPEN, 'more example')}"),
            cards[CARDS_OPEN:],
        )
        if len(cards) > CARDS_OPEN
        else None,
        class_="group fails" if fails else "group",
    )


def _card(view: View, anomaly: Anomaly) -> Markup:
    cited = [
        view.survey.cited[at] for at in anomaly.operations if at in view.survey.cited
    ]
    link = operations_link(
        "Show on the timeline", tuple(each.index for each in cited[:_LINKED])
    )
    return element(
        "article",
        element("p", sentence(anomaly.sentence), class_="sentence"),
        [
            element(
                "figure",
                drawing(
                    lanes(acts(cited[:OPERATIONS_DRAWN]), wrong=subject(anomaly)),
                    plural(len(cited), "operation"),
                    view.survey.cited,
                ),
                class_="witness",
            ),
            _operations(cited),
            element("p", link, class_="show"),
        ]
        if cited
        else None,
        class_="anomaly",
    )


def _operations(cited: list[Operation]) -> Markup:
    more = len(cited) - OPERATIONS_MAX
    return element(
        "details",
        element("summary", f"{plural(len(cited), 'operation')} as a table"),
        _operations_table(cited[:OPERATIONS_MAX]),
        element("p", f"And {count(more)} more.", class_="note") if more > 0 else None,
    )


def _operations_table(operations: list[Operation]) -> Markup:
    head = (
        "operation",
        "process",
        "node",
        "f",
        "input",
        "outcome",
        "status",
        "invoked",
        "completed",
    )
    return table(head, map(_cells, operations), numeric=(0, 1, 7, 8), wide=(5,))


def _cells(operation: Operation) -> tuple[str | int | Markup | None, ...]:
    end, error = operation.end_time, operation.error
    said = operation.output if operation.status == "ok" else error
    return (
        operations_link(str(operation.index), (operation.index,)),
        operation.process,
        operation.node,
        operation.f + (" (final)" if operation.final else ""),
        None if operation.input is None else _value(operation.input),
        None if said is None else _value(said),
        element("span", operation.status, class_=f"status {operation.status}"),
        moment(operation.start_time),
        "never"
        if end is None
        else element("span", moment(end), title=duration(end - operation.start_time)),
    )


def _value(value: object) -> Markup:
    short, long = brief(value, 72), brief(value, 2000)
    return element("code", short, title=None if short == long else long)


def checks_section(view: View) -> Section:
    """Return what was checked, on which assumptions, and whether completely."""
    rows = [
        element(
            "li",
            badge(result.verdict),
            element("strong", path),
            element(
                "span",
                result.summary,
                element(
                    "span",
                    "Complete." if result.complete else "Not complete.",
                    class_="detail",
                ),
            ),
        )
        for path, result in view.leaves
    ]
    assumed = dict.fromkeys(
        line for result in _results(view.result) for line in result.assumes
    )
    return Section(
        "checks",
        "Checks",
        markup(
            [
                element("ul", rows, class_="checks"),
                element(
                    "p",
                    "A check is complete if its pass proves that the recorded history "
                    "holds no violation of what it checks. An incomplete one proves what "
                    "it finds, and may miss others.",
                    class_="note",
                ),
                [
                    element("h3", "Taken for granted"),
                    element("ul", [element("li", line) for line in assumed]),
                ]
                if assumed
                else None,
            ]
        ),
    )


def _results(result: Result) -> list[Result]:
    return [
        result,
        *(each for _, part in parts_of(result) for each in _results(part)),
    ]
