"""The numbers behind the verdict, and what exactly was run."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from reports._facts import rerun
from reports._format import NOTHING, brief, count, measure, share
from reports._ladder import CHECKER
from reports._markup import Markup, element, markup, prose, table

from ._section import Section


if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports._view import View


_ROWS_MAX = 200
_TOLD = frozenset({"count", "ok", "fail", "info", "by-f"})  # by the first table
_TOLD_OF_ALL = frozenset({"ended-early", "evidence"})  # by the facts
_TOLD_OF_MODELS = frozenset({"models"})  # by a section of its own


def statistics_section(view: View) -> Section | None:
    """Return operations by function, all measures, and what the checkers counted."""
    parts: list[Markup | None] = [_functions(view), _measures(view)]
    for path, result in view.leaves:
        told = _TOLD if path == "statistics" else frozenset()
        told = _TOLD_OF_MODELS if result.checker == CHECKER else told
        values = {
            key: value
            for key, value in result.statistics.items()
            if key not in told and key not in _TOLD_OF_ALL
        }
        if values:
            parts += [element("h3", "Check: ", path), facts_of(values)]
    if not any(parts):
        return None
    return Section("statistics", "Statistics", markup(parts))


def _functions(view: View) -> Markup | None:
    rows = [
        (
            element("code", f),
            *(
                count(number)
                for number in (tally.total, tally.ok, tally.fail, tally.info)
            ),
            share(tally.ok, tally.total),
        )
        for f, tally in view.survey.by_f.items()
    ]
    if not rows:
        return None
    head = ("operation", "all", "ok", "fail", "info", "ok share")
    return table(head, rows, numeric=range(1, 6))


def _measures(view: View) -> Markup | None:
    if not view.measures:
        return None
    rows = [
        element(
            "div",
            element("dt", element("code", name)),
            element("dd", measure(each.value, each.unit)),
        )
        for name, each in sorted(view.measures.items())
    ]
    return markup(
        [
            element("h3", "Measures"),
            element(
                "p",
                prose("Any of them can be asked for: `--assert 'ok-rate >= 0.99'`."),
                class_="note",
            ),
            element("dl", rows, class_="measures"),
        ]
    )


def facts_of(values: Mapping[str, Any]) -> Markup:
    """Return JSON facts as tables: one for what is simple, one for each table in it.

    A dictionary whose values are dictionaries becomes a table with a row for each.
    """
    simple = {key: value for key, value in values.items() if not _is_table(value)}
    nested = {key: value for key, value in values.items() if _is_table(value)}
    parts: list[Markup] = []
    if simple:
        rows = [(element("code", key), _value(value)) for key, value in simple.items()]
        parts.append(table(("fact", "value"), rows, wide=(1,), compact=True))
    for key, value in nested.items():
        columns = list(dict.fromkeys(name for row in value.values() for name in row))
        lines = [
            (element("code", name), *(_value(row.get(column)) for column in columns))
            for name, row in list(value.items())[:_ROWS_MAX]
        ]
        parts.append(table((key, *columns), lines, numeric=range(1, len(columns) + 1)))
    return markup(parts)


def _is_table(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and all(isinstance(row, dict) for row in value.values())
    )


def _value(value: Any) -> Markup | str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return count(value)
    if isinstance(value, str):
        return value
    short, long = brief(value, 120), brief(value, 2000)
    return element("code", short, title=None if short == long else long)


def _setting(value: Any) -> Markup | str:
    """Return a setting as it is; a seed, say, has no thousands."""
    return value if isinstance(value, str) else element("code", brief(value, 400))


def run_section(view: View) -> Section:
    """Return the command, how to repeat it, and everything that defines the run."""
    command = view.spec.get("command")
    again = rerun(view)
    rows = [
        (element("code", key), _setting(value))
        for key, value in view.spec.items()
        if key != "command"
    ]
    said = shlex.join(map(str, command)) if isinstance(command, list) else None
    return Section(
        "run",
        "Run",
        markup(
            [
                [element("h3", "Command"), element("pre", said)] if said else None,
                [
                    element("h3", "The same again, with the same seed"),
                    element("pre", again),
                ]
                if again and again != said
                else None,
                table(("setting", "value"), rows, wide=(1,), compact=True)
                if rows
                else None,
            ]
        ),
    )
