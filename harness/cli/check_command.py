"""`harness check`: judge saved runs and history files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from checkers import Reason, Result, Verdict, merge_verdicts, parse_assertion
from checkers.ladder import LEVELS
from checkers.models import MODELS
from harness.analysis import analyse_run
from harness.documents import CheckDocument, encode
from harness.errors import UsageError
from harness.workloads import WORKLOADS
from histories import FORMATS, Run
from reports import render_findings, render_text, visible

from ._exit import EXIT_CODES
from ._files import FileOptions, judge_file, parse_levels
from ._output import put, shows_color
from ._saved import find_saved, spec_of, workload_of


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class _Judged(msgspec.Struct, frozen=True):
    """A result, the run if it is one's, and what was assumed about the history."""

    result: Result
    run: Run | None = None
    notes: tuple[str, ...] = ()


@click.command(name="check")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-w",
    "--workload",
    type=click.Choice(sorted(WORKLOADS)),
    help="Whose checker to use.  [default: what the saved spec says]",
)
@click.option(
    "--model",
    type=click.Choice(sorted(MODELS)),
    help="What the operations of a file mean, to judge by consistency models.  "
    "[default: what they look like, which is said]",
)
@click.option(
    "--consistency-models",
    metavar="LIST",
    help=f"The models that must hold: {', '.join(LEVELS)}.  "
    "[default: linearizable, or what the workload promises]",
)
@click.option(
    "--init", metavar="JSON", help="What the objects of a file hold at first."
)
@click.option(
    "--independent", is_flag=True, help="Every value is a pair of a key and a value."
)
@click.option(
    "--nil-read",
    type=click.Choice(["unknown", "value"]),
    help="What a read of nil says.  [default: the format's]",
)
@click.option(
    "--failed-cas",
    type=click.Choice(["drop", "assert"]),
    help="Whether a failed cas says that the value differed.  [default: the format's]",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(sorted(FORMATS)),
    help="The format of files.  [default: told by their content]",
)
@click.option(
    "--timeout",
    "timeout_s",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="Seconds after which what is undecided is unknown.",
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
@click.option(
    "--client-view/--no-client-view",
    default=None,
    help="Whether to take indeterminate operations of runs as their clients saw them, "
    "without the journal of messages as evidence.  [default: as the run was made]",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a history.")
def command(*, paths: tuple[str, ...], as_json: bool, **options: Any) -> int:
    """Judge saved runs and history files; change nothing.

    PATH is the folder of a run, a history in JSON lines or in a foreign format, a
    folder of such, or - for standard input. A run is judged by its workload; a file
    by --workload, or else by the consistency models that it satisfies.
    """
    demands = _demands(options)
    files = FileOptions.of(options)
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
            judged = _check(
                path, options["workload"], demands, files, options["client_view"]
            )
        except UsageError as error:
            if len(found) == 1:
                raise
            # What else was found is judged all the same.
            judged = _Judged(_unfit(str(error)))
        put(_tell(path, judged, as_json=as_json, alone=len(found) == 1), nl=False)
        verdicts.append(judged.result.verdict)
    if len(found) > 1 and not as_json:
        put(_sum_up(verdicts))
    return EXIT_CODES[merge_verdicts(verdicts)]


def _demands(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is demanded beyond a saved spec.

    Raises:
        UsageError: A demand is none.
    """
    demands: dict[str, Any] = {"strict": True} if options["strict"] else {}
    for text in options["assertions"]:
        try:
            parse_assertion(text)
        except ValueError as error:
            raise UsageError(f"--assert {text!r}: {error}") from error
        demands["assertions"] = options["assertions"]
    listed = options["node_list"]
    if listed is not None:
        demands["nodes"] = names = [name.strip() for name in listed.split(",")]
        if "" in names or len(set(names)) < len(names):
            raise UsageError(f"--nodes {listed!r}: expected different names")
    if options["consistency_models"] is not None:
        demands["consistency_models"] = parse_levels(options["consistency_models"])
    return demands


def _check(
    path: Path | None,
    workload: str | None,
    demands: dict[str, Any],
    files: FileOptions,
    client_view: bool | None,  # noqa: FBT001 a choice with a default of its own
) -> _Judged:
    """Judge a run, a history file or, for None, standard input."""
    if path is None or not path.is_dir():
        return _Judged(*judge_file(path, workload, demands, files))
    run = Run(path)
    spec = {**spec_of(run), **demands, **({"workload": workload} if workload else {})}
    if client_view is not None:
        spec["client_view"] = client_view
    return _Judged(analyse_run(run, workload_of(spec, path), spec), run)


def _unfit(why: str) -> Result:
    """Return the result of what cannot be judged at all."""
    return Result(
        checker="none",
        verdict=Verdict.UNKNOWN,
        reason=Reason.UNSUPPORTED,
        summary=why,
    )


def _tell(path: Path | None, judged: _Judged, *, as_json: bool, alone: bool) -> str:
    """Return what is printed about one history: all of it, or a line."""
    result, name = judged.result, str(path or "-")
    if as_json:
        document = CheckDocument(path=name, notes=judged.notes, result=result)
        return f"{encode(document)}\n"
    if not alone:
        return visible(f"{result.verdict.value.upper():<8} {name}: {result.summary}\n")
    color = shows_color()
    if judged.run is not None:
        return render_text(judged.run, result, color=color)
    return render_findings(name, result, color=color, notes=judged.notes)


def _sum_up(verdicts: Sequence[Verdict]) -> str:
    """Return how many histories got which verdict."""
    counts = {verdict: verdicts.count(verdict) for verdict in Verdict}
    listed = ", ".join(f"{count} {verdict.value}" for verdict, count in counts.items())
    return f"{len(verdicts)} histories: {listed}"
