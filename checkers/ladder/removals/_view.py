"""What a process must have seen, or is taken to have seen, and why."""

from __future__ import annotations

from typing import NamedTuple


NO_ACT = -1


class Reason(NamedTuple):
    """Why a look must have seen an update.

    Attributes:
        kind: `own`: its process had made it; `shown`: it is the only add of an element
            that `act` shows which can count, or one that `act` shows itself; `taken`:
            it is the only remove that can have taken `other`, which `act` does not show
            although it saw it; `issued`: the process that made `act`, which it saw, had
            made it before; `caused`: the process that made `act` had seen it before.
        act: An act.
        other: A second one, if there is one.
    """

    kind: str
    act: int = NO_ACT
    other: int = NO_ACT


class Before(NamedTuple):
    """Why an update comes before the next ones of a process.

    Attributes:
        kind: `issued`: it is its own; `caused`: it had seen it.
        look: Where it had seen it.
        reason: Why that look must have seen it.
    """

    kind: str
    look: int = NO_ACT
    reason: Reason | None = None


class Gone(NamedTuple):
    """Why an add is gone for a process.

    Attributes:
        at: The event at which it was.
        by: The remove that took it, or the look that does not show it.
        other: The look that saw the remove; or `NO_ACT`.
    """

    at: int
    by: int
    other: int = NO_ACT


class View:
    """What a process must have seen.

    Attributes:
        seen: The updates, and why.
        gone: The adds that cannot count any more, and why.
        live: By element, the adds that it saw and that are not gone.
        shown: By element, the first look since it was lacking that several adds may
            explain.
        absorbed: By process, how much of what comes before its updates was seen.
        order: What was seen, in this order.
        told: How much of that its process has told its own updates of.
    """

    def __init__(self, *, excuses: bool) -> None:
        """Begin with nothing.

        Args:
            excuses: Whether what a look saw, and need not show because of a remove, is
                asked of no later look: that is fast, and misses little.
        """
        self._excuses = excuses
        self.seen: dict[int, Reason] = {}
        self.gone: dict[int, Gone] = {}
        self.live: dict[int, set[int]] = {}
        self.shown: dict[int, int] = {}
        self.absorbed: dict[int, int] = {}
        self.order: list[int] = []
        self.told = 0
        self._undo: list[tuple[str, int, int]] | None = None

    def put(self, add: int, element: int) -> None:
        """Let an add count."""
        self.live.setdefault(element, set()).add(add)
        self.note("live", add, element)

    def lose(self, add: int, element: int, gone: Gone) -> None:
        """Let an add be gone that was not."""
        self.gone[add] = gone
        self.note("gone", add)
        if add in self.live.get(element, ()):
            self._drop(add, element)
            self.note("dead", add, element)

    def _drop(self, add: int, element: int) -> None:
        self.live[element].discard(add)
        if not self.live[element]:
            del self.live[element]

    def mark(self) -> None:
        """Remember everything from now on, until `back`."""
        self._undo = []

    def back(self) -> None:
        """Forget what came since `mark`, but perhaps for what was excused."""
        for what, key, value in reversed(self._undo or ()):
            if what == "seen":
                del self.seen[key]
                self.order.pop()
            elif what == "gone":
                del self.gone[key]
            elif what == "live" and key in self.live.get(value, ()):
                self._drop(key, value)
            elif what == "dead" and not self._excuses:
                self.live.setdefault(value, set()).add(key)
            elif what == "absorbed":
                self.absorbed[key] = value
        self._undo = None
        self.shown.clear()
        self.told = len(self.order)

    def note(self, what: str, key: int, value: int = 0) -> None:
        """Take note of what `back` has to take back."""
        if self._undo is not None:
            self._undo.append((what, key, value))
