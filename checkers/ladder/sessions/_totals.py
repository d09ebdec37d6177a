"""What the totals of a counter that only grows refute, whatever adds they stand for.

Where deltas do not sum in one way only, a read does not tell which adds it saw. But
its total is no less than that of any of them, so that a process has missed some of its
own adds if it reads less than these sum to, and has lost some that it had read if it
reads less than before. More than these two cannot be told, and no yes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from checkers._verdict import Anomaly
from checkers._wording import cite
from checkers.models import GCounter
from checkers.search import NEVER


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.search import Problem
    from histories import History


class Shortfall(NamedTuple):
    """A read of too little.

    Attributes:
        read: The read, as the index of its invocation.
        other: The last add, or the read, that it is compared with.
        total: What it returned.
        least: What it had to return at least.
    """

    read: int
    other: int
    total: int
    least: int


def find_shortfalls(history: History, parts: Sequence[Problem]) -> dict[str, Shortfall]:
    """Return the first violation of each session guarantee that totals show. Linear."""
    found: dict[str, Shortfall] = {}
    columns = history.columns()
    places = dict(zip(columns.index, range(len(columns)), strict=True))
    for part in parts:
        if not isinstance(part.automaton.model, GCounter):
            continue
        added: dict[int, tuple[int, int]] = {}
        last: dict[int, tuple[int, int]] = {}
        initial = part.automaton.model.initial
        for index, cls, end in zip(
            part.operations, part.classes, part.return_times, strict=True
        ):
            call = part.automaton.call(cls)
            process = columns.process[places[index]]
            if call.f == "add":
                if end != NEVER:
                    total, _ = added.get(process, (initial, index))
                    added[process] = total + call.input, index
                continue
            for name, known in (("read-your-writes", added), ("monotonic-reads", last)):
                least, other = known.get(process, (call.output, index))
                if call.output < least:
                    shortfall = Shortfall(index, other, call.output, least)
                    found.setdefault(name, shortfall)
            last[process] = call.output, index
    return found


def tell_shortfall(history: History, name: str, shortfall: Shortfall) -> Anomaly:
    """Return the violation of a guarantee that a read of too little is."""
    read = history.operation(shortfall.read)
    other = history.operation(shortfall.other)
    least = (
        f"its process had added {shortfall.least} up to {cite(other)}, acknowledged"
        if name == "read-your-writes"
        else f"{cite(other)} by the same process had returned {shortfall.least} before"
    )
    return Anomaly(
        name=name,
        sentence=f"{cite(read)} returned {shortfall.total}, although {least}.",
        operations=(other.index, read.index),
        data={
            "pattern": "too-little",
            "process": read.process,
            "total": shortfall.total,
            "least": shortfall.least,
        },
    )
