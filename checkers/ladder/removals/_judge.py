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
    from collections.abc import Callable, Iterable, Sequence

    from checkers.ladder._limits import Limits
    from histories import History

    from ._casting import Casting
    from ._scene import Scene


SHARE = 0.9
"""Share of the time that all of it may take."""

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
    is_over = limits.until(SHARE).is_over
    levels = _Judging(history, scene, casting.lacking, is_over).run()
    return Judgement(levels, *size)


class _Judging:
    """Judges one level after the other, the weakest first."""

    def __init__(
        self,
        history: History,
        scene: Scene,
        lacking: str | None,
        is_over: Callable[[], bool],
    ) -> None:
        self._history = history
        self._scene = scene
        self._lacking = lacking
        self._is_over = is_over
        self._holds: set[str] = set()

    def run(self) -> list[Level]:
        """Return the verdicts, the strongest first."""
        self._replay()
        levels: dict[str, Level] = {}
        for name in reversed(SESSION_LEVELS):
            below = [levels[other] for other in weaker(name) if other in levels]
            if any(level.verdict == "no" for level in below):
                continue  # It follows.
            levels[name] = self._judge(name)
        return [levels[name] for name in SESSION_LEVELS if name in levels]

    def _replay(self) -> None:
        """Take nodes for replicas; and processes, if that explains too little."""
        acts = self._scene.acts
        self._try([act.place for act in acts])
        if "causal" not in self._holds and self._scene.processes <= MOST_REPLICAS:
            self._try([act.process for act in acts])

    def _try(self, replicas: Sequence[int]) -> None:
        scene = self._scene
        choice = replay(scene, replicas, self._is_over)
        if choice is None or not explains(scene, choice, replicas):
            return
        for name, guarantee in GUARANTEES.items():
            if name not in self._holds and keeps(scene, choice, guarantee):
                self._hold([name, *weaker(name)])

    def _hold(self, names: Iterable[str]) -> None:
        self._holds.update(names)

    def _judge(self, name: str) -> Level:
        try:
            if name not in self._holds:
                forced = Forced(self._scene, GUARANTEES[name])
                found = forced.run(self._is_over)
                if found is not None:
                    called = ANOMALY_NAMES.get(name, name)
                    anomaly = tell(self._history, forced, found, called, name)
                    return Level(
                        name=name, verdict="no", why=anomaly.sentence, anomaly=anomaly
                    )
                chosen = Chosen(self._scene, GUARANTEES[name])
                if chosen.run(self._is_over) is None:
                    self._hold([name])
        except TimeoutError:
            why = "There was no time to look at what all processes read."
            return Level(name=name, verdict="unknown", why=why, reason=Reason.TIMEOUT)
        if self._lacking is not None:
            why = f"Not all reads reveal what they saw: {self._lacking}."
        elif name in self._holds:
            why = "There are updates for each read to have seen that explain it."
            return Level(name=name, verdict="yes", why=why)
        else:
            why = (
                "Several adds or removes can explain what reads returned: nothing "
                "contradicts all of them, and none that was tried explains all reads."
            )
        return Level(name=name, verdict="unknown", why=why, reason=Reason.UNSUPPORTED)
