"""A search for an order of the operations on several registers: which thread is next.

Sources: Gibbons and Korach, Testing Shared Memories, SIAM J. Comput. 26(4), 1997,
section 5 (a fixed number of processes); the prefix vectors of Biswas and Enea, OOPSLA
2019. That the vector is all of the state, and what need not be tried, is as described.

A configuration is how far each thread has come, and nothing else: a value that not all
of its readers have seen has to stay, so no other write to its key may come now; and if
they all have, which value it is makes no difference. What is done at once, without a
choice, because it stands in nobody's way and can only be allowed once:

* a read of the value that is there;
* a write of what nobody reads, when all have read what is there;
* a cas that is the last one to read what is there: nothing else can come next.

So a search branches on writes that are read and must not be too early. Threads are
tried by call, which is the order of the history, unless clients are far behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._writers import NOBODY


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ._reads_from import ReadsFrom


NODES_A_TURN = 256


def following(graph: ReadsFrom, order: Iterable[int]) -> list[int]:
    """Return what would come next in each thread behind an order."""
    done = set(order)
    return [
        next(i for i in operations if i not in done)
        for operations in graph.threads
        if operations[-1] not in done
    ]


class ThreadSearch:
    """A depth-first search that remembers where it has been.

    Attributes:
        order: The order so far.
        deepest: The longest one behind which nothing could come.
        visited: The configurations.
    """

    def __init__(self, graph: ReadsFrom, before: Mapping[int, Sequence[int]]) -> None:
        """Take, by operation, what else has to come before it than its thread says."""
        self._graph, self._before = graph, before
        self._place = [0] * len(graph.threads)
        self._value = [graph.size + key for key in range(graph.keys())]
        self._unread = [len(graph.readers[value]) for value in self._value]
        # A configuration as one number, whose digits are the places.
        self._weights = []
        weight = 1
        for operations in graph.threads:
            self._weights.append(weight)
            weight *= len(operations) + 1
        self._vector, self._goal = 0, weight - 1
        # Of the key of each operation in the order: what was there, and still unread.
        self._undo: list[tuple[int, int]] = []
        self.visited: set[int] = set()
        self.order: list[int] = []
        self.deepest: list[int] = []

    def run(self, limit: int, is_over: Callable[[], bool] | None = None) -> bool | None:
        """Return whether there is an order; it is `order` then.

        None if that is not known yet after so many configurations, or when it was told
        to stop.
        """
        # How long the order was, and what is left to be tried behind it.
        stack: list[tuple[int, list[int]]] = []
        while True:
            self._advance()
            if self._vector == self._goal:
                return True
            candidates: list[int] = []
            if self._vector not in self.visited:
                if len(self.visited) >= limit:
                    return None
                if is_over and not len(self.visited) % NODES_A_TURN and is_over():
                    return None
                self.visited.add(self._vector)
                candidates = self._candidates()
            stack.append((len(self.order), candidates))
            while stack and not stack[-1][1]:
                if len(self.order) > len(self.deepest):
                    self.deepest = self.order[:]
                stack.pop()
            if not stack:
                return False
            length, candidates = stack[-1]
            self._go_back(length)
            self._do(candidates.pop())

    def _advance(self) -> None:
        """Do all that needs no choice."""
        place, threads = self._place, self._graph.threads
        moves = True
        while moves:
            moves = False
            for thread, operations in enumerate(threads):
                while place[thread] < len(operations):
                    i = operations[place[thread]]
                    if not self._is_free(i):
                        break
                    self._do(i)
                    moves = True

    def _is_free(self, i: int) -> bool:
        """Whether an operation can be done without a choice."""
        graph = self._graph
        key, source = graph.key[i], graph.source[i]
        if source != NOBODY and self._value[key] != source:
            return False
        if not graph.writes[i]:
            return True
        if source == NOBODY:
            nobody_minds = not self._unread[key] and not graph.readers[i]
        else:
            nobody_minds = self._unread[key] == 1
        return nobody_minds and self._is_due(i)

    def _is_due(self, i: int) -> bool:
        """Whether all has been done that must come before."""
        graph, place = self._graph, self._place
        return all(
            place[graph.thread[other]] > graph.place[other]
            for other in self._before.get(i, ())
        )

    def _candidates(self) -> list[int]:
        """Return the writes that may come next, the last one first."""
        graph = self._graph
        found = []
        for operations, place in zip(graph.threads, self._place, strict=True):
            if place < len(operations):
                i = operations[place]
                if graph.source[i] != NOBODY or self._unread[graph.key[i]]:
                    continue
                if self._is_due(i):
                    found.append(i)
        found.sort(reverse=True)
        return found

    def _do(self, i: int) -> None:
        graph = self._graph
        key, thread = graph.key[i], graph.thread[i]
        self._undo.append((self._value[key], self._unread[key]))
        if graph.source[i] != NOBODY:
            self._unread[key] -= 1
        if graph.writes[i]:
            self._value[key] = i
            self._unread[key] = len(graph.readers[i])
        self._place[thread] += 1
        self._vector += self._weights[thread]
        self.order.append(i)

    def _go_back(self, length: int) -> None:
        graph = self._graph
        while len(self.order) > length:
            i = self.order.pop()
            key, thread = graph.key[i], graph.thread[i]
            self._value[key], self._unread[key] = self._undo.pop()
            self._place[thread] -= 1
            self._vector -= self._weights[thread]
