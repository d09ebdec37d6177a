"""Registers with siblings: small histories, and the guarantees by their definitions.

All choices of what each read saw are tried, and all orders. Slow, and too simple to err.
"""

from __future__ import annotations

from itertools import chain, combinations, product
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from histories import Event, History


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from random import Random


class Op(NamedTuple):
    """An operation; all happen one after the other.

    Attributes:
        at: Its place among them; a write writes this.
        process: Who made it.
        key: The register.
        found: What a read returned; None for a write.
        seen: The earlier operations that a write's context was built from.
        returned: Whether it has returned.
    """

    at: int
    process: int
    key: str
    found: frozenset[int] | None = None
    seen: tuple[int, ...] = ()
    returned: bool = True


Visible: TypeAlias = "Mapping[int, frozenset[int]]"
"""What each read saw."""


def draw(rng: Random) -> list[Op]:
    """Return a history whose reads some choice of writes explains."""
    ops: list[Op] = []
    past: dict[int, frozenset[int]] = {}
    known: dict[tuple[int, str], frozenset[int]] = {}
    keys = "xy"[: rng.randint(1, 2)]
    processes = rng.randint(2, 3)
    forgets, hears = rng.choice((0.0, 0.2, 0.7)), rng.choice((0.1, 0.4, 0.8))
    for at in range(rng.randint(4, 9)):
        process, key = rng.randrange(processes), rng.choice(keys)
        place = process, key
        written = [op.at for op in ops if op.key == key and op.found is None]
        if rng.random() < 0.55:
            told = [
                op
                for op in ops
                if op.returned and (op.process, op.key) == place and rng.random() < 0.6
            ]
            sources = chain.from_iterable(
                [op.at] if op.found is None else op.found for op in told
            )
            past[at] = frozenset({at}.union(*(past[source] for source in sources)))
            returned = rng.random() < 0.85
            op = Op(at, process, key, None, tuple(one.at for one in told), returned)
            known[place] = known.get(place, frozenset()) | {at}
        else:
            seen = frozenset(one for one in written if rng.random() < hears)
            if rng.random() >= forgets:
                seen |= known.get(place, frozenset())
            known[place] = known.get(place, frozenset()) | seen
            op = Op(at, process, key, _newest(seen, past))
        ops.append(op)
    return ops


def history_of(ops: Iterable[Op]) -> History:
    """Return the history as the harness would have recorded it."""
    events: list[Event] = []
    ends: dict[int, int] = {}

    def record(op: Op, type_: str, value: dict[str, object]) -> None:
        f = "write" if op.found is None else "read"
        at = len(events)
        events.append(
            Event(index=at, time=at, type=type_, process=op.process, f=f, value=value)  # type: ignore[arg-type] # one of the four
        )

    for op in ops:
        value: dict[str, object] = {"key": op.key}
        if op.found is None:
            seen = [ends[one] for one in op.seen]
            value |= {"value": op.at, "context": {}, "seen": seen}
        record(op, "invoke", value)
        if op.found is not None:
            value = {**value, "values": [{"value": one} for one in sorted(op.found)]}
        ends[op.at] = len(events)
        record(op, "ok" if op.returned else "info", value)
    return History.from_events(events)


def verdicts(ops: list[Op], *, among: range = range(1000)) -> dict[str, bool]:
    """Return which guarantees hold, of all of these processes that read."""
    judge = _Judge(ops)
    processes = sorted({op.process for op in judge.reads}.intersection(among))
    rows = [judge.of_process(process) for process in processes]
    return {name: all(row[name] for row in rows) for name in rows[0]} if rows else {}


def _newest(seen: frozenset[int], past: Mapping[int, frozenset[int]]) -> frozenset[int]:
    """Return what a register shows that has these writes."""
    return frozenset(
        one for one in seen if not any(one in past[by] - {by} for by in seen)
    )


