"""`harness check`: judge saved runs and history files."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from checkers import Reason, Result, Verdict, merge_verdicts, parse_assertion
from harness.analysis import analyse_history, analyse_run
from harness.errors import UsageError
from harness.workloads import WORKLOADS
from histories import HistoryError, Run, read_history
from reports import render_findings, render_text, visible

from ._exit import EXIT_CODES
from ._output import put, shows_color
from ._saved import find_saved, spec_of, workload_of


if TYPE_CHECKING:
    from collections.abc import Sequence

    from histories import History


@click.command(name="check")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-w",
    "--workload",
    type=click.Choice(sorted(WORKLOADS)),
    help="Whose checker to use.  [default: what the saved spec says]",
)
@click.option(
    "--nodes",
    "node_list",
    help="Names of all nodes, comma-separated: each owes a final read.",
)
@click.option(
    "--assert",
    "assertions",
    multiple=True,
    metavar="CONDITION",
    help="A condition on a measure, such as 'msgs-per-op < 30'.",
)
@click.option("--strict", is_flag=True, help="Fail what Maelstrom rejects.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a history.")
def command(
    *,
    paths: tuple[str, ...],
    workload: str | None,
    node_list: str | None,
    assertions: tuple[str, ...],
    strict: bool,
    as_json: bool,
) -> int:
    """Judge saved runs and history files; change nothing.

    PATH is the folder of a run, a history in JSON lines, a folder of such, or - for
    standard input. A history without a spec beside it needs --workload.
    """
    for text in assertions:
        try:
            parse_assertion(text)
        except ValueError as error:
            raise UsageError(f"--assert {text!r}: {error}") from error
    demands: dict[str, Any] = {"strict": strict} if strict else {}
    if node_list is not None:
        demands["nodes"] = names = [name.strip() for name in node_list.split(",")]
        if "" in names or len(set(names)) < len(names):
            raise UsageError(f"--nodes {node_list!r}: expected different names")
    if assertions:
        demands["assertions"] = assertions
    if "" in paths:
        raise UsageError("an empty PATH: give a run, a history, a folder or -")
    found = [
        path
        for text in paths
        for path in ([None] if text == "-" else find_saved(Path(text)))
    ]
    verdicts = []
    for path in found:
        try:
            run, result = _check(path, workload, demands)
        except UsageError as error:
            if len(found) == 1:
                raise
            # What else was found is judged all the same.
            run, result = None, _unfit(workload, str(error), Reason.UNSUPPORTED)
        if as_json:
            document = {
                "path": str(path or "-"),
                "result": msgspec.to_builtins(result),
            }
            put(msgspec.json.encode(document).decode())
        elif len(found) > 1:
            line = f"{result.verdict.value.upper():<8} {path}: {result.summary}"
            put(visible(line))
        else:
            put(_explain(path, run, result), nl=False)
        verdicts.append(result.verdict)
    if len(found) > 1 and not as_json:
        put(_sum_up(verdicts))
    return EXIT_CODES[merge_verdicts(verdicts)]


def _check(
    path: Path | None, workload: str | None, demands: dict[str, Any]
) -> tuple[Run | None, Result]:
    """Judge a run, a history file or, for None, standard input."""
    if path is None or not path.is_dir():
        return None, _check_file(path, workload, demands)
    run = Run(path)
    spec = {**spec_of(run), **demands, **({"workload": workload} if workload else {})}
    return run, analyse_run(run, workload_of(spec, path), spec)


def _explain(path: Path | None, run: Run | None, result: Result) -> str:
    color = shows_color()
    if run is None:
        return render_findings(str(path or "-"), result, color=color)
    return render_text(run, result, color=color)


def _check_file(
    path: Path | None, workload: str | None, demands: dict[str, Any]
) -> Result:
    """Judge a history that is no run of the harness, or standard input."""
    if workload is None:
        raise UsageError(
            f"{path or '-'} is a history without a spec: say with --workload what it "
            f"is a history of: {', '.join(sorted(WORKLOADS))}"
        )
    try:
        history = read_history(path) if path is not None else _read_stdin()
    except HistoryError as error:
        return _unfit(workload, str(error), Reason.MALFORMED)
    return analyse_history(history, WORKLOADS[workload], **demands)


def _unfit(workload: str | None, why: str, reason: Reason) -> Result:
    """Return the result of what cannot be judged at all."""
    return Result(
        checker=workload or "none",
        verdict=Verdict.UNKNOWN,
        reason=reason,
        summary=why,
    )


def _read_stdin() -> History:
    """Return the history on standard input, kept in a file while it is read."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        while data := sys.stdin.buffer.read(1 << 20):
            file.write(data)
        file.flush()
        return read_history(Path(file.name))


def _sum_up(verdicts: Sequence[Verdict]) -> str:
    """Return how many histories got which verdict."""
    counts = {verdict: verdicts.count(verdict) for verdict in Verdict}
    listed = ", ".join(f"{count} {verdict.value}" for verdict, count in counts.items())
    return f"{len(verdicts)} histories: {listed}"
