"""Why no order explains a history: as data, and in a sentence or two."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from checkers._verdict import Anomaly
from checkers._wording import count_of, listed, seconds
from checkers.models import clipped, shown
from checkers.search import NEVER, OPEN

from ._dead_ends import dead_ends


if TYPE_CHECKING:
    from checkers.search import Order, Problem
    from histories import History

    from ._core import Core
    from ._dead_ends import DeadEnd


MOST_EXPLAINED = 40
"""Operations of which it is said where their orders end; more are rarely left."""

MOST_DEAD_ENDS = 8
"""Dead ends that are kept."""

MOST_LISTED = 8
"""Operations that a sentence lists."""

KEEPS = {
    "real-time": "real time",
    "program": "the order of each process",
    "relaxed": "real time, as far as it matters,",
}


def explain(history: History, core: Core, order: Order, *, name: str) -> Anomaly:
    """Return the violation that a core shows.

    Its data has, of the core: `operations`, what they did and when; `prefix`, the
    deepest order found and `state`, the state after it; `dead-ends`, the states where
    orders end, and what could come next there and cannot.

    Args:
        history: The history.
        core: A minimal part of it that no order explains.
        order: What orders have to keep.
        name: The name of the anomaly.
    """
    problem = core.problem
    describe_state = problem.automaton.describe_state
    ends = dead_ends(problem, order) if len(problem) <= MOST_EXPLAINED else []
    data: dict[str, Any] = {
        "key": None if problem.key is None else shown(problem.key),
        "keeps": order.kind,
        "operations-before": core.before,
        "operations-after": len(problem),
        "is-minimal": core.is_minimal,
        "method": core.answer.method,
        "operations": [
            _operation_data(history, problem, i)
            for i in range(min(len(problem), MOST_EXPLAINED))
        ],
        "prefix": [problem.operations[i] for i in core.answer.prefix][-MOST_EXPLAINED:],
        "state": describe_state(core.answer.state),
        "dead-ends": [_dead_end_data(problem, end) for end in ends[:MOST_DEAD_ENDS]],
    }
    return Anomaly(
        name=name,
        sentence=_sentence(history, core, order, ends),
        operations=tuple(problem.operations),
        data=data,
    )


def is_long_fork(problem: Problem) -> bool:
    """Return whether a core is two writes, and two readers of both in opposite orders.

    Nothing can be left out of a core, so that the numbers say it all.
    """
    pure = problem.automaton.pure
    reads = [i for i, cls in enumerate(problem.classes) if pure[cls]]
    writers = {problem.processes[i] for i in range(len(problem)) if i not in reads}
    readers = Counter(problem.processes[i] for i in reads)
    return (
        len(problem) == 6
        and list(readers.values()) == [2, 2]
        and len(writers) == 2
        and not writers & set(readers)
    )


def does(problem: Problem, i: int) -> str:
    """Return what an operation did, in a few words."""
    automaton, cls = problem.automaton, problem.classes[i]
    text = clipped(automaton.describe_class(cls))
    call = automaton.call(cls)
    # A result of null goes without saying for a write, but not for a read.
    says_nothing = call.input is None and call.output is None and call.known
    return f"{text} → null" if automaton.pure[cls] and says_nothing else text


def _operation_data(history: History, problem: Problem, i: int) -> dict[str, Any]:
    operation = history.operation(problem.operations[i])
    returned = problem.return_times[i]
    return {
        "operation": operation.index,
        "process": operation.process,
        "node": operation.node,
        "does": does(problem, i),
        "call-ns": problem.call_times[i],
        "return-ns": None if returned == NEVER else returned,
    }


def _dead_end_data(problem: Problem, end: DeadEnd) -> dict[str, Any]:
    return {
        "prefix": [problem.operations[i] for i in end.prefix],
        "state": problem.automaton.describe_state(end.state),
        "candidates": [
            {
                "operation": problem.operations[i],
                "does": does(problem, i),
                "why": problem.automaton.refusal(end.state, problem.classes[i]),
            }
            for i in end.candidates
        ],
    }


def _sentence(history: History, core: Core, order: Order, ends: list[DeadEnd]) -> str:
    problem = core.problem
    keeps = KEEPS[order.kind]
    count = len(problem)
    told = [_told(history, problem, i) for i in range(min(count, MOST_LISTED))]
    if count == 1:
        # Its causes could be left out only because all of them do not explain it.
        return (
            f"No order at all explains the {count_of(core.before, 'operation')}, "
            f"whatever real time and processes say. Already by itself, {told[0]} is "
            "impossible at the beginning."
        )
    if count > MOST_LISTED:
        told.append(f"and {count - MOST_LISTED} more")
    first = (
        f"No order that keeps {keeps} explains {count} operations: {'; '.join(told)}."
    )
    return f"{first} {_tell_end(history, problem, ends[0])}" if ends else first


def _told(history: History, problem: Problem, i: int) -> str:
    """Return what an operation did, and when."""
    operation = history.operation(problem.operations[i])
    where = "" if operation.node is None else f"{operation.node}, "
    start = seconds(operation.start_time)
    end = problem.returns[i]
    when = (
        f"from {start} on"
        if end == OPEN
        else f"{start} to {seconds(problem.return_times[i])}"
    )
    return (
        f"{_name(history, problem, i)} (“{does(problem, i)}”, {where}process "
        f"{operation.process}, {when})"
    )


def _tell_end(history: History, problem: Problem, end: DeadEnd) -> str:
    names = [_name(history, problem, i) for i in end.prefix]
    state = problem.automaton.describe_state(end.state)
    when = f"After {listed(names)}" if names else "At the beginning"
    stuck = [_name(history, problem, i) for i in end.candidates]
    what = (
        f"{stuck[0]} cannot come next"
        if len(stuck) == 1
        else f"none of {listed(stuck)} can come next"
    )
    return f"{when} the state is {state}, and {what}."


def _name(history: History, problem: Problem, i: int) -> str:
    operation = history.operation(problem.operations[i])
    return f"{operation.f} {operation.index}"
