"""Sequential consistency of one register whose values are unique: exact, `n log n`.

And linearizability for clients that are behind, by the same rules.

Source: Gibbons and Korach, Testing Shared Memories, SIAM J. Comput. 26(4), 1997,
section 3 (one location, a known reads-from map). Relaxed orders are treated here.

`_blocks` says what a block is. A legal order is an order of blocks, so what must
precede what becomes a graph of blocks, in which block A leads to block B if

* in a process, an operation of B follows one of A;
* an operation of A returned before the opening of one of B (see `openings`). That is
  so if A's first return is before B's last opening. The initial block counts as
  returned before everything.

Inside a block, no process may come to an earlier cluster from a later one, nor to the
write of a value after a read of it, and no opening may be behind the return of what
has to come later. If that is so, a legal order exists if and only if the graph has no
cycle; then every topological order is one. Edges of time are too many to be listed: a
block has none to it if its last opening is not behind the first return of any other
that is left. So a block is the next one if it waits for no process and that is true.

Failed cas operations are left out at first, as in `_zones`.

Answers None for real time, which `_zones` is for; where there is no register; where a
value that was seen is not unique; and where failed cas operations find no place.

Violations, with their operations:

* `never-written`, `taken-twice`, `circle-of-cas`, `read-before-write`,
  `chain-against-time`: as in `_zones`;
* `process-goes-back`: two operations of a process, of which the second had to come
  first, because it wrote what the first one saw or comes earlier in a chain of cas;
* `cycle`: the operations along it, as pairs of which the first had to come before the
  second; and by `reasons`, for each pair: `program-order` or `real-time`. The second
  operation of a pair and the first of the next are of one block. An operation -1
  stands for the initial value.

Behind these come writes, cas operations and reads as in `_zones`.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, TypeAlias

from checkers.search._order import Answer, openings
from checkers.search._problem import OPEN

from ._answers import no
from ._blocks import LEFT_OUT, divide
from ._cycles import short_cycle
from ._witness import witness
from ._writers import NOBODY
from ._zones import extremes, inside, value_of


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.search._order import Order
    from checkers.search._problem import Problem

    from ._blocks import Blocks

    Edges: TypeAlias = dict[tuple[int, int], tuple[int, int]]


METHOD = "clusters"


def test(problem: Problem, order: Order) -> Answer | None:
    """Return whether a register with unique values has a witness; see the module."""
    if problem.register is None or order.kind == "real-time":
        return None
    blocks = divide(problem, METHOD)
    if blocks is None or isinstance(blocks, Answer):
        return blocks
    opening = openings(problem, order)
    edges = _program(problem, blocks)
    if isinstance(edges, Answer):
        return edges
    wrong = inside(problem, blocks, opening, METHOD)
    if wrong:
        return wrong
    graph = _Graph(problem, blocks, opening, edges)
    if not graph.sort():
        return graph.cycle()
    return witness(problem, order, blocks, graph.line, METHOD)


def _program(problem: Problem, blocks: Blocks) -> Edges | Answer:
    """Return the edges of processes, with the two operations that make each one.

    It is a no if a process goes back inside a block.
    """
    edges: Edges = {}
    last_of: dict[int, int] = {}
    cluster, head, place = blocks.cluster, blocks.head, blocks.place
    for i, (name, process, end) in enumerate(
        zip(cluster, problem.processes, problem.returns, strict=True)
    ):
        if name == LEFT_OUT:
            continue
        last = last_of.get(process, NOBODY)
        if end != OPEN:
            last_of[process] = i
        if last == NOBODY:
            continue
        before, after = head[cluster[last]], head[name]
        if before != after:
            edges.setdefault((before, after), (last, i))
        elif place[cluster[last]] > place[name] or cluster[last] == name == i:
            return no(METHOD, "process-goes-back", blocks.with_writes((last, i)))
    return edges


class _Graph:
    """What must come before what.

    Attributes:
        line: Blocks in an order that keeps it, as far as `sort` has come.
    """

    def __init__(
        self, problem: Problem, blocks: Blocks, opening: Sequence[int], edges: Edges
    ) -> None:
        self._problem, self._blocks, self._edges = problem, blocks, edges
        self._names = blocks.names()
        self._returned: dict[int, int] = {}
        self._opened: dict[int, int] = {}
        for block in self._names:
            first, last = extremes(problem, blocks, block)
            self._returned[block] = problem.returns[first] if first >= 0 else -1
            self._opened[block] = opening[last] if last >= 0 else 0
        self._returned[blocks.initial] = -1
        self._by_return = sorted(self._names, key=self._returned.__getitem__)
        self._successors: dict[int, list[int]] = {}
        self._waits = dict.fromkeys(self._names, 0)
        for before, after in edges:
            self._successors.setdefault(before, []).append(after)
            self._waits[after] += 1
        self.line: list[int] = []

    def sort(self) -> bool:
        """Put all blocks in an order if there is one.

        Of those that may be next, it is the one whose write was called first: where
        the history has it, unless clients are far behind.
        """
        opened, returned, waits = self._opened, self._returned, self._waits
        by_opening = sorted(self._names, key=opened.__getitem__)
        placed: set[int] = set()
        free: set[int] = set()
        ready: list[int] = []
        passed = 0
        first_two = _FirstTwo(self._by_return, placed)
        while len(placed) < len(self._names):
            first, second = first_two.find()
            while passed < len(by_opening):
                block = by_opening[passed]
                if opened[block] > returned[first]:
                    break
                passed += 1
                if block not in free:
                    free.add(block)
                    if not waits[block]:
                        heappush(ready, block)
            # Its own return does not stand in its way.
            if first not in free and (
                second is None or opened[first] <= returned[second]
            ):
                free.add(first)
                if not waits[first]:
                    heappush(ready, first)
            if not ready:
                return False
            block = heappop(ready)
            placed.add(block)
            self.line.append(block)
            for following in self._successors.get(block, ()):
                waits[following] -= 1
                if not waits[following] and following in free:
                    heappush(ready, following)
        return True

    def cycle(self) -> Answer:
        """Return the no of a cycle among the blocks that `sort` could not place."""
        placed = set(self.line)
        left = [block for block in self._by_return if block not in placed]
        successors = {before: list(self._successors.get(before, ())) for before in left}
        # Each is stopped by one of the two that returned first, or by a process.
        for before in left[:2]:
            successors[before] += [
                after
                for after in left
                if after != before and self._returned[before] < self._opened[after]
            ]
        names = short_cycle(left, successors)
        pairs: list[int] = []
        reasons: list[str] = []
        for before, after in zip(names, names[1:] + names[:1], strict=True):
            program = self._edges.get((before, after))
            pairs += program or self._in_time(before, after)
            reasons.append("program-order" if program else "real-time")
        problem, blocks = self._problem, self._blocks
        values = [
            value_of(
                problem, blocks, blocks.cluster[i] if i != NOBODY else blocks.initial
            )
            for i in pairs[::2]
        ]
        operations = blocks.with_writes(pairs)
        return no(METHOD, "cycle", operations, reasons=reasons, values=values)

    def _in_time(self, before: int, after: int) -> tuple[int, int]:
        """Return what returned first of the one block and opened last of the other."""
        problem, blocks = self._problem, self._blocks
        first, _ = extremes(problem, blocks, before)
        _, last = extremes(problem, blocks, after)
        return (first if before != blocks.initial else NOBODY), last


class _FirstTwo:
    """The first two elements of a line that are not in a set, while that grows."""

    def __init__(self, line: list[int], gone: set[int]) -> None:
        self._line, self._gone = line, gone
        self._first = 0
        self._second = 1

    def find(self) -> tuple[int, int | None]:
        """Return both; there is a first one."""
        line, gone = self._line, self._gone
        while line[self._first] in gone:
            self._first += 1
        self._second = max(self._second, self._first + 1)
        while self._second < len(line) and line[self._second] in gone:
            self._second += 1
        following = line[self._second] if self._second < len(line) else None
        return line[self._first], following
