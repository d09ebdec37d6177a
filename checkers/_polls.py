"""Which operations are a workload's, and which only watched the nodes recover.

During recovery the runner reads every node again and again until all have converged.
These polls are operations like any other to a check of values; but they are not what
was asked for, so that counts, rates and messages per operation leave them out, as if
nobody had looked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable

    from histories import Operation, Outcome


def poll_test(outcome: Outcome | None) -> Callable[[Operation], bool]:
    """Return a function that tells whether an operation is a poll.

    Without an outcome that says when recovery began, nothing is.
    """
    begin = None if outcome is None else outcome.phases.get("recovery")

    def is_poll(operation: Operation) -> bool:
        return (
            begin is not None and operation.start_time >= begin and not operation.final
        )

    return is_poll
