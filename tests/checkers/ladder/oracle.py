"""The guarantees by their definitions: all orders are tried. Slow, and too simple to err.

A view of a process is an order of all updates and of the process's own reads that
explains these, and keeps certain pairs in order. A cas is a read and a write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .scripts import Step


class Item(NamedTuple):
    """A read or an update."""

    step: int
    process: int
    key: str
    updates: bool
    value: Any
    returned: bool

    def comes_before(self, other: Item) -> bool:
        """Whether it is before another one in a session."""
        if self.step == other.step:
            return other.updates and not self.updates
        return (
            self.process == other.process and self.returned and self.step < other.step
        )


def verdicts(
    steps: Sequence[Step], *, exact: bool, ordered: bool = False
) -> dict[str, bool]:
    """Return which guarantees hold.

    Args:
        steps: A history in which values are written or added once, and all that is
            read has been written or added before, if by the same process.
        exact: Whether it is one of sets, and not of registers.
        ordered: Whether these sets are lists.
    """
    items = _items(steps, exact=exact)
    judge = (_Lists if ordered else _Exact)(items) if exact else _Registers(items)
    readers = sorted({item.process for item in items if not item.updates})
    causes = _closure(
        [(a, b) for a in items for b in items if a.comes_before(b) or judge.shows(b, a)]
    )
    rows = [_of_process(judge, process, causes) for process in readers]
    found = {name: all(row[name] for row in rows) for name in rows[0]} if rows else {}
    if any((item, item) in causes for item in items):
        found["causal"] = found["writes-follow-reads"] = False
    return found


def _of_process(
    judge: _Registers | _Exact, process: int, causes: set[tuple[Item, Item]]
) -> dict[str, bool]:
    own = [(a, b) for a, b in judge.session if process == a.process]
    issue = [(a, b) for a, b in judge.session if a.updates and b.updates]
    pairs = list(causes)
    reads_own = judge.reads_own(process)
    keeps_own = judge.has_view(process, own)
    again = judge.reads_again(process) and (
        keeps_own or not reads_own or not judge.blames_reads
    )
    pram = judge.has_view(process, own + issue)
    written = judge.writes_alone(process) and (pram or not keeps_own)
    causal = judge.has_view(process, own + pairs)
    followed = judge.follows_alone(process) and (causal or not pram)
    return {
        "read-your-writes": reads_own,
        "monotonic-reads": again,
        "monotonic-writes": written,
        "writes-follow-reads": followed,
        "pram": pram,
        "causal": causal,
    }


class _Judge:
    empty: Any = frozenset()
    blames_reads = True

    def __init__(self, items: list[Item]) -> None:
        self.items = items
        self.updates = [item for item in items if item.updates]
        self.session = [(a, b) for a in items for b in items if a.comes_before(b)]

    def reads_of(self, process: int) -> list[Item]:
        return [i for i in self.items if not i.updates and i.process == process]

    def has_view(self, process: int, pairs: Iterable[tuple[Item, Item]]) -> bool:
        return self.exists([*self.updates, *self.reads_of(process)], pairs)

    def exists(self, items: list[Item], pairs: Iterable[tuple[Item, Item]]) -> bool:
        """Return whether there is an order of items that keeps pairs and explains."""
        before = {item: {a for a, b in pairs if b == item} for item in items}
        there = set(items)
        tried: set[tuple[frozenset[Item], Any]] = set()

        def extend(done: frozenset[Item], state: Any) -> bool:
            if len(done) == len(items):
                return True
            if (done, state) in tried:
                return False
            tried.add((done, state))
            for item in items:
                if item in done or not before[item] & there <= done:
                    continue
                if item.updates:
                    following = self.after(state, item)
                elif self.explains(state, item):
                    following = state
                else:
                    continue
                if extend(done | {item}, following):
                    return True
            return False

        return extend(frozenset(), self.empty)

    def after(self, state: Any, item: Item) -> Any:
        raise NotImplementedError

    def explains(self, state: Any, item: Item) -> bool:
        raise NotImplementedError


class _Registers(_Judge):
    """A state is the last value of each key."""

    def shows(self, read: Item, update: Item) -> bool:
        return (
            update.updates
            and not read.updates
            and (read.key, read.value) == (update.key, update.value)
        )

    def after(self, state: Any, item: Item) -> Any:
        return frozenset(
            {pair for pair in state if pair[0] != item.key} | {(item.key, item.value)}
        )

    def explains(self, state: Any, item: Item) -> bool:
        return dict(state).get(item.key) == item.value

    def reads_own(self, process: int) -> bool:
        return self._by_key(process, lambda a, b: a.updates or b.updates)

    def reads_again(self, process: int) -> bool:
        return self._by_key(process, lambda a, _: not a.updates)

    def _by_key(self, process: int, keeps: Callable[[Item, Item], bool]) -> bool:
        """Whether each key has a view that keeps some own pairs, and orders of issue."""
        return all(
            self.exists(
                [i for i in [*self.updates, *self.reads_of(process)] if i.key == key],
                [
                    (a, b)
                    for a, b in self.session
                    if a.key == b.key == key
                    and (
                        (a.updates and b.updates)
                        or (a.process == process and keeps(a, b))
                    )
                ],
            )
            for key in {item.key for item in self.items}
        )

    def writes_alone(self, process: int) -> bool:
        return True

    def follows_alone(self, process: int) -> bool:
        return True


class _Exact(_Judge):
    """A state is all updates so far."""

    def shows(self, read: Item, update: Item) -> bool:
        return (
            update.updates
            and not read.updates
            and read.key == update.key
            and update.value in read.value
        )

    def after(self, state: Any, item: Item) -> Any:
        return state | {(item.key, item.value)}

    def explains(self, state: Any, item: Item) -> bool:
        return {value for key, value in state if key == item.key} == set(item.value)

    def reads_own(self, process: int) -> bool:
        return all(
            self.shows(b, a)
            for a, b in self.session
            if a.updates and not b.updates and a.key == b.key and b.process == process
        )

    def reads_again(self, process: int) -> bool:
        return all(
            set(a.value) <= set(b.value)
            for a, b in self.session
            if not (a.updates or b.updates) and a.key == b.key and b.process == process
        )

    def writes_alone(self, process: int) -> bool:
        return all(
            self.shows(read, a)
            for read in self.reads_of(process)
            for a, b in self.session
            if a.updates and self.shows(read, b) and a.key == b.key
        )

    def follows_alone(self, process: int) -> bool:
        return all(
            set(a.value) <= set(read.value)
            for read in self.reads_of(process)
            for a, b in self.session
            if not a.updates and a.key == b.key and self.shows(read, b)
        )


class _Lists(_Exact):
    """A state is all updates so far, in order.

    If a process reads its own updates in the wrong order, it is they who are blamed.
    """

    empty = ()
    blames_reads = False

    def after(self, state: Any, item: Item) -> Any:
        return (*state, (item.key, item.value))

    def explains(self, state: Any, item: Item) -> bool:
        return tuple(value for key, value in state if key == item.key) == item.value

    def reads_again(self, process: int) -> bool:
        return all(
            b.value[: len(a.value)] == a.value
            for a, b in self.session
            if not (a.updates or b.updates) and a.key == b.key and b.process == process
        )

    def writes_alone(self, process: int) -> bool:
        return all(
            self._has_before(read, a.value, b.value)
            for read in self.reads_of(process)
            for a, b in self.session
            if a.updates and self.shows(read, b) and a.key == b.key
        )

    def follows_alone(self, process: int) -> bool:
        return all(
            self._has_before(read, value, b.value)
            for read in self.reads_of(process)
            for a, b in self.session
            if not a.updates and a.key == b.key and self.shows(read, b)
            for value in a.value
        )

    def _has_before(self, read: Item, first: Any, second: Any) -> bool:
        values = list(read.value)
        return first in values and values.index(first) < values.index(second)


def _items(steps: Sequence[Step], *, exact: bool) -> list[Item]:
    """Return the reads and the updates, without updates that nobody needs."""
    needed = {number for number, step in enumerate(steps) if step.returned}
    while True:
        seen = {
            (step.key, value)
            for number, step in enumerate(steps)
            if number in needed
            for value in (step.found or () if exact else [step.found])
        }
        more = needed | {
            number
            for number, step in enumerate(steps)
            if step.put is not None and (step.key, step.put) in seen
        }
        if more == needed:
            break
        needed = more
    items = []
    for number in sorted(needed):
        step = steps[number]
        common = number, step.process, step.key
        if step.kind not in "=+":
            found = tuple(step.found or ()) if exact else step.found
            items.append(Item(*common, False, found, step.returned))
        if step.put is not None:
            items.append(Item(*common, True, step.put, step.returned))
    return items


def _closure(pairs: list[tuple[Item, Item]]) -> set[tuple[Item, Item]]:
    found = set(pairs)
    while True:
        more = {(a, d) for a, b in found for c, d in found if b == c} - found
        if not more:
            return found
        found |= more
