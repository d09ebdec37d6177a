"""What became of cases as JUnit has it, for the pages of build servers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr


if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._regression import Outcome

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(outcomes: Sequence[Outcome]) -> str:
    """Return an XML document with a test case for each case."""
    failed = sum(not outcome.passed for outcome in outcomes)
    seconds = sum(outcome.seconds for outcome in outcomes)
    suite = (
        f'<testsuite name="harness regress" tests="{len(outcomes)}" '
        f'failures="{failed}" errors="0" skipped="0" time="{seconds:.3f}">'
    )
    lines = ['<?xml version="1.0" encoding="utf-8"?>', suite]
    for outcome in outcomes:
        folder, _, name = outcome.path.rpartition("/")
        head = (
            f"  <testcase classname={_attribute(folder or '.')} "
            f'name={_attribute(name)} time="{outcome.seconds:.3f}"'
        )
        if outcome.passed:
            lines.append(f"{head}/>")
            continue
        changes = [
            f"{one.what}: {one.expected} -> {one.found}" for one in outcome.differences
        ]
        told = escape(_clean("\n".join([*changes, outcome.summary])))
        lines += [
            f"{head}>",
            f"    <failure message={_attribute('; '.join(changes))}>{told}</failure>",
            "  </testcase>",
        ]
    return "\n".join([*lines, "</testsuite>", ""])


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    """Replace characters that XML cannot have."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
