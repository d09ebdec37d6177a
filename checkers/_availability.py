"""Availability: what part of the operations succeeded?

A definite failure counts against it as well as a timeout. Sound and complete; assumes
nothing. Linear.

Source: Maelstrom's availability checker, which takes a run without operations for
available.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._findings import EXAMPLES, Findings, Witness, conclude
from ._polls import poll_test
from ._verdict import Measure
from ._wording import cite, count_of, listed_some, shown


if TYPE_CHECKING:
    from histories import History, Operation, Outcome

    from ._verdict import Result


def check_availability(
    history: History, *, required: float | None, outcome: Outcome | None = None
) -> Result:
    """Check that at least a fraction of all operations is ok.

    Args:
        history: The history.
        required: The fraction, 1.0 for all; None only measures.
        outcome: When recovery began: the polls from then on do not count.

    Returns:
        INVALID with the first operations that did not succeed if there are too many;
        UNKNOWN(vacuous) without operations. Measure: `availability`.

    Raises:
        ValueError: What is required is no fraction.
    """
    if required is not None and not 0 <= required <= 1:
        raise ValueError(f"availability is a fraction from 0 to 1, not {required}")
    count = ok = 0
    failures: list[Operation] = []
    is_poll = poll_test(outcome)
    for operation in history.operations():
        if is_poll(operation):
            continue
        count += 1
        if operation.status == "ok":
            ok += 1
        elif len(failures) < EXAMPLES:
            failures.append(operation)
    findings = Findings()
    if count and required is not None and ok / count < required:
        findings.add("unavailable", _explain, count, ok, required, failures)
    lead = f"{ok} of {count_of(count, 'operation')} succeeded"
    return conclude(
        "availability",
        findings,
        missing=[] if count else ["nothing was invoked"],
        valid=f"{lead}; nothing was required."
        if required is None
        else f"{lead}, at least {required:.2%} as required.",
        measures={"availability": Measure(ok / count if count else None)},
        complete=True,
    )


def _explain(
    count: int, ok: int, required: float, failures: list[Operation]
) -> Witness:
    named = [
        f"{cite(operation)}, {operation.status}"
        + (f" ({shown(operation.error)})" if operation.error is not None else "")
        for operation in failures[:3]
    ]
    return Witness(
        sentence=f"{ok} of {count_of(count, 'operation')} succeeded, {ok / count:.2%}, "
        f"and {required:.2%} were required. The first that did not: "
        f"{listed_some(named)}.",
        operations=tuple(operation.index for operation in failures),
        data={"ok": ok, "count": count, "required": required},
    )
