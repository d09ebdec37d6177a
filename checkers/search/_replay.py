"""From the choices of a search to the order they stand for.

A search writes down what it chose and not what follows from it, which is most of the
order. The order is made again afterwards, once, by doing what the search did.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Literal

from ._order import Answer


if TYPE_CHECKING:
    from typing import TypeAlias

    from ._window import Window

    Path: TypeAlias = "tuple[int, Path] | None"


def choices(path: Path) -> list[int]:
    """Return the operations of a path, the first one first."""
    found: list[int] = []
    while path is not None:
        number, path = path
        found.append(number)
    found.reverse()
    return found


def answer(
    outcome: Literal["yes", "no", "unknown"],
    order: tuple[array[int], int],
    nodes: int,
) -> Answer:
    """Return an answer with the order as a witness or as the deepest prefix."""
    numbers, state = order
    if outcome == "yes":
        return Answer(outcome=outcome, order=numbers, state=state, nodes=nodes)
    return Answer(outcome=outcome, prefix=numbers, state=state, nodes=nodes)


def replay(window: Window, path: Path) -> tuple[array[int], int]:
    """Return the order that a table search's choices lead to, and the state after it.

    Pure operations are put in the order when they first are legal: at a call, that of
    the call; after a choice, all in flight, by number.
    """
    problem, numbers, returning = window.problem, window.numbers, window.returning
    step, pure, classes = (
        problem.automaton.step,
        problem.automaton.pure,
        problem.classes,
    )
    order = array("I")
    placed = bytearray(len(problem))
    waiting: dict[int, int] = {}
    state = event = 0
    chosen = choices(path)
    chosen.reverse()
    while True:
        while event < window.end:
            number = numbers[event]
            if returning[event]:
                if not placed[number]:
                    break
            elif pure[classes[number]]:
                if step(state, classes[number]) >= 0:
                    placed[number] = True
                    order.append(number)
                else:
                    waiting[number] = classes[number]
            event += 1
        if not chosen:
            return order, state
        number = chosen.pop()
        state = step(state, classes[number])
        placed[number] = True
        order.append(number)
        for i in [i for i, cls in waiting.items() if step(state, cls) >= 0]:
            del waiting[i]
            placed[i] = True
            order.append(i)
