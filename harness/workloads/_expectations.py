"""What final reads of counters and of sets are to show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from histories import Event


DOUBTFUL = 10
"""Rounds in a row that a sum has to be seen that may be the right one by chance."""


class CounterExpectation:
    """A read lies between the acknowledged sum and what open adds may change in it.

    A sum to which nothing negative was added is right only if nothing is missing. Where
    adds have either sign, or may not have happened, several may be missing that make up
    for each other, as long as they are on their way.
    """

    def __init__(self) -> None:
        self.rounds = 1
        self._acknowledged = 0
        self._lowest = 0
        self._highest = 0

    def observe(self, event: Event) -> None:
        """Count adds; one that may have happened widens what is acceptable."""
        if event.f != "add":
            return
        if event.type == "info" or (event.type == "ok" and event.value < 0):
            self.rounds = DOUBTFUL
        if event.type == "ok":
            self._acknowledged += event.value
        elif event.type == "info":
            self._lowest += min(event.value, 0)
            self._highest += max(event.value, 0)

    def is_met(self, value: Any) -> bool:
        """Return whether a read may show every acknowledged add."""
        return (
            type(value) is int
            and self._acknowledged + self._lowest
            <= value
            <= self._acknowledged + self._highest
        )

    def agree(self, values: Sequence[int]) -> bool:
        """Return whether the nodes agree on which of the open adds have happened."""
        return all(value == values[0] for value in values)


class SetExpectation:
    """A read holds every acknowledged element; the workload adds integers."""

    rounds = 1

    def __init__(self, add: str) -> None:
        self._add = add
        self._acknowledged: set[int] = set()

    def observe(self, event: Event) -> None:
        """Collect acknowledged elements."""
        if event.f == self._add and event.type == "ok":
            self._acknowledged.add(event.value)

    def is_met(self, value: Any) -> bool:
        """Return whether a read shows every acknowledged element."""
        if not isinstance(value, list) or len(value) < len(self._acknowledged):
            return False
        return self._acknowledged <= _integers(value)

    def agree(self, values: Sequence[list[Any]]) -> bool:
        """Return whether the nodes agree on which of the open adds have happened."""
        first = _integers(values[0])
        return all(_integers(value) == first for value in values[1:])


class AgreementExpectation:
    """The nodes show the same, whatever it is.

    A node shows what it acknowledged, or what replaced it: nodes that show the same have
    all heard of it.
    """

    rounds = 2

    def __init__(self, project: Callable[[Any], Any]) -> None:
        """Compare what is made of reads by a function, which may raise."""
        self._project = project

    def observe(self, event: Event) -> None:
        """Learn nothing from operations."""

    def is_met(self, value: Any) -> bool:
        """Return whether a read can be compared with others."""
        try:
            self._project(value)
        except (TypeError, KeyError, AttributeError):
            return False
        return True

    def agree(self, values: Sequence[Any]) -> bool:
        """Return whether the nodes show the same."""
        first = self._project(values[0])
        return all(self._project(value) == first for value in values[1:])


def _integers(value: list[Any]) -> set[int]:
    return {item for item in value if type(item) is int}
