"""Transactions as text, as AWDIT has them: who read and wrote what, in which session.

`r 3 7` reads 7 from the key 3, `w 3 8` writes 8 to it, a line of dashes ends a
transaction and a line of equals signs a session. Nothing tells when anything
happened: only the order within a session is known.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from histories._columns import Columns
from histories._errors import MalformedError
from histories._operation import Event

from ._loaded import Parsed
from ._loose import asked


if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from ._source import Source


_STEP = re.compile(r"([rw])\s+(-?\d+)\s+(-?\d+)")
_END_OF_TRANSACTION = re.compile(r"-{3,}")
_END_OF_SESSION = re.compile(r"={3,}")

_Step = list[str | int | None]
_Transaction = tuple[int, list[_Step]]
"""The line in which it begins, and its steps."""


def read_transactions(source: Source) -> Parsed:
    """Read sessions of transactions; all of the first are concurrent, and so on."""
    sessions = _sessions(source)
    only = "only the order of transactions within a session is known"
    notes = [f"The file has no times: {only}, and nothing of real time."]
    if _forget_initial_zeros(sessions):
        notes.append("A read of 0 from a key to which nobody writes 0 found nothing.")
    columns = Columns(source.name)
    events = list(_events(sessions))
    columns.extend([event for _, event in events])
    columns.line.extend([line for line, _ in events])
    return Parsed(columns, notes, has_real_time=False)


def _sessions(source: Source) -> list[list[_Transaction]]:
    sessions: list[list[_Transaction]] = [[]]
    steps: list[_Step] = []
    start = 1
    for number, raw in enumerate(source.file, 1):
        line = raw.decode(errors="replace").strip()
        if match := _STEP.fullmatch(line):
            if not steps:
                start = number
            steps.append([match[1], int(match[2]), int(match[3])])
            continue
        is_session = _END_OF_SESSION.fullmatch(line) is not None
        if line and not is_session and not _END_OF_TRANSACTION.fullmatch(line):
            raise MalformedError(
                f"`{line[:80]}`",
                "`r key value`, `w key value` with integers, `-----` or `=====`",
                "Correct the line or take it out.",
                path=source.name,
                line=number,
            )
        if line and steps:
            sessions[-1].append((start, steps))
            steps = []
        if is_session:
            sessions.append([])
    if steps:
        sessions[-1].append((start, steps))
    return sessions


def _forget_initial_zeros(sessions: list[list[_Transaction]]) -> bool:
    """Make null of the zeros that stand for nothing; return whether there are any."""
    steps = [step for session in sessions for _, steps in session for step in steps]
    zeroed = {key for kind, key, value in steps if kind == "w" and value == 0}
    forgotten = False
    for step in steps:
        if step[0] == "r" and step[2] == 0 and step[1] not in zeroed:
            step[2] = None
            forgotten = True
    return forgotten


def _events(sessions: list[list[_Transaction]]) -> Iterator[tuple[int, Event]]:
    index = 0
    types: tuple[Literal["invoke"], Literal["ok"]] = ("invoke", "ok")
    for row in zip_longest(*sessions):
        for type_ in types:
            for process, transaction in enumerate(row):
                if transaction is None:
                    continue
                line, steps = transaction
                yield (
                    line,
                    Event(
                        index=index,
                        time=0,
                        type=type_,
                        process=process,
                        f="txn",
                        value=steps if type_ == "ok" else asked(steps),
                    ),
                )
                index += 1
