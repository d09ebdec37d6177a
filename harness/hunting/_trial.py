"""One simulated run, of which only a few facts are kept."""

from __future__ import annotations

import datetime as dt
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from checkers import Verdict
from harness.analysis import analyse_run
from harness.errors import HarnessError
from harness.recording import operations_of
from harness.runner import Quiet, execute
from harness.spec import RunSpec
from harness.workloads import WORKLOADS
from histories import Store

from ._plain import passes


if TYPE_CHECKING:
    from checkers import Result
    from histories import Run


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a run.

    Attributes:
        verdict: The verdict.
        anomalies: Names of the anomalies that make it INVALID, the first most telling.
        summary: What was found, in a sentence.
        operations: How many operations clients invoked.
        faults: How often each fault was started.
        interrupted: Whether the user ended it.
        plain: Whether a plain look at the final reads finds nothing; None if there is
            no such look.
    """

    verdict: Verdict
    anomalies: tuple[str, ...]
    summary: str
    operations: int
    faults: dict[str, int]
    interrupted: bool
    plain: bool | None = None


def attempt(spec: RunSpec) -> Trial:
    """Carry out a run, keep nothing of it on disk, and return what came of it.

    A run in which the harness itself fails is UNKNOWN and says so: it must not end a
    hunt of hundreds.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="harness-") as folder:
            return _carry_out(spec, Path(folder))[0]
    except HarnessError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the next run is another
        place = traceback.extract_tb(error.__traceback__)[-1]
        return Trial(
            verdict=Verdict.UNKNOWN,
            anomalies=(),
            summary=f"The harness failed at seed {spec.seed}: {type(error).__name__}: "
            f"{error} ({Path(place.filename).name}, line {place.lineno}).",
            operations=0,
            faults={},
            interrupted=False,
        )


def explicit(spec: RunSpec) -> tuple[Trial, RunSpec]:
    """Carry out a run, and return it with all that was drawn in it as given."""
    with tempfile.TemporaryDirectory(prefix="harness-") as folder:
        trial, run = _carry_out(spec, Path(folder))
        ran = msgspec.convert(run.spec(), RunSpec)
        operations = operations_of(run.history(), run.outcome(), ran)
    return trial, msgspec.structs.replace(
        ran, operations=operations, schedule=ran.schedule or ()
    )


def _carry_out(spec: RunSpec, folder: Path) -> tuple[Trial, Run]:
    workload = WORKLOADS[spec.workload]
    run = Store(folder).create(spec.workload, dt.datetime.now(dt.UTC))
    outcome = execute(spec, workload, run, Quiet())
    result = analyse_run(run, workload, run.spec())
    history = run.history()
    operations, faults = 0, dict[str, int]()
    for event in history.events():
        if event.type == "invoke":
            operations += 1
        elif event.f.startswith("start-") and event.process == "nemesis":
            # A start is recorded when it is asked for and when it is done.
            name = event.f.removeprefix("start-")
            faults[name] = faults.get(name, 0) + 1
    trial = Trial(
        verdict=result.verdict,
        anomalies=failing_anomalies(result),
        summary=result.summary,
        operations=operations,
        faults={name: count // 2 for name, count in faults.items()},
        interrupted=outcome.interrupted,
        plain=passes(history, workload.name),
    )
    return trial, run


def failing_anomalies(result: Result) -> tuple[str, ...]:
    """Return the names of what makes a result INVALID, the first of all first."""
    if result.verdict is not Verdict.INVALID:
        return ()
    names = [anomaly.name for anomaly in result.anomalies if anomaly.fails]
    for part in result.parts.values():
        names += failing_anomalies(part)
    return tuple(dict.fromkeys(names))
