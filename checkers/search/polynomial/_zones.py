"""Linearizability of a register whose values are unique: exact, in `n log n`.

Source: Gibbons and Korach, Testing Shared Memories, SIAM J. Comput. 26(4), 1997,
section 4.2 (a known reads-from map); the words *forward* and *backward zone* are those
of Golab, Li and Shah, Analyzing Consistency Properties for Fun and Profit, PODC 2011.
Chains of cas, open operations and the witness are as described here.

`_blocks` says what a block is. Inside, operations must not contradict their order: no
read returned before its write was called, and in a chain nothing returned before
something of an earlier cluster was called. Of the block as a whole, two events matter:
its first return `f` and its last call `s`. Block A must come before block B if A's `f`
is before B's `s`; the initial block, whose `f` counts as before everything, comes
before all. A history is linearizable if and only if no two blocks must each come
before the other. For if blocks must go round in a longer circle, take its A with the
earliest `f`: it must come before every block whose `s` is after that, which is every
block of the circle, as each has an `s` after some `f`; so also before the one that must
come before A.

The *zone* of a block lies between `f` and `s`, and is forward if `f` comes first. That
no two blocks contradict means: forward zones are disjoint, and no backward zone lies
inside a forward one. With the latest `s` of all blocks whose `f` is before an event
known for each event, that takes one look for each block.

Witness: blocks by the latest of their own `s` and of the `s` of all blocks that must
come before. Forward zones are then in their order, and a backward zone is behind the
forward ones that begin before its `s`; it ends behind them too, or they contradicted.

Failed cas operations are left out at first, so a no is final, and a yes needs a place
for each in the witness; there may be none though another witness has one.

Answers None for an order other than real time; where there is no register; where a
value that was seen was written twice, or is the initial one and was written; and where
failed cas operations find no place.

Violations, with their operations:

* `never-written`: those that saw the value;
* `taken-twice`: two cas operations from the same value, and what wrote it;
* `circle-of-cas`: cas operations that need each other's values;
* `read-before-write`: the read, and the write that was called after it returned;
* `chain-against-time`: what returned, and what was called later though its value, by
  the chain of cas operations between, was the earlier one;
* `zones-overlap`: `first return`, `last call` of the one block, then of the other;
  each block had to come before the other. -1 stands for the start of the history.

Behind those of the last three come the writes and cas operations of the same blocks, and
reads of each, so that all of them together are a history with the same violation.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from checkers.models import shown
from checkers.search._order import Answer
from checkers.search._problem import KIND_CAS

from ._answers import no
from ._blocks import divide
from ._witness import witness
from ._writers import NOBODY


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.search._order import Order
    from checkers.search._problem import Problem

    from ._blocks import Blocks


METHOD = "zones"


def test(problem: Problem, order: Order) -> Answer | None:
    """Return whether a register with unique values is linearizable; see the module."""
    if problem.register is None or order.kind != "real-time":
        return None
    blocks = divide(problem, METHOD)
    if blocks is None or isinstance(blocks, Answer):
        return blocks
    wrong = inside(problem, blocks, problem.calls, METHOD)
    if wrong:
        return wrong
    line = _line(problem, blocks)
    if isinstance(line, Answer):
        return line
    return witness(problem, order, blocks, line, METHOD)


def inside(
    problem: Problem, blocks: Blocks, opening: Sequence[int], method: str
) -> Answer | None:
    """Return a no if operations of one block contradict its order in time.

    Args:
        problem: The problem.
        blocks: Its blocks.
        opening: By operation: the event before which all returns come before it.
        method: The name of the test.
    """
    returns = problem.returns
    for name, first in enumerate(blocks.first_return):
        is_read = name not in {first, blocks.initial} and first != NOBODY
        if is_read and returns[first] < opening[name]:
            return no(method, "read-before-write", blocks.with_writes((first, name)))
    for chain in blocks.chains.values():
        latest = NOBODY
        for name in chain:
            first, last = blocks.first_return[name], blocks.last_call[name]
            if NOBODY not in {first, latest} and returns[first] < opening[latest]:
                both = blocks.with_writes((first, latest))
                return no(method, "chain-against-time", both)
            if latest == NOBODY or (last != NOBODY and opening[last] > opening[latest]):
                latest = last
    return None


def _line(problem: Problem, blocks: Blocks) -> list[int] | Answer:
    """Return the blocks in the order of a witness, or the two that contradict."""
    *names, initial = blocks.names()
    returned, called = [], []
    for block in names:
        first, last = extremes(problem, blocks, block)
        returned.append(problem.returns[first])
        called.append(problem.calls[last])
    # By event: the latest last call of the blocks that first returned before it. The
    # initial block counts as returned before everything.
    latest = [NOBODY] * (2 * len(problem) + 1)
    for f, s in zip(returned, called, strict=True):
        latest[f + 1] = s
    _, last = extremes(problem, blocks, initial)
    latest[0] = problem.calls[last] if last != NOBODY else NOBODY
    latest = list(accumulate(latest, max))
    size = initial + 1
    keys = []
    for block, f, s in zip(names, returned, called, strict=True):
        if latest[min(f, s)] > f:
            return _overlap(problem, blocks, block, latest[min(f, s)])
        # Numbers that sort as (latest, whether that is another's, block) would.
        last = latest[s]
        keys.append((2 * last + 1 if last > s else 2 * s) * size + block)
    keys.sort()
    return [initial, *(key % size for key in keys)]


def extremes(problem: Problem, blocks: Blocks, block: int) -> tuple[int, int]:
    """Return the operations of a block that first returned and were last called.

    The initial block may have none: -1 then.
    """
    first, last = blocks.first_return, blocks.last_call
    if block not in blocks.chains:
        return first[block], last[block]
    members = blocks.chains[block]
    returned = [first[name] for name in members if first[name] != NOBODY]
    earliest = min(returned, key=problem.returns.__getitem__, default=NOBODY)
    return earliest, max(last[name] for name in members)


def _overlap(problem: Problem, blocks: Blocks, block: int, called: int) -> Answer:
    """Return the no of two blocks: one, and the one with a given last call."""
    other = blocks.head[blocks.cluster[problem.calls.index(called)]]
    operations, values = [], []
    for name in (block, other):
        first, last = extremes(problem, blocks, name)
        operations += [NOBODY if name == blocks.initial else first, last]
        values.append([value_of(problem, blocks, c) for c in blocks.clusters(name)])
    operations = blocks.with_writes(operations)
    return no(METHOD, "zones-overlap", operations, values=values)


def value_of(problem: Problem, blocks: Blocks, cluster: int) -> str:
    """Return the value of a cluster as text."""
    view = problem.register
    assert view is not None, "blocks are those of a register"
    if cluster == blocks.initial:
        return shown(view.values[0])
    cls = problem.classes[cluster]
    number = view.b[cls] if view.kind[cls] == KIND_CAS else view.a[cls]
    return shown(view.values[number])
