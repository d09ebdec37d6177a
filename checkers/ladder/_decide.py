"""One door to all that decides problems: tests, then the kernel or the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from checkers import kernel
from checkers.models import shown
from checkers.search import OPEN, REAL_TIME, Answer, verify
from checkers.search._search import search_all
from checkers.search._verify import keeps_order
from checkers.search.polynomial import _growing_set as growing_set
from checkers.search.polynomial import decide as decide_in_python
from checkers.search.polynomial import overwritten
from checkers.search.polynomial._answers import no
from checkers.search.polynomial._overwritten import METHOD as OVERWRITTEN

from ._subproblem import restrict


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.search import Budget, Order, Problem


EASY_NODES = 250
"""Configurations to visit before stale reads are looked for: a hundred operations on a
register without a fault seldom take as many."""

MANY = 400
"""Operations that take more; then stale reads are looked for at once."""


def decide_all(
    problems: Sequence[Problem], order: Order, budget: Budget
) -> list[Answer]:
    """Return, for each problem, whether it has a witness that keeps an order.

    The first no ends it all, as in `checkers.search.search_all`.
    """
    if order == REAL_TIME:
        easy = _easy_nodes(problems)
        found = kernel.decide_registers(problems, budget, easy=easy)
        if found is not None:
            return [
                _explained(problem, order, answer) if answer.outcome == "no" else answer
                for problem, answer in zip(problems, found, strict=True)
            ]
    answers: list[Answer | None] = []
    for problem in problems:
        answer = _decide_fast(problem, order, budget)
        answers.append(answer)
        if answer is not None and answer.outcome == "no":
            left = Answer(outcome="unknown")
            missing = [left] * (len(problems) - len(answers))
            return [one or left for one in answers] + missing
    rest = [
        problem
        for problem, answer in zip(problems, answers, strict=True)
        if answer is None
    ]
    searched = iter(_search(rest, order, budget) if rest else ())
    return [answer or next(searched) for answer in answers]


def decide(problem: Problem, order: Order, budget: Budget) -> Answer:
    """Return whether a problem has a witness that keeps an order."""
    return decide_all([problem], order, budget)[0]


def search(problem: Problem, order: Order, budget: Budget) -> Answer:
    """Return what a search says, without any test.

    It is for problems that no history gives, such as with known results of operations
    that never returned: of what these may be, tests take advantage.
    """
    return _search_all([problem], order, budget)[0]


def is_witness(problem: Problem, order: Order, answer: Answer) -> bool:
    """Return whether the witness of a yes is one, by a replay.

    A set that grows is replayed in one copy.
    """
    if answer.method != growing_set.METHOD:
        return verify(problem, order, answer.order)
    left = set(range(len(problem))).difference(answer.order)
    return (
        len(left) + len(answer.order) == len(problem)
        and all(problem.returns[i] == OPEN for i in left)
        and keeps_order(problem, order, answer.order)
        and growing_set.explains(problem, answer.order)
    )


def _explained(problem: Problem, order: Order, answer: Answer) -> Answer:
    """Return the whole no, of one that the kernel has found without a search."""
    operations = answer.explanation.get("operations")
    if operations is None:
        return answer
    if answer.method == OVERWRITTEN:
        assert problem.register is not None, "there is a value to be overwritten"
        values, sees = problem.register.values, problem.register.a
        value = shown(values[sees[problem.classes[operations[0]]]])
        return no(OVERWRITTEN, OVERWRITTEN, operations, value=value)
    # What is enough for a no has an explanation of the whole, and has it sooner.
    part = restrict(problem, operations) if operations else problem
    explained = decide_in_python(part, order)
    if operations and (explained is None or explained.outcome != "no"):
        # Clocks went back, and a part of the history knows less of the time.
        operations, explained = [], decide_in_python(problem, order)
    assert explained is not None, "Python tests what the kernel tests"
    if not operations:
        return explained
    facts = explained.explanation
    named = [operations[i] if i >= 0 else i for i in facts["operations"]]
    return msgspec.structs.replace(explained, explanation=facts | {"operations": named})


def _decide_fast(problem: Problem, order: Order, budget: Budget) -> Answer | None:
    """Return an answer for which nothing is searched, or as little as can be.

    The kernel tests registers as Python does, but only Python explains a no.
    """
    if problem.register is not None and kernel.native() is not None:
        answer = kernel.decide_unique(problem, order)
        if answer is None or answer.outcome == "yes":
            return answer
        return _explained(problem, order, answer)
    return decide_in_python(problem, order, budget)


def _search(problems: Sequence[Problem], order: Order, budget: Budget) -> list[Answer]:
    """Search as much as what is easy takes; look for stale reads; search on.

    Where values are not unique, a stale read is what a search takes longest to refute,
    and a test finds it at once. The search goes first where it is faster.
    """
    registers = [
        problem for problem in problems if problem.register and order == REAL_TIME
    ]
    easy = _easy_nodes(problems)
    if not registers or budget.nodes <= easy:
        return _search_all(problems, order, budget)
    found = [Answer(outcome="unknown")] * len(problems)
    if easy:
        few = msgspec.structs.replace(budget, nodes=easy)
        found = _search_all(problems, order, few)
        outcomes = {answer.outcome for answer in found}
        if "no" in outcomes or "unknown" not in outcomes or budget.is_over():
            return found
    for number, (problem, answer) in enumerate(zip(problems, found, strict=True)):
        if answer.outcome == "unknown":
            stale = overwritten(problem, order)
            if stale:
                left = Answer(outcome="unknown")
                found = [left if one.outcome == "unknown" else one for one in found]
                found[number] = stale
                return found
    return _search_all(problems, order, budget)


def _easy_nodes(problems: Sequence[Problem]) -> int:
    return EASY_NODES if sum(map(len, problems)) <= MANY else 0


def _search_all(
    problems: Sequence[Problem], order: Order, budget: Budget
) -> list[Answer]:
    found = kernel.search_all(problems, order, budget)
    return search_all(problems, order, budget) if found is None else found
