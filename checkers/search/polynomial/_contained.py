"""The tests of containers by the kernel: the same answers, sooner.

It is given the columns of the classes as they are, and finds the elements itself.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from checkers import kernel
from checkers.models import Container, shown

from ._answers import no, yes


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from checkers.models import Frozen
    from checkers.search._order import Answer, Order
    from checkers.search._problem import Problem


OF_ONE_VALUE = {"never-inserted", "removed-twice", "removed-before-inserted"}


def in_kernel(
    problem: Problem,
    order: Order,
    method: str,
    ranks: Callable[[Sequence[Frozen]], array[int]] | None = None,
) -> Answer | None:
    """Return what the kernel says of a container; None if it is unfit.

    Args:
        problem: A problem of a container.
        order: Real time.
        method: The name of the test.
        ranks: Returns the ranks of values, if they have any.
    """
    model, table = problem.automaton.model, problem.table
    if table is None or not isinstance(model, Container):
        return None
    values, first = table.values, array("I")
    if model.initial:
        number = {value: i for i, value in enumerate(values)}
        first.extend(number.setdefault(value, len(number)) for value in model.initial)
        values = list(number)
    inserts = bytes(f == model.inserting for f in table.functions)
    verdict = kernel.decide_by(
        method,
        problem,
        order,
        kernel.Roles(
            roles=table.f.translate(inserts.ljust(256)),
            marks=table.mark,
            a=table.input,
            b=table.output,
            first=first,
            ranks=ranks(values) if ranks else array("I"),
            values=len(values),
            nothing=values.index(None) if None in values else None,
        ),
    )
    if verdict is None or verdict.outcome == "unfit":
        return None
    if verdict.outcome == "yes":
        return yes(method, verdict.operations)
    texts = [shown(values[fact]) for fact in verdict.facts]
    operations = verdict.operations
    if verdict.violation in OF_ONE_VALUE:
        return no(method, verdict.violation, operations, value=texts[0])
    return no(method, verdict.violation, operations, values=texts)
