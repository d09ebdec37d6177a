"""Budgets, and several problems in turns."""

from __future__ import annotations

from itertools import count, permutations

import pytest

from checkers import Reason
from checkers.search import PROGRAM, REAL_TIME, Budget, Order, Problem, search
from checkers.search._search import search_all
from checkers.search._verify import keeps_order

from .written_problems import Deed, register_problem


EASY_YES = register_problem((0, 1, ("write", 1)), (2, 3, ("read", 1)))
EASY_NO = register_problem((0, 1, ("write", 1)), (2, 3, ("read", 0)))


def crowd(*then: Deed) -> Problem:
    """Return a problem of concurrent cas between any two of six values, and more.

    An order of all of them is a way along every edge of a complete graph, of which
    there are very many, and nearly as many dead ends.
    """
    pairs = list(permutations(range(6), 2))
    deeds: list[tuple[int, int | None, Deed]] = [
        (i, 1000 + i, ("cas", a, b)) for i, (a, b) in enumerate(pairs)
    ]
    deeds += [(2000 + 2 * i, 2001 + 2 * i, deed) for i, deed in enumerate(then)]
    return register_problem(*deeds)


HARD = crowd(("read", 9))


def test_answers_of_problems_come_in_their_order() -> None:
    """One answer for each problem."""
    budget = Budget(nodes=120_000)
    answers = search_all([EASY_YES, HARD, EASY_YES], REAL_TIME, budget)
    assert [answer.outcome for answer in answers] == ["yes", "unknown", "yes"]
    assert sum(answer.nodes for answer in answers) == budget.nodes


def test_a_hard_problem_does_not_hide_a_violation() -> None:
    """Problems take turns, and the first no ends it."""
    answers = search_all([HARD, EASY_NO, EASY_YES], REAL_TIME, Budget(nodes=10**6))
    assert [answer.outcome for answer in answers] == ["unknown", "no", "unknown"]
    assert [answer.reason for answer in answers] == [None, None, None]
    assert answers[1].explanation["stuck"] == 1


@pytest.mark.parametrize("nodes", [0, 1, 100, 60_000])
def test_a_budget_of_nodes_is_exact(nodes: int) -> None:
    """Not one node more, and the answer says how far it came."""
    answer = search(HARD, REAL_TIME, Budget(nodes=nodes))
    assert answer.outcome == "unknown"
    assert answer.reason is Reason.TIMEOUT
    assert answer.nodes == nodes
    assert keeps_order(HARD, REAL_TIME, answer.prefix)


def test_a_deadline_ends_a_search() -> None:
    """The clock is looked at all along."""
    ticks = count()
    budget = Budget(deadline=5.0, clock=lambda: float(next(ticks)))
    answer = search(HARD, REAL_TIME, budget)
    assert (answer.outcome, answer.reason) == ("unknown", Reason.TIMEOUT)
    assert answer.nodes < 5000


def test_a_deadline_in_the_past_leaves_nothing() -> None:
    """Even what would be easy is unknown."""
    answer = search(EASY_NO, REAL_TIME, Budget(deadline=-1.0))
    assert (answer.outcome, answer.reason) == ("unknown", Reason.TIMEOUT)


@pytest.mark.parametrize("order", [REAL_TIME, PROGRAM], ids=lambda order: order.kind)
def test_a_search_can_be_cancelled(order: Order) -> None:
    """Whoever waits no longer is asked every few nodes."""
    asked = count()
    answer = search(HARD, order, Budget(cancelled=lambda: next(asked) > 3))
    assert (answer.outcome, answer.reason) == ("unknown", Reason.TIMEOUT)
    assert answer.nodes < 5000


def test_memory_is_bounded() -> None:
    """Both ways are given up, and the reason is another one."""
    answer = search(HARD, REAL_TIME, Budget(entries=1000))
    assert (answer.outcome, answer.reason) == ("unknown", Reason.MEMORY)
    assert answer.nodes < 10_000


def test_a_problem_out_of_memory_does_not_stop_others() -> None:
    """Only the greedy one is given up."""
    answers = search_all([HARD, EASY_YES], REAL_TIME, Budget(entries=1000))
    assert [answer.outcome for answer in answers] == ["unknown", "yes"]
    assert [answer.reason for answer in answers] == [Reason.MEMORY, None]


@pytest.mark.parametrize("last", [1, 60], ids=["out of order", "in order"])
def test_what_is_late_by_much_is_in_program_order(last: int) -> None:
    """That no stricter order has a witness says nothing."""
    writes = [(2 * i, 2 * i + 1, ("write", i + 1)) for i in range(60)]
    reads = [(120 + 2 * i, 121 + 2 * i, ("read", i + 1)) for i in range(60)]
    reads.append((240, 241, ("read", last)))
    problem = register_problem(*writes, *reads, processes=[0] * 60 + [1] * 61)
    answer = search(problem, PROGRAM)
    assert answer.outcome == ("yes" if last == 60 else "no")
    assert search(problem, REAL_TIME).outcome == "no"


def test_nothing_is_easy() -> None:
    """No operations are in order, and no problems have no answers."""
    empty = register_problem()
    assert search(empty, REAL_TIME).outcome == "yes"
    assert search(empty, PROGRAM).outcome == "yes"
    assert search_all([], REAL_TIME) == []


def test_a_pure_history_is_no_node() -> None:
    """Reads follow without a choice; the clock is looked at all the same."""
    reads = [(2 * i, 2 * i + 1, ("read", 0)) for i in range(100_000)]
    problem = register_problem(*reads)
    answer = search(problem, REAL_TIME)
    assert (answer.outcome, answer.nodes) == ("yes", 0)
    assert search(problem, PROGRAM).outcome == "yes"
    asked = count()
    answer = search(problem, REAL_TIME, Budget(cancelled=lambda: next(asked) > 1))
    assert answer.reason is Reason.TIMEOUT
    assert len(answer.prefix) > 1000
