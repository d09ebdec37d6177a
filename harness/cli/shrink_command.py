"""`harness shrink`: make a failing simulated run small."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from harness.documents import ShrinkDocument, encode
from harness.errors import UsageError
from harness.hunting import Bench, Size, explicit
from harness.recording import operations_of
from harness.spec import RunSpec
from histories import HistoryError, Run

from ._cores import cores
from ._exit import EXIT_CODES
from ._output import put
from ._saved import spec_of, workload_of
from ._shrinking import shrink_run


if TYPE_CHECKING:
    from harness.workloads import Workload


@click.command(
    name="shrink",
    context_settings={"show_default": True},
    epilog="Exit codes: 1 a smaller run is kept, 254 usage, 255 crashed.",
)
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "--attempts",
    default=2000,
    type=click.IntRange(1),
    help="How many runs may be tried.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="How many runs at a time.  [default: one for each core]",
)
@click.option(
    "--store",
    default="store",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that keeps the smallest run.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def command(**options: Any) -> int:
    """Make a failing simulated run small.

    Operations, faults, nodes and time are left out of RUN as long as its first anomaly
    stays. What is left is a run of its own.
    """
    run, workload, spec = _failed(options["run"])
    trial, whole = explicit(spec)
    if not trial.anomalies:
        raise UsageError(f"{run.path} does not fail: {trial.summary}")
    with Bench(options["jobs"] or cores()) as bench:
        small = shrink_run(
            whole,
            trial.anomalies[0],
            workload,
            bench,
            run=run,
            attempts=options["attempts"],
            store=options["store"],
            as_json=options["as_json"],
        )
    if options["as_json"]:
        put(
            encode(ShrinkDocument(run=str(run.path), size=Size.of(whole), shrunk=small))
        )
    return EXIT_CODES[trial.verdict]


def _failed(path: Path) -> tuple[Run, Workload, RunSpec]:
    """Return a run with its workload, and the spec that repeats it.

    Raises:
        UsageError: It is no run that can be shrunk.
    """
    try:
        run = Run.open(path)
        saved = spec_of(run)
        workload = workload_of(saved, run.path)
        spec = msgspec.convert(saved, RunSpec)
        operations = operations_of(run.history(), run.outcome(), spec)
    except HistoryError as error:
        raise UsageError(str(error)) from error
    except msgspec.ValidationError as error:
        raise UsageError(f"{path}: its spec cannot be read: {error}") from error
    if spec.transport != "simulated":
        raise UsageError(
            f"{path} was a run of processes, which no two times behave alike: shrink "
            "one of `harness run --transport simulated` or of `harness hunt`"
        )
    if spec.operations is None:
        spec = msgspec.structs.replace(spec, operations=operations)
    return run, workload, spec
