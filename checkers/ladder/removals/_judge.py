"""Verdicts on the guarantees of sets from which is removed.

First a choice is made of what looks saw, as if nodes were replicas: what that keeps,
holds. Of the rest it is asked what looks must have seen: where that cannot be, it fails.
What is left is tried once more, one guarantee at a time, and may remain unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers._verdict import Reason
from checkers.ladder._judgement import Judgement
from checkers.ladder._levels import Level, weaker
from checkers.ladder.sessions import ANOMALY_NAMES, SESSION_LEVELS, judge_impossible

from ._chosen import Chosen
from ._forced import Forced
from ._guarantees import GUARANTEES
from ._holds import explains, keeps
from ._replay import replay
from ._scene import READ
from ._telling import tell


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from checkers.ladder._limits import Limits
    from histories import History

    from ._casting import Casting
    from ._scene import Scene


REPLAY_SHARE = 0.3
"""Share of the time that each choice may take that is made for all guarantees at once."""

LEVEL_SHARE = 0.06
"""Share of the time that each look at a level may take."""

MOST_REPLICAS = 64
"""Processes that are taken for replicas, where nodes explain too little."""


def judge_removals(history: History, casting: Casting, limits: Limits) -> Judgement:
    """Return verdicts on causal consistency and all that follows from it.

    Each no has an anomaly.

    Args:
        history: The history.
        casting: What its operations tell.
        limits: What may be spent on this.
    """
    scene = casting.scene()
    reads = sum(act.kind == READ for act in scene.acts)
    updates = len(scene.acts) - reads
    size = reads, updates, 1
    if casting.impossible is not None:
        return Judgement(judge_impossible(history, casting.impossible), *size)
    if not reads:
        return Judgement([], *size)
    levels = _Judging(history, scene, casting.lacking, limits).run()
    return Judgement(levels, *size)


class _Judging:
    """Judges one level after the other, the weakest first."""

    def __init__(
        self, history: History, scene: Scene, lacking: str | None, limits: Limits
    ) -> None:
        self._history = history
        self._scene = scene
        self._lacking = lacking
        self._limits = limits
        self._holds: set[str] = set()
        self._levels: dict[str, Level] = {}

    def run(self) -> list[Level]:
        """Return the verdicts, the strongest first."""
        # These are fast, and where they fail, no choice can be right.
        for name in ("read-your-writes", "monotonic-reads"):
            self._try(name, self._refute)
        self._replay()
        for name in reversed(SESSION_LEVELS):
            if name not in self._levels and not self._fails_below(name):
                self._try(name, self._judge)
        return [self._levels[name] for name in SESSION_LEVELS if name in self._levels]

    def _fails_below(self, name: str) -> bool:
        """Whether a verdict follows from one on a weaker level."""
        below = [self._levels.get(other) for other in weaker(name)]
        return any(level is not None and level.verdict == "no" for level in below)

    def _replay(self) -> None:
        """Take nodes for replicas; and processes, if that explains too little."""
        acts = self._scene.acts
        self._choose([act.place for act in acts])
        # Processes that are replicas see what they wrote, and go on seeing what they saw.
        if (
            "causal" not in self._holds
            and not self._levels
            and self._scene.processes <= MOST_REPLICAS
        ):
            self._choose([act.process for act in acts])

    def _choose(self, replicas: Sequence[int]) -> None:
        scene = self._scene
        choice = replay(scene, replicas, self._limits.within(REPLAY_SHARE).is_over)
        if choice is None or not explains(scene, choice, replicas):
            return
        for name, guarantee in GUARANTEES.items():
            if name not in self._holds and keeps(scene, choice, guarantee):
                self._holds.update([name, *weaker(name)])

    def _try(self, name: str, judge: Callable[[str], Level | None]) -> None:
        """Judge a level, as long as there is time."""
        try:
            level = judge(name)
        except TimeoutError:
            why = "There was no time to look at what all processes read."
            level = _unknown(name, why, Reason.TIMEOUT)
        if level is not None:
            self._levels[name] = level

    def _refute(self, name: str) -> Level | None:
        """Return that a level fails; None if nothing shows it."""
        forced = Forced(self._scene, GUARANTEES[name])
        found = forced.run(self._limits.within(LEVEL_SHARE).is_over)
        if found is None:
            return None
        called = ANOMALY_NAMES.get(name, name)
        anomaly = tell(self._history, forced, found, called, name)
        return Level(name=name, verdict="no", why=anomaly.sentence, anomaly=anomaly)

    def _judge(self, name: str) -> Level:
        if name not in self._holds:
            level = self._refute(name)
            if level is not None:
                return level
            chosen = Chosen(self._scene, GUARANTEES[name])
            if chosen.run(self._limits.within(LEVEL_SHARE).is_over) is None:
                self._holds.add(name)
        if self._lacking is not None:
            return _unknown(
                name, f"Not all reads reveal what they saw: {self._lacking}."
            )
        if name in self._holds:
            why = "There are updates for each read to have seen that explain it."
            return Level(name=name, verdict="yes", why=why)
        return _unknown(
            name,
            "Several adds or removes can explain what reads returned: nothing contradicts "
            "all of them, and none that was tried explains all reads.",
        )


def _unknown(name: str, why: str, reason: Reason = Reason.UNSUPPORTED) -> Level:
    return Level(name=name, verdict="unknown", why=why, reason=reason)
