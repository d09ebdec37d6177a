"""Linearizability of one register, read, written, and compared and set.

A register forgets: after a write it does not matter what was there before. Most
orders of writes are therefore the same to everyone, and this search, unlike
`_table_search`, does not tell them apart. It has its rules 1, 3, 4 and 7; rule 2 is
the same, but there is more that is done at once; and two rules are its own.

5.  *Lazy writes.* A write in flight is only tried, that is put next in the order,

    a.  if it is its return that comes next; or
    b.  if someone in flight wants its value: a read of it, a cas from it, an open cas
        from it to a value that is wanted in turn; or if the state is what a failed
        cas in flight must not have found, so that any other value is wanted; or
    c.  if there is any cas, it would write what is there already, and another write
        in flight, that must return, is not hidden yet.

    A write is *hidden* once another was tried while it was in flight, or the state
    was its own value: it could have come immediately before, and nobody would know.
    When its return comes next, a hidden write can be *discharged*: it is counted as
    done, then, and the state stays. Both are tried, first to discharge it, then to
    write. An open write or cas is only tried if (b) or (c) holds: nobody else misses
    it. Why (c): a cas ends the time in which others can be hidden just as a write
    does, but hides nothing itself, so they must be hidden before.
6.  *Quotient.* `need` says until which event a value can be seen: by the last return
    of a read of it, a cas from it or a failed cas of it; or of those that see what an
    open cas from it would make of it. From then on all such values are one state,
    `LOST`. A write of a lost value in `LOST` is done at once; if there is a failed
    cas to come, it is hidden only, because that may want it some other time.
7.  *Dominance*, in this form: a configuration is also turned back from if another one
    was there at the same event and state, with the same cas done, in which every read
    that is done here is done, every write that is done or hidden here is done or
    hidden, and every write or open operation that is done is done here. It had less to
    do, and more to do it with; hidden is better than done, and done than neither.

    A *thrifty* search counts how many open operations are done, and does not ask
    which: fewer are better. So it may turn back from the only way to a witness, and
    its no is none, but it has seldom more than one configuration where others have
    one for each set of open operations. What it finds is a witness by the rules above.

8.  *Lookahead.* There is no choice at a node where a value that a read or a cas in
    flight wants is not the state, and nothing can make it any more: no write or cas
    in flight, no open one, and none that is called before the first return of those.

The rules are those of the research prototype that was compared with plain search on
two million random histories; so is this one, see the tests. Rules 1 to 4 hold
for any type; 5 and the hidden part of 7 rest on writes that are blind.

Exploration order. After a choice: the reads and failed cas in flight that are legal
are done, and the writes of the new value in flight hidden (all, after a write). Then
the events that follow: a return of what is done passes; a call of a read or failed
cas that is legal is done, a call of a write of the state hides it. At the first
return of what is not done, or at the end, a state that nobody can see any more becomes
`LOST`. If it is, what rule 6 says is done in flight, and if anything was, all
other writes in flight are hidden and events pass again. What remains is a node.
Candidates by (a) to (c) are ordered by return, open ones after, by number; of one
class the first that is a candidate remains. Before all is to discharge the one whose
return it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._agenda import BreadthFirst, DepthFirst
from ._antichain import Antichain
from ._problem import KIND_FAILED_CAS, KIND_READ, KIND_WRITE
from ._register_replay import replay
from ._register_rules import DISCHARGE, LOST, Register
from ._replay import answer
from ._table_search import EVENTS_A_TURN
from ._window import Window, open_classes


if TYPE_CHECKING:
    from ._agenda import Agenda
    from ._problem import Problem
    from ._register_rules import Choice
    from ._replay import Path
    from ._table_search import Steps


def register_search(  # noqa: PLR0915 # one hot loop
    problem: Problem, *, breadth_first: bool = False, thrifty: bool = False
) -> Steps:
    """Search for a witness in real time on one register; a generator, see `Steps`.

    If it is thrifty, a no is none: of configurations that differ in which open
    operations they have used, only those are gone on with that have used fewest.

    In one piece because a call in Python costs as much as a node's share of it.
    """
    view = problem.register
    assert view is not None, "the problem is about one register"
    register = Register(problem, view)
    kind, a, b, need = register.kind, register.a, register.b, register.need
    checked = register.checked
    classes = problem.classes
    window = Window(problem, register.group, 3)
    end, look, in_flight = window.end, window.look, window.in_flight
    numbers, returning, calling = window.numbers, window.returning, window.calling
    register.know_open(open_classes(problem, window.width))
    open_bits = ~((1 << window.width) - 1)
    seen = Antichain()
    remember = seen.add
    agenda: Agenda[Choice, tuple[int, int, int, int, Path]] = (
        BreadthFirst(seen) if breadth_first else DepthFirst()
    )
    nodes = event = done = hidden = state = 0
    path: Path = None
    deepest, deepest_path = -1, path
    pause = yield nodes, seen.entries
    horizon = min(end, EVENTS_A_TURN)
    while True:
        while event < horizon:
            bit = returning[event]
            if bit:
                if not done & bit:
                    break
                done ^= bit
            else:
                bit = calling[event]
                if bit:
                    cls = classes[numbers[event]]
                    what = kind[cls]
                    if what == KIND_FAILED_CAS:
                        if a[cls] != state:
                            done |= bit
                    elif a[cls] == state:
                        if what == KIND_READ:
                            done |= bit
                        elif what == KIND_WRITE:
                            hidden |= bit
            event += 1
        else:
            if event == end:
                return answer("yes", replay(window, register, path), nodes)
            horizon = min(end, event + EVENTS_A_TURN)
            pause = yield nodes, seen.entries
            if nodes >= pause:
                best = path if event > deepest else deepest_path
                return answer("unknown", replay(window, register, best), nodes)
            continue
        flight = in_flight[event] or look(event)
        (writes, _, checks), (write_bits, swap_bits, check_bits) = flight
        # Rule 6.
        if state != LOST and need[state] <= event:
            state = LOST
        if state == LOST and write_bits & ~done:
            lost = 0
            for _, _, bit, cls in writes:
                if need[a[cls]] <= event:
                    lost |= bit
            lost &= ~done
            if checked > event:
                hidden |= lost
            elif lost:
                done |= lost
                hidden = (hidden | write_bits) & ~done
                if returning[event] & done:
                    continue
        if nodes >= pause:
            pause = yield nodes, seen.entries
            if nodes >= pause:
                return answer("unknown", replay(window, register, deepest_path), nodes)
        nodes += 1
        if event > deepest:
            deepest, deepest_path = event, path
        # Rule 7: `had` is better if it is more, `spent` if it is less.
        had = (done | hidden) & (write_bits | check_bits)
        spent = done & (write_bits | open_bits)
        if thrifty:
            used = (done & open_bits).bit_count()
            spent = done & write_bits | ((1 << used) - 1) << window.width
        entry = remember(event, (state, done & swap_bits), had, spent)
        if entry is not None:
            # Rules 3, 4, 5 and 8.
            todo = register.choices(flight, event, state, done, hidden)
            if todo and returning[event] & hidden:
                todo.append((event, ~numbers[event], returning[event], DISCHARGE))
            if todo:
                frame = (event, state, done, hidden, path)
                agenda.push(event, entry, todo, frame)
        taken = agenda.take()
        if taken is None:
            return answer("no", replay(window, register, deepest_path), nodes)
        (_, number, bit, cls), (event, state, done, hidden, path) = taken
        done |= bit
        hidden &= ~bit
        path = (number, path)
        if cls == DISCHARGE:
            continue
        (writes, _, checks), (write_bits, _, check_bits) = in_flight[event] or look(
            event
        )
        if kind[cls] == KIND_WRITE:
            state = a[cls]
            hidden |= write_bits & ~done
        else:
            state = b[cls]
            if write_bits & ~done:
                for _, _, bit, cls in writes:
                    if not done & bit and a[cls] == state:
                        hidden |= bit
        if check_bits & ~done:
            for _, _, bit, cls in checks:
                if not done & bit and (a[cls] == state) is (kind[cls] == KIND_READ):
                    done |= bit
