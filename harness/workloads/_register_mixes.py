"""What clients do to registers that keep what is written at the same time.

Whether a register keeps it shows only if writes do meet: of clients who have all seen
the same, on different nodes, before one can have told the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from harness.generators import Heedless, Op, mix

from ._mixes import Mix, always
from ._names import name_of
from ._on_workers import WAIT, give, pick
from ._plots import SETTLED_NS, Litmus, plot


if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from harness.generators import Context, Generator, Step, Worker
    from histories import Event

KEYS = ("k0", "k1", "k2")
"""The contended registers: few, so that writes meet."""

BUSY = "k3"
"""One more, which is never left alone."""

CYCLES = 10, 30
"""How many reads and writes of a register there are between two bursts."""

LOOK_NS = 1_000_000_000
"""How long clients wait for each other before they write at the same time."""

PLOTS = tuple(
    plot(f"{text} | 0r | 0w")
    for text in (
        "0w 1w",
        "0w 1w 2w",
        "0w | 1w",
        "0w | 1r | 1w",
        "0w | 1r | 1w 0w",
        "0w | 1r 2r | 1w 2w",
        "0w 1w | 2r | 2w",
        "0w 1w | 2r 1r | 2w 1w",
        "0w | 1r | 1w | 2r | 2w",
        "0w 1w | 2r | 2w 0w | 1r | 1w",
    )
)
"""Writes at the same time, of clients that have seen nothing or the same; writes a while
after a read, which replace what was read; and those of clients that have not looked.
In the end one replaces all, so that a register can be used again."""

NAMES = 24
"""Registers of the litmus mix. Each is read at the end, on every node."""


class _Register(msgspec.Struct, frozen=True):
    """Where a contended register stands.

    Attributes:
        name: The register.
        left: Reads and writes that are left before it settles.
        due: Until when it settles, and then until when its writers look; in ns.
        writers: Who is to write at the same time; empty while it settles.
        unseen: Those of them who have yet to be told to look.
        looking: Those who look.
    """

    name: str
    left: int = 0
    due: int = 0
    writers: tuple[Worker, ...] = ()
    unseen: tuple[Worker, ...] = ()
    looking: frozenset[int] = frozenset()


class Bursts(msgspec.Struct, frozen=True):
    """A few registers that are read and written, left alone, and written all at once.

    A register is left alone for a while, so that all nodes have the same; then clients
    on different nodes read it, and write it at the same time, without having seen each
    other's write; then everybody reads and writes it for some time. One more is read and
    written whenever there is nothing else to do.
    """

    registers: tuple[_Register, ...] = tuple(map(_Register, KEYS))

    def next(self, context: Context) -> Step:
        """Go on with a register by chance, with the busy one if all are left alone."""
        worker = pick(context)
        if worker is None:
            return WAIT, self
        state = self
        first = context.rng.randrange(len(self.registers))
        for number in (*range(first, len(self.registers)), *range(first)):
            register = state.registers[number]
            op, after = (
                _cycled(register, worker, context)
                if register.left
                else _towards_burst(register, context)
            )
            state = state.replaced(number, after)
            if op is not None:
                return op, state
        return give(worker, _either(context), {"key": BUSY}), state

    def update(self, context: Context, event: Event, worker: int) -> Self:
        """Take note of who has looked; of the others it is not known what they saw."""
        del context
        for number, register in enumerate(self.registers):
            if worker in register.looking:
                writers = register.writers
                if event.type != "ok":
                    writers = tuple(one for one in writers if one.id != worker)
                looking = register.looking - {worker}
                return self.replaced(
                    number,
                    msgspec.structs.replace(register, writers=writers, looking=looking),
                )
        return self

    def replaced(self, number: int, register: _Register) -> Self:
        """Return these registers but for one, which stands elsewhere."""
        before, after = self.registers[:number], self.registers[number + 1 :]
        return type(self)((*before, register, *after))


def _cycled(
    register: _Register, worker: Worker, context: Context
) -> tuple[Op, _Register]:
    """Return a read or a write of a register, which is then left alone some day."""
    left, due = register.left - 1, 0
    if not left:
        due = context.time + context.rng.randrange(*SETTLED_NS)
    op = give(worker, _either(context), {"key": register.name})
    return op, _Register(register.name, left, due)


def _either(context: Context) -> str:
    return "write" if context.rng.random() < 0.5 else "read"


def _towards_burst(
    register: _Register, context: Context
) -> tuple[Op | None, _Register]:
    """Return the next step towards writes at the same time; None to wait for it."""
    value, now = {"key": register.name}, context.time
    free = {worker.id: worker for worker in context.free}
    if not register.writers:
        if now < register.due:
            return None, register
        writers = _on_different_nodes(context)
        register = _Register(register.name, 0, now + LOOK_NS, writers, writers)
    if now < register.due:
        for worker in register.unseen:
            if worker.id in free:
                return give(worker, "read", value), msgspec.structs.replace(
                    register,
                    unseen=tuple(one for one in register.unseen if one != worker),
                    looking=register.looking | {worker.id},
                )
        if register.unseen or register.looking:
            return None, register
    absent = register.looking | {worker.id for worker in register.unseen}
    ops = [
        give(worker, "write", value)
        for worker in register.writers
        # Who has another process or another node by now has not seen this.
        if free.get(worker.id) == worker and worker.id not in absent
    ]
    left = _Register(register.name, context.rng.randrange(*CYCLES))
    if not ops:
        return None, left
    return Op("write", value, worker=ops[0].worker, along=tuple(ops[1:])), left


def _on_different_nodes(context: Context) -> tuple[Worker, ...]:
    """Return free workers on different nodes: two or more, if there are."""
    workers = {worker.node: worker for worker in context.free}
    chosen = list(workers.values())
    context.rng.shuffle(chosen)
    return tuple(chosen[: context.rng.randint(2, max(2, len(chosen)))])


class _Busy(Heedless, frozen=True):
    """Reads and writes of the busy register."""

    def next(self, context: Context) -> Step:
        """Return what to do next."""
        worker = pick(context)
        if worker is None:
            return WAIT, self
        return give(worker, _either(context), {"key": BUSY}), self


class _Looks(Heedless, frozen=True):
    """Reads of the registers that another generator writes, in between.

    Attributes:
        litmus: The other generator.
        share: How many of the operations are.
    """

    litmus: Litmus
    share: float = 0.3

    def next(self, context: Context) -> Step:
        """Read something that was written, or let the other one go on."""
        written = min(self.litmus.count, NAMES)
        worker = pick(context)
        if worker is None:
            return WAIT, self
        is_full = self.litmus.is_full(context.time)
        if written and (is_full or context.rng.random() < self.share):
            name = name_of(self.litmus.letter, context.rng.randrange(written))
            return give(worker, "read", {"key": name}), self
        op, after = self.litmus.next(context)
        return op, _Looks(after, self.share)


def numbered(
    op: Op, count: int, more: Callable[[Op], dict[str, Any]]
) -> tuple[Op, int]:
    """Return an operation whose writes have values, and how many were written then.

    Args:
        op: A read or a write of a key, perhaps with others along.
        count: How many values were written before; nobody writes one twice.
        more: Returns what else a write needs.
    """
    along = []
    for one in op.along:
        filled, count = numbered(one, count, more)
        along.append(filled)
    value = op.value
    if op.f == "write":
        value = {**value, "value": count, **more(op)}
        count += 1
    return Op(op.f, value, worker=op.worker, along=tuple(along)), count


def mixes(fill: Callable[[Generator], Generator]) -> dict[str, Mix]:
    """Return the mixes of registers.

    Args:
        fill: Gives reads and writes of a key, each by a client, what else they need.
    """
    litmus = _Looks(Litmus(field="key", plots=PLOTS, names=NAMES, by_client=True))
    return {
        "both": always(
            "the two that follow, in one run", fill(mix(Bursts(), _Busy(), litmus))
        ),
        "contended": always(
            "four registers, read and written by all; now and then one is left alone, "
            "and written on several nodes at the same time by who has seen the same",
            fill(Bursts()),
        ),
        "litmus": always(
            f"{NAMES} registers, each written a few times: at the same time, after a "
            "read, without one",
            fill(litmus),
        ),
    }
