"""What clients do to a set: a few elements over and over, and many a few times each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from harness.generators import Heedless, Op, mix, repeat

from ._mixes import always
from ._plots import Litmus, plot


if TYPE_CHECKING:
    from typing import Self

    from harness.generators import Context, Generator, Step
    from histories import Event

HOT = ("a", "b", "c", "d", "e", "f")
"""Elements that are added and removed over and over."""


class Hot(Heedless, frozen=True, kw_only=True):
    """Adds and removes of a few things.

    Attributes:
        field: What they are called in the value of an operation.
        names: The things.
        adds: How many of the operations are adds.
    """

    field: str = "element"
    names: tuple[str, ...] = HOT
    adds: float = 0.6

    def next(self, context: Context) -> Step:
        """Return what to do next."""
        f = "add" if context.rng.random() < self.adds else "remove"
        return Op(f, {self.field: context.rng.choice(self.names)}), self


PLOTS = tuple(
    map(
        plot,
        (
            "0+",
            "0+ 1+",
            "0+ | 0-",
            "0+ | 1-",
            "0+ | 1-",
            "0+ | 1- | 1+",
            "0+ | 1- 2+",
            "0+ | 1- > 2+",
            "0+ | 1- > 1+ 2+",
            "0+ | 1- 2+ | 2-",
            "0+ 1- | 0-",
            "0+ > 1- | 0-",
            "0+ > 1-",
            "0+ 1+ | 0- 1-",
        ),
    )
)
"""At most an add and a remove of an element on each node, so that it can be told what
removes have observed. Those that come a while later are the most telling: of an element
that all nodes have shown it is certain. Others are at the same time, or so soon that
some nodes hear of the remove before the add."""


REMEMBERED = 8
"""Removes that questions may come back to."""


class Asking(msgspec.Struct, frozen=True):
    """Asks whether an element is there, as long as nodes know what is meant.

    It is a hot one, or one that the node has just removed and should say so.

    Attributes:
        other: What to do if they do not.
        asking: Whether no node has said that it does not know the question.
        removed: What was removed last, each with the worker that did.
    """

    other: Generator
    asking: bool = True
    removed: tuple[tuple[int, Any], ...] = ()

    def next(self, context: Context) -> Step:
        """Ask, or do the other thing."""
        if self.asking:
            worker, value = None, {"element": context.rng.choice(HOT)}
            free = {worker.id for worker in context.free}
            removed = [one for one in self.removed if one[0] in free]
            if removed and context.rng.random() < 0.5:
                worker, value = context.rng.choice(removed)
            return Op("contains", value, worker=worker), self
        op, after = self.other.next(context)
        return op, self if after is self.other else Asking(after, asking=False)

    def update(self, context: Context, event: Event, worker: int) -> Self:
        """Stop asking once the answer is that a node cannot tell."""
        del context
        if not self.asking:
            return self
        if event.f == "contains" and event.type == "fail" and _is_unknown(event.error):
            return msgspec.structs.replace(self, asking=False)
        if event.f == "remove" and event.type == "ok":
            value = {"element": event.value["element"]}
            removed = (*self.removed[1 - REMEMBERED :], (worker, value))
            return msgspec.structs.replace(self, removed=removed)
        return self


def _is_unknown(error: Any) -> bool:
    return isinstance(error, list) and error[:1] == ["not-supported"]


_READ = repeat("read")
_LOOK = mix(_READ, _READ, Asking(_READ))
_LITMUS = Litmus(field="element", plots=PLOTS)
_LITMUS_TOO = Litmus(field="element", plots=PLOTS, letter="y")

MIXES = {
    "both": always(
        "the two that follow, in one run",
        mix(Hot(), _LITMUS, _LITMUS_TOO, _READ, _LOOK),
    ),
    "contended": always(
        "six elements, added and removed over and over", mix(Hot(), Hot(), _LOOK)
    ),
    "litmus": always(
        "many elements, each added and removed at most once on a node: here, there "
        "once all have heard of it, elsewhere at the same time",
        mix(_LITMUS, _LITMUS_TOO, _READ),
    ),
}
