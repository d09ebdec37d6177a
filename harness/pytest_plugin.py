"""The plugin for pytest: a fixture that records, and a place for reports.

Every pytest on a machine with the harness loads this module, so it imports nothing
before a test asks for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .destination import Current, Destination, shown


if TYPE_CHECKING:
    from collections.abc import Generator

    from histories import Recording


REPORTS = ".harness"
PROPERTY = "harness-report"
"""Property of a test, in JUnit XML too, that has the path of a report."""
_VERDICTS = ("AssertionError: INVALID  ", "AssertionError: UNKNOWN  ")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that says where reports go."""
    parser.getgroup("harness", "consistency of recorded histories").addoption(
        "--harness-reports",
        metavar="DIR",
        type=Path,
        help="Folder for the reports of histories that are not consistent.  "
        f"[default: {REPORTS} in the root folder]",
    )
    parser.getgroup("harness").addoption(
        "--harness-annotations",
        action="store_true",
        help="Print annotations for GitHub of histories that are not consistent.",
    )


@pytest.fixture
def recording() -> Recording:
    """A history in the making: `with recording.operation("read") as op: op.ok(…)`."""
    from histories import Recording

    return Recording()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Say where the assertions of a test leave their reports."""

    def tell(report: Path) -> None:
        item.user_properties.append((PROPERTY, shown(report)))

    before, config = Current.destination, item.config
    asked = config.getoption("--harness-reports", None)
    folder = (
        config.invocation_params.dir / asked if asked else config.rootpath / REPORTS
    )
    Current.destination = Destination(folder, item.nodeid, tell)
    try:
        return (yield)
    finally:
        Current.destination = before


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[
    None, pytest.TestReport, pytest.TestReport
]:
    """Name what failed in a sentence, where the whole message stands beside it."""
    report = yield
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None and crash.message.startswith(_VERDICTS):
        crash.message = " ".join(crash.message.partition("\n\n")[0].split())
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what tests that did not pass have left, and annotate them if asked to."""
    reports = [
        str(value)
        for group in terminalreporter.stats.values()
        for report in group
        if getattr(report, "outcome", "passed") != "passed"
        for name, value in getattr(report, "user_properties", ())
        if name == PROPERTY
    ]
    if reports:
        terminalreporter.section("harness reports")
        for path in dict.fromkeys(reports):
            terminalreporter.line(path)
    if reports and terminalreporter.config.getoption("--harness-annotations"):
        for test in terminalreporter.stats.get("failed", ()):
            if any(name == PROPERTY for name, _ in test.user_properties):
                terminalreporter.line(
                    _annotation(test, terminalreporter.config.rootpath)
                )


def _annotation(test: pytest.TestReport, root: Path) -> str:
    """Return an annotation at the line that failed, with what is said first."""
    from .cli._annotations import annotation

    file, line, _ = test.location
    crash = getattr(test.longrepr, "reprcrash", None)
    if crash is not None and crash.path.endswith(file):
        line = crash.lineno - 1
    told = crash.message if crash is not None else test.longreprtext
    level, _, rest = told.removeprefix("AssertionError: ").partition(" ")
    return annotation(
        "error",
        rest,
        title=f"{level}: {test.nodeid}",
        file=root / file,
        line=None if line is None else line + 1,
    )