class _Judge:
    def __init__(self, ops: list[Op]) -> None:
        self.ops = ops
        self.reads = [op for op in ops if op.found is not None]
        self.writes = [op for op in ops if op.found is None]
        self.past = self._pasts()
        self.choices = list(self._choices())

    def _pasts(self) -> dict[int, frozenset[int]]:
        past: dict[int, frozenset[int]] = {}
        for op in self.writes:
            sources = chain.from_iterable(
                [one] if self.ops[one].found is None else self.ops[one].found or ()
                for one in op.seen
            )
            past[op.at] = frozenset({op.at}.union(*(past[one] for one in sources)))
        return past

    def _choices(self) -> Iterator[Visible]:
        """Yield every choice of what reads saw that explains what they returned."""
        each = []
        for read in self.reads:
            written = [op.at for op in self.writes if op.key == read.key]
            each.append(
                [
                    frozenset(some)
                    for size in range(len(written) + 1)
                    for some in combinations(written, size)
                    if _newest(frozenset(some), self.past) == read.found
                ]
            )
        for seen in product(*each):
            yield {read.at: one for read, one in zip(self.reads, seen, strict=True)}

    def before(self, op: Op) -> list[Op]:
        """Return what precedes an operation in its session."""
        own = [one for one in self.ops[: op.at] if one.process == op.process]
        return [one for one in own if one.returned]

    def of_process(self, process: int) -> dict[str, bool]:
        reads = [op for op in self.reads if op.process == process]
        own = [(a, op) for op in self.ops for a in self.before(op)]
        issue = [(a, b) for a, b in own if a.found is None and b.found is None]
        session = [(a, b) for a, b in own if a.process == process]
        reads_own = self.some(reads, self._reads_own)
        again = self.some(reads, self._reads_again)
        keeps_own = self._has_view(process, session)
        written = self.some(reads, self._writes_alone)
        followed = self.some(reads, self._follows_alone)
        pram = self._has_view(process, [*session, *issue])
        causal = self.some(reads, self._causal)
        return {
            "read-your-writes": reads_own,
            "monotonic-reads": again,
            "monotonic-writes": written and (pram or not keeps_own),
            "writes-follow-reads": followed and (causal or not pram),
            "pram": pram,
            "causal": causal,
        }

    def some(self, reads: list[Op], holds: Callable[[Op, Visible], bool]) -> bool:
        """Return whether with some choice something holds for all of some reads."""
        return any(all(holds(read, seen) for read in reads) for seen in self.choices)

    def _reads_own(self, read: Op, seen: Visible) -> bool:
        return all(
            op.at in seen[read.at]
            for op in self.before(read)
            if op.found is None and op.key == read.key
        )

    def _reads_again(self, read: Op, seen: Visible) -> bool:
        return all(
            seen[op.at] <= seen[read.at]
            for op in self.before(read)
            if op.found is not None and op.key == read.key
        )

    def _writes_alone(self, read: Op, seen: Visible) -> bool:
        return all(
            op.at in seen[read.at]
            for write in seen[read.at]
            for op in self.before(self.ops[write])
            if op.found is None and op.key == read.key
        )

    def _follows_alone(self, read: Op, seen: Visible) -> bool:
        return all(
            seen[op.at] <= seen[read.at]
            for write in seen[read.at]
            for op in self.before(self.ops[write])
            if op.found is not None and op.key == read.key
        )

    def _causal(self, read: Op, seen: Visible) -> bool:
        """Whether a read saw all writes that come before it in the causal order."""
        found: set[int] = set()
        todo = [read]
        while todo:
            op = todo.pop()
            causes = [*self.before(op), *(self.ops[at] for at in seen.get(op.at, ()))]
            todo += [one for one in causes if one.at not in found]
            found.update(one.at for one in causes)
        return all(
            op.at in seen[read.at]
            for op in self.writes
            if op.at in found and op.key == read.key
        )

    def _has_view(self, process: int, pairs: list[tuple[Op, Op]]) -> bool:
        """Whether an order of all writes and own reads keeps pairs and explains."""
        items = [op for op in self.ops if op.found is None or op.process == process]
        before = {op.at: {a.at for a, b in pairs if b == op} for op in items}
        there = {op.at for op in items}
        tried: set[frozenset[int]] = set()

        def extend(done: frozenset[int]) -> bool:
            if len(done) == len(items):
                return True
            if done in tried:
                return False
            tried.add(done)
            for op in items:
                if op.at in done or not before[op.at] & there <= done:
                    continue
                written = (self.ops[at] for at in done if self.ops[at].found is None)
                seen = frozenset(one.at for one in written if one.key == op.key)
                explained = op.found is None or _newest(seen, self.past) == op.found
                if explained and extend(done | {op.at}):
                    return True
            return False

        return extend(frozenset())
