"""What looks must have seen, whatever they saw: where that cannot be, nothing explains it.

Looks are gone through in the order of their ends. Of each it is known that it saw what
its guarantee asks for; the only add that had begun of an element that it shows; and of
what it does not show, although it saw it, the only remove that can have taken it. An add
that it saw and does not show is gone for good where what was seen once stays seen.

A contradiction is a look that does not show what it saw and nothing can have taken, or
shows what is gone. Each step has a reason, so that a person can go back from one to the
operations that it began with. Sound; not complete, as nothing is tried out where several
adds or removes can explain what a look shows.

In practice linear, times the number of processes; without `keeps`, times how much looks
must have seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ._scene import ADD, ALL, READ, REMOVE
from ._view import NO_ACT, Before, Gone, Reason, View


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ._guarantees import Guarantee
    from ._scene import Act, Scene


class Contradiction(NamedTuple):
    """A look that nothing explains.

    Attributes:
        pattern: `missing`: it saw the add, which nothing can have taken, and does not
            show it; `shown-missing`: an earlier look of its process saw the element,
            and whatever add counted there, nothing can have taken it; `back`: it shows
            the add, which was gone; `all-back`: it shows the element, all adds of which
            that had begun were gone.
        look: The look.
        element: The element.
        add: The add; `NO_ACT` for `shown-missing` and `all-back`.
        earlier: The earlier look, for `shown-missing`.
        view: What the process of the look must have seen, and why.
    """

    pattern: str
    look: int
    element: int
    add: int
    earlier: int
    view: View


class FoundError(Exception):
    """A contradiction was found."""

    def __init__(self, contradiction: Contradiction) -> None:
        super().__init__()
        self.contradiction = contradiction


class Forced:
    """Goes through a scene under one guarantee.

    Attributes:
        scene: The scene.
        guarantee: The guarantee.
        before: By process, what comes before its next update, in order, and why.
        took: By remove that tells nothing, what it must have taken.
        views: By process, what it must have seen.
        excuses: Whether what one look was excused for is asked of no later one.
    """

    excuses = True

    def __init__(self, scene: Scene, guarantee: Guarantee) -> None:
        self.scene = scene
        self.before: list[dict[int, Before]] = [{} for _ in range(scene.processes)]
        self.guarantee = guarantee
        self._order: list[list[int]] = [[] for _ in range(scene.processes)]
        self._length: dict[int, int] = {}
        self.views = [View(excuses=self.excuses) for _ in range(scene.processes)]
        self.took: dict[int, set[int]] = {}

    def run(self, is_over: Callable[[], bool]) -> Contradiction | None:
        """Return the first contradiction; None if there is none, or it is over.

        Raises:
            TimeoutError: It is over.
        """
        scene = self.scene
        begins = (
            (act.index, False, number)
            for number, act in enumerate(scene.acts)
            if act.kind != READ
        )
        ends = ((scene.acts[number].end, True, number) for number in scene.happened)
        try:
            for count, (_, ends_here, number) in enumerate(sorted([*begins, *ends])):
                if count % 256 == 0 and is_over():
                    raise TimeoutError
                act = scene.acts[number]
                if not ends_here:
                    self._length[number] = len(self._order[act.process])
                else:
                    self._end(number, act)
        except FoundError as found:
            return found.contradiction
        return None

    def _end(self, number: int, act: Act) -> None:
        guarantee, view = self.guarantee, self.views[act.process]
        if act.looks:
            if not guarantee.keeps:
                view.mark()
            self.look(number, act, view)
            if not guarantee.keeps:
                view.back()
        if act.kind == READ:
            return
        if guarantee.issue:
            self._put_before(act.process, number, Before("issued"))
        if guarantee.own:
            self.insert(view, number, Reason("own"), number)
        if guarantee.own and guarantee.keeps and act.kind == REMOVE:
            for add in sorted(view.live.get(act.element, ())):
                self.lose(view, add, Gone(act.end, number, number))

    def look(self, number: int, act: Act, view: View) -> None:
        """Find out what a look must have seen."""
        size = -1
        shown = act.adds if act.adds is not None else act.elements
        for add in act.adds or ():
            if add in view.gone:
                self.fail("back", number, self.scene.acts[add].element, view, add)
            self.insert(view, add, Reason("shown", number), number)
        while shown is not None and size != len(view.seen) + len(view.gone):
            size = len(view.seen) + len(view.gone)
            self.take(number, act, view)
            if act.adds is None:
                self._show(number, act, view)
        for add in act.adds or ():
            if add in view.gone:
                self.fail("back", number, self.scene.acts[add].element, view, add)
        if act.kind == REMOVE and act.adds is None:
            self.took[number] = self.taken_by(number, act, view)
        if self.guarantee.causes:
            for update in view.order[view.told :]:
                before = Before("caused", number, view.seen[update])
                self._put_before(act.process, update, before)
            view.told = len(view.order)
            if act.kind == REMOVE:
                self._length[number] = len(self._order[act.process])

    def take(self, number: int, act: Act, view: View) -> None:
        """Find removes for what a look saw and does not show."""
        live = view.live
        if act.element != ALL:
            live = {act.element: live[act.element]} if act.element in live else {}
        if act.adds is not None:
            lacking = set().union(*live.values()) - act.adds
        else:
            elements = act.elements or frozenset()
            for element in view.shown.keys() - elements:
                if act.element in {ALL, element}:
                    self._lacks_shown(number, element, view)
            lacking = set().union(*(live[one] for one in live.keys() - elements))
        for add in sorted(lacking):
            if add not in view.gone:
                self.explain_lack(number, view, add)

    def explain_lack(self, number: int, view: View, add: int) -> None:
        """Find out who took an add that a look saw and does not show."""
        end, element = self.scene.acts[number].end, self.scene.acts[add].element
        takers = _two(self.scene.takers(add, end))
        if not takers:
            self.fail("missing", number, element, view, add)
        if len(takers) == 1:
            self.insert(view, takers[0], Reason("taken", number, add), number)
        self.lose(view, add, Gone(end, number))

    def _lacks_shown(self, number: int, element: int, view: View) -> None:
        """Look at what an earlier look showed for some add of several."""
        earlier = view.shown.pop(element)
        scene, act = self.scene, self.scene.acts[number]
        since = scene.acts[earlier].end
        for add in scene.adds[element]:
            if scene.acts[add].index >= since:
                break
            if add in view.gone and view.gone[add].at < since:
                continue
            if next(scene.takers(add, act.end), None) is not None:
                return
        self.fail("shown-missing", number, element, view, earlier=earlier)

    def _show(self, number: int, act: Act, view: View) -> None:
        """Find adds for the elements that a look shows."""
        for element in act.elements or ():
            if not view.live.get(element):
                self.explain_shown(number, element, view)

    def explain_shown(self, number: int, element: int, view: View) -> None:
        """Find out which add an element counts for that a look shows."""
        latest = self.scene.latest(element, self.scene.acts[number].end)
        adds = _two(add for add in latest if add not in view.gone)
        if not adds:
            self.fail("all-back", number, element, view)
        if len(adds) == 1:
            self.insert(view, adds[0], Reason("shown", number), number)
        else:
            view.shown.setdefault(element, number)

    def taken_by(self, number: int, act: Act, view: View) -> set[int]:
        """Return what a remove that tells nothing must have taken."""
        return {
            add
            for add in view.live.get(act.element, ())
            if self.guarantee.causes
            or _two(self.scene.takers(add, act.end)) == [number]
        }

    def insert(self, view: View, update: int, reason: Reason, look: int) -> None:
        """Let an update be seen, and what comes with it."""
        if update in view.seen:
            return
        self._see(view, update, reason, look)
        self._absorb(view, update, look)

    def _absorb(self, view: View, update: int, look: int) -> None:
        """See what comes before an update, which is closed by itself."""
        process = self.scene.acts[update].process
        start, length = view.absorbed.get(process, 0), self._length[update]
        if length <= start:
            return
        view.note("absorbed", process, start)
        view.absorbed[process] = length
        before = self.before[process]
        for other in self._order[process][start:length]:
            if other not in view.seen:
                self._see(view, other, Reason(before[other].kind, update), look)

    def _see(self, view: View, update: int, reason: Reason, look: int) -> None:
        view.seen[update] = reason
        view.order.append(update)
        view.note("seen", update)
        act = self.scene.acts[update]
        if act.kind == ADD:
            if update not in view.gone:
                view.put(update, act.element)
            return
        took: Iterable[int] = (
            self.took.get(update, ()) if act.adds is None else act.adds
        )
        for add in took:
            self.lose(view, add, Gone(self.scene.acts[look].end, update, look))

    def lose(self, view: View, add: int, gone: Gone) -> None:
        if add in view.gone:
            return
        view.lose(add, self.scene.acts[add].element, gone)

    def _put_before(self, process: int, update: int, why: Before) -> None:
        before = self.before[process]
        if update not in before:
            before[update] = why
            self._order[process].append(update)

    def fail(
        self,
        pattern: str,
        look: int,
        element: int,
        view: View,
        add: int = NO_ACT,
        *,
        earlier: int = NO_ACT,
    ) -> None:
        raise FoundError(Contradiction(pattern, look, element, add, earlier, view))


def _two(found: Iterator[int]) -> list[int]:
    """Return the first two, to know whether there is exactly one."""
    return [one for one, _ in zip(found, range(2), strict=False)]
