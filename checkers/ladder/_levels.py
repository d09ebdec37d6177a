"""Consistency models, which of them follow from which, and verdicts on all of them.

An arrow means "implies".

    linearizable → sequential → causal → PRAM → monotonic writes, monotonic reads,
                                              → read your writes
                                causal → writes follow reads

Linearizability is Herlihy & Wing's (1990), sequential consistency Lamport's (1979),
causal consistency the causal memory of Ahamad, Neiger, Burns, Kohli & Hutto (1995),
PRAM that of Lipton & Sandberg (1988), and the session guarantees are those of Terry et
al. (1994). PRAM is the same as read-your-writes, monotonic reads and monotonic writes
together (Brzeziński, Sobaniec & Wawrzyniak, PPAM 2003); causal consistency is the same
as these and writes-follow-reads (PDP 2004). So writes-follow-reads does not follow
from PRAM. All of it is in the lattice of Viotti & Vukolić (ACM Computing Surveys 2016).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import msgspec

from checkers._verdict import Anomaly, Reason


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


Holds: TypeAlias = Literal["yes", "no", "unknown"]


class LevelKind(msgspec.Struct, frozen=True):
    """A consistency model, apart from any history.

    Attributes:
        name: The kebab-case name.
        title: What it is called in a sentence.
        holds: What a history does that has it.
        fails: What one does that does not.
        meaning: What it promises to clients, in plain words.
        implies: The models that follow from it directly.
    """

    name: str
    title: str
    holds: str
    fails: str
    meaning: str
    implies: tuple[str, ...] = ()


LEVELS: Mapping[str, LevelKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            LevelKind(
                "linearizable",
                "linearizability",
                "is linearizable",
                "is not linearizable",
                "Every operation takes effect at one instant between its call and its "
                "return. There is but one copy, and what has been acknowledged is seen "
                "by all.",
                ("sequential",),
            ),
            LevelKind(
                "sequential",
                "sequential consistency",
                "is sequentially consistent",
                "is not sequentially consistent",
                "All operations take effect in one order, the same for all, which keeps "
                "the order of each process. A process may lag behind.",
                ("causal",),
            ),
            LevelKind(
                "causal",
                "causal consistency",
                "is causally consistent",
                "is not causally consistent",
                "What a process has seen or done comes before what it does next, for "
                "everyone who sees both. Writes that know nothing of each other may be "
                "seen in different orders.",
                ("pram", "writes-follow-reads"),
            ),
            LevelKind(
                "pram",
                "PRAM consistency",
                "is PRAM consistent",
                "is not PRAM consistent",
                "Everyone sees the writes of a process in the order in which it issued "
                "them, and its own at once.",
                ("monotonic-writes", "monotonic-reads", "read-your-writes"),
            ),
            LevelKind(
                "writes-follow-reads",
                "writes that follow reads",
                "has writes that follow reads",
                "has writes that do not follow reads",
                "A write is seen by nobody without the writes that its process had read "
                "before it.",
            ),
            LevelKind(
                "monotonic-writes",
                "monotonic writes",
                "has monotonic writes",
                "has no monotonic writes",
                "A write is seen by nobody without the earlier writes of its process.",
            ),
            LevelKind(
                "monotonic-reads",
                "monotonic reads",
                "has monotonic reads",
                "has no monotonic reads",
                "What a process has read once is in all that it reads later.",
            ),
            LevelKind(
                "read-your-writes",
                "reading one's own writes",
                "has processes read their own writes",
                "has a process miss its own writes",
                "What a process has written is in all that it reads later.",
            ),
        )
    }
)
"""The models by name, each before those that follow from it."""


def weaker(name: str) -> tuple[str, ...]:
    """Return the models that follow from one, each before those that follow from it.

    >>> weaker("pram")
    ('monotonic-writes', 'monotonic-reads', 'read-your-writes')
    """
    found = set(LEVELS[name].implies)
    for other in LEVELS:
        if other in found:
            found.update(LEVELS[other].implies)
    return tuple(other for other in LEVELS if other in found)


def stronger(name: str) -> tuple[str, ...]:
    """Return the models from which one follows, the strongest first.

    >>> stronger("writes-follow-reads")
    ('linearizable', 'sequential', 'causal')
    """
    return tuple(other for other in LEVELS if name in weaker(other))


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a history satisfies one model.

    Attributes:
        name: The model.
        verdict: Whether it does.
        why: What makes sure of it, or what is missing: a sentence or more.
        anomaly: The violation, if the verdict is no.
        reason: Why the verdict is unknown; None otherwise.
        follows_from: The model whose verdict settled this one; None if it was judged.
    """

    name: str
    verdict: Holds
    why: str
    anomaly: Anomaly | None = None
    reason: Reason | None = None
    follows_from: str | None = None


class Ladder(NamedTuple):
    """A verdict on every model.

    Attributes:
        levels: By name, in the order of `LEVELS`.
    """

    levels: Mapping[str, Level]

    def verdict(self, name: str) -> Holds:
        """Return the verdict on one model."""
        return self.levels[name].verdict

    @property
    def strongest(self) -> tuple[str, ...]:
        """The models that hold and follow from no other that holds."""
        return self._outermost("yes", stronger)

    @property
    def weakest_failing(self) -> tuple[str, ...]:
        """The models that fail and imply no other that fails."""
        return self._outermost("no", weaker)

    def _outermost(
        self, verdict: Holds, beyond: Callable[[str], tuple[str, ...]]
    ) -> tuple[str, ...]:
        return tuple(
            name
            for name in self.levels
            if self.verdict(name) == verdict
            and all(self.verdict(other) != verdict for other in beyond(name))
        )


def settle(judged: Iterable[Level]) -> Ladder:
    """Return a verdict on every model, given those that were judged.

    What follows from a model that holds, holds; what implies one that fails, fails.

    Raises:
        AssertionError: Two verdicts contradict each other. One of the algorithms is
            wrong then, and neither verdict can be trusted.
    """
    given = {level.name: level for level in judged}
    levels = {name: given.get(name) or _not_judged(name) for name in LEVELS}
    for name in LEVELS:
        level = levels[name]
        if level.verdict == "yes" and level.follows_from is None:
            for other in weaker(name):
                _spread(levels, level, other)
    for name in LEVELS:
        level = levels[name]
        if level.verdict == "no" and level.follows_from is None:
            for other in stronger(name):
                _spread(levels, level, other)
    return Ladder(MappingProxyType(levels))


def _not_judged(name: str) -> Level:
    return Level(
        name=name,
        verdict="unknown",
        why="It was not judged.",
        reason=Reason.UNSUPPORTED,
    )


def _spread(levels: dict[str, Level], source: Level, name: str) -> None:
    """Settle a model by the verdict on another one, if nothing has settled it yet."""
    known = levels[name]
    if known.verdict == source.verdict:
        return
    assert known.verdict == "unknown", (
        f"{source.name} is {source.verdict} and {name} is {known.verdict}, which "
        f"cannot be: {source.why} {known.why}"
    )
    title = LEVELS[source.name].title
    levels[name] = Level(
        name=name,
        verdict=source.verdict,
        why=f"It follows from {title}."
        if source.verdict == "yes"
        else f"It needs {title}. {source.why[:1].upper()}{source.why[1:]}",
        anomaly=source.anomaly,
        follows_from=source.name,
    )
