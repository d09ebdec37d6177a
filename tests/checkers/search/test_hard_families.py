"""Families that a plain search drowns in, with the nodes that they may cost.

The bounds are a few times what is needed now. A rule that stops working breaks them.
"""

from __future__ import annotations

from itertools import permutations

import pytest

from checkers.search import PROGRAM, REAL_TIME, Budget, Order, Problem, search, verify
from checkers.search._table_search import table_search

from .drawn_problems import Table
from .test_searches import outcome
from .written_problems import Deed, register_problem


def in_sequence(
    opens: list[Deed], *then: Deed, start: int = 0
) -> list[tuple[int, int | None, Deed]]:
    """Return operations that never return, and behind their calls some that do."""
    first = start + len(opens)
    lines: list[tuple[int, int | None, Deed]] = [
        (start + i, None, deed) for i, deed in enumerate(opens)
    ]
    lines += [(first + 2 * i, first + 2 * i + 1, deed) for i, deed in enumerate(then)]
    return lines


def decide(problem: Problem, nodes: int, order: Order = REAL_TIME) -> str:
    """Return the outcome, which must not cost more nodes."""
    answer = search(problem, order, Budget(nodes=nodes))
    if answer.outcome == "yes":
        assert verify(problem, order, answer.order)
    return answer.outcome


@pytest.mark.parametrize("last", [30, 31])
def test_a_chain_of_open_cas(last: int) -> None:
    """Cas that never returned lead from value to value, whatever order they came in."""
    links: list[Deed] = [("cas", i, i + 1) for i in reversed(range(30))]
    problem = register_problem(*in_sequence(links, ("read", last)))
    assert decide(problem, 100) == ("yes" if last == 30 else "no")


def test_open_cas_between_all_values() -> None:
    """Only cas on the way to a wanted value are tried, and the fewest are best."""
    pairs: list[Deed] = [("cas", a, b) for a, b in permutations(range(6), 2)]
    reads: list[Deed] = [("read", i % 5) for i in range(8)]
    assert decide(register_problem(*in_sequence(pairs, *reads)), 30_000) == "yes"
    never = register_problem(*in_sequence(pairs, *reads[:3], ("read", 7)))
    assert decide(never, 60_000) == "no"


def test_identical_open_operations_are_one() -> None:
    """Of forty identical writes that never returned, it matters how many are used."""
    writes: list[Deed] = [("write", 1)] * 40
    rounds: list[Deed] = [("write", 2), ("read", 1)] * 20
    assert decide(register_problem(*in_sequence(writes, *rounds)), 1000) == "yes"
    too_many: list[Deed] = [("write", 2), ("read", 1)] * 41
    assert decide(register_problem(*in_sequence(writes, *too_many)), 10_000) == "no"


def test_open_writes_of_values_that_nobody_reads() -> None:
    """They are never tried."""
    writes: list[Deed] = [("write", i) for i in range(10, 60)]
    calm: list[Deed] = [("write", 1), ("read", 1), ("read", 2)]
    assert decide(register_problem(*in_sequence(writes, *calm)), 10) == "no"


@pytest.mark.parametrize("unblocked", [True, False])
def test_a_failed_cas_needs_another_value(unblocked: bool) -> None:  # noqa: FBT001 # a parameter
    """Any open write will do, and without one there is none."""
    opens: list[Deed] = [("write", 5)] if unblocked else []
    lines = in_sequence(opens, ("write", 1), ("failed-cas", 1))
    assert decide(register_problem(*lines), 20) == ("yes" if unblocked else "no")


@pytest.mark.parametrize("order", [REAL_TIME, PROGRAM], ids=lambda order: order.kind)
def test_concurrent_writes_of_one_value_each(order: Order) -> None:
    """Thirty writes and their reads at once: the writes wait for who wants them."""
    writes = [(i, 1000 + i, ("write", i + 1)) for i in range(30)]
    reads = [(100 + i, 2000 + i, ("read", i + 1)) for i in range(30)]
    assert decide(register_problem(*writes, *reads), 2000, order) == "yes"


def test_concurrent_writes_and_a_value_from_before() -> None:
    """Of thirty writes at once, none needs to be tried to know that all came before."""
    writes = [(i, 1000 + i, ("write", i + 1)) for i in range(30)]
    stale = register_problem(*writes, (2000, 2001, ("read", 0)))
    assert decide(stale, 100) == "no"


def test_increments_are_counted_and_not_told_apart() -> None:
    """Of forty concurrent increments of a counter, it matters how many are done."""
    top = 45
    rows = [[state + 1, *[-1] * top] for state in range(top - 1)] + [[-1] * (top + 1)]
    for state, row in enumerate(rows):
        row[1 + state] = state
    problem = register_problem(*[(i, 1000 + i, ("write", 0)) for i in range(40)])
    table = Table(rows)
    for end, expected in ((40, "yes"), (41, "no")):
        read = register_problem(
            *[(i, 1000 + i, ("write", 0)) for i in range(40)],
            (2000, 2001, ("read", end)),
        )
        read.classes[40] = 1 + end
        counter = type(problem)(
            key=None,
            operations=read.operations,
            calls=read.calls,
            returns=read.returns,
            call_times=read.call_times,
            return_times=read.return_times,
            processes=read.processes,
            classes=read.classes,
            automaton=table,
        )
        answer = outcome(table_search(counter))
        assert (answer.outcome, answer.nodes < 100) == (expected, True)
