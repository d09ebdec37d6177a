"""Single operations, endless ones, and their mixture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ._protocol import Heedless, Op


if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from histories import Event

    from ._protocol import Context, Generator, Step


def once(f: str, value: Any = None, *, final: bool = False) -> Generator:
    """Return a generator of one operation."""
    return sequence(Op(f, value, final=final))


def sequence(*ops: Op) -> Generator:
    """Return a generator of these operations, in this order."""
    return _Sequence(ops)


def repeat(f: str, value: Any = None) -> Generator:
    """Return an endless generator of the same operation."""
    return _Repeat(Op(f, value))


def counting(f: str) -> Generator:
    """Return an endless generator of an operation on 0, 1, 2, ..."""
    return _Counting(f)


def draws(f: str, draw: Callable[[Random], Any]) -> Generator:
    """Return an endless generator of an operation on values that `draw` draws."""
    return _Draws(f, draw)


def mix(*generators: Generator) -> Generator:
    """Return a generator that asks one of these at a time, all equally likely.

    One that is exhausted is left out from then on. One that is pending makes the
    mixture pending; the next question draws anew.
    """
    return _Mix(generators)


class _Sequence(Heedless, frozen=True):
    ops: tuple[Op, ...]
    position: int = 0

    def next(self, context: Context) -> Step:
        del context
        if self.position == len(self.ops):
            return None, self
        return self.ops[self.position], _Sequence(self.ops, self.position + 1)


class _Repeat(Heedless, frozen=True):
    op: Op

    def next(self, context: Context) -> Step:
        del context
        return self.op, self


class _Counting(Heedless, frozen=True):
    f: str
    value: int = 0

    def next(self, context: Context) -> Step:
        del context
        return Op(self.f, self.value), _Counting(self.f, self.value + 1)


class _Draws(Heedless, frozen=True):
    f: str
    draw: Callable[[Random], Any]

    def next(self, context: Context) -> Step:
        return Op(self.f, self.draw(context.rng)), self


class _Mix(msgspec.Struct, frozen=True):
    generators: tuple[Generator, ...]

    def next(self, context: Context) -> Step:
        generators = self.generators
        while generators:
            # Four times as fast as `randrange`; its bias is below 2 to the -50.
            chosen = int(context.rng.random() * len(generators))
            generator = generators[chosen]
            op, after = generator.next(context)
            rest = (generators[:chosen], generators[chosen + 1 :])
            if op is None:
                generators = rest[0] + rest[1]
                continue
            if after is not generator:
                generators = (*rest[0], after, *rest[1])
            if generators is self.generators:
                return op, self
            return op, _Mix(generators)
        return None, _Mix(())

    def update(self, context: Context, event: Event, worker: int) -> Generator:
        updated = tuple(g.update(context, event, worker) for g in self.generators)
        if all(map(_is, updated, self.generators)):
            return self
        return _Mix(updated)


def _is(left: object, right: object) -> bool:
    return left is right
