"""`harness check`: judge saved runs and history files."""

from __future__ import annotations

import shlex
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checkers import Reason, Result, Verdict, merge_verdicts, parse_assertion
from checkers.ladder import LEVELS
from checkers.models import MODELS
from harness.analysis import analyse_run
from harness.cases import case_history
from harness.documents import CheckDocument, encode
from harness.errors import UsageError
from harness.workloads import WORKLOADS
from histories import FORMATS, HistoryError, Run
from reports import render_findings, render_text, visible

from ._annotations import annotate_run, annotations_option, print_annotations
from ._exit import EXIT_CODES
from ._files import FileOptions, Judged, judge_file, parse_levels
from ._output import put, shows_color
from ._saved import find_saved, spec_of, workload_of


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@click.command(
    name="check",
    epilog="Exit codes, of the worst verdict: 0 valid, 1 invalid, 2 unknown; 254 usage, "
    "255 crashed.",
)
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
    "--real-time/--no-real-time",
    default=True,
    help="Whether the order of events tells what ended before what began; if not, only "
    "the order within each process counts.  [default: as the format has it]",
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
@click.option("--quiet", is_flag=True, help="Print only what is not VALID.")
@annotations_option
def command(*, paths: tuple[str, ...], as_json: bool, **options: Any) -> int:
    """Judge saved runs and history files; change nothing.

    PATH is the folder of a run, a history in JSON lines or in a foreign format, a case,
    a folder of such, or - for standard input. A run is judged by its workload, and a
    case as it says, unless --workload or --model is given; a file by these, or else by
    the consistency models that it satisfies.
    """
    demands = _demands(options)
    files = FileOptions.of(options)
    if "" in paths:
        raise UsageError("an empty PATH: give a run, a history, a folder or -")
    found = [path for text in paths for path in _found(text)]
    verdicts, cases = [], 0
    for path in found:
        try:
            judged = _check(
                path, options["workload"], demands, files, options["client_view"]
            )
        except UsageError as error:
            if len(found) == 1:
                raise
            # What else was found is judged all the same.
            judged = Judged(result=_unfit(str(error)))
        verdicts.append(judged.result.verdict)
        cases += judged.is_case
        if verdicts[-1] is not Verdict.VALID or not options["quiet"]:
            put(_tell(path, judged, as_json=as_json, alone=len(found) == 1), nl=False)
        if options["annotations"]:
            _annotate(path, judged, to_stderr=as_json)
    worst = merge_verdicts(verdicts)
    if not as_json and not (options["quiet"] and worst is Verdict.VALID):
        put(_sum_up(verdicts, cases, paths), nl=False)
    return EXIT_CODES[worst]


def _found(text: str) -> list[Path | None]:
    """Return what a PATH stands for; None for standard input.

    Raises:
        UsageError: There is nothing to check.
    """
    try:
        return [None] if text == "-" else [*find_saved(Path(text))]
    except OSError as error:  # It is no path at all, or one where nobody may look.
        raise UsageError(f"{text[:80]}: {error.strerror}") from error


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
) -> Judged:
    """Judge a run, a history file or, for None, standard input."""
    if path is None or not path.is_dir():
        return judge_file(path, workload, demands, files)
    run = Run(path)
    if files.model is not None and workload is None:
        return judge_file(run.history_path, None, demands, files)
    spec = {**spec_of(run), **demands, **({"workload": workload} if workload else {})}
    if client_view is not None:
        spec["client_view"] = client_view
    return Judged(result=analyse_run(run, workload_of(spec, path), spec), run=run)


def _unfit(why: str) -> Result:
    """Return the result of what cannot be judged at all."""
    return Result(
        checker="none",
        verdict=Verdict.UNKNOWN,
        reason=Reason.UNSUPPORTED,
        summary=why,
    )


def _tell(path: Path | None, judged: Judged, *, as_json: bool, alone: bool) -> str:
    """Return what is printed about one history: all of it, or a line."""
    result, name = judged.result, str(path or "-")
    if as_json:
        document = CheckDocument(path=name, notes=judged.notes, result=result)
        return f"{encode(document)}\n"
    if not alone:
        told = result.summary.removeprefix(f"{name}: ")
        return visible(f"{result.verdict.value.upper():<8} {name}: {told}\n")
    color = shows_color()
    if judged.run is not None:
        return render_text(judged.run, result, color=color)
    return render_findings(name, result, color=color, notes=judged.notes)


def _annotate(path: Path | None, judged: Judged, *, to_stderr: bool) -> None:
    """Print annotations of one history."""
    if judged.run is not None:
        annotate_run(judged.run, judged.result, to_stderr=to_stderr)
        return
    history = judged.history
    if judged.is_case and path is not None and judged.line is None:
        with suppress(HistoryError):  # As the result says.
            history = case_history(path)
    print_annotations(
        judged.result,
        file=path,
        history=history,
        line=judged.line,
        to_stderr=to_stderr,
    )


def _sum_up(verdicts: Sequence[Verdict], cases: int, paths: Sequence[str]) -> str:
    """Return how many histories got which verdict, and what else to do with cases."""
    text = ""
    if len(verdicts) > 1:
        counts = {verdict: verdicts.count(verdict) for verdict in Verdict}
        listed = ", ".join(f"{count} {one.value}" for one, count in counts.items())
        text = f"{len(verdicts)} histories: {listed}\n"
        if cases:
            command = shlex.join(["harness", "regress", "--no-corpus", *paths])
            text += (
                f"{cases} of them are cases: `{command}` says whether they are as they "
                "were kept.\n"
            )
    return text
