"""A problem's events, and the operations in flight between them.

Searches for linearizability walk along the events of a problem and stop at returns.
At an event, the operations that returned before it are all in the order that is being
built, and those called after it are not. So a configuration only has to say it of the
operations in flight, which are few: one bit each.
"""

from __future__ import annotations

import heapq
from bisect import insort
from typing import TYPE_CHECKING, NamedTuple

from ._problem import OPEN


if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from ._problem import Problem

    Flying: TypeAlias = tuple[int, int, int, int]


class InFlight(NamedTuple):
    """The operations with a return that are in flight at an event, in groups.

    Attributes:
        groups: By group: return, number, bit and class of each, by return.
        bits: By group: all their bits.
    """

    groups: tuple[list[Flying], ...]
    bits: tuple[int, ...]


class Window:
    """The events of a problem as lists, and what is in flight at each return.

    An operation has a bit from its call to its return: the lowest that is free. Open
    operations have theirs above, for ever; see `OpenClass`. Classes are grouped by
    whoever searches, for each group to be looked through alone.

    Attributes:
        problem: The problem.
        end: Number of events.
        width: Number of bits of operations that return.
        numbers: By event: the operation.
        returning: By event: the bit of what returns; 0 if it is a call.
        calling: By event: the bit of what is called; 0 if it is a return or open.
        in_flight: By event, if it is a return: what is in flight there; None before
            `look` has been there.
    """

    __slots__ = (
        "_bits",
        "_group_of",
        "_held",
        "_seen",
        "calling",
        "end",
        "in_flight",
        "numbers",
        "problem",
        "returning",
        "width",
    )

    def __init__(self, problem: Problem, group_of: Sequence[int], groups: int) -> None:
        """Take the group of each class, and give out bits: `n log c`.

        Here `c` is the number of operations in flight.
        """
        end = 2 * len(problem) - problem.returns.count(OPEN)
        self.problem = problem
        self.end = end
        self.numbers = [0] * end
        self.returning = [0] * end
        self.calling = [0] * end
        self.in_flight: list[InFlight | None] = [None] * end
        self._group_of = group_of
        self._held: tuple[list[Flying], ...] = tuple([] for _ in range(groups))
        self._bits = [0] * groups
        self._seen = 0
        for i, (call, answer) in enumerate(
            zip(problem.calls, problem.returns, strict=True)
        ):
            self.numbers[call] = i
            if answer != OPEN:
                self.numbers[answer] = i
        self.width = self._give_bits()

    def _give_bits(self) -> int:
        returns = self.problem.returns
        bits: dict[int, int] = {}
        free: list[int] = []
        width = 0
        for event, i in enumerate(self.numbers):
            if event == returns[i]:
                self.returning[event] = bit = bits.pop(i)
                heapq.heappush(free, bit)
            elif returns[i] != OPEN:
                if not free:
                    free.append(1 << width)
                    width += 1
                self.calling[event] = bits[i] = heapq.heappop(free)
        return width

    def look(self, event: int) -> InFlight:
        """Return what is in flight at a return, and fill `in_flight` up to there."""
        while self._seen <= event:
            self._step()
        found = self.in_flight[event]
        assert found is not None, "the event is a return"
        return found

    def _step(self) -> None:
        event, i = self._seen, self.numbers[self._seen]
        self._seen += 1
        cls = self.problem.classes[i]
        held = self._held[self._group_of[cls]]
        if self.calling[event]:
            insort(held, (self.problem.returns[i], i, self.calling[event], cls))
            self._bits[self._group_of[cls]] |= self.calling[event]
        elif self.returning[event]:
            groups = tuple([group.copy() for group in self._held])
            self.in_flight[event] = InFlight(groups, tuple(self._bits))
            del held[0]  # It has the earliest return of all.
            self._bits[self._group_of[cls]] ^= self.returning[event]


class OpenClass(NamedTuple):
    """The open operations of one class, by call.

    They are interchangeable and nothing waits for them, so the first ones are used
    first, and which ones are used is but a number: how many. In a configuration they
    have a run of bits, the low ones of which are set.

    Attributes:
        cls: The class.
        calls: Their calls.
        numbers: Their numbers.
        shift: Position of their first bit.
        bits: All their bits, shifted to position 0.
    """

    cls: int
    calls: list[int]
    numbers: list[int]
    shift: int
    bits: int

    def next(self, done: int, event: int) -> tuple[int, int] | None:
        """Return number and bit of the first that is not done, if it is called."""
        count = (done >> self.shift & self.bits).bit_length()
        if count == len(self.calls) or self.calls[count] > event:
            return None
        return self.numbers[count], 1 << self.shift + count


def open_classes(problem: Problem, width: int) -> list[OpenClass]:
    """Return the classes that have open operations, by their first call.

    Their bits begin at `width`.
    """
    members: dict[int, list[int]] = {}
    for i, answer in enumerate(problem.returns):
        if answer == OPEN:
            members.setdefault(problem.classes[i], []).append(i)
    found: list[OpenClass] = []
    shift = width
    for cls, numbers in members.items():
        count = len(numbers)
        calls = [problem.calls[i] for i in numbers]
        found.append(OpenClass(cls, calls, numbers, shift, (1 << count) - 1))
        shift += count
    return found
