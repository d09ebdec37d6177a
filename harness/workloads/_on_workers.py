"""Generators of which an operation depends on who carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.generators import Op, Pending


if TYPE_CHECKING:
    from harness.generators import Context, Worker


def pick(context: Context) -> Worker | None:
    """Return a free worker by chance; None if there is none."""
    free = tuple(context.free)
    return free[int(context.rng.random() * len(free))] if free else None


def give(worker: Worker, f: str, value: Any = None) -> Op:
    """Return an operation for a worker that is free."""
    return Op(f, value, worker=worker.id)


WAIT = Pending()
"""What to say while no worker is free."""
