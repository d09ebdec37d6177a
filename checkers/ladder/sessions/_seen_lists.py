"""What reads of a list reveal that only grows: the appends that they saw, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.models import shown

from ._revealed import Impossible, Revealed
from ._visibility import Act


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.models import Frozen
    from checkers.search import Problem


def list_acts(problem: Problem, key: int, positions: Sequence[int]) -> Revealed:
    """Return the operations on a list as acts. Linear in the size of the history.

    Args:
        problem: The operations.
        key: The number of the list.
        positions: The operations' positions in the columns of the history.
    """
    automaton = problem.automaton
    calls = [automaton.call(cls) for cls in range(len(automaton.pure))]
    initial: tuple[Frozen, ...] = automaton.model.initial
    appends: dict[Frozen, int] = {}
    for position, cls in zip(positions, problem.classes, strict=True):
        call = calls[cls]
        if call.f == "append":
            if call.input in initial or call.input in appends:
                return Revealed(
                    lacking=f"{shown(call.input)} is appended more than once"
                )
            appends[call.input] = position
    acts = [Act(position, key, updates=True) for position in appends.values()]
    for position, cls in zip(positions, problem.classes, strict=True):
        call = calls[cls]
        if call.f != "read" or not call.known:
            continue
        why = _why_impossible(call.output, appends, initial)
        if why is not None:
            name, clause = why
            return Revealed(impossible=Impossible(name, position, (), clause))
        seen = [appends[element] for element in call.output[len(initial) :]]
        acts.append(Act(position, key, shown=seen))
    return Revealed(acts)


def _why_impossible(
    elements: tuple[Frozen, ...],
    appends: dict[Frozen, int],
    initial: tuple[Frozen, ...],
) -> tuple[str, str] | None:
    """Return what no order of appends explains about a read: the anomaly, and a clause."""
    if elements[: len(initial)] != initial:
        return "lost-element", "does not begin with what was there from the beginning"
    news = elements[len(initial) :]
    for element in news:
        if element not in appends:
            clause = f"returned {shown(element)}, which nobody appended"
            return "phantom-element", clause
    if len(set(news)) < len(news):
        twice = next(element for element in news if news.count(element) > 1)
        return (
            "duplicate-element",
            f"returned {shown(twice)} twice, which was appended once",
        )
    return None
