"""Linearizability for any automaton: depth first, along the events.

The algorithm is that of Wing & Gong (Testing and Verifying Concurrent Objects, 1993),
made to remember by Lowe (Testing for Linearizability, 2017): choose an operation in
flight that is legal, put it next in the order, go on; remember configurations, and
turn back from one that was there before. What is different here is numbered as in
`checkers.search`:

1.  *Compact configurations.* A configuration is the first return whose operation is
    not in the order yet, the bits of those in flight that are, and the state; not a
    bit for each operation of the history. See `_window`.
2.  *Pure operations at once.* An operation that is legal now and changes the state
    in no state is put in the order as soon as it is legal, and never branched on:
    in any order that continues, it can be moved here, and nothing else notices.
3.  *Symmetry.* Of the operations of one class in flight, only the one with the
    earliest return is tried (open ones return last; among them, the earliest call).
    If an order has another one Y here and this X later, X and Y can change places:
    both have been called, and what follows Y's return follows X's as well.
4.  *Deadlines.* The operation whose return comes next is tried first, then the others
    by return. This is a heuristic, and the order of exploration that all engines
    share: what they answer is the same, to the operation.
7.  *Dominance.* A configuration is also turned back from if one was there before at
    the same event and state, and the same in what is not pure nor open, whose pure
    operations include all of its pure ones, and whose open ones are all among its
    open ones. It had less to do and more to do it with. (An order from the new one
    is one from the old one, without the pure ones that are in the order already.
    If the old one is still being explored: the shortest way from it is no longer
    than from the new one, so the search finds it without the new one.)
8.  *Lookahead.* See `_lookahead`: an operation that must come and cannot any more.

An open operation that would not change the state is never tried: nobody misses it.

Exploration order, to the letter, for another implementation to agree with. A *node*
is a configuration at a return whose operation is not in the order, after rule 2 has
been applied until nothing changes; they are counted when they are reached, before it
is known whether they are dominated. Candidates are the acting operations in flight
that return and are not in the order, by return, then the open ones called before, by
number; without those of a class that came before in this list, and those that are
illegal. The deepest prefix is that of the first node with the greatest event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._agenda import BreadthFirst, DepthFirst
from ._antichain import Antichain
from ._lookahead import EventLookahead, looks_ahead
from ._replay import answer, replay
from ._window import Window, open_classes


if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import TypeAlias

    from ._agenda import Agenda
    from ._order import Answer
    from ._problem import Automaton, Problem
    from ._replay import Path

    Steps: TypeAlias = Generator[tuple[int, int], int, Answer]
    """A search that can be paused. It yields the nodes visited and the configurations
    remembered so far, is sent the number of nodes that it may go to, and gives up if
    it has visited that many. The first yield is before the first node."""


EVENTS_A_TURN = 1 << 16
"""Events that may pass without a pause, where no node is visited."""


class Row(dict[int, int]):
    """The steps from one state by class, asked of the automaton once each."""

    __slots__ = ("_automaton", "_state")

    def __init__(self, automaton: Automaton, state: int) -> None:
        self._automaton = automaton
        self._state = state

    def __missing__(self, cls: int) -> int:
        following = self[cls] = self._automaton.step(self._state, cls)
        return following


class Rows(dict[int, Row]):
    """The rows of an automaton by state."""

    __slots__ = ("_automaton",)

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton

    def __missing__(self, state: int) -> Row:
        row = self[state] = Row(self._automaton, state)
        return row


ACTING, WATCHING = range(2)
"""Groups of operations in flight: those that are not pure, and those that are."""


def table_search(problem: Problem, *, breadth_first: bool = False) -> Steps:  # noqa: PLR0915 # one hot loop
    """Search for a witness in real time; a generator, see `Steps`.

    At most `n c 2^c` nodes, where `c` are in flight and each configuration has one
    state; usually about `n`. The loop is in one piece because a call in Python costs
    as much as a node's share of it.
    """
    classes, pure = problem.classes, problem.automaton.pure
    window = Window(problem, pure, 2)
    end, look, in_flight = window.end, window.look, window.in_flight
    numbers, returning, calling = window.numbers, window.returning, window.calling
    opens = open_classes(problem, window.width)
    returning_bits = (1 << window.width) - 1
    rows = Rows(problem.automaton)
    lookahead = EventLookahead(window) if looks_ahead(problem.automaton) else None
    seen = Antichain()
    remember = seen.add
    agenda: Agenda[tuple[int, int, int], tuple[int, int, Path]] = (
        BreadthFirst(seen) if breadth_first else DepthFirst()
    )
    nodes = event = done = state = 0
    row = rows[state]
    path: Path = None
    deepest, deepest_path = -1, path
    pause = yield nodes, seen.entries
    horizon = min(end, EVENTS_A_TURN)
    while True:
        # Rule 2 for what is called while the state stays; on to the next return.
        while event < horizon:
            bit = returning[event]
            if bit:
                if not done & bit:
                    break
                done ^= bit
            else:
                cls = classes[numbers[event]]
                if pure[cls] and row[cls] >= 0:
                    done |= calling[event]
            event += 1
        else:
            if event == end:
                return answer("yes", replay(window, path), nodes)
            horizon = min(end, event + EVENTS_A_TURN)
            pause = yield nodes, seen.entries
            if nodes >= pause:
                best = path if event > deepest else deepest_path
                return answer("unknown", replay(window, best), nodes)
            continue
        if nodes >= pause:
            pause = yield nodes, seen.entries
            if nodes >= pause:
                return answer("unknown", replay(window, deepest_path), nodes)
        nodes += 1
        if event > deepest:
            deepest, deepest_path = event, path
        (acting, _), (acting_bits, watching_bits) = in_flight[event] or look(event)
        # Rule 7: `had` is better if it is more, `spent` if it is less.
        had, spent = done & watching_bits, done & ~returning_bits
        entry = None
        if lookahead is None or not lookahead.is_hopeless(event, done, state):
            entry = remember(event, (state, done & acting_bits), had, spent)
        if entry is not None:
            # Rules 3 and 4.
            todo: list[tuple[int, int, int]] = []
            tried = set()
            for _, number, bit, cls in acting:
                if not done & bit and cls not in tried:
                    tried.add(cls)
                    following = row[cls]
                    if following >= 0:
                        todo.append((number, bit, following))
            if opens:
                late = []
                for cls, calls, members, shift, bits in opens:
                    if calls[0] > event:
                        break
                    following = row[cls]
                    if following < 0 or following == state or cls in tried:
                        continue
                    count = (done >> shift & bits).bit_length()
                    if count < len(calls) and calls[count] < event:
                        late.append((members[count], 1 << shift + count, following))
                late.sort()
                todo += late
            if todo:
                todo.reverse()
                agenda.push(event, entry, todo, (event, done, path))
        taken = agenda.take()
        if taken is None:
            return answer("no", replay(window, deepest_path), nodes)
        (number, bit, state), (event, done, path) = taken
        done |= bit
        path = (number, path)
        row = rows[state]
        # Rule 2 for what is in flight while the state changes.
        (_, watching), _ = in_flight[event] or look(event)
        for _, _, bit, cls in watching:
            if not done & bit and row[cls] >= 0:
                done |= bit
