"""What failed as annotations, which GitHub shows beside the file that they are about.

A line of a workflow's output such as `::error file=a.jsonl,line=3,title=INVALID::why`
is one. Those who do not know them read a line of text.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from checkers import Verdict
from histories import HistoryError
from reports import visible

from ._output import put


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checkers import Anomaly, Result
    from histories import History, Run

_Command = TypeVar("_Command", bound="Callable[..., Any]")
_MENTION = re.compile(r"([^\s(]+) (\d+)\b")
_PACKED = frozenset({".gz", ".bz2", ".xz"})


def annotations_option(command: _Command) -> _Command:
    """Give a command the option `--annotations`."""
    return click.option(
        "--annotations",
        is_flag=True,
        help="Print annotations for GitHub too, with the line that shows what failed; "
        "with --json to standard error.",
    )(command)


def annotation(
    level: Literal["error", "warning"],
    message: str,
    *,
    title: str,
    file: Path | str | None = None,
    line: int | None = None,
) -> str:
    r"""Return an annotation: one line, whatever the message.

    >>> print(annotation("error", "50%\nlost", title="a: b", file="x,y", line=3))
    ::error file=x%2Cy,line=3,title=a%3A b::50%25%0Alost
    """
    properties = {
        "file": None if file is None else _in_workspace(Path(file)),
        "line": line,
        "title": title,
    }
    told = ",".join(
        f"{name}={_escaped(str(value)).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in properties.items()
        if value is not None
    )
    return f"::{level} {told}::{_escaped(message)}"


def print_annotations(
    result: Result,
    *,
    file: Path | None,
    history: History | None,
    line: int | None = None,
    to_stderr: bool = False,
) -> None:
    """Print what is to be said of a result that is not VALID.

    Args:
        result: What was found.
        file: What it was found in.
        history: What is in it, which knows the lines of operations.
        line: The line at which it could not be read, if that is what is wrong.
        to_stderr: Whether standard output is for something else.
    """
    for text in _annotations(result, file, history, line):
        put_annotation(text, to_stderr=to_stderr)


def put_annotation(text: str, *, to_stderr: bool) -> None:
    """Print an annotation to one of the streams, of which GitHub reads both."""
    if to_stderr:
        click.echo(text, err=True)
    else:
        put(text)


def annotate_run(run: Run, result: Result, *, to_stderr: bool = False) -> None:
    """Print what is to be said of a run that is not VALID."""
    try:
        history = None if result.verdict is Verdict.VALID else run.history()
    except HistoryError:  # As the result says.
        history = None
    print_annotations(
        result, file=run.history_path, history=history, to_stderr=to_stderr
    )


def _annotations(
    result: Result, file: Path | None, history: History | None, line: int | None
) -> Iterator[str]:
    """Yield an error for each kind of anomaly that fails, or a warning for UNKNOWN."""
    if result.verdict is Verdict.VALID:
        return
    if result.verdict is Verdict.UNKNOWN:
        reason = f" ({result.reason.value})" if result.reason is not None else ""
        title = f"UNKNOWN{reason}"
        yield annotation("warning", result.summary, title=title, file=file, line=line)
        return
    found: dict[str, Anomaly] = {}
    for anomaly in _failing(result):
        found.setdefault(anomaly.name, anomaly)
    for anomaly in found.values():
        yield annotation(
            "error",
            anomaly.sentence,
            title=f"INVALID: {anomaly.name}",
            file=file,
            line=_line(anomaly, file, history),
        )
    if not found:
        yield annotation("error", result.summary, title="INVALID", file=file)


def _failing(result: Result) -> Iterator[Anomaly]:
    if result.verdict is Verdict.INVALID:
        yield from (anomaly for anomaly in result.anomalies if anomaly.fails)
    for part in result.parts.values():
        yield from _failing(part)


def _line(anomaly: Anomaly, file: Path | None, history: History | None) -> int | None:
    """Return the line of the operation that shows an anomaly best."""
    if history is None or file is None or file.suffix in _PACKED:
        return None
    return next(filter(None, map(history.line, _telling(anomaly, history))), None)


def _telling(anomaly: Anomaly, history: History) -> Iterator[int]:
    """Yield the operations that show an anomaly, the most telling first.

    That is the one that cannot come next in any order, or that a sentence begins with.
    """
    for end in anomaly.data.get("dead-ends", ()):
        yield from (candidate["operation"] for candidate in end["candidates"])
    for function, number in _MENTION.findall(anomaly.sentence):
        index = int(number)
        if index in anomaly.operations:
            with suppress(KeyError):  # The history may be another one by now.
                if history.operation(index).f == function:
                    yield index
    yield from anomaly.operations


def _in_workspace(file: Path) -> str:
    """Return a path as GitHub finds it: within the checkout if it is there."""
    root = os.environ.get("GITHUB_WORKSPACE") or Path.cwd()
    try:
        return str(file.resolve().relative_to(Path(root).resolve()))
    except ValueError:
        return str(file)


def _escaped(text: str) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return visible(text)
