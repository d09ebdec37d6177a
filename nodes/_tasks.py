"""What an `async def` handler awaits, and the loop that drives it.

A coroutine runs until it awaits a `Promise` that is not settled yet. The loop parks
it there, and resumes it once the promise is settled. There is nothing else to it:
no threads, no clock and no input; those come from the node's driver.
"""

from __future__ import annotations

from collections import deque


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator
    from typing import Any


class Promise:
    """A result that comes later; awaiting it returns the value or raises the error.

    It is settled once, by `resolve` or `fail`; settling it again does nothing.
    """

    __slots__ = ("_loop", "_waiting", "error", "is_settled", "key", "value")

    def __init__(self, loop: Loop, key: int | None = None) -> None:
        self.key = key
        self.is_settled = False
        self.value: Any = None
        self.error: Exception | None = None
        self._loop = loop
        self._waiting: list[Task] = []

    def resolve(self, value: Any = None) -> None:
        """Settle it with a value."""
        if not self.is_settled:
            self.value = value
            self._settle()

    def fail(self, error: Exception) -> None:
        """Settle it with an error."""
        if not self.is_settled:
            self.error = error
            self._settle()

    def _settle(self) -> None:
        self.is_settled = True
        self._loop.ready.extend(self._waiting)
        self._waiting.clear()

    def __await__(self) -> Generator[Promise, None, Any]:
        if not self.is_settled:
            yield self
        if self.error is not None:
            raise self.error
        return self.value

    def park(self, task: Task) -> None:
        """Resume the task when settled; the loop calls this."""
        self._waiting.append(task)


class Task:
    """A coroutine in progress, and what to do with its result or its exception."""

    __slots__ = ("coroutine", "failed", "returned")

    def __init__(
        self,
        coroutine: Coroutine[Promise, None, Any],
        returned: Callable[[Any], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self.coroutine = coroutine
        self.returned = returned
        self.failed = failed


class Loop:
    """Runs tasks until each of them has ended or waits for a promise."""

    __slots__ = ("ready",)

    def __init__(self) -> None:
        self.ready: deque[Task] = deque()

    def run(self) -> None:
        """Resume every task that can go on, in the order in which it became ready."""
        while self.ready:
            task = self.ready.popleft()
            try:
                promise = task.coroutine.send(None)
            except StopIteration as stop:
                task.returned(stop.value)
            except Exception as error:  # noqa: BLE001  a handler may raise anything
                task.failed(error)
            else:
                promise.park(task)


class Mutex:
    """Lets one task at a time into an `async with` block, first come first served."""

    __slots__ = ("_held", "_loop", "_queue")

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._held = False
        self._queue: deque[Promise] = deque()

    async def __aenter__(self) -> None:
        if self._held:
            turn = Promise(self._loop)
            self._queue.append(turn)
            await turn
        self._held = True

    async def __aexit__(self, *_: object) -> None:
        if self._queue:
            self._queue.popleft().resolve()  # handed over: it stays held
        else:
            self._held = False
