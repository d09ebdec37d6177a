"""What must come before what, with known writes: as much of it as rules can tell.

Sources: Zennou, Bouajjani, Enea and Erradi, Gradual Consistency Checking, CAV 2019
(saturation before search); Biswas and Enea, On the Complexity of Checking Transactional
Consistency, OOPSLA 2019.

In every legal order, operations come in the order of their thread, and a read comes
behind the write that it saw. Two rules add to that until nothing is new. Let read r
have seen write w, and let w' be another write to the same key:

* *overwritten-by*: if w' comes before r, then it comes before w;
* *read-before*: if w' comes behind w, or w is the initial value, then it comes behind r.

If this runs in a circle, there is no legal order. The converse does not hold, but it is
rare that a search has to find that out.

What comes before an operation is a *clock*: for each thread, how many of its operations
do. All others of a thread come before or behind the one that a rule finds there, so for
each read a rule looks at one write of each thread: the last one before r, and the first
one behind w. A round costs `n t` steps, with `t` threads, and logarithms.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ._cycles import short_cycle, short_path
from ._writers import NOBODY


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ._reads_from import ReadsFrom


PROGRAM_ORDER = "program-order"
READS_FROM = "reads-from"
OVERWRITTEN = "overwritten-by"
READ_BEFORE = "read-before"

RULES = (OVERWRITTEN, READ_BEFORE)
"""As the kernel numbers them."""

DERIVED_LISTED = 100


class Saturation:
    """What is known of the order, and why.

    Attributes:
        clocks: By operation, and by thread: how many of its operations must come first.
    """

    def __init__(self, graph: ReadsFrom) -> None:
        self._graph = graph
        self.clocks: list[list[int]] = []
        # By operation: what rules have put before it, with the read they speak of, in
        # the order in which they did.
        self._derived: dict[tuple[int, int], tuple[str, int]] = {}
        self._before: dict[int, list[int]] = {}
        self._unplaced: list[int] = []
        # By key, by thread: its writes to the key, by their index.
        self._writes: list[dict[int, list[int]]] = [{} for _ in range(graph.keys())]
        for thread, operations in enumerate(graph.threads):
            for i in operations:
                if graph.writes[i]:
                    of_key = self._writes[graph.key[i]]
                    of_key.setdefault(thread, []).append(graph.place[i])

    def run(self, is_over: Callable[[], bool] | None = None) -> bool | None:
        """Apply the rules until nothing is new; return whether there is no circle.

        None if it was told to stop, between two rounds.
        """
        self._behind_initial_reads()
        while self._count():
            if not self._apply():
                return True
            if is_over and is_over():
                return None
        return False

    def told(self, derived: Sequence[int]) -> None:
        """Take over what another run of the rules has found, which is a circle.

        Args:
            derived: In the order in which it was found, four numbers each: an operation,
                what it comes before, the rule, and the read that it speaks of.
        """
        for place in range(0, len(derived), 4):
            before, after, rule, read = derived[place : place + 4]
            self._add(before, after, RULES[rule], read)
        behind, waits, ready = self._edges()
        while ready:
            for following in behind.get(ready.pop(), ()):
                waits[following] -= 1
                if not waits[following]:
                    ready.append(following)
        self._unplaced = [i for i, count in enumerate(waits) if count]

    def before(self) -> dict[int, list[int]]:
        """Return, by operation, what must come before it for other reasons than reads.

        What comes directly before it in its thread is left out too.
        """
        found = {i: [other] for i, other in self._graph.behind.items()}
        for i, others in self._before.items():
            found.setdefault(i, []).extend(others)
        return found

    def predecessors(self, i: int) -> list[int]:
        """Return what comes directly before an operation, for whatever reason."""
        graph = self._graph
        found = [graph.predecessor(i), *self._before.get(i, ())]
        source = graph.source[i]
        if source < graph.size:
            found.append(source)
        return [other for other in found if other != NOBODY]

    def _add(self, before: int, after: int, reason: str, read: int) -> bool:
        """Put one operation before another; return whether that is new."""
        if (before, after) in self._derived:
            return False
        self._derived[before, after] = reason, read
        self._before.setdefault(after, []).append(before)
        return True

    def _behind_initial_reads(self) -> None:
        """Put reads of initial values before the first writes of each thread."""
        graph = self._graph
        for key in range(graph.keys()):
            for read in graph.readers[graph.size + key]:
                for thread, indices in self._writes[key].items():
                    for index in indices[:2]:
                        write = graph.threads[thread][index]
                        if write != read:
                            self._add(read, write, READ_BEFORE, read)
                            break

    def _edges(self) -> tuple[dict[int, list[int]], list[int], list[int]]:
        """Return what comes behind each, how many before, and all with none before."""
        behind: dict[int, list[int]] = {}
        waits = [0] * self._graph.size
        ready = []
        for operations in self._graph.threads:
            for i in operations:
                before = self.predecessors(i)
                waits[i] = len(before)
                if not before:
                    ready.append(i)
                for other in before:
                    behind.setdefault(other, []).append(i)
        return behind, waits, ready

    def _count(self) -> bool:
        """Compute all clocks; return whether there is no circle. `n t`."""
        graph = self._graph
        behind, waits, ready = self._edges()
        clocks: list[list[int]] = [[]] * graph.size
        nothing = [0] * len(graph.threads)
        placed = 0
        while ready:
            i = ready.pop()
            placed += 1
            clock = nothing
            for other in self.predecessors(i):
                clock = list(map(max, clock, clocks[other]))
                thread, index = graph.thread[other], graph.place[other]
                clock[thread] = max(clock[thread], index + 1)
            clocks[i] = clock
            for following in behind.get(i, ()):
                waits[following] -= 1
                if not waits[following]:
                    ready.append(following)
        self._unplaced = [i for i, count in enumerate(waits) if count]
        self.clocks = clocks
        return not self._unplaced

    def _apply(self) -> bool:
        """Apply both rules to all reads; return whether anything is new."""
        graph = self._graph
        count = len(self._derived)
        for write, readers in enumerate(graph.readers):
            if not readers:
                continue
            key = graph.key[readers[0]]
            for thread, indices in self._writes[key].items():
                if write < graph.size:
                    for read in readers:
                        self._overwritten(write, read, thread, indices)
                    self._read_before(write, readers, thread, indices)
        return len(self._derived) > count

    def _overwritten(
        self, write: int, read: int, thread: int, indices: list[int]
    ) -> None:
        """Put the last write of a thread before a read before the one it has seen."""
        graph = self._graph
        place = bisect_left(indices, self.clocks[read][thread])
        if not place:
            return
        index = indices[place - 1]
        other = graph.threads[thread][index]
        if other != write and self.clocks[write][thread] <= index:
            self._add(other, write, OVERWRITTEN, read)

    def _read_before(
        self, write: int, readers: list[int], thread: int, indices: list[int]
    ) -> None:
        """Put the first write of a thread behind a write behind what has seen that."""
        graph, clocks = self._graph, self.clocks
        operations = graph.threads[thread]
        at, index = graph.thread[write], graph.place[write]
        place = bisect_right(
            indices, index, key=lambda other: clocks[operations[other]][at]
        )
        for read in readers:
            for other in indices[place : place + 2]:
                following = operations[other]
                if following == read:
                    continue
                clock = clocks[following]
                if clock[graph.thread[read]] <= graph.place[read]:
                    self._add(read, following, READ_BEFORE, read)
                break

    def circle(self) -> dict[str, Any]:
        """Return a circle as data, with all that its steps rest on.

        * `operations`: those along it, each of which must come before the next one, and
          the last one before the first; behind these, as many as there are reasons, all
          others that have to do with it, in a history of which it is found again;
        * `reasons`: why, step by step: `program-order`, `reads-from`, or a rule;
        * `derived`: the steps that a rule has found, in the order in which it did, each
          with the read that the rule speaks of, and the path that it applies to: for
          *overwritten-by* from the other write to the read, for *read-before* from the
          write that was read to the other one. Its steps are again for the reasons
          above, and what is derived of them is listed before. A path is empty where the
          rule speaks of an initial value. At most so many are listed; `left-out` is how
          many more there are.
        """
        behind: dict[int, list[int]] = {}
        for i in self._unplaced:
            for other in self.predecessors(i):
                behind.setdefault(other, []).append(i)
        circle = short_cycle(self._unplaced, behind)
        steps = list(zip(circle, circle[1:] + circle[:1], strict=True))
        needed, left_out = self._grounds(steps)
        rest = [i for step in needed for i in (step["read"], *step["path"])]
        return {
            "operations": self._graph.with_causes([*circle, *rest]),
            "reasons": [self._reason(*step) for step in steps],
            "derived": needed,
            "left-out": left_out,
        }

    def _reason(self, before: int, after: int) -> str:
        """Return why an operation comes directly before another."""
        if self._graph.predecessor(after) == before:
            return PROGRAM_ORDER
        if self._graph.source[after] == before:
            return READS_FROM
        return self._derived[before, after][0]

    def _grounds(
        self, steps: list[tuple[int, int]]
    ) -> tuple[list[dict[str, Any]], int]:
        """Return the derived steps among some, and those that they rest on."""
        number = {step: place for place, step in enumerate(self._derived)}
        ground = {PROGRAM_ORDER, READS_FROM}
        waiting = [step for step in steps if self._reason(*step) not in ground]
        found: dict[tuple[int, int], dict[str, Any]] = {}
        left_out = set()
        while waiting:
            step = waiting.pop()
            if step in found:
                continue
            if len(found) == DERIVED_LISTED:
                left_out.add(step)
                continue
            reason, read = self._derived[step]
            path = self._premise(step, reason, read, number)
            found[step] = {
                "from": step[0],
                "to": step[1],
                "reason": reason,
                "read": read,
                "path": path,
            }
            waiting += [
                pair for pair in pairwise(path) if self._reason(*pair) not in ground
            ]
        return [found[step] for step in sorted(found, key=number.__getitem__)], len(
            left_out
        )

    def _premise(
        self,
        step: tuple[int, int],
        reason: str,
        read: int,
        number: dict[tuple[int, int], int],
    ) -> list[int]:
        """Return the path that a rule was applied to."""
        start, goal = (step[0], read)
        if reason == READ_BEFORE:
            start, goal = self._graph.source[read], step[1]
            if start >= self._graph.size:
                return []
        until = number[step]

        def known(i: int) -> list[int]:
            return [
                other
                for other in self.predecessors(i)
                if self._reason(other, i) in {PROGRAM_ORDER, READS_FROM}
                or number[other, i] < until
            ]

        return short_path(start, goal, known)
