"""Several checkers as one: the worst verdict wins, and a crash is no verdict.

Complete where all parts are. Adds no time of its own.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from ._verdict import Reason, Result, Verdict, merge_verdicts


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._verdict import Measure


def compose(name: str, parts: Mapping[str, Callable[[], Result]]) -> Result:
    """Run the parts one after another and return the merged result.

    The verdict is the worst (INVALID over UNKNOWN over VALID), the summary that of
    the first part with it. A part that raises is UNKNOWN(crashed) with the last line
    of its traceback, and the others still run. Measures of all parts are merged; where
    two have one name, the first part's stands. Anomalies stay with their parts.
    """
    results = {part: _run(part, check) for part, check in parts.items()}
    verdict = merge_verdicts(result.verdict for result in results.values())
    if not results:
        return Result(
            checker=name,
            verdict=verdict,
            reason=Reason.VACUOUS,
            summary="Nothing was checked.",
        )
    worst = next(result for result in results.values() if result.verdict is verdict)
    measures: dict[str, Measure] = {}
    for result in results.values():
        measures = result.measures | measures
    assumes = [line for result in results.values() for line in result.assumes]
    return Result(
        checker=name,
        verdict=verdict,
        summary=worst.summary,
        reason=worst.reason,
        measures=measures,
        assumes=tuple(dict.fromkeys(assumes)),
        complete=all(result.complete for result in results.values()),
        parts=results,
    )


def _run(part: str, check: Callable[[], Result]) -> Result:
    try:
        return check()
    except MemoryError as error:
        return _gave_up(part, Reason.MEMORY, error)
    except Exception as error:  # noqa: BLE001 a crashed checker must not end the run
        return _gave_up(part, Reason.CRASHED, error)


def _gave_up(part: str, reason: Reason, error: BaseException) -> Result:
    last_line = "".join(traceback.format_exception_only(error)).strip()
    frames = traceback.format_tb(error.__traceback__)
    return Result(
        checker=part,
        verdict=Verdict.UNKNOWN,
        reason=reason,
        summary=f"The checker itself failed, which says nothing about the nodes: "
        f"{last_line}",
        statistics={"error": last_line, "traceback": frames[-1] if frames else ""},
    )
