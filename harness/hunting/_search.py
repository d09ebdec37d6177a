"""Looks for a run that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from checkers import Verdict

from ._draw import draw_spec


if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.spec import RunSpec
    from harness.workloads import Workload

    from ._bench import Bench
    from ._draw import Space
    from ._trial import Trial


class Hunt(msgspec.Struct, kw_only=True):
    """What a hunt has tried so far, and what it found.

    Attributes:
        runs: How many runs were carried out.
        operations: How many operations, in all runs.
        faults: How often each fault was started.
        verdicts: How many runs had each verdict.
        unknown: What was said of the first run that was UNKNOWN.
        found: The first run that is INVALID, and what came of it.
        interrupted: Whether the user ended the hunt.
    """

    runs: int = 0
    operations: int = 0
    faults: dict[str, int] = {}
    verdicts: dict[Verdict, int] = {}
    unknown: str | None = None
    found: tuple[RunSpec, Trial] | None = None
    interrupted: bool = False

    @property
    def verdict(self) -> Verdict:
        """INVALID if a run was, UNKNOWN if none was VALID, else VALID."""
        if self.found is not None:
            return Verdict.INVALID
        return Verdict.VALID if self.verdicts.get(Verdict.VALID) else Verdict.UNKNOWN

    def add(self, trial: Trial) -> None:
        """Take note of a run."""
        self.runs += 1
        self.operations += trial.operations
        for name, count in trial.faults.items():
            self.faults[name] = self.faults.get(name, 0) + count
        self.verdicts[trial.verdict] = self.verdicts.get(trial.verdict, 0) + 1
        if trial.verdict is Verdict.UNKNOWN and self.unknown is None:
            self.unknown = trial.summary


def search(
    space: Space,
    workload: Workload,
    runs: int,
    bench: Bench,
    progress: Callable[[Hunt], None],
) -> Hunt:
    """Carry out drawn runs, one after the other, until one is INVALID.

    Args:
        space: What to draw from.
        workload: The workload.
        runs: How many runs at the most.
        bench: Carries them out.
        progress: Told after each run.
    """
    hunt = Hunt()
    specs = (draw_spec(space, workload, number) for number in range(runs))
    try:
        for number, trial in enumerate(bench.trials(specs)):
            hunt.add(trial)
            progress(hunt)
            if trial.verdict is Verdict.INVALID:
                hunt.found = draw_spec(space, workload, number), trial
                break
    except KeyboardInterrupt:
        hunt.interrupted = True
    return hunt
