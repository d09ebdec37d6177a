"""What a search of one register may leave out: rules 3, 5, 6 and 8.

What the rules say is in `_register_search`; here is what they need to know of a
problem, found once before the search, and the choices that they leave at a node.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from ._problem import KIND_CAS, KIND_FAILED_CAS, KIND_READ, KIND_WRITE, OPEN


if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from ._problem import Problem, RegisterView
    from ._window import InFlight, OpenClass

    Choice: TypeAlias = tuple[int, int, int, int]
    """Return, number, bit and class of what may be next; see `DISCHARGE`."""


LOST = -1
"""The state that stands for all values that nobody can see any more."""

DISCHARGE = -1
"""In place of the class of a write: it is done, but not written.

The number of such a choice is the complement of the write's.
"""

WRITES, SWAPS, CHECKS = range(3)
"""Groups of operations in flight: writes; cas; reads and failed cas."""


class Register:
    """What is known of a problem before the search.

    Attributes:
        kind: By class: its kind; a cas that changes nothing is a read.
        a: By class: the value that it reads, writes, expects or did not find.
        b: By class: the value that a cas sets.
        group: By class: its group.
        need: By value: the event from which on nobody can see it.
        checked: The event from which on no failed cas is in flight.
        has_cas: Whether there is a cas.
    """

    __slots__ = (
        "_made",
        "_open_swaps_from",
        "_open_swaps_to",
        "_open_writes",
        "a",
        "b",
        "checked",
        "group",
        "has_cas",
        "kind",
        "need",
    )

    def __init__(self, problem: Problem, view: RegisterView) -> None:
        self.a, self.b = list(view.a), list(view.b)
        self.kind = [
            KIND_READ if kind == KIND_CAS and a == b else kind
            for kind, a, b in zip(view.kind, self.a, self.b, strict=True)
        ]
        groups = {KIND_WRITE: WRITES, KIND_CAS: SWAPS}
        self.group = [groups.get(kind, CHECKS) for kind in self.kind]
        self.has_cas = KIND_CAS in self.kind
        self.checked = 0
        self.need = [0] * len(view.values)
        self._made: dict[int, list[int]] = {}
        self._open_writes: dict[int, OpenClass] = {}
        self._open_swaps_from: dict[int, list[OpenClass]] = {}
        self._open_swaps_to: dict[int, list[OpenClass]] = {}
        self._find_needs(problem)
        for cls, call in zip(problem.classes, problem.calls, strict=True):
            if self.group[cls] != CHECKS:
                self._made.setdefault(self._result(cls), []).append(call)

    def _find_needs(self, problem: Problem) -> None:
        need, kind = self.need, self.kind
        sources: dict[int, set[int]] = {}
        for cls, end in zip(problem.classes, problem.returns, strict=True):
            if end != OPEN:
                if kind[cls] != KIND_WRITE:
                    need[self.a[cls]] = max(need[self.a[cls]], end + 1)
                if kind[cls] == KIND_FAILED_CAS:
                    self.checked = max(self.checked, end + 1)
            elif kind[cls] == KIND_CAS:
                sources.setdefault(self.b[cls], set()).add(self.a[cls])
        unsettled = list(sources)
        while unsettled:
            value = unsettled.pop()
            for source in sources.get(value, ()):
                if need[source] < need[value]:
                    need[source] = need[value]
                    unsettled.append(source)

    def know_open(self, classes: list[OpenClass]) -> None:
        """Take the classes of open operations."""
        for one in classes:
            if self.kind[one.cls] == KIND_WRITE:
                self._open_writes[self.a[one.cls]] = one
            else:
                self._open_swaps_from.setdefault(self.a[one.cls], []).append(one)
                self._open_swaps_to.setdefault(self.b[one.cls], []).append(one)

    def choices(
        self, flight: InFlight, event: int, state: int, done: int, hidden: int
    ) -> list[Choice]:
        """Return what may be next at a return, the first one last.

        A hot loop, and whole for that.
        """
        a, b = self.a, self.b
        (writes, swaps, checks), (write_bits, swap_bits, check_bits) = flight
        found: list[Choice] = []
        tried = set()
        wanted: dict[int, int] = {}  # by value: the first return of who wants it
        blocked = False
        if check_bits & ~done:
            for end, _, bit, cls in checks:
                if not done & bit:
                    if self.kind[cls] == KIND_READ:
                        wanted.setdefault(a[cls], end)
                    else:
                        blocked = True
        if swap_bits & ~done:
            for end, number, bit, cls in swaps:
                if not done & bit:
                    if end < wanted.setdefault(a[cls], end):
                        wanted[a[cls]] = end
                    if a[cls] == state and cls not in tried:
                        tried.add(cls)
                        found.append((end, number, bit, cls))
        left = write_bits & ~done
        if wanted:
            makes = {a[cls] for _, _, bit, cls in writes if left & bit}
            makes.update([b[cls] for _, _, bit, cls in swaps if not done & bit])
            makes.add(state)
            for value, end in wanted.items():
                if value not in makes and not self._can_come(value, event, done, end):
                    return []
            if self._open_swaps_to:
                self._want_more(wanted, event, done)
        naked = left & ~hidden if self.has_cas else 0
        if left:
            for end, number, bit, cls in writes:
                if not left & bit or cls in tried:
                    continue
                if end != event:
                    value = a[cls]
                    if value != state and (state != LOST or self.need[value] > event):
                        if not blocked and value not in wanted:
                            continue
                    elif not naked & ~bit:
                        continue
                tried.add(cls)
                found.append((end, number, bit, cls))
        if self._open_writes or self._open_swaps_from:
            for one in self._open_moves(state, None if blocked else wanted, naked != 0):
                free = one.next(done, event)
                if free is not None and one.cls not in tried:
                    found.append((OPEN, *free, one.cls))
        found.sort(reverse=True)
        return found

    def _result(self, cls: int) -> int:
        return self.a[cls] if self.kind[cls] == KIND_WRITE else self.b[cls]

    def _can_come(self, value: int, event: int, done: int, before: int) -> bool:
        """Whether an open operation, or one called until then, can make a value."""
        calls = self._made.get(value, [])
        at = bisect_right(calls, event)
        if at < len(calls) and calls[at] < before:
            return True
        write = self._open_writes.get(value)
        if write is not None and write.next(done, event) is not None:
            return True
        swaps = self._open_swaps_to.get(value, ())
        return any(swap.next(done, event) is not None for swap in swaps)

    def _want_more(self, wanted: dict[int, int], event: int, done: int) -> None:
        """Want, with each value, those that open cas would make it of."""
        unsettled = list(wanted)
        while unsettled:
            for one in self._open_swaps_to.get(unsettled.pop(), ()):
                source = self.a[one.cls]
                if source not in wanted and one.next(done, event) is not None:
                    wanted[source] = OPEN
                    unsettled.append(source)

    def _open_moves(
        self,
        state: int,
        wanted: dict[int, int] | None,
        rewrites: bool,  # noqa: FBT001 # called at every node
    ) -> Iterator[OpenClass]:
        """Give the open classes of rule 5; all values are wanted if None is."""
        writes = self._open_writes
        if wanted is None:
            yield from (one for value, one in writes.items() if value != state)
        else:
            yield from (writes[value] for value in wanted if value in writes)
        if rewrites and state in writes and (wanted is None or state not in wanted):
            yield writes[state]
        for one in self._open_swaps_from.get(state, ()):
            if wanted is None or self.b[one.cls] in wanted:
                yield one
