"""A problem as chains: the operations of each process, one after the other.

Where an order lets operations wait for long, those that could come next are many, but
within a process they come in its own order. A configuration is then how far each
process is: what Gibbons & Korach (Testing Shared Memories, 1997) count to show that
few processes make the problem easy.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

from ._order import narrowed, openings
from ._problem import OPEN


if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._order import Order
    from ._problem import Problem


NOBODY = -1
"""In place of an operation: the chain is at its end."""


class OpenOperation(NamedTuple):
    """An operation that may take effect after some of a chain, or never.

    Attributes:
        number: The operation.
        bit: Its bit.
        opening: The event before which all returns come before it.
        chain: The chain that it follows.
        place: How much of the chain comes before it.
    """

    number: int
    bit: int
    opening: int
    chain: int
    place: int


class Chains:
    """Chains, and what a search along them looks up.

    The operations of one process that return are in one chain. Where a process ends,
    by the order, before another one begins, both are in one: clients that give up
    after every timeout are many processes and still few chains.

    Attributes:
        problem: The problem.
        opening: By operation: the event before which all returns come before it.
        chains: By chain: its operations, and `NOBODY` at the end.
        chain_of: By operation that returns: its chain.
        place: By operation that returns: how many of its chain come before it.
        by_return: Operations that return, by return, and `NOBODY` at the end.
        follower: By operation: the opening of the next one of its process; `OPEN` if
            it is the last.
        units: By chain: one operation that is not pure, in the sum that says how many
            of each chain are done.
        bits: By operation: its bit, if it is pure: one for each since the last one of
            its chain that is not.
        runs: By chain: all bits of its pure operations.
        opens: By class: its open operations, by call.
    """

    def __init__(
        self, problem: Problem, order: Order, *, slack: int | None = None
    ) -> None:
        """Put processes in chains: `n log n`. For slack see `narrowed`."""
        self.problem = problem
        self.opening: Sequence[int] = openings(problem, order)
        if slack is not None:
            self.opening = narrowed(problem, self.opening, slack)
        count = len(problem)
        ends = problem.returns
        self.chains: list[list[int]] = []
        self.chain_of = [NOBODY] * count
        self.place = [0] * count
        self.follower = [OPEN] * count
        self.by_return = sorted(
            (i for i in range(count) if ends[i] != OPEN), key=ends.__getitem__
        )
        self.by_return.append(NOBODY)
        self.units: list[int] = []
        self.bits = [0] * count
        self.runs: list[int] = []
        self.opens: dict[int, list[OpenOperation]] = {}
        processes = self._processes()
        self._chain(processes)
        self._give_bits()
        self._follow(processes)

    def _processes(self) -> list[list[int]]:
        processes: dict[int, list[int]] = {}
        ends = self.problem.returns
        for i, process in enumerate(self.problem.processes):
            mates = processes.setdefault(process, [])
            if mates and ends[mates[-1]] != OPEN:
                assert ends[mates[-1]] < self.problem.calls[i], "a process waits"
                self.follower[mates[-1]] = self.opening[i]
            mates.append(i)
        return list(processes.values())

    def _chain(self, processes: list[list[int]]) -> None:
        """Give each process the chain that has been free for longest, or a new one."""
        ends = self.problem.returns
        free: list[tuple[int, int]] = []
        for mates in processes:
            returned = [i for i in mates if ends[i] != OPEN]
            if not returned:
                continue
            if free and free[0][0] < self.opening[returned[0]]:
                _, chain = heapq.heappop(free)
            else:
                chain = len(self.chains)
                self.chains.append([])
            heapq.heappush(free, (ends[returned[-1]], chain))
            for i in returned:
                self.chain_of[i] = chain
                self.place[i] = len(self.chains[chain])
                self.chains[chain].append(i)

    def _give_bits(self) -> None:
        pure, classes = self.problem.automaton.pure, self.problem.classes
        counted = shift = 0
        for mates in self.chains:
            self.units.append(1 << counted)
            run = longest = acting = 0
            for i in mates:
                if pure[classes[i]]:
                    self.bits[i] = 1 << shift + run
                    run += 1
                    longest = max(longest, run)
                else:
                    acting += 1
                    run = 0
            self.runs.append(((1 << longest) - 1) << shift)
            counted += acting.bit_length()
            shift += longest
            mates.append(NOBODY)

    def _follow(self, processes: list[list[int]]) -> None:
        found: list[OpenOperation] = []
        for mates in processes:
            chain, place = NOBODY, 0
            for i in mates:
                if self.problem.returns[i] == OPEN:
                    one = OpenOperation(i, 0, self.opening[i], chain, place)
                    found.append(one)
                else:
                    chain, place = self.chain_of[i], self.place[i] + 1
        for rank, one in enumerate(sorted(found)):
            members = self.opens.setdefault(self.problem.classes[one.number], [])
            members.append(one._replace(bit=1 << rank))
