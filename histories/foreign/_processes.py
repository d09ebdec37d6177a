"""Processes that go on after an operation whose outcome they do not know.

Such an operation is open for ever, and a process has one open operation at a time:
the process has ended. Jepsen gives the next one a new number; a history written by
hand may not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from histories._columns import INFO, INVOKE


if TYPE_CHECKING:
    from histories._columns import Columns


def renumber_ended(columns: Columns) -> int:
    """Give processes that invoke after an `info` new numbers; return how many did.

    The columns must be in order. Linear; next to nothing if there is no `info`.
    """
    if INFO not in columns.type:
        return 0
    processes = columns.process
    stride = max(processes) + 1
    ended: set[int] = set()
    present: dict[int, int] = {}
    for position, (type_, process) in enumerate(
        zip(columns.type, processes, strict=True)
    ):
        if process < 0:
            continue
        if type_ == INVOKE and process in ended:
            ended.remove(process)
            present[process] = present.get(process, process) + stride
        elif type_ == INFO:
            ended.add(process)
        if process in present:
            processes[position] = present[process]
    return len(present)
