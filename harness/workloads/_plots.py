"""Many things, to each of which little happens, by a plot: where, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from harness.generators import Heedless, Op

from ._names import name_of


if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.generators import Context, Worker


class Deed(NamedTuple):
    """What becomes of a thing next.

    Attributes:
        f: What is done to it.
        role: By whom: each role is played by one client, or on one node, all through.
        wait_ns: How long after what was before: at the least, and below which; None: at
            the same time.
    """

    f: str
    role: int
    wait_ns: tuple[int, int] | None = None


Plot = tuple[Deed, ...]

SETTLED_NS = 200_000_000, 600_000_000
"""How long a while is, after which everybody has heard of what was before."""

SOON_NS = 1_000_000, 30_000_000
"""How long it is until some may have heard of what was before, and others not."""

_DEEDS = {"+": "add", "-": "remove", "w": "write", "r": "read"}
_WAITS = {"|": SETTLED_NS, ">": SOON_NS}


def plot(text: str) -> Plot:
    """Return a plot that is written as roles with what they do.

    What is side by side is at the same time; ` > ` stands for soon after that, ` | ` for
    a while later.

    >>> plot("0+ | 1-")[1].wait_ns == SETTLED_NS
    True
    """
    deeds, wait_ns = [], None
    for word in text.split():
        if word not in _WAITS:
            deeds.append(Deed(_DEEDS[word[1]], int(word[0]), wait_ns))
        wait_ns = _WAITS.get(word)
    return tuple(deeds)


LIVES = 100
"""Things that something is yet to become of."""

LOOKED_AT = 8
"""How many of them are looked at to find one that it is time for."""


class _Life(msgspec.Struct, frozen=True):
    """A thing, and what is to become of it.

    Attributes:
        name: The thing.
        due: When the next deed is due, in ns.
        deeds: The deeds that are left; there are some.
        cast: Who plays the roles, of those that have been played.
    """

    name: str
    due: int
    deeds: Plot
    cast: Mapping[int, Worker]


class Litmus(Heedless, frozen=True, kw_only=True):
    """Things by plots, many at a time.

    What is to be at the same time is, as far as there are different clients for it.

    Attributes:
        field: What the things are called in the value of an operation.
        plots: The plots.
        letter: What the names of things begin with; see `_names`.
        names: How many names there are; things with the same one come one after the
            other. None: as many as things.
        by_client: Whether a role is played by a client, or by any on one node.
        count: How many things there were.
        lives: Those that something is yet to become of, the longest waiting first.
    """

    field: str
    plots: tuple[Plot, ...]
    letter: str = "x"
    names: int | None = None
    by_client: bool = False
    count: int = 0
    lives: tuple[_Life, ...] = ()

    def next(self, context: Context) -> tuple[Op, Litmus]:
        """Go on with a thing that it is time for, or begin with another one."""
        for position, life in enumerate(self.lives[:LOOKED_AT]):
            if life.due <= context.time:
                worker = self._player(life, context)
                if worker is not None:
                    others = self.lives[:position] + self.lives[position + 1 :]
                    return self._act(life, others, worker, context, count=self.count)
        # Where nobody can do what is due, the longest waiting is given up.
        lives = self.lives[-self._most :]
        number = self.count if self.names is None else self.count % self.names
        deeds = context.rng.choice(self.plots)
        life = _Life(name_of(self.letter, number), context.time, deeds, {})
        count = self.count + 1
        worker = self._player(life, context)
        if worker is None:
            after = msgspec.structs.replace(self, count=count, lives=lives)
            return Op(deeds[0].f, {self.field: life.name}), after
        return self._act(life, lives, worker, context, count=count)

    def is_full(self, now: int) -> bool:
        """Return whether there is nothing to do but to begin with one thing too many."""
        lives = self.lives
        return len(lives) >= self._most and all(life.due > now for life in lives)

    @property
    def _most(self) -> int:
        return LIVES if self.names is None else self.names // 2

    def _act(
        self,
        life: _Life,
        others: tuple[_Life, ...],
        worker: Worker | None,
        context: Context,
        *,
        count: int,
    ) -> tuple[Op, Litmus]:
        """Let somebody do what is due, and others what belongs to the same moment."""
        ops: list[Op] = []
        left = life.deeds
        busy: set[int] = set()
        while worker is not None:
            busy.add(worker.id)
            deed, *rest = left
            left = tuple(rest)
            ops.append(Op(deed.f, {self.field: life.name}, worker=worker.id))
            cast = {**life.cast, deed.role: worker}
            life = _Life(life.name, context.time, left, cast)
            together = left and left[0].wait_ns is None
            worker = self._player(life, context, busy) if together else None
        if left:
            wait_ns = left[0].wait_ns
            due = context.time
            due += 0 if wait_ns is None else context.rng.randrange(*wait_ns)
            life = _Life(life.name, due, left, life.cast)
            is_soon = wait_ns != SETTLED_NS  # That is looked at first.
            others = (life, *others) if is_soon else (*others, life)
        first, *along = ops
        op = Op(first.f, first.value, worker=first.worker, along=tuple(along))
        return op, msgspec.structs.replace(self, count=count, lives=others)

    def _player(
        self,
        life: _Life,
        context: Context,
        busy: frozenset[int] | set[int] = frozenset(),
    ) -> Worker | None:
        """Return a free worker for the next role of a thing; None if there is none."""
        cast = life.cast.get(life.deeds[0].role)
        nodes = {worker.node for worker in life.cast.values()}
        clients = {worker.id for worker in life.cast.values()}
        free = [worker for worker in context.free if worker.id not in busy]
        if cast is not None:
            fitting = [
                worker
                for worker in free
                if (
                    worker.id == cast.id if self.by_client else worker.node == cast.node
                )
            ]
        else:
            fitting = [worker for worker in free if worker.node not in nodes]
            if not fitting and self.by_client:
                fitting = [worker for worker in free if worker.id not in clients]
        return context.rng.choice(fitting) if fitting else None
