"""What a recording keeps: events, who is which process, and what was done wrong."""

from __future__ import annotations

import math
import os
import sys
import threading
from typing import TYPE_CHECKING, Any, Literal, Protocol
from weakref import WeakKeyDictionary

import msgspec

from ._errors import RecordingError
from ._operation import Event


if TYPE_CHECKING:
    from collections.abc import Callable

    from ._operation import EventType


RETIREMENT = 1_000
"""What is added to the number of a process when it is retired."""


class Recorded(Protocol):
    """What the log is told of an operation."""

    f: str
    value: Any
    node: str | None
    final: bool
    process: int | None
    caller: object


class Log:
    """Events in order, with index and time assigned together, under one lock.

    Attributes:
        callers: Who is which process.
        misuse: The first thing that a test did wrong; None if it did nothing wrong.
    """

    def __init__(self, clock: Callable[[], int]) -> None:
        self.callers = Callers()
        self.misuse: RecordingError | None = None
        self._owner = os.getpid()
        self._clock = clock
        self._began = clock()
        self._lock = threading.Lock()
        self._events: list[Event] = []
        self._running: dict[int, Recorded] = {}

    def __len__(self) -> int:
        return len(self._events)

    def events(self) -> list[Event]:
        """Return the events so far."""
        with self._lock:
            return self._events.copy()

    def begin(self, operation: Recorded) -> int:
        """Record an invocation; return the process that it got.

        Raises:
            RecordingError: Its caller has an open operation, or is in a process of the
                operating system that has a copy of the log.
        """
        __tracebackhide__ = True  # So that pytest shows who began it.
        if os.getpid() != self._owner:
            raise self.misused(
                f"{operation.f!r} in another process of the operating system",
                "operations of threads and tasks of the process that began to record",
                "Record there, in a thread for each process that does the calls.",
            )
        with self._lock:
            process = self.callers.process(operation.caller)
            other = self._running.setdefault(process, operation)
            if other is operation:
                self._record("invoke", process, operation, operation.value)
                return process
        raise self.misused(
            f"{operation.f!r} by process {process}, whose {other.f!r} has not ended",
            "one operation of a process at a time",
            "Give clients that are neither threads nor tasks of asyncio, or that "
            "share one, a number each: `operation(…, process=…)`.",
        )

    def end(
        self,
        type_: Literal["ok", "fail", "info"],
        operation: Recorded,
        value: Any,
        error: Any,
    ) -> None:
        """Record a completion, and retire the process if the outcome is unknown."""
        process = operation.process
        assert process is not None, "an operation begins before it ends"
        with self._lock:
            self._record(type_, process, operation, value, error)
            del self._running[process]
            if type_ == "info":
                self.callers.retire(operation.caller, process)

    def copied(self, f: str, value: Any, what: str = "a value") -> Any:
        """Return a value as its file will have it, which nobody alters any more.

        Raises:
            RecordingError: It cannot be JSON.
        """
        __tracebackhide__ = True  # So that pytest shows who recorded it.
        kind = type(value)
        if value is None or kind in {int, bool} or (kind is str and value.isascii()):
            return value
        try:
            # Equal sets have to be equal lists, too.
            text = msgspec.json.encode(value, order="deterministic")
            if b"null" not in text or _is_finite(msgspec.to_builtins(value)):
                return msgspec.json.decode(text)
        except (TypeError, ValueError, RecursionError):
            pass  # Whatever it is, it is told below.
        raise self.misused(
            f"{value!r} as {what} of {f!r}",
            "what can be written as JSON",
            "Record a number, a text or a list that tells it from other values.",
        )

    def misused(self, found: str, expected: str, advice: str) -> RecordingError:
        """Return an error to raise, and keep the first one."""
        error = RecordingError(found, expected, advice)
        self.misuse = self.misuse or error
        return error

    def _record(
        self,
        type_: EventType,
        process: int,
        operation: Recorded,
        value: Any,
        error: Any = None,
    ) -> None:
        self._events.append(
            Event(
                index=len(self._events),
                time=self._clock() - self._began,
                type=type_,
                process=process,
                f=operation.f,
                value=value,
                error=error,
                final=operation.final,
                node=operation.node,
            )
        )


def _is_finite(value: Any) -> bool:
    """Whether all numbers in a value are numbers: JSON would have null for others."""
    if isinstance(value, dict):
        return all(map(_is_finite, value.values()))
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(_is_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


class _Thread:
    """Stands for a thread for as long as that lives; its number is used again."""


class Callers:
    """Which process each caller is: a number given, a thread, or a task."""

    def __init__(self) -> None:
        self._threads = threading.local()
        self._given: dict[int, int] = {}
        self._found: WeakKeyDictionary[object, int] = WeakKeyDictionary()
        self._taken: set[int] = set()
        self._next = 0

    def current(self) -> object:
        """Return the task of asyncio, or else the thread, that asks."""
        asyncio = sys.modules.get("asyncio")
        if asyncio is not None:
            try:
                task = asyncio.current_task()
            except RuntimeError:  # No loop runs in this thread.
                task = None
            if task is not None:
                return task
        try:
            return self._threads.caller
        except AttributeError:
            self._threads.caller = caller = _Thread()
            return caller

    def process(self, caller: object) -> int:
        """Return the number of a caller, which is a new one if it has none."""
        if isinstance(caller, int):
            if caller not in self._given:
                self._given[caller] = self._take(caller, RETIREMENT)
            return self._given[caller]
        number = self._found.get(caller)
        if number is None:
            number = self._found[caller] = self._next = self._take(self._next, 1)
        return number

    def retire(self, caller: object, process: int) -> None:
        """Let a caller go on under a number that nobody has had."""
        number = self._take(process + RETIREMENT, RETIREMENT)
        if isinstance(caller, int):
            self._given[caller] = number
        else:
            self._found[caller] = number

    def _take(self, number: int, step: int) -> int:
        while number in self._taken:
            number += step
        self._taken.add(number)
        return number
