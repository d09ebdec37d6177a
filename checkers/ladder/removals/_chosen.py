"""A choice of what looks saw that keeps one guarantee, made as one goes along.

As in `_forced`, looks see what they must; and where several adds or removes can explain
what one shows, one is chosen: an add that is taken soon, as it may have to go again, and
the remove that ended first. What is chosen stays, so that there may be a choice although
none is found. What comes of it keeps the guarantee, as nothing is seen without what comes
with it, and every look is compared with what it saw.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ._forced import Forced
from ._scene import ALL, FOREVER, READ
from ._view import Reason


if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._scene import Act
    from ._view import View


MOST_TRIED = 64
"""Adds that are looked at to choose one."""


class Chosen(Forced):
    """Goes through a scene and chooses; `run` returns None if every look is explained."""

    excuses = False

    def look(self, number: int, act: Act, view: View) -> None:
        """Explain a look, and compare it with what it saw."""
        super().look(number, act, view)
        live = view.live
        if act.element != ALL:
            live = {act.element: live[act.element]} if act.element in live else {}
        if act.adds is not None:
            is_right = set().union(*live.values()) == act.adds
        else:
            is_right = act.elements is None or live.keys() == act.elements
        if not is_right:
            self.fail("stuck", number, act.element, view)

    def explain_lack(self, number: int, view: View, add: int) -> None:
        """Choose a remove that took an add."""
        act = self.scene.acts[number]
        takers = self._takers(act, view, add)
        remove = min(
            takers, key=lambda one: (self.scene.acts[one].end, one), default=-1
        )
        if remove < 0:
            self.fail("stuck", number, act.element, view, add)
        if not self.scene.acts[remove].returned:
            live = view.live.get(self.scene.acts[add].element, set())
            self.took.setdefault(remove, live - (act.adds or set()))
        self.insert(view, remove, Reason("taken", number, add), number)

    def _takers(self, act: Act, view: View, add: int) -> Iterator[int]:
        """Yield removes that took an add and that a look can have seen."""
        for remove in self.scene.takers(add, act.end):
            it = self.scene.acts[remove]
            took = self.took.get(remove) if it.adds is None else it.adds
            if remove in view.seen:
                continue
            if not it.returned:
                # What it took is still open as long as nobody has seen it.
                if took is None or add in took:
                    yield remove
                continue
            is_over = it.end < act.end
            if not is_over and (act.kind != READ or self.guarantee.causes):
                continue
            if took is not None and add in took and took.isdisjoint(act.adds or ()):
                yield remove

    def explain_shown(self, number: int, element: int, view: View) -> None:
        """Choose an add for an element that a look shows."""
        latest = self.scene.latest(element, self.scene.acts[number].end)
        free = (add for add in latest if add not in view.gone)
        add = min(islice(free, MOST_TRIED), key=self._when_taken, default=-1)
        if add < 0:
            self.fail("stuck", number, element, view)
        self.insert(view, add, Reason("shown", number), number)

    def _when_taken(self, add: int) -> tuple[bool, int, int]:
        acts = self.scene.acts
        takers = self.scene.takers(add, FOREVER)
        first = next((acts[one].index for one in takers), FOREVER)
        return not acts[add].returned, first, add

    def taken_by(self, number: int, act: Act, view: View) -> set[int]:
        """Return what a remove that tells nothing took."""
        del number
        return set(view.live.get(act.element, ()))
