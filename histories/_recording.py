"""Records what client code does, from inside the test that runs it."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeAlias

from ._history import History
from ._jsonl import write_history
from ._recording_log import Log


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from ._errors import RecordingError


Exceptions: TypeAlias = type[BaseException] | tuple[type[BaseException], ...]


class _AsInvoked:
    """Stands for the invoked value, where None is a value as any other."""


_AS_INVOKED: Final = _AsInvoked()


class Recording:
    """A history in the making: what threads and tasks did to a system, and what came.

    Each operation is a `with` block around one call of the system, and says what came
    of the call:

    >>> from histories import Recording
    >>> recording, cache = Recording(), {}
    >>> with recording.operation("write", 3) as op:
    ...     cache["x"] = 3
    ...     op.ok()
    >>> with recording.operation("read") as op:
    ...     op.ok(cache["x"])
    >>> [operation.output for operation in recording.history().operations()]
    [3, 3]

    * `ok` took effect, with the invoked value or the given one; `fail` surely took no
      effect; `info` may have.
    * A block that an exception leaves is `info`, as a timeout does not tell whether
      the call took effect; those of `definite` say that it did not, and are `fail`.
      The exception goes on its way in any case.
    * A block that ends without a word is an error of the test: to guess what came of
      it could hide a violation, or invent one.

    Every thread is a process of its own, and so is every task of asyncio, unless
    processes are given: to all operations, or to none. After an `info` a process goes
    on under a new number, 1,000 higher, as its operation may still take effect.

    Threads may share a recording: index and time of an event are assigned together,
    under one lock. Processes of the operating system may not.
    """

    def __init__(
        self,
        *,
        definite: Exceptions = (),
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """Start with no events, at time 0.

        Args:
            definite: Exceptions which say that an operation took no effect.
            clock: Nanoseconds since whenever, never going back.
        """
        self._log = Log(clock)
        self._definite = self._exceptions(definite)

    def operation(
        self,
        f: str,
        value: Any = None,
        *,
        process: int | None = None,
        node: str | None = None,
        final: bool = False,
        definite: Exceptions = (),
    ) -> RecordedOperation:
        """Return an operation: a `with` block around one call of the system.

        Args:
            f: What is done, in the words of the model: `read`, `write`, `add`, …
            value: Its argument: what can be JSON, and is copied.
            process: Who does it; None: this task of asyncio, or else this thread.
            node: The part of the system that is called, where that matters.
            final: Whether it belongs to the final reads.
            definite: More exceptions which say that it took no effect.

        Raises:
            RecordingError: The value cannot be JSON, or a history cannot have what
                else was given.
        """
        __tracebackhide__ = True  # So that pytest shows the caller.
        if process is not None and not _is_number(process):
            raise self._log.misused(
                f"process {process!r}",
                "a number from 0 on",
                "Number processes from 0 on.",
            )
        self._refuse_unnamed("function", f)
        if node is not None:
            self._refuse_unnamed("node", node)
        return RecordedOperation(
            self._log,
            f,
            self._log.copied(f, value),
            caller=process if process is not None else self._log.callers.current(),
            node=node,
            final=final,
            definite=(self._definite, self._exceptions(definite)),
        )

    def __len__(self) -> int:
        """Return the number of events so far: two for each complete operation."""
        return len(self._log)

    def history(self) -> History:
        """Return what was recorded so far; an open operation may yet take effect.

        Raises:
            RecordingError: An operation was recorded wrongly. It has been raised
                there too, perhaps in a thread that nobody asked how it ended.
        """
        __tracebackhide__ = True
        if self._log.misuse is not None:
            raise self._log.misuse
        return History.from_events(self._log.events())

    def save(self, path: Path | str) -> None:
        """Write what was recorded so far as JSON lines: a `history.jsonl`.

        The file is replaced at once when all is written.
        """
        write_history(self._log.events(), path)

    def _refuse_unnamed(self, what: str, name: str) -> None:
        """Refuse a name that no file can have.

        Raises:
            RecordingError: It is one.
        """
        __tracebackhide__ = True
        if not isinstance(name, str):
            raise self._log.misused(f"the {what} {name!r}", "a text", "Give its name.")
        self._log.copied(name, name, f"the {what}")

    def _exceptions(self, definite: Exceptions) -> Exceptions:
        """Return exceptions, before one of them is asked for.

        Raises:
            RecordingError: They are none.
        """
        __tracebackhide__ = True
        with suppress(TypeError):
            issubclass(BaseException, definite)
            return definite
        raise self._log.misused(
            f"definite={definite!r}",
            "an exception, or a tuple of them",
            "Name their classes, such as (KeyError, ValueError).",
        )


def _is_number(process: object) -> bool:
    """Whether a process can have this number, and higher ones when it is retired."""
    return type(process) is int and 0 <= process < 1 << 53


class RecordedOperation:
    """One operation of a recording: enter it, call the system, say what came of it.

    Attributes:
        f: What is done.
        value: Its argument.
        process: The number of the process that does it; None before it has begun.
        is_open: Whether it has begun, and nobody has said yet what came of it.
    """

    def __init__(
        self,
        log: Log,
        f: str,
        value: Any,
        *,
        caller: object,
        node: str | None,
        final: bool,
        definite: Any,
    ) -> None:
        """Take what `Recording.operation`, the public way, has checked."""
        self.f = f
        self.value = value
        self.process: int | None = None
        self.is_open = False
        self.caller = caller
        self.node = node
        self.final = final
        self._definite = definite
        self._log = log

    def ok(self, value: Any = _AS_INVOKED) -> None:
        """Say that it took effect: with this result, or else with the invoked value.

        Say it as soon as the call returns: until then it counts as under way.
        """
        __tracebackhide__ = True  # So that pytest shows the caller.
        self._end("ok", value)

    def fail(self, error: Any = None) -> None:
        """Say that it surely took no effect, and why."""
        __tracebackhide__ = True
        self._end("fail", error=error)

    def info(self, error: Any = None) -> None:
        """Say that it may have taken effect, or may yet, and why nobody knows."""
        __tracebackhide__ = True
        self._end("info", error=error)

    def __enter__(self) -> Self:
        __tracebackhide__ = True
        if self.process is not None:
            raise self._misused("entered again", "an operation for each call")
        self.process = self._log.begin(self)
        self.is_open = True
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        __tracebackhide__ = True
        if not self.is_open:
            return
        if exc is not None:
            self._end("fail" if isinstance(exc, self._definite) else "info", error=exc)
            return
        self._end("info", error="the block ended without a word")
        raise self._misused(
            "whose block ended without a word", "a word on what came of it"
        )

    def _end(
        self,
        type_: Literal["ok", "fail", "info"],
        value: Any = _AS_INVOKED,
        error: Any = None,
    ) -> None:
        __tracebackhide__ = True
        if not self.is_open:
            raise self._misused(f"that is `{type_}` when it is not open", "one word")
        if isinstance(error, BaseException):
            error = f"{type(error).__name__}: {error}".removesuffix(": ")
            # It may quote what no file can have, and goes on its way all the same.
            error = error.encode(errors="backslashreplace").decode()
        log = self._log
        result = self.value if value is _AS_INVOKED else log.copied(self.f, value)
        log.end(type_, self, result, log.copied(self.f, error, "an error"))
        self.is_open = False

    def _misused(self, found: str, expected: str) -> RecordingError:
        whose = "" if self.process is None else f" by process {self.process}"
        return self._log.misused(
            f"{self.f!r}{whose} {found}",
            expected,
            "Inside `with recording.operation(…) as op:` call once op.ok(result), "
            "op.ok() if the call returns nothing, op.fail() if it took no effect, or "
            "op.info() if nobody knows.",
        )
