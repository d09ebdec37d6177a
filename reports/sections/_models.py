"""Which consistency models hold, and drawings of what contradicts the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers import ANOMALIES, Verdict
from reports._deeds import subject
from reports._format import count, cut, duration, moment, plural, sentence
from reports._ladder import (
    STALE,
    because,
    clause,
    deciding,
    groups,
    models_result,
    witness,
)
from reports._lanes import lanes
from reports._markup import Markup, element, markup, prose, table

from ._lanes_drawing import drawing
from ._section import Section, operations_link


if TYPE_CHECKING:
    from checkers import Anomaly, Result
    from reports._ladder import DeadEnd, Witness
    from reports._view import View


VIOLATIONS_MAX = 12
ENDS_MAX = 8

_LONG = 160

_WORDS = {
    "yes": ("holds", Verdict.VALID),
    "no": ("fails", Verdict.INVALID),
    "unknown": ("unknown", Verdict.UNKNOWN),
}


def models_section(view: View) -> Section | None:
    """Return the ladder as a table, and each violation drawn; None without models."""
    result = models_result(view)
    if result is None:
        return None
    drawn = [
        _violation(view, anomaly, found, at)
        for at, anomaly in enumerate(drawn_anomalies(view))
        if (found := witness(anomaly)) is not None
    ]
    return Section("models", "Models", markup([_ladder(result), _stale(result), drawn]))


def drawn_anomalies(view: View) -> list[Anomaly]:
    """Return the anomalies that this section tells, first the one that decides."""
    result = models_result(view)
    if result is None:
        return []
    first = deciding(view)
    drawn = [
        each
        for each in result.anomalies
        if each.name != STALE and witness(each) is not None
    ]
    return sorted(drawn, key=lambda each: each is not first)[:VIOLATIONS_MAX]


def _ladder(result: Result) -> Markup:
    # Only here: a report of a run without models needs none of the algorithms.
    from checkers.ladder import LEVELS

    rows = []
    for group in groups(result):
        word, verdict = _WORDS.get(group[0].verdict, _WORDS["unknown"])
        names = [
            [
                ", " if at else None,
                element("strong", rung.name, title=kind.meaning if kind else None),
            ]
            for at, rung in enumerate(group)
            for kind in [LEVELS.get(rung.name)]
        ]
        rows.append(
            (
                element("span", word, class_=f"badge {verdict.value}"),
                element("span", names, class_="names"),
                element("span", because(group, result), class_="follows")
                if group[0].follows_from
                else sentence(because(group, result)),
            )
        )
    return element(
        "div", table(("verdict", "model", "why"), rows, wide=(2,)), class_="ladder"
    )


def _stale(result: Result) -> Markup | None:
    told = [each.sentence for each in result.anomalies if each.name == STALE]
    if not told:
        return None
    return element(
        "p", element("strong", "Staleness:"), " ", told[0], class_="sentence"
    )


def _violation(view: View, anomaly: Anomaly, found: Witness, at: int) -> Markup:
    kind = ANOMALIES.get(anomaly.name)
    size = found.size + found.place
    if found.is_minimal and len(found.operations) > 1:
        size += ", none of which can be left out"
    told = None if found.keeps is None else clause(anomaly)
    return element(
        "div",
        element(
            "h3",
            kind.title if kind else anomaly.name,
            " ",
            element("code", anomaly.name),
            element("span", size, class_="count"),
            None if anomaly.fails else element("span", "fails nothing", class_="count"),
        ),
        element("p", prose(kind.meaning), class_="meaning") if kind else None,
        element("p", sentence(told or anomaly.sentence), class_="sentence"),
        element(
            "figure",
            drawing(
                lanes(
                    found.operations,
                    found.deepest,
                    None if found.deepest else subject(anomaly),
                ),
                f"{kind.title if kind else anomaly.name}: {size}",
                view.survey.cited,
            ),
            _ends(found),
            class_="witness",
            id=f"violation-{at}",
        ),
        _operations(view, anomaly, found),
        class_="violation fails" if anomaly.fails else "violation",
    )


def _ends(found: Witness) -> Markup | None:
    """Return how far orders come and why they cannot go on: what the drawing shows."""
    deepest = found.deepest
    if deepest is None:
        return None
    others = found.dead_ends[1 : 1 + ENDS_MAX]
    return element(
        "figcaption",
        _end(found, deepest, numbered=True),
        element(
            "details",
            element("summary", f"{plural(len(others), 'other order')}"),
            [_end(found, end, numbered=False) for end in others],
        )
        if others
        else None,
    )


def _end(found: Witness, end: DeadEnd, *, numbered: bool) -> Markup:
    does = {act.operation: act.does for act in found.operations}
    done = [
        element(
            "li",
            element("code", cut(does.get(at, f"operation {at}"), _LONG)),
            data_operation=at if numbered else None,
        )
        for at in end.prefix
    ]
    stuck = [
        element(
            "li",
            element("span", "✗", class_="cross", aria_hidden="true"),
            element("code", cut(each.does, _LONG)),
            f": {each.why}",
            data_operation=each.operation if numbered else None,
        )
        for each in end.candidates
    ]
    return element(
        "div",
        element("p", "In this order, so far:") if done else None,
        element("ol", done, class_="order") if done else None,
        element(
            "p",
            "Then" if done else "At the beginning",
            " the state is ",
            element("code", cut(end.state, 2 * _LONG)),
            ", and what could come next cannot:",
        ),
        element("ul", stuck, class_="stuck"),
        class_="end",
    )


def _operations(view: View, anomaly: Anomaly, found: Witness) -> Markup:
    known = view.survey.cited
    rows = [
        (
            operations_link(str(act.operation), (act.operation,))
            if act.operation in known
            else act.operation,
            act.process,
            act.node,
            element("code", cut(act.does, _LONG)),
            moment(act.call_ns),
            "never"
            if act.return_ns is None
            else element(
                "span",
                moment(act.return_ns),
                title=duration(act.return_ns - act.call_ns),
            ),
        )
        for act in found.operations
    ]
    cited = tuple(at for at in anomaly.operations if at in known)
    head = ("operation", "process", "node", "what it did", "called", "returned")
    more = len(anomaly.operations) - len(rows)
    return element(
        "details",
        element("summary", f"{plural(len(rows), 'operation')} as a table"),
        table(head, rows, numeric=(0, 1, 4, 5), wide=(3,)),
        element("p", f"And {count(more)} more.", class_="note") if more > 0 else None,
        element("p", operations_link("Show on the timeline", cited), class_="show")
        if cited
        else None,
    )
