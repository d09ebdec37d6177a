"""When operations happen: rates, time limits, phases."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import msgspec

from ._protocol import Heedless, Op, Pending


if TYPE_CHECKING:
    from histories import Event

    from ._protocol import Context, Generator, Step


_SECOND: Final = 1_000_000_000

_SLACK_NS: Final = 10_000_000
"""By how much a late schedule may catch up; the rest of its delay is forgiven.

A driver that wakes a little late must not lower the rate; a system that stood still for
seconds must not be hit by everything it missed.
"""


def stagger(rate: float, generator: Generator) -> Generator:
    """Return the generator slowed down to `rate` operations a second, all workers told.

    The first operation is due at once. The gap between two is uniform between 0 and
    2 / rate seconds, counted from when the one before was due. What an operation brings
    along comes without a gap, and the gaps of all of them after that. A rate of 0 gives
    no operation, and no end.
    """
    if not (math.isfinite(rate) and rate >= 0):
        raise ValueError(f"a rate is a number of at least 0 (per second), not {rate}")
    if rate == 0:
        return _Silence()
    return _Stagger(generator, 2 * _SECOND / rate)


def time_limit(seconds: float, generator: Generator) -> Generator:
    """Return the generator cut off `seconds` after its first operation.

    No operation is due then or later; nor is one held back until a worker is free, and
    then late: while none is, nothing is committed. If there is no operation at all the
    limit counts from the first question.
    """
    if not (math.isfinite(seconds) and seconds >= 0):
        raise ValueError(f"a time limit is a number of at least 0 s, not {seconds}")
    return _TimeLimit(generator, round(seconds * _SECOND))


def phases(*generators: Generator) -> Generator:
    """Return these generators one after the other.

    Each starts when the one before is exhausted and all workers are free.
    """
    return _Phases(generators)


class _Silence(Heedless, frozen=True):
    def next(self, context: Context) -> Step:
        del context
        return Pending(), self


class _Stagger(msgspec.Struct, frozen=True):
    generator: Generator
    gap_ns_max: float
    due: int | None = None
    along: tuple[Op, ...] = ()

    def next(self, context: Context) -> Step:
        if self.along:
            return self.along[0], self._with(self.generator, along=self.along[1:])
        op, after = self.generator.next(context)
        if not isinstance(op, Op):
            if op is not None and after is self.generator:
                return op, self
            return op, self._with(after)
        now = context.time
        due = now if self.due is None else max(self.due, now - _SLACK_NS)
        due = max(due, op.time)
        following = due
        for _ in range(1 + len(op.along)):
            following += int(context.rng.random() * self.gap_ns_max)
        timed = Op(op.f, op.value, due, op.final, op.worker)
        return timed, _Stagger(after, self.gap_ns_max, following, op.along)

    def update(self, context: Context, event: Event, worker: int) -> Generator:
        updated = self.generator.update(context, event, worker)
        if updated is self.generator:
            return self
        return self._with(updated, along=self.along)

    def _with(self, generator: Generator, *, along: tuple[Op, ...] = ()) -> Generator:
        return _Stagger(generator, self.gap_ns_max, self.due, along)


class _TimeLimit(msgspec.Struct, frozen=True):
    generator: Generator
    limit_ns: int
    deadline: int | None = None
    started: bool = False

    def next(self, context: Context) -> Step:
        now = context.time
        deadline = self.deadline
        if deadline is None:
            deadline = now + self.limit_ns
        elif now >= deadline:
            return None, self
        if not context.free:
            return Pending(deadline), self._with(self.generator, deadline)
        op, after = self.generator.next(context)
        if op is None:
            return None, self._with(after, deadline)
        if isinstance(op, Pending):
            until = deadline if op.until is None else min(op.until, deadline)
            return Pending(until), self._with(after, deadline)
        if not self.started:
            deadline = max(now, op.time) + self.limit_ns
        if op.time >= deadline:
            # The time until then belongs to the phase, though nothing happens in it.
            wait = Pending(deadline) if now < deadline else None
            return wait, self._with(self.generator, deadline)
        if op.worker is not None and not _is_free(op.worker, context):
            return Pending(deadline), self._with(self.generator, deadline)
        return op, _TimeLimit(after, self.limit_ns, deadline, started=True)

    def update(self, context: Context, event: Event, worker: int) -> Generator:
        updated = self.generator.update(context, event, worker)
        if updated is self.generator:
            return self
        return _TimeLimit(updated, self.limit_ns, self.deadline, self.started)

    def _with(self, generator: Generator, deadline: int) -> Generator:
        return _TimeLimit(generator, self.limit_ns, deadline, self.started)


def _is_free(worker: int, context: Context) -> bool:
    return any(free.id == worker for free in context.free)


class _Phases(msgspec.Struct, frozen=True):
    generators: tuple[Generator, ...]
    entered: bool = False

    def next(self, context: Context) -> Step:
        phases = self
        while phases.generators:
            if not phases.entered and len(context.free) < len(context.workers):
                return Pending(), phases
            op, after = phases.generators[0].next(context)
            if op is not None:
                return op, _Phases((after, *phases.generators[1:]), entered=True)
            phases = _Phases(phases.generators[1:])
        return None, phases

    def update(self, context: Context, event: Event, worker: int) -> Generator:
        if not self.entered:
            return self
        current = self.generators[0]
        updated = current.update(context, event, worker)
        if updated is current:
            return self
        return _Phases((updated, *self.generators[1:]), entered=True)
