"""What happened when: faults, latency and rate, and every operation on a timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports._format import brief, count, cut, duration, moment, plural
from reports._markup import Markup, element, markup, table

from ._section import Section


if TYPE_CHECKING:
    from reports._faults import Fault
    from reports._view import View


FAULTS_SHOWN = 40

_TOLD = frozenset({"sentence", "blocked"})


def faults_section(view: View) -> Section | None:
    """Return the faults with what they did, and when they were in force."""
    if not view.faults:
        return None
    rows = [
        (
            element("span", fault.name, class_="fault"),
            moment(fault.start),
            moment(fault.end) if fault.ended else "never ended",
            duration(fault.end - fault.start),
            [fault.sentence, _details(fault)],
        )
        for fault in view.faults[:FAULTS_SHOWN]
    ]
    rest = len(view.faults) - FAULTS_SHOWN
    return Section(
        "faults",
        "Faults",
        markup(
            [
                table(
                    ("fault", "from", "to", "for", "what it did"),
                    rows,
                    numeric=(1, 2, 3),
                    wide=(4,),
                ),
                element(
                    "p", f"And {count(rest)} more, see the timeline.", class_="note"
                )
                if rest > 0
                else None,
            ]
        ),
    )


def _details(fault: Fault) -> Markup | None:
    details = {key: value for key, value in fault.details.items() if key not in _TOLD}
    if not details or not fault.sentence:
        return None
    text = ", ".join(_detail(key, value) for key, value in sorted(details.items()))
    return element("span", text, class_="detail")


def _detail(key: str, value: Any) -> str:
    if key.endswith("_ns") and isinstance(value, int):
        return f"{key.removesuffix('_ns')}: {duration(value)}"
    return f"{key.replace('_', ' ')}: {_plain(value)}"


def _plain(value: Any) -> str:
    """Return a name as it is, and lists and objects of names without quotes."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return cut(" ".join(value), 60)
    if isinstance(value, dict) and all(
        isinstance(each, str) for each in value.values()
    ):
        return cut(" ".join(f"{name} {each}" for name, each in value.items()), 60)
    return brief(value, 60)


def performance_section(view: View) -> Section | None:
    """Return the charts of latency and of completions; their script draws them."""
    if not view.survey.tally.total:
        return None
    return Section(
        "performance",
        "Latency and rate",
        markup(
            [
                _chart(
                    "latency",
                    "Latency by time of invocation; lines are quantiles of those ok.",
                    legend("ok", "fail", "info", "p50", "p95", "p99", "fault"),
                    "Latency over time",
                ),
                _chart(
                    "rates",
                    "Completions per second.",
                    legend("ok", "fail", "info", "fault"),
                    "Completions per second over time",
                ),
                element(
                    "p",
                    "Drag over a span of time to see it closely, here and on the "
                    "timeline; double-click for the whole run.",
                    class_="note",
                ),
            ]
        ),
    )


def timeline_section(view: View) -> Section | None:
    """Return every operation as a bar in the row of its client."""
    survey = view.survey
    if not survey.tally.total:
        return None
    return Section(
        "timeline",
        "Timeline",
        markup(
            [
                element("p", _sampled(view), class_="note")
                if survey.stride > 1
                else None,
                _controls(),
                _chart(
                    "operations",
                    "One row per client, one bar per operation.",
                    legend("ok", "fail", "info", "cited", "fault"),
                    "Operations over time",
                ),
                element("div", id="selected", class_="selected", aria_live="polite"),
                element(
                    "p",
                    "Drag to zoom in, double-click to see the whole run. Click into the "
                    "timeline to zoom with the wheel, to move with the arrow keys and to "
                    "keep an operation in view. An operation of status info may take "
                    "effect at any time after its invocation, or never.",
                    class_="note",
                ),
            ]
        ),
    )


def _sampled(view: View) -> str:
    survey = view.survey
    return (
        f"{count(survey.tally.total)} operations are too many to show: timeline and "
        f"latency points have one in {count(survey.stride)} of them, and all "
        f"{plural(len(survey.cited), 'operation')} that an anomaly cites. Quantiles, "
        f"rates and counts are of all."
    )


def _controls() -> Markup:
    zooms = (("in", "Zoom in"), ("out", "Zoom out"), ("whole", "Whole run"))
    return element(
        "div",
        [
            element("button", text, type="button", data_zoom=zoom)
            for zoom, text in zooms
        ],
        element(
            "form",
            element(
                "label",
                "Operation ",
                element(
                    "input",
                    name="index",
                    inputmode="numeric",
                    size=7,
                    autocomplete="off",
                ),
            ),
            element("button", "Find"),
            id="find",
        ),
        class_="controls",
    )


def _chart(id_: str, caption: str, key: Markup, label: str) -> Markup:
    return element(
        "figure",
        element("figcaption", caption, " ", key),
        element(
            "div",
            element("canvas", tabindex=0, role="img", aria_label=label),
            element("div", class_="tip", hidden=True),
            element(
                "noscript", element("p", "Charts need JavaScript; all else does not.")
            ),
            class_="stage",
        ),
        id=id_,
    )


def legend(*names: str) -> Markup:
    """Return the meaning of colours, by the names of their variables."""
    titles = {"cited": "cited by an anomaly", "fault": "fault in force"}
    return element(
        "span",
        [
            element(
                "span",
                element("i", class_=f"swatch {name}"),
                titles.get(name, name),
                class_="key",
            )
            for name in names
        ],
        class_="legend",
    )
