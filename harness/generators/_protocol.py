"""What a generator is, and what it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import msgspec


if TYPE_CHECKING:
    from collections.abc import Collection
    from random import Random
    from typing import Self

    from histories import Event


class Worker(msgspec.Struct, frozen=True):
    """One of the concurrent clients.

    Attributes:
        id: Its number, the same throughout the run.
        process: The process that it runs as now; a new one after every `info`.
        node: The node that it talks to.
    """

    id: int
    process: int
    node: str


class Context(msgspec.Struct, frozen=True):
    """The world as a generator may know it.

    Attributes:
        time: Nanoseconds since the driver was started.
        rng: The only source of chance.
        free: The workers with no operation open; as they are during the call, so
            that a generator must not keep the collection.
        workers: All workers.
    """

    time: int
    rng: Random
    free: Collection[Worker]
    workers: tuple[Worker, ...]


class Op(msgspec.Struct, frozen=True):
    """An operation to invoke.

    Attributes:
        f: What to do.
        value: Its argument.
        time: The earliest time to invoke it.
        final: Whether it belongs to the final reads.
        worker: Id of the worker that has to carry it out; None: any free one.
        along: Operations of other workers, free ones, to invoke at the same time;
            `stagger` sees to it.
        number: By what recorded operations refer to it.
    """

    f: str
    value: Any = None
    time: int = 0
    final: bool = False
    worker: int | None = None
    along: tuple[Op, ...] = ()
    number: int | None = None


class Pending(msgspec.Struct, frozen=True):
    """Nothing to do now, but perhaps later.

    Attributes:
        until: When to ask again, unless an operation completes before; None: only
            when one completes.
    """

    until: int | None = None


Step: TypeAlias = "tuple[Op | Pending | None, Generator]"
"""What `next` returns: an operation, or a reason for none, and what comes after it."""


class Generator(Protocol):
    """An immutable sequence of operations that may depend on what happens.

    An operation that was returned is committed: the driver waits for its time and for
    a worker, invokes it, and only then asks for the next one.
    """

    def next(self, context: Context) -> Step:
        """Return the next operation and the generator after it.

        `Pending` in place of the operation means to ask again later, None that there
        will be no other; a driver is done when the operations still open are complete.
        """
        ...

    def update(self, context: Context, event: Event, worker: int) -> Generator:
        """Return the generator after a completion, recorded as `event`, of a worker."""
        ...


class Heedless(msgspec.Struct, frozen=True):
    """What generators are that completions do not change."""

    def update(self, context: Context, event: Event, worker: int) -> Self:
        """Return the generator as it is."""
        del context, event, worker
        return self
