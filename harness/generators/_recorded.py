"""Operations that were decided before: those of an earlier run, or of a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._protocol import Heedless, Op, Pending


if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._protocol import Context, Generator, Step

_Numbered = tuple[int, Op]


def recorded(operations: Iterable[Op], *, until: int) -> Generator:
    """Return a generator of operations that name their time and their worker.

    Each is invoked as soon as its worker is free and its time has come, those of one
    worker in the order given; a worker that is busy does not keep the others waiting.
    At `until` it ends: what could not be invoked by then is left out, and if all was
    invoked before, it waits.
    """
    queues: dict[int, list[_Numbered]] = {}
    ordered = sorted(operations, key=lambda op: op.time)
    for number, op in enumerate(ordered):
        if op.worker is None:
            raise ValueError(f"a recorded operation names its worker: {op}")
        queues.setdefault(op.worker, []).append((number, op))
    following = dict.fromkeys(queues, 0)
    return _Recorded(
        {worker: tuple(queue) for worker, queue in queues.items()}, following, until
    )


class _Recorded(Heedless, frozen=True):
    queues: dict[int, tuple[_Numbered, ...]]
    following: dict[int, int]
    until: int

    def next(self, context: Context) -> Step:
        if context.time >= self.until:
            return None, self
        first: _Numbered | None = None
        for worker in context.free:
            queue = self.queues.get(worker.id, ())
            position = self.following.get(worker.id, 0)
            if position < len(queue):
                candidate = queue[position]
                if first is None or candidate[0] < first[0]:
                    first = candidate
        if first is None:
            return Pending(self.until), self
        op = first[1]
        if op.time > context.time:
            # Not committed: a worker may come free whose operation is due before.
            return Pending(min(op.time, self.until)), self
        assert op.worker is not None, "all have one"
        following = {**self.following, op.worker: self.following[op.worker] + 1}
        return op, _Recorded(self.queues, following, self.until)
