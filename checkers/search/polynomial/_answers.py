"""The two answers that a test gives, in one form.

Operations are given by their numbers in the problem. `Answer.state` is the state
after the witness where the test knows it anyway, as tests of registers do, and 0
elsewhere: the witness tells it.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from checkers.search._order import Answer


if TYPE_CHECKING:
    from collections.abc import Iterable


def yes(
    method: str, witness: Iterable[int], state: int = 0, *, nodes: int = 0
) -> Answer:
    """Return a yes with its witness."""
    return Answer(
        outcome="yes",
        order=array("I", witness),
        state=state,
        nodes=nodes,
        method=method,
    )


def no(
    method: str,
    violation: str,
    operations: Iterable[int],
    *,
    prefix: Iterable[int] = (),
    nodes: int = 0,
    **facts: Any,
) -> Answer:
    """Return a no with what proves it.

    Args:
        method: The name of the test.
        violation: What is violated, in kebab-case.
        operations: The operations that show it, as the docstring of the test says.
        prefix: An order that nothing went beyond, where a search has found one.
        nodes: Configurations visited, where a search was made.
        facts: More that the docstring of the test names; underscores become hyphens.
    """
    explanation: dict[str, Any] = {
        "violation": violation,
        "operations": list(operations),
    }
    explanation.update((name.replace("_", "-"), fact) for name, fact in facts.items())
    return Answer(
        outcome="no",
        prefix=array("I", prefix),
        nodes=nodes,
        method=method,
        explanation=explanation,
    )
