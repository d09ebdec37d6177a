"""The operations on one register, by the value that they wrote or saw.

Where no value is written twice, every read names the write that it saw. Operations on
one value stand together in any legal order, the write first: a *cluster*. A successful
cas from one value to another comes last in the one cluster and first in the other, so
that clusters form chains: a *block* is a chain of clusters, most often of one. A legal
order is an order of blocks, the one with the initial value first. Which order of blocks
is left, and whether there is one, depends on what must precede what: see `_zones` for
real time and `_clusters` for all else.

Sources: Gibbons and Korach, Testing Shared Memories, SIAM J. Comput. 26(4), 1997,
section 4 (clusters); rystsov/fast-jepsen (chains of cas).

A value that nobody has seen may be written any number of times (see `_writers`): each
time is a cluster of its own. An open write of it is left out: it never took effect, or
nobody can tell. A failed cas is no part of any block; it is left to `_insertion`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from checkers.search._order import Answer
from checkers.search._problem import (
    KIND_CAS,
    KIND_FAILED_CAS,
    KIND_READ,
    OPEN,
)

from ._answers import no
from ._writers import NOBODY, never_written, registers_of, writers_of


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checkers.search._problem import Problem


LEFT_OUT = -1


class Blocks(NamedTuple):
    """Clusters and blocks. A cluster is named by the operation that writes its value.

    The initial value's cluster has the number `len(problem)`, which is no operation's.

    Attributes:
        cluster: By operation: its cluster; -1 if it is left out.
        first_return: By cluster: the operation that returned first; -1 if none did.
        last_call: By cluster: the operation that was called last; -1 if it is empty.
        head: By cluster: the first cluster of its block, which names the block.
        place: By cluster: its place in its block.
        chains: By block of several clusters: its clusters in their order.
        failed: The failed cas operations.
    """

    cluster: list[int]
    first_return: list[int]
    last_call: list[int]
    head: Sequence[int]
    place: Sequence[int]
    chains: dict[int, list[int]]
    failed: list[int]

    @property
    def initial(self) -> int:
        """The cluster, and the block, of the initial value."""
        return len(self.cluster)

    def names(self) -> list[int]:
        """Return the blocks by their names, ascending; that of the initial value last."""
        initial = self.initial
        head = self.head
        found = [
            block
            for block, member in enumerate(self.last_call)
            if member != NOBODY and head[block] == block
        ]
        if not found or found[-1] != initial:
            found.append(initial)
        return found

    def clusters(self, block: int) -> Sequence[int]:
        """Return the clusters of a block in their order."""
        return self.chains.get(block) or (block,)

    def with_writes(self, operations: Iterable[int]) -> list[int]:
        """Return operations, and behind them what wrote the values of their blocks.

        And what has seen each value, for writes that did not return: without it, they
        need not have taken effect.
        """
        found = list(operations)
        blocks = {self.head[self.cluster[i]] for i in found if i != NOBODY}
        names = [name for block in sorted(blocks) for name in self.clusters(block)]
        known = {*found, NOBODY, self.initial}
        for i in [*names, *(self.first_return[name] for name in names)]:
            if i not in known:
                known.add(i)
                found.append(i)
        return found


def divide(problem: Problem, method: str) -> Blocks | Answer | None:
    """Return the blocks of a register; None if a value that was seen is not unique.

    A no is returned where there can be no blocks: a value was seen that nobody wrote,
    two cas operations took the same value away, or cas operations need each other's
    values. Linear.

    Args:
        problem: A problem with a register.
        method: The name of the test, for a no.
    """
    registers = registers_of(problem)
    assert registers is not None, "the caller asks for registers only"
    found = writers_of(problem, registers)
    if found is None:
        return None
    wrong = never_written(problem, registers, found, method)
    if wrong:
        return wrong
    writer, seen, failed = found
    size = len(problem) + 1
    cluster = [LEFT_OUT] * len(problem)
    first_return, last_call = [NOBODY] * size, [NOBODY] * size
    earliest = [OPEN] * size
    swaps: list[tuple[int, int]] = []
    kinds, sees, sets = registers.kind, registers.sees, registers.sets
    # A hot loop, and whole for that.
    for i, (cls, end) in enumerate(zip(problem.classes, problem.returns, strict=True)):
        kind, value = kinds[cls], sees[cls]
        if kind == KIND_READ:
            name = writer[value]
        elif kind == KIND_FAILED_CAS:
            continue
        elif kind == KIND_CAS:
            if value == sets[cls]:
                name = writer[value]
            elif end == OPEN and not seen[sets[cls]]:
                continue
            else:
                swaps.append((writer[value], i))
                name = i
        elif end == OPEN and not seen[value]:
            continue
        else:
            name = i
        cluster[i] = name
        last_call[name] = i
        if end < earliest[name]:
            earliest[name] = end
            first_return[name] = i
    chained = _chain(problem, swaps, method)
    if isinstance(chained, Answer):
        return chained
    head, place, chains = chained
    return Blocks(cluster, first_return, last_call, head, place, chains, failed)


def _chain(
    problem: Problem, swaps: list[tuple[int, int]], method: str
) -> tuple[Sequence[int], Sequence[int], dict[int, list[int]]] | Answer:
    """Return by cluster its block and its place there, and the longer blocks.

    Args:
        problem: The problem.
        swaps: The clusters that a cas comes last in and first in: their names.
        method: The name of the test, for a no.
    """
    size = len(problem) + 1
    if not swaps:
        return range(size), bytes(size), {}
    following: dict[int, int] = {}
    for before, after in swaps:
        if before in following:
            write = () if before == len(problem) else (before,)
            return no(method, "taken-twice", (following[before], after, *write))
        following[before] = after
    head, place = list(range(size)), [0] * size
    chains: dict[int, list[int]] = {}
    rest = set(following.values())
    for first in [name for name in following if name not in rest]:
        chain = [first]
        while chain[-1] in following:
            chain.append(following[chain[-1]])
        chains[first] = chain
        rest.difference_update(chain)
        for position, name in enumerate(chain):
            head[name], place[name] = first, position
    if rest:
        start = name = min(rest)
        circle = [start]
        while (name := following[name]) != start:
            circle.append(name)
        return no(method, "circle-of-cas", circle)
    return head, place, chains
