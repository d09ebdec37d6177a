"""Views of any data type, searched for.

Where reads do not reveal what they saw, a view of a process can still be searched for:
an order of all updates and of the process's own operations that the data type allows,
where nobody else's results count (pipelined consistency of Perrin, Mostéfaoui & Jard,
Causal Consistency: Beyond Memory, PPoPP 2016, which is PRAM; causal consistency if it
keeps causes as well). An operation of another process that is known to have changed
nothing is no update; what never returned may be in a view or not.

The search goes depth first, in the order of the history, which real systems are close
to; what is the process's own and changes nothing is done at once. A configuration is
how far each process has come, and the state.

It is for data types whose updates are allowed in every state once their results do not
count: of a lock, nothing would be left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from checkers.models import Call, Container, MultiRegister, Mutex, OwnedMutex, Semaphore
from checkers.search import OPEN
from checkers.search._append_classes import AppendAutomaton


if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    from checkers.models import Frozen, Model
    from checkers.search import Problem


NODES = 20_000
"""Configurations that the search for one view may visit."""

MOST_OPERATIONS = 3_000
"""Operations of a history whose views are searched for."""

NOBODY = -1


class Failure(NamedTuple):
    """A process that has no view.

    Attributes:
        process: Its number in the problem.
        operations: Its operations up to the first one that no order explains.
    """

    process: int
    operations: Sequence[int]


class Views(NamedTuple):
    """Whether all processes have views.

    Attributes:
        holds: Whether they do; None if that took too long.
        failure: One that has none.
    """

    holds: bool | None
    failure: Failure | None = None


def can_be_searched(problem: Problem) -> bool:
    """Return whether there may be views of this data type, and a search for them."""
    model = problem.automaton.model
    return (
        len(problem) <= MOST_OPERATIONS
        and problem.registers is None
        and (problem.register is not None or problem.table is not None)
        and not isinstance(model, Mutex | OwnedMutex | Semaphore)
        and not isinstance(problem.automaton, AppendAutomaton)
        and not model.uses_process
    )


def search_views(
    problem: Problem,
    causes: Mapping[int, Sequence[int]],
    *,
    is_over: Callable[[], bool],
) -> Views:
    """Search for a view of each process.

    Args:
        problem: Operations on one object, of which `can_be_searched` is true.
        causes: By operation, what else has to come before it than what its process
            did; nothing for PRAM.
        is_over: Ends it before its time.
    """
    is_known = True
    for process in range(max(problem.processes, default=-1) + 1):
        holds, reached = _Search(problem, process, causes, is_over).run()
        if holds is False:
            return Views(False, Failure(process, reached))
        is_known = is_known and holds is not None
    return Views(True if is_known else None)


def causes_of(problem: Problem) -> dict[int, list[int]] | None:
    """Return what operations saw: what took an element out saw who put it in.

    None if that is not clear, or nothing like that is known of the data type.
    """
    model = problem.automaton.model
    if not isinstance(model, Container):
        return None
    call = problem.automaton.call
    putting: dict[Frozen, int] = dict.fromkeys(model.initial, NOBODY)
    for i, cls in enumerate(problem.classes):
        element = call(cls).input
        if call(cls).f == model.inserting:
            if element in putting:
                return None
            putting[element] = i
    found: dict[int, list[int]] = {}
    for i, cls in enumerate(problem.classes):
        if call(cls).f != model.inserting and call(cls).known:
            source = putting.get(call(cls).output, NOBODY)
            found[i] = [] if source == NOBODY else [source]
    return found


def _hidden(model: Model[Any], call: Call) -> Call | None:
    """Return an operation as others see it; None if it changes nothing."""
    if model.is_pure(call):
        return None
    if call.f == "cas":
        return Call("write", call.input[1])
    if isinstance(model, MultiRegister):
        return Call("txn", tuple(step for step in call.input if step[0] == "write"))
    return msgspec.structs.replace(call, output=None, known=False)


class _Search:
    """The search for the view of one process."""

    def __init__(
        self,
        problem: Problem,
        process: int,
        causes: Mapping[int, Sequence[int]],
        is_over: Callable[[], bool],
    ) -> None:
        self._problem = problem
        self._model = problem.automaton.model
        self._is_over = is_over
        self._calls: dict[int, Call] = {}
        # Chains: operations that follow each other. The first one is the process's own.
        self._chains: list[list[int]] = [[]]
        self._needs: dict[int, list[int]] = {}
        self._place: dict[int, tuple[int, int]] = {}
        self._read(process, causes)

    def run(self) -> tuple[bool | None, Sequence[int]]:
        """Return whether there is a view, and the own operations up to where it fails."""
        own = self._chains[0]
        if not own:
            return True, ()
        start = ((0,) * len(self._chains), self._model.initial)
        seen: set[Hashable] = {start}
        todo = [start]
        furthest = 0
        while todo:
            if len(seen) > NODES or (not len(seen) % 64 and self._is_over()):
                return None, ()
            places, state = self._do_what_is_free(*todo.pop())
            furthest = max(furthest, places[0])
            if places[0] == len(own):
                return True, ()
            for following in self._following(places, state):
                if following not in seen:
                    seen.add(following)
                    todo.append(following)
        return False, own[: furthest + 1]

    def _read(self, process: int, causes: Mapping[int, Sequence[int]]) -> None:
        """Divide what is in the view into chains."""
        problem = self._problem
        main: dict[int, int] = {process: 0}
        seen: dict[int, list[int]] = {}
        for i, (cls, owner, end) in enumerate(
            zip(problem.classes, problem.processes, problem.returns, strict=True)
        ):
            call = problem.automaton.call(cls)
            if owner != process:
                # What it saw comes before what it does next, whatever it is itself.
                known = [*seen.get(owner, ()), *causes.get(i, ())]
                hidden = _hidden(self._model, call)
                if hidden is None:
                    if end != OPEN:
                        seen[owner] = known
                    continue
                call, needs = hidden, known
                if end != OPEN:
                    seen[owner] = []
            else:
                needs = list(causes.get(i, ()))
            if end == OPEN:
                chain = len(self._chains)
                before = self._chains[main[owner]][-1:] if owner in main else []
                self._chains.append([])
                needs += before
            else:
                chain = main.setdefault(owner, len(self._chains))
                if chain == len(self._chains):
                    self._chains.append([])
            self._place[i] = chain, len(self._chains[chain])
            self._chains[chain].append(i)
            self._calls[i], self._needs[i] = call, needs

    def _do_what_is_free(
        self, places: tuple[int, ...], state: Hashable
    ) -> tuple[tuple[int, ...], Hashable]:
        """Do own operations that change nothing, as long as they are allowed."""
        own, at = self._chains[0], places[0]
        while at < len(own):
            call = self._calls[own[at]]
            is_free = self._model.is_pure(call) and self._is_due(own[at], places)
            if not is_free or self._model.step(state, call) is None:
                break
            at += 1
            places = (at, *places[1:])
        return places, state

    def _following(
        self, places: tuple[int, ...], state: Hashable
    ) -> Iterator[tuple[tuple[int, ...], Hashable]]:
        """Yield what comes next, the operation that was called first as the last one."""
        heads = [
            (chain[at], number)
            for number, (chain, at) in enumerate(zip(self._chains, places, strict=True))
            if at < len(chain)
        ]
        for i, number in sorted(heads, reverse=True):
            if self._is_due(i, places):
                after = self._model.step(state, self._calls[i])
                if after is not None:
                    moved = (
                        *places[:number],
                        places[number] + 1,
                        *places[number + 1 :],
                    )
                    yield moved, after

    def _is_due(self, i: int, places: tuple[int, ...]) -> bool:
        """Whether all has been done that has to come before an operation."""
        for other in self._needs[i]:
            place = self._place.get(other)
            if place is not None and places[place[0]] <= place[1]:
                return False
        return True
