"""Reads of every node: once each, or in rounds until they agree.

Both keep at most one operation open at a node, so that several are carried out one
after the other, and give it only to a worker of that node which is free: a node that
does not answer holds up nobody else. A node without any worker is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace

from ._protocol import Op, Pending


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from histories import Event

    from ._protocol import Context, Generator, Step


_SECOND: Final = 1_000_000_000
_RETRY_NS_MIN: Final = 100_000_000
_RETRY_NS_MAX: Final = 1_000_000_000


def each_node(nodes: Iterable[str], *ops: Op, limit_s: float = 10.0) -> Generator:
    """Return a generator that carries out operations at every node until they are ok.

    At a node where it fails or stays open, it is tried again 100 ms later, then 200 ms
    and so on up to 1 s, but not later than `limit_s` seconds after the first question.
    A limit of 0 means one try each.
    """
    targets = tuple(_Target(node, op) for node in nodes for op in ops)
    return _EachNode(targets, round(limit_s * _SECOND))


def rounds(
    interval_s: float,
    nodes: Iterable[str],
    ops: Iterable[Op],
    settled: Callable[[], bool],
    *,
    limit_s: float,
) -> Generator:
    """Return a generator that polls every node until `settled` or the limit.

    A round is these operations at every node, whatever comes of them; rounds start
    `interval_s` seconds apart, and a node that has not answered when one starts is left
    out of it. `settled` is asked once a round: as soon as all its operations are
    complete, or else when the next one is due. The generator ends when it says true, or
    `limit_s` seconds after the first question; operations may then still be open.
    """
    if interval_s <= 0:
        raise ValueError(f"an interval is above 0 s, not {interval_s}")
    asked = tuple(ops)
    targets = tuple(_Target(node, op) for node in nodes for op in asked)
    spans = (round(interval_s * _SECOND), round(limit_s * _SECOND))
    return _Rounds(targets, settled, *spans)


class _Target(msgspec.Struct, frozen=True):
    """What has come of an operation at one node.

    Attributes:
        node: The node.
        op: The operation.
        due: When to carry the operation out; None: not (again).
        worker: The worker that carries it out now, if one does.
        retry_ns: The delay before the next try.
    """

    node: str
    op: Op
    due: int | None = 0
    worker: int | None = None
    retry_ns: int = _RETRY_NS_MIN


_Targets = tuple[_Target, ...]


def _assign(targets: _Targets, context: Context) -> tuple[Op, _Targets] | None:
    """Give the operation of the first target that can have it to a free worker."""
    free = {worker.node: worker.id for worker in context.free}
    for target in targets:
        if target.worker is not None:
            free.pop(target.node, None)
    for position, target in enumerate(targets):
        worker = free.get(target.node)
        if worker is None or target.due is None or target.due > context.time:
            continue
        op = target.op
        given = _Target(target.node, op, None, worker, target.retry_ns)
        assigned = Op(op.f, op.value, context.time, op.final, worker)
        return assigned, _set(targets, position, given)
    return None


def _set(targets: _Targets, position: int, target: _Target) -> _Targets:
    return (*targets[:position], target, *targets[position + 1 :])


def _with_workers(targets: _Targets, context: Context) -> _Targets:
    nodes = {worker.node for worker in context.workers}
    return tuple(target for target in targets if target.node in nodes)


def _find(targets: _Targets, worker: int) -> int | None:
    """Return the position of the target that a worker is busy with."""
    for position, target in enumerate(targets):
        if target.worker == worker:
            return position
    return None


class _EachNode(msgspec.Struct, frozen=True):
    targets: _Targets
    limit_ns: int
    deadline: int | None = None

    def next(self, context: Context) -> Step:
        deadline, targets = self.deadline, self.targets
        if deadline is None:
            deadline = context.time + self.limit_ns
            targets = _with_workers(targets, context)
        assigned = _assign(targets, context)
        if assigned is not None:
            return assigned[0], _EachNode(assigned[1], self.limit_ns, deadline)
        after = _EachNode(targets, self.limit_ns, deadline)
        waiting = [target.due for target in targets if target.due is not None]
        if waiting:
            # One that is due already waits for a worker, thus for a completion.
            later = [due for due in waiting if due > context.time]
            return Pending(min(later, default=None)), after
        is_busy = any(target.worker is not None for target in targets)
        if is_busy and context.time < deadline:
            return Pending(deadline), after
        return None, after

    def update(self, context: Context, event: Event, worker: int) -> Generator:
        position = _find(self.targets, worker)
        if position is None:
            return self
        assert self.deadline is not None, "set before the first operation was given"
        asked = self.targets[position]
        target = _Target(asked.node, asked.op, None)
        if event.type != "ok":
            due = context.time + asked.retry_ns
            if due <= self.deadline:
                longer = min(2 * asked.retry_ns, _RETRY_NS_MAX)
                target = _Target(asked.node, asked.op, due, retry_ns=longer)
        targets = _set(self.targets, position, target)
        return _EachNode(targets, self.limit_ns, self.deadline)


class _Rounds(msgspec.Struct, frozen=True):
    targets: _Targets
    settled: Callable[[], bool]
    interval_ns: int
    limit_ns: int
    deadline: int | None = None
    following: int = 0  # when the next round starts
    asked: bool = False  # whether `settled` was, about this round

    def next(self, context: Context) -> Step:
        now, state = context.time, self
        if state.deadline is None:
            state = replace(
                state,
                targets=_with_workers(state.targets, context),
                deadline=now + state.limit_ns,
                following=now + state.interval_ns,
            )
        elif now >= state.deadline:
            return None, state
        elif now >= state.following:
            if not state.asked and state.settled():
                return None, state
            state = _start_round(state, now)
        assigned = _assign(state.targets, context)
        if assigned is not None:
            return assigned[0], replace(state, targets=assigned[1])
        if not state.asked and all(map(_is_done, state.targets)):
            if state.settled():
                return None, state
            state = replace(state, asked=True)
        assert state.deadline is not None, "set when first asked"
        return Pending(min(state.following, state.deadline)), state

    def update(self, context: Context, event: Event, worker: int) -> Generator:
        del context, event
        position = _find(self.targets, worker)
        if position is None:
            return self
        asked = self.targets[position]
        done = _Target(asked.node, asked.op, None)
        return replace(self, targets=_set(self.targets, position, done))


def _start_round(state: _Rounds, now: int) -> _Rounds:
    # A node that still owes an answer keeps its operation and sits this round out.
    targets = tuple(
        target if target.worker is not None else _Target(target.node, target.op)
        for target in state.targets
    )
    # A driver that comes late for whole rounds does not make up for them.
    last = max(state.following, now - state.interval_ns + 1)
    following = last + state.interval_ns
    return replace(state, targets=targets, following=following, asked=False)


def _is_done(target: _Target) -> bool:
    return target.due is None and target.worker is None
