"""In which order reads of a list saw appends, beyond which they saw.

Patterns, with the acts they name:

* `order-changed`, against monotonic reads: a read; a later one of the same process that
  does not begin with what the first one returned.
* `later-write-first`, against monotonic writes: two appends of one process; a read that
  has the second one before the first one.
* `effect-first`, against writes that follow reads: an append; a read that saw it; an
  append that the same process made afterwards; a read that has this one before the first
  one.

Sound; and complete, for one list, where each read saw all that it had to: what a process
has read is a chain of beginnings then, so that its view begins with the longest of them,
and all else can come behind that in any order of causes.

Linear in what reads saw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ._lapse import Lapse


if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ._visibility import Sights


class Orders(NamedTuple):
    """The appends that reads of lists saw.

    Attributes:
        read: By read: the appends, in the order of the list.
        longest: By process: its reads that no other one of the process begins with; of
            each key, the last read and those that were not its beginning.
        steady: Processes each of whose reads is the beginning of the next one of its key.
    """

    read: Mapping[int, Sequence[int]]
    longest: Mapping[int, Sequence[int]]
    steady: Collection[int]


def orders_of(sights: Sights) -> Orders:
    """Return in which order reads saw appends."""
    number = {act.position: at for at, act in enumerate(sights.acts)}
    read: dict[int, Sequence[int]] = {
        at: [number[position] for position in act.shown]
        for at, act in enumerate(sights.acts)
        if act.shown is not None
    }
    longest: dict[int, Sequence[int]] = {}
    steady = set()
    for process in range(len(sights.sessions)):
        last: dict[int, int] = {}
        found: list[int] = []
        for one in sights.reads(process):
            before = last.get(sights.key(one))
            if before is not None and not _begins(read[one], read[before]):
                found.append(before)
            last[sights.key(one)] = one
        longest[process] = sorted([*found, *last.values()])
        if not found:
            steady.add(process)
    return Orders(read, longest, steady)


def find_changed(sights: Sights, orders: Orders, process: int) -> Lapse | None:
    """Return two reads of a process that are not the beginning of one another."""
    last: dict[int, int] = {}
    for one in sights.reads(process):
        before = last.get(sights.key(one))
        if before is not None and not _begins(orders.read[one], orders.read[before]):
            return Lapse("order-changed", (before, one))
        last[sights.key(one)] = one
    return None


def find_later_first(sights: Sights, orders: Orders, process: int) -> Lapse | None:
    """Return a read that has appends of one process in another order than it made them."""
    for one in orders.longest[process]:
        latest: dict[int, int] = {}
        for update in orders.read[one]:
            owner = sights.process[update]
            newest = latest.get(owner)
            if newest is not None and update < newest and sights.returned(update):
                return Lapse("later-write-first", (update, newest, one))
            if newest is None or update > newest:
                latest[owner] = update
    return None


def find_effect_first(sights: Sights, orders: Orders, process: int) -> Lapse | None:
    """Return a read that has an append before what its process had read then."""
    for one in orders.longest[process]:
        place = {update: at for at, update in enumerate(orders.read[one])}
        for update in orders.read[one]:
            found = _cause_behind(sights, orders, update, place)
            if found is not None:
                return Lapse("effect-first", (*found, update, one))
    return None


def _cause_behind(
    sights: Sights, orders: Orders, update: int, place: dict[int, int]
) -> tuple[int, int] | None:
    """Return an append that comes behind an update, and a read before it that saw it."""
    act = sights.previous[update]
    while act >= 0:
        if act in orders.read and sights.key(act) == sights.key(update):
            for cause in orders.read[act]:
                if place.get(cause, -1) > place[update]:
                    return cause, act
            if sights.process[act] in orders.steady:
                return None  # What was read before is in this one.
        act = sights.previous[act]
    return None


def _begins(longer: Sequence[int], shorter: Sequence[int]) -> bool:
    return list(longer[: len(shorter)]) == list(shorter)
