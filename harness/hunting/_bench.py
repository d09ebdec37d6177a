"""Runs many specs, several at a time, and hands out what came of them in order."""

from __future__ import annotations

import contextlib
from collections import deque
from typing import TYPE_CHECKING

from ._trial import attempt


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Executor, Future
    from typing import Self

    from harness.spec import RunSpec

    from ._trial import Trial

_AHEAD = 2
"""How many runs wait for each process, so that none is idle."""


class Bench:
    """So many processes that carry out simulated runs; with one, this process does.

    What it hands out does not depend on how many there are.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._executor: Executor | None = None

    def __enter__(self) -> Self:
        if self._jobs > 1:
            import multiprocessing
            from concurrent.futures import ProcessPoolExecutor

            self._executor = ProcessPoolExecutor(
                self._jobs, mp_context=multiprocessing.get_context("spawn")
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)

    def trials(self, specs: Iterable[RunSpec]) -> Iterator[Trial]:
        """Yield what comes of each run, in the order of the specs.

        Who stops asking leaves the rest undone; specs are drawn a little ahead.

        Raises:
            KeyboardInterrupt: The user asked to stop, in whichever process.
        """
        for trial in self._trials(specs):
            if trial.interrupted:
                raise KeyboardInterrupt
            yield trial

    def _trials(self, specs: Iterable[RunSpec]) -> Iterator[Trial]:
        if self._executor is None:
            yield from map(attempt, specs)
            return
        pending: deque[Future[Trial]] = deque()
        source = iter(specs)
        try:
            while True:
                for spec in source:
                    pending.append(self._executor.submit(attempt, spec))
                    if len(pending) >= self._jobs * _AHEAD:
                        break
                if not pending:
                    return
                yield pending.popleft().result()
        finally:
            with contextlib.suppress(Exception):
                for future in pending:
                    future.cancel()
