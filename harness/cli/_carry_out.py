"""Carries out a run in a store, judges it and writes its report."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import msgspec

from harness.analysis import analyse_run, save_result
from harness.documents import RunDocument, encode
from harness.runner import execute
from histories import Store
from reports import render_text, write_report

from ._output import put, shows_color
from ._progress import TerminalProgress


if TYPE_CHECKING:
    from pathlib import Path

    from checkers import Result
    from harness.spec import RunSpec
    from harness.workloads import Workload
    from histories import Run


def carry_out(spec: RunSpec, workload: Workload, store: Path) -> tuple[Run, Result]:
    """Carry out a run and judge it, whatever became of it.

    A spec without a command gets the one that replays its run.
    """
    started = dt.datetime.now(dt.UTC)
    run = Store(store).create(workload.name, started)
    spec = msgspec.structs.replace(
        spec,
        command=spec.command or ("harness", "run", "--replay", str(run.path)),
        started=started.isoformat(timespec="seconds"),
    )
    execute(spec, workload, run, TerminalProgress())
    result = analyse_run(run, workload, run.spec())
    save_result(run, result)
    write_report(run, result)
    return run, result


def show(run: Run, result: Result, *, as_json: bool) -> None:
    """Print what came of a run."""
    if as_json:
        put(encode(RunDocument(run=str(run.path), result=result)))
    else:
        put(render_text(run, result, color=shows_color()), nl=False)
