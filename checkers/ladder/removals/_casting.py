"""From operations to a scene, whatever kind of data they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from checkers._elements import text_of
from checkers._wording import cite, location
from checkers.ladder.sessions import Impossible

from ._scene import ADD, ALL, FOREVER, READ, REMOVE, Act, Scene


if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkers._elements import Key
    from histories import History, Operation


class Told(NamedTuple):
    """What a look told.

    Attributes:
        adds: The adds that counted, by the indices of their invocations; or None.
        elements: If that is None: the elements that were shown; or None.
    """

    adds: Iterable[int] | None = None
    elements: Iterable[Key] | None = None


class Casting:
    """Takes the operations of a history in the order of their invocations.

    Attributes:
        lacking: Why there may be more to see, a clause; None if there is not.
        impossible: A look that no choice of updates explains; None without.
    """

    def __init__(self, history: History) -> None:
        self.lacking: str | None = None
        self.impossible: Impossible | None = None
        self._history = history
        self._operations: list[tuple[Operation, int, Key | None, Told]] = []
        self._failed: dict[Key, int] = {}

    def update(self, operation: Operation, element: Key, told: Told) -> None:
        """Take an add or a remove that did not definitely fail."""
        kind = ADD if operation.f == "add" else REMOVE
        self._operations.append((operation, kind, element, told))

    def fail(self, operation: Operation, element: Key) -> None:
        """Take an add that definitely failed."""
        self._failed.setdefault(element, operation.index)

    def look(self, operation: Operation, element: Key | None, told: Told) -> None:
        """Take a read that succeeded, of an element or of all."""
        self._operations.append((operation, READ, element, told))

    def lack(self, operation: Operation, clause: str) -> None:
        """Take note of what an operation does not reveal."""
        self.lacking = self.lacking or f"{cite(operation)} {clause}"

    def rule_out(
        self, name: str, operation: Operation, clause: str, *others: int
    ) -> None:
        """Take note of a look that is impossible, whatever the model.

        Args:
            name: The kind of anomaly.
            operation: The look.
            clause: What it did.
            others: Indices of other operations that show it.
        """
        if self.impossible is None:
            at = self._history.columns().index.index
            found = tuple(map(at, others))
            self.impossible = Impossible(name, at(operation.index), found, clause)

    def scene(self) -> Scene:
        """Return the scene. Linear in what looks told."""
        names: dict[Key, int] = {}
        adds: dict[int, int] = {}
        first: dict[Key, int] = {}
        for number, (operation, kind, element, _) in enumerate(self._operations):
            if element is not None:
                names.setdefault(element, len(names))
            if kind == ADD and element is not None:
                adds[operation.index] = number
                first.setdefault(element, operation.index)
        processes: dict[int, int] = {}
        places: dict[str, int] = {}
        acts = []
        for operation, kind, element, told in self._operations:
            self._check(operation, told, first)
            place = location(operation.node, operation.process)
            end = FOREVER if operation.end is None else operation.end
            acts.append(
                Act(
                    index=operation.index,
                    end=end,
                    process=processes.setdefault(operation.process, len(processes)),
                    place=places.setdefault(place, len(places)),
                    kind=kind,
                    element=ALL if element is None else names[element],
                    adds=None
                    if told.adds is None
                    else frozenset(adds[one] for one in told.adds),
                    elements=None
                    if told.elements is None
                    else frozenset(names[one] for one in told.elements if one in names),
                )
            )
        return Scene(acts, list(names))

    def _check(self, operation: Operation, told: Told, first: dict[Key, int]) -> None:
        """Rule out what a look shows that had not begun."""
        if operation.end is None:
            return
        for add in told.adds or ():
            if add > operation.end:
                self.rule_out(
                    "thin-air", operation, "saw what began only after it had ended", add
                )
        for element in told.elements or ():
            text = text_of(element)
            if element in first and first[element] < operation.end:
                continue
            if element in first:
                clause = f"shows {text}, which was added only after it had ended"
                self.rule_out("thin-air", operation, clause, first[element])
            elif element in self._failed:
                failed = self._failed[element]
                by = cite(self._history.operation(failed))
                clause = f"shows {text}, which {by} definitely did not add"
                self.rule_out("aborted-effect", operation, clause, failed)
            else:
                clause = f"shows {text}, which nobody added"
                self.rule_out("phantom-element", operation, clause)
