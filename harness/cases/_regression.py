"""Many cases, each judged again, several at a time."""

from __future__ import annotations

import time
import traceback
from typing import TYPE_CHECKING

import msgspec

from ._case import CaseError, read_case
from ._differences import Difference, differences
from ._judging import found_in, judge


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_CHUNK = 4
"""Cases that a process takes at a time: most are judged in milliseconds."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a case.

    Attributes:
        path: Its file.
        summary: What was found, in a sentence; or why it cannot be read.
        differences: What has changed.
        seconds: How long it took.
        line: The line at which it cannot be read.
    """

    path: str
    summary: str
    differences: tuple[Difference, ...] = ()
    seconds: float = 0.0
    line: int | None = None

    @property
    def passed(self) -> bool:
        """Whether it is as it was."""
        return not self.differences


def regress(paths: Sequence[Path], jobs: int) -> Iterator[Outcome]:
    """Judge the cases in files again, and yield what became of each, in order.

    A file that is no case, or in which the harness fails, is one that has changed.
    """
    jobs = min(jobs, -(-len(paths) // _CHUNK))
    if jobs <= 1:
        yield from map(_outcome, paths)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    executor = ProcessPoolExecutor(
        jobs, mp_context=multiprocessing.get_context("spawn")
    )
    try:
        yield from executor.map(_outcome, paths, chunksize=_CHUNK)
    finally:
        executor.shutdown(cancel_futures=True)


def _outcome(path: Path) -> Outcome:
    started = time.monotonic()
    try:
        case = read_case(path)
        result = judge(case.events(), case.check, case.outcome, case.journal)
    except CaseError as error:
        return _unreadable(path, str(error), "a case", error.line)
    except Exception as error:  # noqa: BLE001 - the other cases are judged all the same
        place = traceback.extract_tb(error.__traceback__)[-1]
        told = f"{type(error).__name__}: {error} ({place.name}, line {place.lineno})"
        return _unreadable(path, told, "a verdict")
    return Outcome(
        path=str(path),
        summary=result.summary,
        differences=differences(case.found, found_in(result)),
        seconds=round(time.monotonic() - started, 3),
    )


def _unreadable(
    path: Path, why: str, expected: str, line: int | None = None
) -> Outcome:
    told = why.removeprefix(str(path)).lstrip(":, ")
    return Outcome(
        path=str(path),
        summary=why,
        differences=(Difference("case", expected, told),),
        line=line,
    )
