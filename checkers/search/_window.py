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
    from typing import TypeAlias

    from ._problem import Problem

    Flying: TypeAlias = tuple[int, int, int, int]


class InFlight(NamedTuple):
    """The operations with a return that are in flight at an event, by return.

    Attributes:
        acting: Return, number, bit and class of each that is not pure.
        watching: The same of those that are pure.
        acting_bits: The bits of the former.
    """

    acting: list[Flying]
    watching: list[Flying]
    acting_bits: int


class Window:
    """The events of a problem as lists, and what is in flight at each return.

    An operation has a bit from its call to its return: the lowest that is free. Open
    operations have none; see `OpenClass`.

    Attributes:
        end: Number of events.
        returning: By event: the bit of what returns; 0 if it is a call.
        calling: By event: the bit of what is called; 0 if it is a return or open.
        watching: By event: the class of what is called, if it is pure; else -1.
        numbers: By event: the operation.
        in_flight: By event, if it is a return: what is in flight there; None before
            `look` has been there.
    """

    __slots__ = (
        "_acting",
        "_seen",
        "_watching",
        "calling",
        "end",
        "in_flight",
        "numbers",
        "problem",
        "returning",
        "watching",
    )

    def __init__(self, problem: Problem) -> None:
        """Give out bits: `n log c`, where at most `c` are in flight."""
        end = 2 * len(problem) - problem.returns.count(OPEN)
        self.end = end
        self.returning = [0] * end
        self.calling = [0] * end
        self.watching = [-1] * end
        self.in_flight: list[InFlight | None] = [None] * end
        self.problem = problem
        self.numbers = [0] * end
        self._acting: list[Flying] = []
        self._watching: list[Flying] = []
        self._seen = 0
        for i, (call, answer) in enumerate(
            zip(problem.calls, problem.returns, strict=True)
        ):
            self.numbers[call] = i
            if answer != OPEN:
                self.numbers[answer] = i
        self._give_bits()

    def _give_bits(self) -> None:
        returns = self.problem.returns
        classes, pure = self.problem.classes, self.problem.automaton.pure
        bits: dict[int, int] = {}
        free: list[int] = []
        for event, i in enumerate(self.numbers):
            if event == returns[i]:
                self.returning[event] = bit = bits.pop(i)
                heapq.heappush(free, bit)
            elif returns[i] != OPEN:
                bit = heapq.heappop(free) if free else 1 << len(bits)
                self.calling[event] = bits[i] = bit
                if pure[classes[i]]:
                    self.watching[event] = classes[i]

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
        if not self.returning[event]:
            bit = self.calling[event]
            if bit:
                held = self._acting if self.watching[event] < 0 else self._watching
                cls = self.problem.classes[i]
                insort(held, (self.problem.returns[i], i, bit, cls))
            return
        self.in_flight[event] = InFlight(
            self._acting.copy(),
            self._watching.copy(),
            sum(bit for _, _, bit, _ in self._acting),
        )
        # What returns has the earliest return of all.
        is_pure = not self._acting or self._acting[0][0] != event
        del (self._watching if is_pure else self._acting)[0]


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
        bits: All their bits, at position 0.
    """

    cls: int
    calls: list[int]
    numbers: list[int]
    shift: int
    bits: int


def open_classes(problem: Problem) -> list[OpenClass]:
    """Return the classes that have open operations, by their first call."""
    members: dict[int, list[int]] = {}
    for i, answer in enumerate(problem.returns):
        if answer == OPEN:
            members.setdefault(problem.classes[i], []).append(i)
    found: list[OpenClass] = []
    shift = 0
    for cls, numbers in members.items():
        count = len(numbers)
        calls = [problem.calls[i] for i in numbers]
        found.append(OpenClass(cls, calls, numbers, shift, (1 << count) - 1))
        shift += count
    return found
