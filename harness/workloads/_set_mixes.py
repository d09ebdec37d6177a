"""What clients do to a set: a few elements over and over, and many a few times each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from harness.generators import Op


if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from harness.generators import Context, Generator, Step
    from histories import Event

HOT = ("a", "b", "c", "d", "e", "f")
"""Elements that are added and removed over and over."""


class Hot(msgspec.Struct, frozen=True):
    """Adds and removes of a few elements."""

    def next(self, context: Context) -> Step:
        """Return what to do next."""
        f = "add" if context.rng.random() < 0.6 else "remove"
        return Op(f, {"element": context.rng.choice(HOT)}), self

    def update(self, context: Context, event: Event, worker: int) -> Self:
        """Take no notice."""
        del context, event, worker
        return self


class Deed(NamedTuple):
    """What becomes of an element next.

    Attributes:
        f: What is done to it.
        role: On which node: each has a role, the same all through.
        later: Whether everybody shall have heard of what was before.
    """

    f: str
    role: int
    later: bool = False


def _plot(text: str) -> tuple[Deed, ...]:
    """Return a plot that is written as roles with what they do, ` | ` for a while.

    >>> _plot("0+ | 1-")[1]
    Deed(f='remove', role=1, later=True)
    """
    deeds, later = [], False
    for word in text.split():
        if word != "|":
            f = {"+": "add", "-": "remove"}[word[1]]
            deeds.append(Deed(f, int(word[0]), later))
        later = word == "|"
    return tuple(deeds)


PLOTS = tuple(
    map(
        _plot,
        (
            "0+",
            "0+ 1+",
            "0+ | 0-",
            "0+ | 1-",
            "0+ | 1-",
            "0+ | 1- | 1+",
            "0+ | 1- 2+",
            "0+ | 1- 2+",
            "0+ | 1- 1+ 2+",
            "0+ | 1- 2+ | 2-",
            "0+ 1- | 0-",
            "0+ 1- | 0-",
            "0+ 1+ | 0- 1-",
        ),
    )
)
"""At most an add and a remove of an element on each node, so that it can be told what
removes have observed. Those that come a while later are the most telling: of an element
that all nodes have shown it is certain. The others are at the same time as far as
messages are slow or held up."""

SETTLED_NS = 200_000_000, 600_000_000
"""How long a while is, at the least and at the most."""

LIVES = 100
"""Elements that something is yet to become of."""

LOOKED_AT = 8
"""How many of them are looked at to find one that it is time for."""


class _Life(msgspec.Struct, frozen=True):
    """An element, and what is to become of it.

    Attributes:
        element: The element.
        due: When the next deed is due, in ns.
        deeds: The deeds that are left; there are some.
        nodes: The nodes by their roles, of those that have one.
    """

    element: str
    due: int
    deeds: tuple[Deed, ...]
    nodes: Mapping[int, str]


class Litmus(msgspec.Struct, frozen=True):
    """Elements by the plots, many at a time.

    Attributes:
        letter: What their names begin with.
        count: How many there were.
        lives: Those that something is yet to become of, the longest waiting first.
    """

    letter: str = "x"
    count: int = 0
    lives: tuple[_Life, ...] = ()

    def next(self, context: Context) -> Step:
        """Go on with an element that it is time for, or begin with another one."""
        for position, life in enumerate(self.lives[:LOOKED_AT]):
            if life.due <= context.time:
                worker = _worker(life, context)
                if worker is not None:
                    return self._act(life, position, worker, context)
        count, lives = self.count, self.lives
        if len(lives) >= LIVES:  # nobody can do what is due
            lives = lives[1:]
        plot = context.rng.choice(PLOTS)
        life = _Life(f"{self.letter}{count}", context.time, plot, {})
        begun = Litmus(self.letter, count + 1, (*lives, life))
        worker = _worker(life, context)
        if worker is None:
            return Op("add", {"element": life.element}), Litmus(
                self.letter, count + 1, lives
            )
        return begun._act(life, len(lives), worker, context)

    def update(self, context: Context, event: Event, worker: int) -> Self:
        """Take no notice."""
        del context, event, worker
        return self

    def _act(
        self, life: _Life, position: int, worker: tuple[int, str], context: Context
    ) -> Step:
        deed, *rest = life.deeds
        number, node = worker
        others = (*self.lives[:position], *self.lives[position + 1 :])
        if rest:
            due = context.time
            if rest[0].later:
                due += context.rng.randrange(*SETTLED_NS)
            nodes = {**life.nodes, deed.role: node}
            next_life = _Life(life.element, due, tuple(rest), nodes)
            # What is to be done at once is looked at first.
            others = (*others, next_life) if rest[0].later else (next_life, *others)
        op = Op(deed.f, {"element": life.element}, worker=number)
        return op, Litmus(self.letter, self.count, others)


def _worker(life: _Life, context: Context) -> tuple[int, str] | None:
    """Return a free worker on the node of a role, and that node."""
    node = life.nodes.get(life.deeds[0].role)
    taken = set(life.nodes.values())
    fitting = [
        worker
        for worker in context.free
        if (worker.node == node if node is not None else worker.node not in taken)
    ]
    if not fitting:
        return None
    worker = context.rng.choice(fitting)
    return worker.id, worker.node


class Asking(msgspec.Struct, frozen=True):
    """Asks whether a hot element is there, as long as nodes know what is meant.

    Attributes:
        other: What to do if they do not.
        asking: Whether no node has said that it does not know the question.
    """

    other: Generator
    asking: bool = True

    def next(self, context: Context) -> Step:
        """Ask, or do the other thing."""
        if self.asking:
            element = context.rng.choice(HOT)
            return Op("contains", {"element": element}), self
        op, after = self.other.next(context)
        return op, self if after is self.other else Asking(after, asking=False)

    def update(self, context: Context, event: Event, worker: int) -> Self:
        """Stop asking once the answer is that a node cannot tell."""
        del context, worker
        if event.f == "contains" and event.type == "fail" and _is_unknown(event.error):
            return msgspec.structs.replace(self, asking=False)
        return self


def _is_unknown(error: Any) -> bool:
    return isinstance(error, list) and error[:1] == ["not-supported"]
