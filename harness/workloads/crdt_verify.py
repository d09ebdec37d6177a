"""Merges on request: a node merges the states it is given, and tells which laws hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from checkers import check_merge_claims
from harness.rpc import Call, Field, Rpc

from ._mixes import always
from ._on_workers import WAIT, give, pick
from ._workload import Claim, Workload


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from checkers import Result
    from harness.generators import Context, Generator, Step
    from histories import Event, History

_STATES = {
    "state_a": Field("object", "counts by key"),
    "state_b": Field("object", "counts by key"),
}
_ANSWER = {
    "merge_ab": Field("any", "the pointwise maximum"),
    "merge_ba": Field("any", "the same"),
    "commutative": Field("any", "whether both are the same"),
    "idempotent": Field("any", "whether a state merged with itself is itself"),
    "associative": Field("any", "the same, if it is told", optional=True),
}
VERIFY = Call(
    Rpc("crdt_verify", "Merges two states, both ways round.", _STATES, _ANSWER),
    arguments=tuple(_STATES),
    results=tuple(_ANSWER),
    idempotent=True,
)
_THREE = {**_STATES, "state_c": Field("object", "counts by key")}
VERIFY_THREE = Call(
    Rpc(
        "crdt_verify",
        "The same, and tells whether it matters which of three states come first.",
        _THREE,
        {
            **_ANSWER,
            "associative": Field("any", "whether (ab)c is a(bc)", optional=True),
        },
    ),
    arguments=tuple(_THREE),
    results=tuple(_ANSWER),
    idempotent=True,
)

_State = dict[str, int]

KEYS = ("n1", "n2", "n3", "n4", "n5")
LARGEST = (1, 3, 100, 1 << 50)
"""How large counts are; all of them are exact in floating point too."""


class _Feed(msgspec.Struct, frozen=True):
    """What is done with the merge of two states.

    Attributes:
        third: The state that it is merged with then.
        first: Whether the merge comes first, and not the third state.
    """

    third: Mapping[str, int]
    first: bool


class _Merges(msgspec.Struct, frozen=True):
    """Merges of states that are drawn, and of what came of them with a third.

    Attributes:
        due: What is to be asked next: operations and values, and what then.
        feeds: What is done with the answer that a worker waits for.
    """

    due: tuple[tuple[str, Mapping[str, Any], _Feed | None], ...] = ()
    feeds: Mapping[int, _Feed] = {}

    def next(self, context: Context) -> Step:
        worker = pick(context)
        if worker is None:
            return WAIT, self
        due = self.due or _drawn(context.rng)
        f, value, feed = due[0]
        feeds = {key: one for key, one in self.feeds.items() if key != worker.id}
        if feed is not None:
            feeds[worker.id] = feed
        return give(worker, f, value), _Merges(due[1:], feeds)

    def update(self, context: Context, event: Event, worker: int) -> Generator:
        del context
        feed = self.feeds.get(worker)
        if feed is None:
            return self
        feeds = {key: one for key, one in self.feeds.items() if key != worker}
        merge = event.value.get("merge_ab") if isinstance(event.value, dict) else None
        if event.type != "ok" or not _is_state(merge):
            return _Merges(self.due, feeds)
        states = (merge, feed.third) if feed.first else (feed.third, merge)
        value = dict(zip(_STATES, states, strict=True))
        return _Merges((*self.due, ("verify", value, None)), feeds)


def _drawn(rng: Random) -> tuple[tuple[str, Mapping[str, Any], _Feed | None], ...]:
    """Return what to ask of states that are drawn: of two, or of three in both ways."""
    largest = rng.choice(LARGEST)
    a = _state(rng, largest)
    if rng.random() < 0.5:
        b = _beside(a, rng, largest)
        return (("verify", {"state_a": a, "state_b": b}, None),)
    b, c = _state(rng, largest), _beside(a, rng, largest)
    left = {"state_a": a, "state_b": b}
    is_told = rng.random() < 0.5
    first = ("verify-three", {**left, "state_c": c}) if is_told else ("verify", left)
    right = {"state_a": b, "state_b": c}
    return (
        (*first, _Feed(c, first=True)),
        ("verify", right, _Feed(a, first=False)),
    )


def _state(rng: Random, largest: int) -> _State:
    """Return a state: of some keys, and now and then of none."""
    return {key: rng.randint(0, largest) for key in KEYS if rng.random() < 0.6}


def _beside(state: _State, rng: Random, largest: int) -> _State:
    """Return a state to merge with another: any, or one that has to do with it."""
    kind = rng.randrange(10)
    if kind == 0:
        return dict(state)
    if kind == 1:
        return {}
    if kind == 2:
        return dict.fromkeys(KEYS[: rng.randint(1, len(KEYS))], 0)
    if kind == 3:
        return {key: rng.randint(0, largest) for key in KEYS if key not in state}
    if kind == 4:
        return {key: count + 1 for key, count in state.items()}
    if kind == 5:
        kept = (key for key in state if rng.random() < 0.7)
        return {key: rng.randint(0, state[key]) for key in kept}
    return _state(rng, largest)


def _is_state(value: Any) -> bool:
    return isinstance(value, dict) and all(
        type(count) is int and count >= 0 for count in value.values()
    )


def _check(history: History, _nodes: Sequence[str]) -> Result:
    return check_merge_claims(history)


WORKLOAD = Workload(
    name="crdt-verify",
    doc="Nodes merge states that they are given, and tell which laws that obeys.",
    claim=Claim(
        promise="every merge is the pointwise maximum of two states of counts (of no "
        "other kind), and what the node says of its laws is so",
        method="recomputes every merge and every claim; feeds merges back with a third "
        "state",
        complete="nothing: every answer is recomputed",
        complexity="O(n)",
    ),
    calls={"verify": VERIFY, "verify-three": VERIFY_THREE},
    mixes={"random": always("states by chance, some of them alike", _Merges())},
    node="g-counter",
    check=_check,
    optional=frozenset({"verify-three"}),
)
