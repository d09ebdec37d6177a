"""Echo: does every answer repeat its request?

Compares the result of each ok `echo` with what was sent, types included. An operation
without an answer is no mismatch; it counts against availability. Sound and complete.
Assumes nothing. Linear.

Source: Maelstrom's echo workload, which takes an operation without an answer for an
error as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._elements import same
from ._findings import Findings, Witness, conclude, unknown
from ._verdict import Measure, Reason
from ._wording import cite, kind_of, shown


if TYPE_CHECKING:
    from histories import History, Operation

    from ._verdict import Result


def check_echo(history: History) -> Result:
    """Check that every ok `echo` returned what was sent.

    Returns:
        INVALID with the operations that did not; UNKNOWN(vacuous) without an ok
        operation. Measures: `echoed-count`, `mismatch-count`.
    """
    findings = Findings()
    answered = mismatched = 0
    for operation in history.operations():
        if operation.f != "echo":
            return unknown(
                "echo",
                Reason.UNSUPPORTED,
                f"{cite(operation)} is no 'echo', the only operation here.",
            )
        if operation.status != "ok":
            continue
        answered += 1
        if not same(operation.input, operation.output):
            mismatched += 1
            findings.add("echo-mismatch", _explain, operation)
    return conclude(
        "echo",
        findings,
        missing=[] if answered else ["no echo came back"],
        valid=f"All {answered} answers repeat what was sent.",
        measures={
            "echoed-count": Measure(answered),
            "mismatch-count": Measure(mismatched),
        },
        complete=True,
    )


def _explain(operation: Operation) -> Witness:
    sent, came = operation.input, operation.output
    types = (
        f" ({kind_of(sent)} became {kind_of(came)})"
        if type(sent) is not type(came)
        else ""
    )
    return Witness(
        sentence=f"{cite(operation)} sent {shown(sent)} and got back "
        f"{shown(came)}{types}.",
        operations=(operation.index,),
        data={
            "sent": shown(sent),
            "returned": shown(came),
            "node": operation.node,
            "process": operation.process,
        },
    )
