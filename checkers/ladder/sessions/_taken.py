"""What removals from queues and stacks refute, with the guarantee that they break.

Patterns, with the operations they name, of elements that were put in once:

* `taken-again`, against reading one's own writes: two removals of one element by one
  process, whose own removal it was the first time.
* `later-taken-first`, against monotonic writes, for queues in which what comes first
  goes first: a removal of an element; a later one, by the same process, of one that
  the same process had put in before the former.

Sound, and not complete. Linear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from checkers._verdict import Anomaly
from checkers._wording import cite
from checkers.models import Container, FifoQueue, clipped, shown
from checkers.search import OPEN

from ._revealed import Impossible, Revealed


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.models import Frozen
    from checkers.search import Problem
    from histories import History


class Taken(NamedTuple):
    """A violation by removals.

    Attributes:
        pattern: The pattern.
        part: The object.
        operations: The operations.
        elements: What they took.
    """

    pattern: str
    part: Problem
    operations: Sequence[int]
    elements: Sequence[Frozen]


def removals(part: Problem, model: Container, positions: Sequence[int]) -> Revealed:
    """Return that a removal is impossible if nobody put in what it took out. Linear."""
    calls = [part.automaton.call(cls) for cls in range(len(part.automaton.pure))]
    put = set(model.initial)
    put.update(calls[cls].input for cls in part.classes)
    for position, cls, end in zip(positions, part.classes, part.returns, strict=True):
        call = calls[cls]
        took = call.known and call.f == model.removing and end != OPEN
        if took and call.output is not None and call.output not in put:
            clause = f"gave {clipped(shown(call.output))}, which was never put in"
            return Revealed(impossible=Impossible("unexplained", position, (), clause))
    return Revealed(lacking=f"what a {model.name} gives does not tell what it has seen")


def find_taken(parts: Sequence[Problem]) -> dict[str, Taken]:
    """Return the first violation of each session guarantee that removals show."""
    found: dict[str, Taken] = {}
    for part in parts:
        model = part.automaton.model
        if isinstance(model, Container):
            for name, taken in _of_part(part, model).items():
                found.setdefault(name, taken)
    return found


def _of_part(part: Problem, model: Container) -> dict[str, Taken]:
    call = part.automaton.call
    put: dict[Frozen, int] = {}
    again = set(model.initial)
    for i, cls in enumerate(part.classes):
        if call(cls).f == model.inserting:
            if call(cls).input in put:
                again.add(call(cls).input)
            put[call(cls).input] = i
    found: dict[str, Taken] = {}
    first: dict[tuple[int, Frozen], int] = {}
    newest: dict[tuple[int, int], tuple[int, int]] = {}
    for i, (cls, process, end) in enumerate(
        zip(part.classes, part.processes, part.returns, strict=True)
    ):
        element = call(cls).output
        if end == OPEN or call(cls).f == model.inserting or element not in put:
            continue
        if element in again:
            continue
        if (process, element) in first:
            both = first[process, element], i
            found.setdefault(
                "read-your-writes", Taken("taken-again", part, both, [element])
            )
        first.setdefault((process, element), i)
        insertion = put[element]
        lane = process, part.processes[insertion]
        later = newest.get(lane)
        if later is not None and part.returns[insertion] < part.calls[later[0]]:
            elements = [call(part.classes[later[0]]).input, element]
            acts = (insertion, later[0], later[1], i)
            if isinstance(model, FifoQueue):
                found.setdefault(
                    "monotonic-writes", Taken("later-taken-first", part, acts, elements)
                )
        if later is None or insertion > later[0]:
            newest[lane] = insertion, i
    return found


def tell_taken(history: History, name: str, taken: Taken) -> Anomaly:
    """Return the violation of a guarantee that removals are."""
    operations = [history.operation(taken.part.operations[i]) for i in taken.operations]
    texts = [clipped(shown(element)) for element in taken.elements]
    if taken.pattern == "taken-again":
        sentence = (
            f"{cite(operations[1])} took {texts[0]} out, which {cite(operations[0])} "
            "by the same process had taken out before."
        )
    else:
        sentence = (
            f"{cite(operations[3])} took {texts[1]} out after {cite(operations[2])} "
            f"by the same process had taken out {texts[0]}, although process "
            f"{operations[0].process} had put {texts[1]} in first."
        )
    return Anomaly(
        name=name,
        sentence=sentence,
        operations=tuple(sorted(operation.index for operation in operations)),
        data={"pattern": taken.pattern, "process": operations[-1].process},
    )
