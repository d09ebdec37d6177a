"""`harness regress`: is everything still found that was found before?"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness.cases import CORPUS, find_cases, junit, regress
from harness.documents import RegressDocument, RegressedCase, encode
from harness.errors import UsageError
from reports import visible

from ._annotations import annotation, annotations_option, put_annotation
from ._cores import cores
from ._hunt_progress import LineProgress, plural
from ._output import put, shows_color


if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.cases import Outcome

KEPT = Path("cases")
"""Where `harness keep` puts cases unless it is told otherwise."""

_CELL_CHARACTERS = 60


@click.command(
    name="regress",
    epilog="Exit codes: 0 nothing has changed, 1 something has, 254 usage, 255 crashed.",
)
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option(
    "--no-corpus", is_flag=True, help="Leave out the cases that come with the harness."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="How many cases at a time.  [default: one for each core]",
)
@click.option(
    "--junit",
    "junit_path",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what became of each case as JUnit XML.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.option("--quiet", is_flag=True, help="Print nothing if nothing has changed.")
@annotations_option
def command(**options: Any) -> int:
    """Judge kept cases again, and say what has changed: verdicts, models, anomalies.

    PATH is a case or a folder of cases, as `harness keep` makes them; without any, that
    is the folder `cases`, if it is there. The cases that come with the harness are
    judged too, unless --no-corpus is given.
    """
    files = _files(options["paths"], corpus=not options["no_corpus"])
    started = time.monotonic()
    outcomes: list[Outcome] = []
    with LineProgress() as progress:
        for outcome in regress(files, options["jobs"] or cores()):
            outcomes.append(outcome)
            progress.show(f"case {len(outcomes)} of {len(files)}")
    seconds = time.monotonic() - started
    if options["junit_path"] is not None:
        options["junit_path"].parent.mkdir(parents=True, exist_ok=True)
        options["junit_path"].write_text(junit(outcomes), encoding="utf-8")
    changed = [outcome for outcome in outcomes if not outcome.passed]
    if options["quiet"] and not changed:
        return 0
    if options["as_json"]:
        put(encode(_document(outcomes)))
    else:
        _tell(changed, len(outcomes), seconds)
    if options["annotations"]:
        for outcome in changed:
            _annotate(outcome, to_stderr=options["as_json"])
    return 1 if changed else 0


def _files(paths: Sequence[Path], *, corpus: bool) -> list[Path]:
    """Return the files of all cases, each once.

    Raises:
        UsageError: There are none.
    """
    if not paths and KEPT.is_dir():
        paths = [KEPT]
    places = [*([CORPUS] if corpus else []), *paths]
    if not places:
        raise UsageError(
            f"--no-corpus leaves nothing, as there is no folder {KEPT}: give a case or a "
            "folder of cases"
        )
    return list(dict.fromkeys(file for place in places for file in find_cases(place)))


def _annotate(outcome: Outcome, *, to_stderr: bool) -> None:
    """Print an annotation of a case that has changed."""
    changes = [
        f"{one.what} was {one.expected} and is {one.found}"
        for one in outcome.differences
    ]
    text = annotation(
        "error",
        f"{'; '.join(changes)}. {outcome.summary}",
        title=f"Changed: {_name(outcome.path)}",
        file=outcome.path,
        line=outcome.line or _line(outcome),
    )
    put_annotation(text, to_stderr=to_stderr)


def _line(outcome: Outcome) -> int | None:
    """Return the line of the case that says what is no longer so; None if none does."""
    first = outcome.differences[0]
    what, _, name = first.what.partition(" ")
    if what == "case":
        return None
    roles = {"fails": "anomalies", "noted": "noted"}
    told = {"verdict": "verdict", "model": name}.get(what) or roles.get(first.expected)
    lines = Path(outcome.path).read_text(errors="replace").splitlines()
    start = next((at for at, line in enumerate(lines) if '"found"' in line), 0)
    within = range(start, len(lines))
    return 1 + next((at for at in within if f'"{told}"' in lines[at]), start)


def _document(outcomes: Sequence[Outcome]) -> RegressDocument:
    changed = sum(not outcome.passed for outcome in outcomes)
    return RegressDocument(
        passed=not changed,
        cases=len(outcomes),
        changed=changed,
        results=tuple(
            RegressedCase(
                path=outcome.path,
                passed=outcome.passed,
                summary=outcome.summary,
                differences=outcome.differences,
            )
            for outcome in outcomes
        ),
    )


def _tell(changed: Sequence[Outcome], cases: int, seconds: float) -> None:
    """Print what has changed, a line each, and how many cases there were."""
    rows = [
        (_name(outcome.path), one.what, _cell(one.expected), _cell(one.found))
        for outcome in changed
        for one in outcome.differences
    ]
    if rows:
        rows.insert(0, ("case", "what", "kept as", "found"))
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for number, row in enumerate(rows):
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
            line = "  ".join(cells).rstrip()
            put(click.style(line, fg="red") if number and shows_color() else line)
        put("")
    told = f"{len(changed)} changed" if changed else "nothing has changed"
    put(f"{plural(cases, 'case')} in {seconds:.1f} s: {told}.")


def _name(path: str) -> str:
    """Return how a case is called: those of the corpus without its folder."""
    at = Path(path)
    return visible(str(at.relative_to(CORPUS)) if at.is_relative_to(CORPUS) else path)


def _cell(text: str) -> str:
    line = visible(" ".join(text.split()))
    if len(line) > _CELL_CHARACTERS:
        return line[: _CELL_CHARACTERS - 1] + "…"
    return line
