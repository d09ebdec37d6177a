"""`harness keep`: make a case of a run or of a history."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from checkers import Verdict
from checkers.ladder import LEVELS
from checkers.models import MODELS
from harness.cases import SUFFIX, Case, HowChecked, keep
from harness.documents import KeepDocument, encode
from harness.errors import UsageError
from harness.workloads import WORKLOADS
from histories import FORMATS, HistoryError, Run

from ._files import following, load_file, parse_levels
from ._hunt_progress import LineProgress, plural
from ._meaning import has_keys, initial_of, unjudged
from ._output import put
from ._saved import HISTORY, run_or_history, spec_of, workload_of


if TYPE_CHECKING:
    from collections.abc import Mapping

    from checkers.evidence import Line
    from histories import History, Loaded, Outcome

_ORIGIN = ("command", "seed", "transport", "version", "started")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@click.command(
    name="keep",
    epilog="Exit codes: 0 a case is kept, 254 usage, 255 crashed.",
)
@click.argument("source", metavar="RUN_OR_FILE")
@click.option(
    "--full", is_flag=True, help="Keep all of it: a valid history can be kept so only."
)
@click.option("--name", help="Name of the case.  [default: what is found, and where]")
@click.option(
    "--to",
    "folder",
    default="cases",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of cases.",
)
@click.option(
    "-w", "--workload", type=click.Choice(sorted(WORKLOADS)), help="Whose checker."
)
@click.option(
    "--model",
    type=click.Choice(sorted(MODELS)),
    help="What the operations of a file mean.  [default: what they look like]",
)
@click.option(
    "--consistency-models",
    metavar="LIST",
    help=f"The models that must hold: {', '.join(LEVELS)}.",
)
@click.option("--init", metavar="JSON", help="What the objects hold at first.")
@click.option("--independent", is_flag=True, help="Values are pairs [key, value].")
@click.option("--nil-read", type=click.Choice(["unknown", "value"]))
@click.option("--failed-cas", type=click.Choice(["drop", "assert"]))
@click.option("--real-time/--no-real-time", default=True)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(sorted(FORMATS)),
    help="The format of a file.  [default: told by its content]",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.option("--force", is_flag=True, help="Replace a case of the same name.")
def command(**options: Any) -> int:
    """Keep a run or a history as a case, which `harness regress` judges again.

    RUN_OR_FILE is the folder of a run, a history in any format, or - for standard
    input. A history that is INVALID is shrunk to a part that fails by the same
    anomaly and from which nothing can be left out.
    """
    place = options["source"]
    path = Path(place)
    if place != "-" and (path / HISTORY).is_file():
        path = run_or_history(path)
    if place != "-" and path.is_dir():
        history, check, outcome, journal, origin = _run(path, options)
        notes: tuple[str, ...] = ()
    else:
        loaded = _load(None if place == "-" else path, options)
        history, check = loaded.history, _how(loaded, options)
        outcome, journal = None, ()
        origin = {"file": _name(place), "format": loaded.format}
        notes = (*history.warnings, *loaded.notes)
    total = sum(1 for _ in history.operations())
    try:
        with LineProgress() as progress, following(history, path):
            case = keep(
                history,
                check,
                origin={**origin, "operations": total},
                outcome=outcome,
                journal=journal,
                full=options["full"],
                progress=lambda asked, left: progress.show(
                    f"shrinking, check {asked}: {plural(left, 'operation')}"
                ),
            )
    except HistoryError as error:
        raise UsageError(str(error)) from error
    if case.found.verdict is not Verdict.INVALID and not options["full"]:
        raise UsageError(
            f"{place} is {case.found.verdict.value.upper()}, so there is nothing to "
            f"shrink it to: keep all of it with --full. {case.about}"
        )
    target = _write(case, options)
    document = KeepDocument(
        source=place,
        notes=notes,
        path=str(target),
        about=case.about,
        found=case.found,
        check=case.check,
        operations=sum(1 for _ in case.events().operations()),
        of=total,
        messages=len(case.journal),
    )
    if options["as_json"]:
        put(encode(document))
    else:
        _tell(document)
    return 0


def _name(place: str) -> str:
    return "standard input" if place == "-" else Path(place).name


def _tell(document: KeepDocument) -> None:
    """Print what was kept, and aside what was assumed."""
    for note in document.notes:
        click.echo(f"harness: {note}", err=True)
    many = plural(document.messages, "message")
    put(
        f"{document.found.verdict.value.upper():<8} {document.about}\n"
        f"kept     {document.path}: {document.operations:,} of "
        f"{plural(document.of, 'operation')}{f', {many}' if document.messages else ''}, "
        f"{Path(document.path).stat().st_size / 1000:.1f} kB"
    )


def _run(
    path: Path, options: Mapping[str, Any]
) -> tuple[History, HowChecked, Outcome | None, tuple[Line, ...], dict[str, Any]]:
    """Return the history of a run, how it is judged, and where it comes from.

    Between how it is judged and where it comes from stand how nodes behaved, and what
    messages say.

    Raises:
        UsageError: There is no run.
    """
    from checkers.evidence import excerpt
    from harness.testimony import testify

    try:
        run = Run.open(path)
        spec = spec_of(run)
        if options["workload"] is not None:
            spec["workload"] = options["workload"]
        if options["consistency_models"] is not None:
            spec["consistency_models"] = parse_levels(options["consistency_models"])
        workload = workload_of(spec, path)
        history, outcome = run.history(), run.outcome()
    except HistoryError as error:
        raise UsageError(str(error)) from error
    names = set(HowChecked.__struct_fields__) & set(spec) - {"model", "init"}
    check = msgspec.convert({name: spec[name] for name in sorted(names)}, HowChecked)
    origin = {name: spec[name] for name in _ORIGIN if spec.get(name)}
    if "command" in origin:
        origin["command"] = shlex.join(origin["command"])
    journal: tuple[Line, ...] = ()
    if workload.updates:
        evidence = testify(run, history, outcome, workload, spec).evidence
        journal = excerpt(evidence, history) if evidence is not None else ()
    return history, check, outcome, journal, origin


def _load(path: Path | None, options: Mapping[str, Any]) -> Loaded:
    """Return the history in a file or, for None, in standard input.

    Raises:
        UsageError: It cannot be read.
    """
    try:
        return load_file(
            path,
            file_format=options["file_format"],
            nil_read=options["nil_read"],
            failed_cas=options["failed_cas"],
        )
    except HistoryError as error:
        raise UsageError(str(error)) from error


def _how(loaded: Loaded, options: Mapping[str, Any]) -> HowChecked:
    """Return how a history in a file is judged.

    Raises:
        UsageError: It is not clear what to judge it by.
    """
    levels = options["consistency_models"]
    declared = () if levels is None else parse_levels(levels)
    if options["workload"] is not None:
        return HowChecked(workload=options["workload"], consistency_models=declared)
    unfit = unjudged(loaded, options["model"])
    if unfit is not None:
        raise UsageError(unfit.summary)
    model = str(options["model"] or loaded.model)
    return HowChecked(
        model=model,
        consistency_models=declared,
        init=initial_of(loaded, model, options["init"]),
        independent=options["independent"] or has_keys(loaded, options["model"]),
        nil_read=loaded.nil_read,
        failed_cas=loaded.failed_cas,
        has_times=loaded.has_times,
        has_real_time=loaded.has_real_time and options["real_time"],
        has_sessions=loaded.has_sessions,
    )


def _stem(name: str) -> str:
    """Return the name of a file without what says its format and packing."""
    return name.partition(".")[0] or name


def _write(case: Case, options: Mapping[str, Any]) -> Path:
    """Write a case into its folder, and return its file.

    Raises:
        UsageError: There is another, the name is none of a file, or it cannot be
            written.
    """
    name = options["name"]
    if name is None:
        what = case.found.anomalies[:1] or (case.found.verdict.value,)
        seed = case.origin.get("seed", _stem(case.origin.get("file", "")))
        name = "-".join(
            str(part)
            for part in (case.check.workload or case.check.model, *what, seed)
            if part != ""
        )
        name = _NOT_IN_A_NAME.sub("-", name).strip("-.")
    name = name.removesuffix(SUFFIX)
    if not name or "/" in name or name.startswith(".") or "\0" in name:
        raise UsageError(f"--name {name!r}: expected the name of a file, without /")
    target: Path = options["folder"] / f"{name}{SUFFIX}"
    if target.exists() and not options["force"]:
        raise UsageError(f"{target} exists: give another --name, or --force")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(case.text(), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}") from error
    return target
