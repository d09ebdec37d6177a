"""A contradiction in words: what a look had to show, and why, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers._elements import text_of
from checkers._verdict import Anomaly
from checkers._wording import cite, listed, listed_some

from ._scene import ALL, READ
from ._view import NO_ACT, Reason


if TYPE_CHECKING:
    from collections.abc import Sequence

    from histories import History, Operation

    from ._forced import Contradiction, Forced
    from ._view import Gone


MOST_STEPS = 12
"""Steps that a sentence has; what leads further back is left to the reader."""

MOST_ADDS = 3
"""Adds of which it is told why they are gone."""


def tell(
    history: History, forced: Forced, found: Contradiction, name: str, level: str
) -> Anomaly:
    """Return the violation of a level that a contradiction is.

    Args:
        history: The history.
        forced: What found it.
        found: It.
        name: What the violation is called.
        level: The level.
    """
    telling = _Telling(history, forced, found)
    sentence = telling.sentence()
    operations = telling.operations()
    return Anomaly(
        name=name,
        sentence=sentence,
        operations=tuple(operation.index for operation in operations),
        data={
            "pattern": found.pattern,
            "level": level,
            "element": text_of(forced.scene.names[found.element]),
            "process": telling.operation(found.look).process,
            "steps": telling.steps,
            "does": telling.does(),
        },
    )


class _Telling:
    """Collects steps, and the acts that they name.

    Attributes:
        steps: What leads to the contradiction, a clause each.
    """

    def __init__(self, history: History, forced: Forced, found: Contradiction) -> None:
        self.steps: list[str] = []
        self._history = history
        self._forced = forced
        self._scene = forced.scene
        self._found = found
        self._process = self._scene.acts[found.look].process
        self._acts: dict[int, None] = {}
        self._told: set[tuple[int, int]] = set()

    def operation(self, act: int) -> Operation:
        """Return the operation of an act."""
        return self._history.operation(self._scene.acts[act].index)

    def operations(self) -> list[Operation]:
        """Return the operations that are named, in their order."""
        return [self.operation(act) for act in sorted(self._acts)]

    def sentence(self) -> str:
        """Return what happened."""
        found = self._found
        element = text_of(self._scene.names[found.element])
        look = self._cite(found.look)
        if found.pattern == "missing":
            add = self._cite(found.add)
            which = "its process must have seen"
            if self._reason(found.add, self._process).kind == "own":
                which = "the same process had made before"
            else:
                self._why(found.add, self._process)
            head = (
                f"{look} misses {add} of {element}, which {which}, and which no remove "
                "that had begun can have taken"
            )
        elif found.pattern == "shown-missing":
            head = (
                f"{look} misses {element}, which {self._cite(found.earlier)} by the same "
                "process had shown: no remove that had begun can have taken an add that "
                "counted there"
            )
        elif found.pattern == "back":
            head = f"{look} has {self._cite(found.add)} of {element}, which was gone"
            self._why_gone(found.add)
        else:
            end = self._scene.acts[found.look].end
            adds = list(self._scene.latest(found.element, end))[::-1]
            named = listed_some([self._cite(add) for add in adds], limit=MOST_ADDS)
            head = (
                f"{look} has {element}, although all adds of it that had begun were "
                f"gone: {named}"
                if len(adds) > 1
                else f"{look} has {element}, although {named}, its only add, was gone"
            )
            for one in adds[:MOST_ADDS]:
                self._why_gone(one)
        return f"{head}: {'; '.join(self.steps)}." if self.steps else f"{head}."

    def does(self) -> dict[int, str]:
        """Return what the operations that are named have to do with each other."""
        acts, scene = list(self._acts), self._scene
        elements = {
            scene.acts[act].element for act in acts if scene.acts[act].kind != READ
        }
        elements.add(self._found.element)
        return {
            self.operation(act).index: self._does(act, sorted(elements - {ALL}))
            for act in acts
        }

    def _does(self, act: int, elements: Sequence[int]) -> str:
        it, scene = self._scene.acts[act], self._scene
        f = self.operation(act).f
        if it.kind != READ:
            return f"{f} {text_of(scene.names[it.element])}"
        has = it.elements or {scene.acts[add].element for add in it.adds or ()}
        asked = [one for one in elements if scene.about(act, one)]
        told = [
            f"{verb} {listed(text_of(scene.names[one]) for one in some)}"
            for verb, some in (
                ("has", [one for one in asked if one in has]),
                ("lacks", [one for one in asked if one not in has]),
            )
            if some
        ]
        return f"{f}: {', '.join(told)}"

    def _cite(self, act: int) -> str:
        """Return how a sentence refers to an act: at length for the first time."""
        operation = self.operation(act)
        if act in self._acts:
            return f"{operation.f} {operation.index}"
        self._acts[act] = None
        return cite(operation)

    def _owner(self, act: int) -> str:
        return f"process {self.operation(act).process}"

    def _add_step(self, clause: str) -> None:
        self.steps.append(clause)

    def _why_gone(self, add: int) -> None:
        """Tell why an add was gone for the process of the look."""
        gone: Gone = self._found.view.gone[add]
        if self._scene.acts[gone.by].kind == READ or gone.other == NO_ACT:
            does = "does not show" if self._scene.acts[gone.by].kind == READ else "left"
            self._why(add, self._process)
            self._add_step(
                f"{self._cite(gone.by)} by the same process {does} {self._cite(add)}, "
                "so that it had seen it be taken"
            )
            return
        if self._scene.acts[gone.by].adds is None:
            self._why_taken(gone.by, add)
        self._add_step(f"{self._cite(gone.by)} took {self._cite(add)}")
        self._why(gone.by, self._process)

    def _why_taken(self, remove: int, add: int) -> None:
        """Tell why a remove that tells nothing must have taken an add."""
        self._why(add, self._scene.acts[remove].process)

    def _reason(self, update: int, process: int) -> Reason:
        """Return why a process must have seen an update."""
        if process == self._process and update in self._found.view.seen:
            return self._found.view.seen[update]
        before = self._forced.before[process].get(update)
        if before is not None and before.reason is not None:
            return before.reason
        return self._forced.views[process].seen.get(update, Reason("own"))

    def _why(self, update: int, process: int) -> None:
        """Tell why a process must have seen an update."""
        if (update, process) in self._told or len(self.steps) >= MOST_STEPS:
            return
        self._told.add((update, process))
        reason = self._reason(update, process)
        it = self._cite(update)
        if reason.kind == "own":
            self._add_step(f"{self._owner(update)} had made {it}")
        elif reason.kind == "shown":
            self._add_step(self._why_shown(update, reason.act, it))
        elif reason.kind == "taken":
            self._why(reason.other, process)
            self._add_step(
                f"only {it} can have taken {self._cite(reason.other)}, which "
                f"{self._cite(reason.act)} does not show"
            )
        elif reason.kind == "issued":
            self._why(reason.act, process)
            self._add_step(
                f"{self._owner(update)} had made {it} before {self._cite(reason.act)}"
            )
        else:
            self._why_caused(update, process, reason.act)

    def _why_shown(self, add: int, look: int, it: str) -> str:
        by = self._cite(look)
        if self._scene.acts[look].adds is None:
            element = text_of(self._scene.names[self._scene.acts[add].element])
            return f"{by} has {element}, which only {it} can have put there"
        if self._scene.acts[look].kind == READ:
            return f"{by} shows {it}"
        return f"{by} took {it}"

    def _why_caused(self, update: int, process: int, effect: int) -> None:
        """Tell that who made an update had seen another one before."""
        cause_of = self._scene.acts[effect].process
        self._why(effect, process)
        before = self._forced.before[cause_of][update]
        if before.look == effect:
            self._add_step(f"{self._cite(effect)} had seen {self._cite(update)}")
        else:
            self._add_step(
                f"{self._owner(effect)} had seen {self._cite(update)} in "
                f"{self._cite(before.look)} when it made {self._cite(effect)}"
            )
        if before.reason is not None and before.reason.kind != "shown":
            self._why(update, cause_of)
