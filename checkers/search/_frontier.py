"""Sequential consistency and relaxed real time, for any automaton: along chains.

As in `_table_search`, whose rules 2 to 4, 7 and 8 hold here too, with these differences:

1.  A configuration is how much of each chain is in the order, which open operations
    are, and the state. An operation is *due* if it is the next one of its chain, or
    open and after what is done of one, and all that returned before its opening is in
    the order.
2.  Pure operations that are due and legal are put in the order at once; in any order,
    they can be moved to the front of what is to come.
3.  Of two operations of one class that are due, X and Y, Y is not tried if X returns
    earlier, and what follows Y in its process has to come after X's return anyway:
    an order with Y here and X later is as good with both exchanged. Of open ones,
    which have nothing to follow, the first by number is tried. Under program order
    alone, that is all there is of this rule: what else follows Y can come before X.
4.  What is due is tried by return, as if real time mattered: real systems seldom
    reorder by more than they have to. Open operations are last, by number. But what
    makes an operation legal that is due and returns earlier inherits that return, the
    earliest of them, as a task inherits the priority of who waits for it.
5.  *Idle writes*, of registers. See `_sources`.
7.  A configuration is turned back from if one with the same state and the same number
    of acting operations of each chain was there, with as many pure ones of each chain
    or more, and no open ones but those of this one.

8.  *Lookahead.* See `_lookahead`, and of registers `_sources`.

`openings` tells all orders apart, so there is one search; in real time the others are
faster, as they have bits for those in flight only.

Exploration order. Before a node, chain by chain, the pure operations are put in the
order as long as they are due and legal, and then one write if it is idle; and again,
until nothing changes. A node is what remains if an operation that returned is missing.
The deepest prefix is that of the first node with the most operations that returned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._agenda import BreadthFirst, DepthFirst
from ._antichain import Antichain
from ._chains import NOBODY, Chains
from ._frontier_replay import replay
from ._lookahead import ChainLookahead, looks_ahead
from ._problem import OPEN
from ._replay import answer
from ._sources import Sources
from ._table_search import Rows


if TYPE_CHECKING:
    from ._agenda import Agenda
    from ._order import Order
    from ._problem import Problem
    from ._replay import Path
    from ._table_search import Steps


PURE_A_TURN = 1 << 14
"""Pure operations that may follow each other without a pause."""


def frontier_search(  # noqa: PLR0915 # one hot loop
    problem: Problem,
    order: Order,
    *,
    slack: int | None = None,
    breadth_first: bool = False,
) -> Steps:
    """Search for a witness that keeps an order; a generator, see `Steps`.

    With slack, the order is stricter, see `narrowed`: a yes is one all the same, and is
    found sooner if there is one; a no says nothing.

    At most one node for each way to cut all chains, each set of open operations and
    each state. In one piece because a call in Python costs as much as a node's share
    of it.
    """
    it = Chains(problem, order, slack=slack)
    classes, pure, ends = problem.classes, problem.automaton.pure, problem.returns
    chains, opening, follower = it.chains, it.opening, it.follower
    chain_of, place, by_return = it.chain_of, it.place, it.by_return
    units, bits, runs, opens = it.units, it.bits, it.runs, it.opens
    everyone = range(len(chains))
    total = len(by_return) - 1
    rows = Rows(problem.automaton)
    lookahead = ChainLookahead(it) if looks_ahead(problem.automaton) else None
    is_registers = problem.register is not None or problem.registers is not None
    sources = Sources(it) if is_registers else None
    seen = Antichain()
    remember = seen.add
    agenda: Agenda[
        tuple[int, int, int, int], tuple[list[int], int, int, int, int, int, int, Path]
    ] = BreadthFirst(seen) if breadth_first else DepthFirst()
    fronts = [0] * len(chains)
    nodes = count = rank = steps = acted = had = used = state = now = 0
    row = rows[state]
    path: Path = None
    deepest, deepest_path = -1, path
    horizon = PURE_A_TURN
    pause = yield nodes, seen.entries
    while True:
        # Rule 2.
        changed = True
        while changed:
            changed = False
            first = by_return[rank]
            while first != NOBODY and fronts[chain_of[first]] > place[first]:
                rank += 1
                first = by_return[rank]
            now = ends[first] if first != NOBODY else OPEN
            if count >= horizon:
                horizon = count + PURE_A_TURN
                pause = yield nodes, seen.entries
                if nodes >= pause:
                    best = path if count > deepest else deepest_path
                    return answer("unknown", replay(it, sources, best), nodes)
            for chain in everyone:
                i = chains[chain][fronts[chain]]
                while (
                    i != NOBODY
                    and pure[classes[i]]
                    and opening[i] <= now
                    and row[classes[i]] >= 0
                ):
                    fronts[chain] += 1
                    had |= bits[i]
                    count += 1
                    changed = True
                    i = chains[chain][fronts[chain]]
                if (
                    sources is not None
                    and i != NOBODY
                    and opening[i] <= now
                    and sources.is_idle(classes[i], state, fronts, used)
                ):
                    # Rule 5.
                    state = row[classes[i]]
                    row = rows[state]
                    fronts[chain] += 1
                    acted += units[chain]
                    had &= ~runs[chain]
                    steps += 1
                    count += 1
                    changed = True
        if count == total:
            return answer("yes", replay(it, sources, path), nodes)
        if nodes >= pause:
            pause = yield nodes, seen.entries
            if nodes >= pause:
                return answer("unknown", replay(it, sources, deepest_path), nodes)
        nodes += 1
        if count > deepest:
            deepest, deepest_path = count, path
        # Rule 7.
        entry = None
        if lookahead is None or not lookahead.is_hopeless(fronts, state):
            entry = remember(steps, (acted, state), had, used)
        if entry is not None:
            # Rules 3, 4 and 8.
            due = []
            blocked = []
            for chain in everyone:
                i = chains[chain][fronts[chain]]
                if i == NOBODY or opening[i] > now:
                    continue
                following = row[classes[i]]
                if following < 0:
                    blocked.append((ends[i], classes[i]))
                    continue
                if sources is not None:
                    fronts[chain] += 1
                    is_last = sources.takes_away(classes[i], state, fronts, used)
                    fronts[chain] -= 1
                    if is_last:
                        continue
                due.append((ends[i], i, 0, following))
            due.sort()
            tried: dict[int, int] = {}
            todo = []
            for one in due:
                end, i, _, _ = one
                if tried.setdefault(classes[i], end) >= min(end, follower[i]):
                    todo.append(one)
            for cls, members in opens.items():
                following = row[cls]
                if following < 0 or following == state or cls in tried:
                    continue
                for i, bit, begin, chain, done in members:
                    if begin > now:
                        break
                    if not used & bit and fronts[chain] >= done:
                        if sources is None or not sources.takes_away(
                            cls, state, fronts, used | bit
                        ):
                            todo.append((OPEN, i, bit, following))
                        break
            if blocked and len(todo) > 1:
                blocked.sort()
                todo = [(_inherited(rows, blocked, *one), *one[1:]) for one in todo]
            todo.sort(reverse=True)
            if todo:
                frame = (fronts, count, rank, steps, acted, had, used, path)
                agenda.push(steps, entry, todo, frame)
        taken = agenda.take()
        if taken is None:
            return answer("no", replay(it, sources, deepest_path), nodes)
        (_, i, bit, state), (fronts, count, rank, steps, acted, had, used, path) = taken
        fronts = fronts.copy()
        row = rows[state]
        path = (i, path)
        if bit:
            used |= bit
        else:
            chain = chain_of[i]
            fronts[chain] += 1
            count += 1
            steps += 1
            acted += units[chain]
            had &= ~runs[chain]


def _inherited(
    rows: Rows,
    blocked: list[tuple[int, int]],
    end: int,
    i: int,  # noqa: ARG001 # a choice has one
    bit: int,  # noqa: ARG001 # and the other
    following: int,
) -> int:
    """Return by when a choice is due, if not for its own sake; see rule 4."""
    row = rows[following]
    for earlier, cls in blocked:
        if earlier >= end:
            break
        if row[cls] >= 0:
            return earlier
    return end
