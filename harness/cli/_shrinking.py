"""Makes a failing run small, keeps the smallest and prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from harness.documents import Shrunk
from harness.hunting import Shrinker, Size

from ._carry_out import carry_out, show
from ._hunt_progress import HuntProgress, plural, told
from ._output import put


if TYPE_CHECKING:
    from pathlib import Path

    from harness.hunting import Bench
    from harness.spec import RunSpec
    from harness.workloads import Workload
    from histories import Run


def shrink_run(
    spec: RunSpec,
    anomaly: str,
    workload: Workload,
    bench: Bench,
    *,
    run: Run,
    attempts: int,
    store: Path,
    as_json: bool,
) -> Shrunk:
    """Keep the smallest run that fails alike, print it, and return it as data.

    Args:
        spec: A simulated run with operations and faults given.
        anomaly: Name of the anomaly that it has.
        workload: Its workload.
        bench: Carries out runs.
        run: Where the run is kept as it was.
        attempts: How many runs may be tried.
        store: Where to keep the smallest.
        as_json: Whether nothing is printed.
    """
    before = Size.of(spec)
    with HuntProgress(attempts) as progress:
        shrinker = Shrinker(
            spec, anomaly, bench, limit=attempts, progress=progress.shrunk
        )
        smallest = msgspec.structs.replace(shrinker.shrink(), command=())
    small, result = carry_out(smallest, workload, store)
    if not as_json:
        show(small, result, as_json=False)
        put(
            f"\nshrunk      from {told(before)}\n"
            f"            to   {told(shrinker.size)}; "
            f"{plural(shrinker.attempts, 'run')} tried\n"
            f"whole run   {run.path}\n"
            f"replay      harness run --replay {small.path}"
        )
    return Shrunk(
        run=str(small.path),
        result=result,
        size=shrinker.size,
        attempts=shrinker.attempts,
    )
