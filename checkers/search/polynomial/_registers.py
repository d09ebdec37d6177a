"""Sequential consistency of several registers whose values are unique.

Source: Gibbons and Korach, Testing Shared Memories, SIAM J. Comput. 26(4), 1997: the
question is NP-complete for any number of processes, even with known writes. For a fixed
number it is polynomial, which is what the search is. See `_reads_from`, `_saturation`,
`_threads`.

Sequential consistency of every key says nothing of all keys together, so the problem is
a joint one. First the search is tried for a while, as it answers at once where clients
are not far behind. If it has not, rules say what must come before what; this finds
nearly every history that is not sequentially consistent, and tells why. Then the search
is tried again, with what the rules have found, until the budget is spent.

Failed cas operations are left out at first, so a no is final, and a yes needs a place
for each in the witness.

Answers None for an order other than program order; where there are no registers; where
a value that was seen was written twice, or is an initial one and was written; and where
failed cas operations find no place.

Violations, with their operations:

* `never-written`: those that saw the value;
* `circle`: see `Saturation.circle`;
* `no-interleaving`: what would come next in each thread behind the longest order that
  was found, which is the `prefix` of the answer. All were tried.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from checkers import kernel
from checkers._verdict import Reason
from checkers.search._order import Answer, Budget
from checkers.search._problem import KIND_CAS

from ._answers import no, yes
from ._insertion import insert
from ._reads_from import reads_from
from ._saturation import Saturation
from ._threads import ThreadSearch, following
from ._writers import registers_of


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers.kernel._threads import Interleaving
    from checkers.search._order import Order
    from checkers.search._problem import Problem

    from ._reads_from import ReadsFrom


METHOD = "registers"

EASY = 4
"""Configurations an operation that the first search may visit."""


def test(problem: Problem, order: Order, budget: Budget | None) -> Answer | None:
    """Return whether registers with unique values are sequentially consistent."""
    if order.kind != "program":
        return None
    graph = reads_from(problem, METHOD)
    if graph is None or isinstance(graph, Answer):
        return graph
    budget = budget or Budget()
    found_in_kernel = kernel.interleave_registers(graph, budget)
    if found_in_kernel:
        return _told(problem, order, graph, found_in_kernel)
    behind = {i: [other] for i, other in graph.behind.items()}
    search = ThreadSearch(graph, behind)
    limit = min(budget.nodes, budget.entries)
    found = search.run(min(limit, EASY * len(problem)), budget.is_over)
    nodes = len(search.visited)
    if not found:
        saturation = Saturation(graph)
        consistent = saturation.run(budget.is_over)
        if consistent is False:
            return no(
                METHOD,
                "circle",
                prefix=search.deepest,
                nodes=nodes,
                **saturation.circle(),
            )
        if consistent and found is None:
            search = ThreadSearch(graph, saturation.before())
            limit = min(budget.nodes - nodes, budget.entries)
            found = search.run(limit, budget.is_over)
            nodes += len(search.visited)
    if found:
        return _witness(problem, order, graph, search.order, nodes)
    if found is False:
        blocked = following(graph, search.deepest)
        return no(
            METHOD, "no-interleaving", blocked, prefix=search.deepest, nodes=nodes
        )
    too_many = len(search.visited) >= budget.entries
    return Answer(
        outcome="unknown",
        prefix=array("I", search.deepest),
        nodes=nodes,
        reason=Reason.MEMORY if too_many else Reason.TIMEOUT,
        method=METHOD,
    )


def _told(
    problem: Problem, order: Order, graph: ReadsFrom, found: Interleaving
) -> Answer | None:
    """Return the answer to what the kernel has found."""
    if found.finding == "yes":
        return _witness(problem, order, graph, list(found.order), found.nodes)
    if found.finding == "circle":
        saturation = Saturation(graph)
        saturation.told(found.derived)
        facts: dict[str, Any] = saturation.circle()
        return no(METHOD, "circle", prefix=found.order, nodes=found.nodes, **facts)
    if found.finding == "tried":
        blocked = following(graph, found.order)
        return no(
            METHOD, "no-interleaving", blocked, prefix=found.order, nodes=found.nodes
        )
    return Answer(
        outcome="unknown",
        prefix=found.order,
        nodes=found.nodes,
        reason=found.reason,
        method=METHOD,
    )


def _witness(
    problem: Problem, order: Order, graph: ReadsFrom, line: list[int], nodes: int
) -> Answer | None:
    """Return the yes of an order, the failed cas operations put in if that is possible."""
    if graph.failed:
        place = _other_values(problem, graph, line)
        merged = insert(problem, order, line, graph.failed, place)
        if merged is None:
            return None
        line = merged
    return yes(METHOD, line, nodes=nodes)


def _other_values(
    problem: Problem, graph: ReadsFrom, base: list[int]
) -> Callable[[int, int], int]:
    """Return what finds, for a failed cas, the next gap where the value is another."""
    registers = registers_of(problem)
    assert registers is not None, "threads are those of registers"
    # By key: the gaps from which on a value is there, and the value.
    since: list[list[int]] = [[0] for _ in registers.first]
    values = [[value] for value in registers.first]
    for position, i in enumerate(base):
        if graph.writes[i]:
            cls = problem.classes[i]
            swaps = registers.kind[cls] == KIND_CAS
            since[graph.key[i]].append(position + 1)
            values[graph.key[i]].append(
                registers.sets[cls] if swaps else registers.sees[cls]
            )

    def place(i: int, gap: int) -> int:
        key, expected = graph.key[i], registers.sees[problem.classes[i]]
        at = bisect_right(since[key], gap) - 1
        while values[key][at] == expected:
            at += 1
            if at == len(values[key]):
                return len(base) + 1
            gap = since[key][at]
        return gap

    return place
