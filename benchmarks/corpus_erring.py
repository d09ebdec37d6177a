"""Objects that err: what they say is not what they do."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from corpus_objects import Refused, Thing
from corpus_queues import FifoQueue, Mutex, Semaphore


if TYPE_CHECKING:
    from random import Random

FAULTS = (
    "lost",  # says yes and does nothing
    "late",  # says yes and does it after something else
    "twice",  # does it two times
    "stale",  # answers from what was there before
    "denied",  # says no and does it
    "untrue",  # answers something else
    "inverted",  # takes from the other end; grants what is taken
)
"""How an object errs."""


class Erring:
    """An object that errs at some of its operations.

    Attributes:
        thing: The object.
        erred: How it has erred, in order.
    """

    def __init__(
        self, thing: Thing, rng: Random, fault: str | None, *, often: bool = False
    ) -> None:
        self.thing = thing
        self.erred: list[str] = []
        self._rng, self._fault = rng, fault
        self._at = {rng.randint(1, 8)} if not often else {2, 3, 5, 7, 8}
        self._before: list[Any] = [deepcopy(thing.state)]
        self._late: list[tuple[str, Any, int]] = []

    def do(self, f: str, value: Any, process: int, most: int) -> Any:
        """Do an operation, or err."""
        errs = self._fault is not None and len(self._before) in self._at
        self._before.append(deepcopy(self.thing.state))
        try:
            if errs:
                self.erred.append(f"{self._fault} {f}")
                answer = self._err(f, value, process, most)
                if answer is not NotImplemented:
                    return answer
                self.erred.pop()
            return self.thing.do(f, value, process)
        finally:
            if self._late and self._late[-1] != (f, value, process):
                self._catch_up()

    def _catch_up(self) -> None:
        for late in self._late:
            try:
                self.thing.do(*late)
            except Refused:
                continue
        self._late.clear()

    def _err(self, f: str, value: Any, process: int, most: int) -> Any:
        thing, now = self.thing, deepcopy(self.thing.state)
        if self._fault == "late" and f in thing.blind:
            self._late.append((f, value, process))
            return value
        if self._fault == "lost":
            answer = thing.do(f, value, process)
            thing.state = now
            return answer
        if self._fault == "twice":
            thing.do(f, value, process)
            return thing.do(f, value, process)
        if self._fault == "stale":
            thing.state = deepcopy(self._rng.choice(self._before[-4:]))
            answer = thing.do(f, value, process)
            if f not in {"read", "get", "contains"}:
                return answer
            thing.state = now
            return answer
        if self._fault == "denied":
            thing.do(f, value, process)
            raise Refused
        if self._fault == "untrue":
            return thing.lie(self._rng, f, thing.do(f, value, process), most)
        if self._fault == "inverted":
            return self._inverted(f, value, process)
        return NotImplemented

    def _inverted(self, f: str, value: Any, process: int) -> Any:
        """Take what is not next, or grant what cannot be granted."""
        thing = self.thing
        if isinstance(thing, FifoQueue) and f == thing.take and thing.state:
            return thing.state.pop(self._rng.randrange(len(thing.state)))
        if isinstance(thing, Semaphore):
            thing.state = min(thing.permits, max(0, thing.state))
            return value
        if isinstance(thing, Mutex):
            thing.state = process if f == "acquire" else None
            return value
        return NotImplemented
