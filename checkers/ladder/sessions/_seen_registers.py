"""What reads of a register reveal: whose write they saw last.

A value that is written once has one source. A read of one that is written again, or
that is also the initial one, does not say whose it saw, and is left out. A cas counts
as a read and a write that follows it; one that never returned counts as a write alone
if its process went on, as nobody knows when it took effect.

Of a string that was appended to, a read says whose append was the last one. That the
others came before, in their order, is not made use of here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.models import shown
from checkers.search._append_classes import AppendAutomaton

from ._revealed import Impossible, Revealed
from ._visibility import NO_ACT, NO_END, Act


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.search import Problem, RegisterView
    from histories import OperationColumns


READ, WRITE, CAS, FAILED_CAS = range(4)
"""Kinds of classes, as in `RegisterView`."""

INITIAL = 0
"""The initial value, as in `RegisterView`."""


def register_acts(
    problem: Problem,
    view: RegisterView,
    key: int,
    positions: Sequence[int],
    columns: OperationColumns,
) -> Revealed:
    """Return the operations on a register as acts. Linear.

    Args:
        problem: The operations.
        view: What their classes mean.
        key: The number of the register.
        positions: The operations' positions in the columns.
        columns: The history.
    """
    last = dict(zip(columns.process, range(len(columns)), strict=True))
    writers: dict[int, int] = {INITIAL: NO_ACT}
    repeated: dict[int, tuple[int, int]] = {}
    for position, cls in zip(positions, problem.classes, strict=True):
        value = _written(view, cls)
        if value is not None and value in writers:
            repeated[value] = writers[value], position
        elif value is not None:
            writers[value] = position
    acts = []
    lacking = None
    automaton = problem.automaton
    blind = automaton.appended if isinstance(automaton, AppendAutomaton) else ()
    for position, cls in zip(positions, problem.classes, strict=True):
        kind, value = view.kind[cls], view.a[cls]
        updates = _written(view, cls) is not None
        source: int | None = None
        if kind == FAILED_CAS:
            lacking = lacking or "a cas that failed says only what was not there"
            continue
        if kind != WRITE:
            is_open = columns.end[position] == NO_END
            if is_open and position != last[columns.process[position]]:
                lacking = lacking or "it is unknown when a cas found what it found"
            elif value in repeated:
                lacking = lacking or _why_unclear(view, value)
            elif value in writers:
                source = writers[value]
            else:
                clause = (
                    f"returned {shown(view.values[value])}, which nobody had written"
                )
                if kind == CAS:
                    clause = (
                        f"found {shown(view.values[value])}, which nobody had written"
                    )
                return Revealed(impossible=Impossible("thin-air", position, (), clause))
            if cls in blind:
                # Its process need not have seen what it was appended to.
                source = None
                lacking = lacking or "reads show more of a string than its last append"
        if updates or source is not None:
            acts.append(Act(position, key, updates, source))
    return Revealed(acts, lacking)


def _written(view: RegisterView, cls: int) -> int | None:
    """Return the value that a class writes, if it changes anything."""
    kind = view.kind[cls]
    if kind == WRITE:
        return view.a[cls]
    return view.b[cls] if kind == CAS and view.a[cls] != view.b[cls] else None


def _why_unclear(view: RegisterView, value: int) -> str:
    text = shown(view.values[value])
    if value == INITIAL:
        return f"{text} is the initial value and is written too"
    return f"{text} is written more than once, so that a read of it has no one source"
