"""Windows of messages in several orders: do all of them give the same reads?

Source: the check is metamorphic: nobody has to know what a read should return, only that
it is the same. A window is cut short at random; else the last state that a node got
would have all that came before, and hide it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from checkers import Reason, Verdict
from checkers._wording import count_of, listed
from harness.hunting import minimised

from ._delivered import Delivered  # noqa: TC001 - msgspec looks it up to decode


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from random import Random

    from ._rigs import Rig

_MOST = 40
"""Messages in a window, but for those that begin where the run began."""

_MOST_AT_FIRST = 200
"""Messages in such a window, so that something in it is concurrent."""


class _Dealt(msgspec.Struct, frozen=True):
    """A message, and where it goes when messages are shuffled."""

    message: Delivered
    rank: float


def _shuffled(window: Sequence[_Dealt]) -> list[_Dealt]:
    return sorted(window, key=lambda one: one.rank)


def _each_twice(window: Sequence[_Dealt]) -> list[_Dealt]:
    return [one for one in window for _ in range(2)]


def _whole_twice(window: Sequence[_Dealt]) -> list[_Dealt]:
    return [*window, *window]


ORDERS: Mapping[str, Callable[[Sequence[_Dealt]], list[_Dealt]]] = {
    "shuffled": _shuffled,
    "each-twice": _each_twice,
    "whole-twice": _whole_twice,
}
"""What is done to the messages of a window, by name."""


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """The fewest messages that give other reads in another order.

    Attributes:
        node: The node in whose sight they were.
        order: What was done: one of `ORDERS`.
        messages: The messages, in the order in which they were delivered in the run.
        replayed: The order in which they were fed, by their places in `messages`.
        read: What the node reads after them in their order.
        other: What it reads in the other order.
    """

    node: str
    order: str
    messages: tuple[Delivered, ...]
    replayed: tuple[int, ...]
    read: str
    other: str


class LawsResult(msgspec.Struct, frozen=True, kw_only=True):
    """Whether reads depend on the order of messages.

    Attributes:
        verdict: INVALID if they do; UNKNOWN if nothing was tried that could show it.
        reason: Why it is UNKNOWN.
        summary: What was found, in a sentence.
        windows: How many windows were replayed.
        telling: How many of them changed what their node reads.
        broken: For each order that gives other reads the fewest messages that do it.
    """

    verdict: Verdict
    reason: Reason | None = None
    summary: str
    windows: int
    telling: int
    broken: tuple[Broken, ...] = ()


def check_laws(
    told: Mapping[str, Sequence[Delivered]],
    rig: Rig,
    *,
    trials: int,
    orders: Sequence[str],
    rng: Random,
) -> LawsResult:
    """Replay windows of what nodes were told, and compare the reads.

    Args:
        told: What was said within the sight of each node.
        rig: Feeds it to fresh nodes.
        trials: Windows for each node.
        orders: What to do with them; some of `ORDERS`.
        rng: Draws the windows, and how they are shuffled.
    """
    replay = _Replay(rig)
    broken: dict[str, Broken] = {}
    windows = telling = 0
    for node, messages in told.items():
        for _ in range(trials if messages else 0):
            if len(broken) == len(orders):
                break
            window = _draw(messages, rng)
            plain = replay.read(window)
            if plain is None:
                return _unanswered(windows, telling)
            windows += 1
            telling += plain != replay.read(())
            for order in orders:
                if order in broken or not replay.differs(window, order):
                    continue
                found = replay.reduce(node, window, order)
                if found is None:
                    return _unsteady(windows, telling)
                broken[order] = found
    if broken:
        return LawsResult(
            verdict=Verdict.INVALID,
            summary=_sentence(broken),
            windows=windows,
            telling=telling,
            broken=tuple(broken.values()),
        )
    if not telling:
        return _silent(windows)
    return LawsResult(
        verdict=Verdict.VALID,
        summary=f"{count_of(windows, 'window')} of messages, {telling} of which change "
        f"what is read, give the same reads {listed(['in order', *orders])}.",
        windows=windows,
        telling=telling,
    )


class _Replay:
    """Feeds windows to nodes, and remembers nothing but an empty one's reads."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._empty = rig.read(())

    def read(self, window: Sequence[_Dealt]) -> str | None:
        """Return what a fresh node reads after a window."""
        if not window:
            return self._empty
        return self._rig.read([one.message for one in window])

    def differs(self, window: Sequence[_Dealt], order: str) -> bool:
        """Return whether a window gives other reads in another order."""
        plain = self.read(window)
        other = self.read(ORDERS[order](window))
        return plain is not None and other is not None and plain != other

    def reduce(
        self, node: str, window: tuple[_Dealt, ...], order: str
    ) -> Broken | None:
        """Return the fewest messages of a window that differ.

        None if the node does not read the same after the same messages twice, so that
        order is not what makes the difference.
        """

        def first(parts: Iterable[tuple[_Dealt, ...]]) -> int | None:
            for number, part in enumerate(parts):
                if self.differs(part, order):
                    return number
            return None

        fewest = minimised(window, first)
        replayed = ORDERS[order](fewest)
        plain, other = self.read(fewest), self.read(replayed)
        again = self.read(fewest), self.read(replayed)
        if plain is None or other is None or plain == other or again != (plain, other):
            return None
        return Broken(
            node=node,
            order=order,
            messages=tuple(one.message for one in fewest),
            replayed=tuple(fewest.index(one) for one in replayed),
            read=plain,
            other=other,
        )


def _draw(messages: Sequence[Delivered], rng: Random) -> tuple[_Dealt, ...]:
    """Return a window; half of them begin where the run began.

    Those are of use for nodes that wait for what came before.
    """
    at_first = rng.random() < 0.5
    most = _MOST_AT_FIRST if at_first else _MOST
    length = rng.randint(1, min(most, len(messages)))
    start = 0 if at_first else rng.randint(0, len(messages) - length)
    window = messages[start : start + length]
    return tuple(_Dealt(message, rng.random()) for message in window)


def _sentence(broken: Mapping[str, Broken]) -> str:
    told = []
    if "shuffled" in broken:
        told.append("on the order in which messages arrive")
    if broken.keys() - {"shuffled"}:
        told.append("on how often they arrive")
    return f"What is read depends {listed(told)}."


def _unknown(reason: Reason, why: str, windows: int, telling: int) -> LawsResult:
    return LawsResult(
        verdict=Verdict.UNKNOWN,
        reason=reason,
        summary=why,
        windows=windows,
        telling=telling,
    )


def _unanswered(windows: int, telling: int) -> LawsResult:
    why = (
        "A fresh node does not answer reads: services and peers are silent here, and "
        "a node that has to ask them cannot be judged."
    )
    return _unknown(Reason.UNSUPPORTED, why, windows, telling)


def _unsteady(windows: int, telling: int) -> LawsResult:
    why = (
        "A fresh node does not read the same after the same messages in the same "
        "order, so that nothing can be said of other orders."
    )
    return _unknown(Reason.UNSUPPORTED, why, windows, telling)


def _silent(windows: int) -> LawsResult:
    why = (
        f"None of {count_of(windows, 'window')} of messages changes what is read."
        if windows
        else "No node got a message from another one."
    )
    return _unknown(Reason.VACUOUS, why, windows, 0)
