"""One order of all characters that every text keeps: there is one, or a circle.

Each text says that its characters come one after the other, and each insertion into a
known text where it belongs. The strong list specification asks for one order of all
characters ever inserted that agrees with all of this, which exists if and only if the
graph of these statements has no circle.

Source: H. Attiya, S. Burckhardt, A. Gotsman, A. Morrison, H. Yang, M. Zawirski,
Specification and Complexity of Collaborative Text Editing, PODC 2016.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from checkers.search.polynomial import short_cycle


if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._quiet import Quiet
    from ._table import Table


class Step(NamedTuple):
    """One character comes before another one, and who says so.

    Attributes:
        before: The first character.
        after: The second one.
        source: Index of the read, or of the insertion.
        inserted: Whether it is an insertion that says so.
    """

    before: str
    after: str
    source: int
    inserted: bool


def circle(table: Table, quiet: Quiet) -> list[Step] | None:
    """Return a short circle of statements; None if there is an order.

    Linear in the length of all texts together.
    """
    number: dict[str, int] = {}
    said: dict[tuple[int, int], tuple[int, bool]] = {}
    successors: dict[int, list[int]] = {}

    def say(before: str, after: str, source: int, *, inserted: bool) -> None:
        pair = (
            number.setdefault(before, len(number)),
            number.setdefault(after, len(number)),
        )
        if pair not in said:
            said[pair] = source, inserted
            successors.setdefault(pair[0], []).append(pair[1])

    texts: set[str] = set()
    for read in table.reads:
        if read.text not in texts:
            texts.add(read.text)
            for before, after in pairwise(read.text):
                say(before, after, read.index, inserted=False)
    for char, behind in quiet.behind.items():
        if behind is not None:
            say(behind, char, table.inserts[table.row[char]].index, inserted=True)
    for char, following in quiet.before.items():
        say(char, following, table.inserts[table.row[char]].index, inserted=True)
    left = _unordered(len(number), successors)
    if not left:
        return None
    cycle = short_cycle(left, successors)
    chars = {at: char for char, at in number.items()}
    steps = []
    for first, second in pairwise([*cycle, cycle[0]]):
        source, inserted = said[first, second]
        steps.append(Step(chars[first], chars[second], source, inserted))
    return steps


def name_of(steps: list[Step]) -> str:
    """Return what a circle is called."""
    if any(step.inserted for step in steps):
        return "intention-violation"
    return (
        "order-inversion" if len({step.source for step in steps}) < 3 else "order-cycle"
    )


def _unordered(count: int, successors: Mapping[int, list[int]]) -> list[int]:
    """Return the nodes that no topological order reaches."""
    waits = [0] * count
    for after in successors.values():
        for node in after:
            waits[node] += 1
    ready = [node for node in range(count) if not waits[node]]
    for node in ready:
        for following in successors.get(node, ()):
            waits[following] -= 1
            if not waits[following]:
                ready.append(following)
    return [node for node in range(count) if waits[node]]
