"""The report of a run: one HTML file that needs nothing else.

Styles, script and data are inside, and a content security policy allows nothing but
them: whatever a node has written, the page makes no request and runs no other code.
Equal runs give equal bytes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ._columns import (
    fault_columns,
    operation_columns,
    phase_columns,
    quantiles,
    rates,
)
from ._format import cut
from ._markup import Markup, element, markup, script_data
from ._view import View
from .sections import SECTIONS


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from checkers import Result
    from histories import Run

    from .sections import Section


SCRIPTS = ("time.js", "surface.js", "charts.js", "timeline.js", "page.js", "witness.js")
STYLES = ("page.css",)

_BIN_MAX = 60


def write_report(run: Run, result: Result) -> Path:
    """Write the page to `run.report_path`, replacing an older one at once."""
    draft = run.report_path.with_suffix(".html.part")
    draft.write_text(page(run, result), encoding="utf-8", newline="\n")
    draft.replace(run.report_path)
    return run.report_path


def page(run: Run, result: Result, *, sample_max: int = 200_000) -> str:
    """Return the report as one HTML document; the same run gives the same bytes.

    Args:
        run: The run; what it lacks is left out of the report.
        result: What the checkers found in it.
        sample_max: How many operations timeline and latency chart may show besides
            those that anomalies cite. Of more, an even sample is shown.
    """
    view = View(run, result, sample_max=sample_max)
    sections = [section for each in SECTIONS if (section := each(view)) is not None]
    style, script = _assets(STYLES), _assets(SCRIPTS)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element(
            "meta", http_equiv="Content-Security-Policy", content=_policy(style, script)
        ),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{result.verdict.value.upper()} · {view.workload}"),
        element("link", rel="icon", href="data:,"),
        element("style", Markup(style)),
    )
    body = element(
        "body",
        _header(view),
        _navigation(sections),
        element("main", [section.render() for section in sections]),
        script_data("data", _data(view)) if view.survey.tally.total else None,
        element("script", Markup(script)),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _assets(names: tuple[str, ...]) -> str:
    from importlib.resources import files

    folder = files(__package__) / "assets"
    return "".join((folder / name).read_text(encoding="utf-8") for name in names)


def _policy(style: str, script: str) -> str:
    """Allow exactly this style and this script, and no request at all."""
    import base64
    import hashlib

    def digest(text: str) -> str:
        raw = hashlib.sha256(text.encode()).digest()
        return f"'sha256-{base64.b64encode(raw).decode()}'"

    return (
        f"default-src 'none'; style-src {digest(style)}; script-src {digest(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _header(view: View) -> Markup:
    started = str(view.spec.get("started") or "")
    day, _, time = started.removesuffix("Z").partition("T")
    about = [f"{day} {time[:8]} UTC" if time else started, *_chosen(view)]
    return element(
        "header",
        element("h1", view.workload),
        element("p", " · ".join(filter(None, about))),
    )


def _chosen(view: View) -> Iterator[str]:
    """Yield which node ran and with which seed, which tells reports apart."""
    command, seed = view.spec.get("command"), view.spec.get("seed")
    if isinstance(command, list):
        for part, after in pairwise((*map(str, command), "")):
            if part == "--bin" or part.startswith("--bin="):
                yield cut(after if part == "--bin" else part[6:], _BIN_MAX)
    if isinstance(seed, int):
        yield f"seed {seed}"


def _navigation(sections: list[Section]) -> Markup:
    links = [
        element("a", section.title, href=f"#{section.id}")
        for section in sections
        if section.title
    ]
    return element("nav", markup(links), aria_label="Sections")


def _data(view: View) -> dict[str, Any]:
    concurrency = view.spec.get("concurrency")
    return {
        "end": max(view.end // 1000, view.survey.end // 1000, 1),
        "operations": operation_columns(
            view.survey,
            concurrency=concurrency if isinstance(concurrency, int) else None,
        ),
        "rates": rates(view.survey),
        "quantiles": quantiles(view.survey),
        "faults": fault_columns(view.faults),
        "phases": phase_columns(view.outcome.phases),
        "cited": sorted(
            index
            for index in {
                index
                for _, anomaly in view.anomalies
                if anomaly.fails
                for index in anomaly.operations
            }
            if index in view.survey.cited
        ),
    }
