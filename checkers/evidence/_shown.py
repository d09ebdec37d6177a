"""Updates in doubt that somebody had all the same, as reads show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from checkers._disks import Losses
from checkers._wording import location


if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from histories import History, Operation


class Marks(msgspec.Struct, frozen=True):
    """By what reads show updates.

    Attributes:
        update: Returns what is shown of an update; None of any other operation.
        read: Returns what an ok read shows; nothing of any other operation.
    """

    update: Callable[[Operation], Hashable]
    read: Callable[[Operation], Iterable[Hashable]]


def shown(history: History, in_doubt: Mapping[int, str], marks: Marks) -> set[int]:
    """Return those updates in doubt that outlived the disk of their node.

    A read shows so, unless its node loses its disk later. Two updates of the same mark
    are not told apart. Linear in what reads return.

    Args:
        history: The history.
        in_doubt: The updates, by the indices of their invocations.
        marks: By what reads show them.
    """
    losses = Losses(history)
    by_mark: dict[Hashable, int | None] = {}
    for operation in history.operations():
        mark = marks.update(operation)
        if mark is not None:
            by_mark[mark] = None if mark in by_mark else operation.index
    found: set[int] = set()
    for operation in history.operations():
        place = location(operation.node, operation.process)
        if operation.status == "ok" and not losses.after(place, operation.index):
            for mark in marks.read(operation):
                update = by_mark.get(mark)
                if update is not None and update in in_doubt:
                    found.add(update)
    return found
