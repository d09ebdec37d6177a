"""`harness report`: write the HTML report of a saved run."""

from __future__ import annotations

from pathlib import Path

import click

from harness.analysis import analyse_run, save_result
from harness.errors import UsageError
from histories import HistoryError, Run, Store
from reports import write_report

from ._saved import spec_of, workload_of


@click.command(
    name="report",
    context_settings={"show_default": True},
    epilog="Exit codes: 0 the report is written, whatever the verdict; 254 usage, "
    "255 crashed.",
)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option(
    "--store",
    default="store",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that keeps runs.",
)
@click.option(
    "--client-view/--no-client-view",
    default=None,
    help="Whether to take indeterminate operations of runs as their clients saw them, "
    "without the journal of messages as evidence.  [default: as the run was made]",
)
def command(path: Path | None, store: Path, *, client_view: bool | None) -> None:
    """Judge a saved run again and write its HTML report.

    PATH is the folder of a run; without it, the latest run is taken.
    """
    try:
        run = Store(store).latest() if path is None else Run.open(path)
        spec = spec_of(run)
    except HistoryError as error:
        raise UsageError(str(error)) from error
    if client_view is not None:
        spec["client_view"] = client_view
    result = analyse_run(run, workload_of(spec, run.path), spec)
    save_result(run, result)
    click.echo(write_report(run, result))
