"""From a history to a case that is as small as it can be.

Reads, and operations that did not happen, can always be left out: who keeps a promise
keeps it without them. An update can be left out only where a model is asked, for which
the rest must still be explained, or of registers, see `_seen`; a sum that lacks one of
its adds would accuse anybody.
A part counts as failing alike if the leading anomaly is still there, and no other is.

What messages say is kept only if it does not fail alike without, and of that only what
the anomaly needs: `checkers.evidence` knows which lines may go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from checkers import Verdict
from checkers.evidence import needed, spare
from harness.hunting import minimised
from harness.workloads import WORKLOADS
from histories import Event, History

from ._case import Case, event_fields, updates_of
from ._judging import found_in, judge, leading
from ._seen import Registers


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from checkers.evidence import Line
    from histories import Outcome

    from ._case import Found, HowChecked

MOST_CHECKS = 2_000
"""How often the checker is asked while a history is shrunk."""

_EVIDENCE_CHARACTERS = 200

Group = tuple[Event, ...]
"""An operation: its invocation with its completion; or one event of the nemesis."""


def keep(
    history: History,
    check: HowChecked,
    *,
    origin: dict[str, Any],
    outcome: Outcome | None = None,
    journal: Sequence[Line] = (),
    anomaly: str | None = None,
    full: bool = False,
    checks: int = MOST_CHECKS,
    progress: Callable[[int, int], None] = lambda _asked, _left: None,
) -> Case:
    """Return the case of a history: shrunk if it is INVALID, unless it is kept in full.

    Args:
        history: The history.
        check: How it is judged.
        origin: Where it comes from.
        outcome: How nodes and network behaved.
        journal: What messages say; left out of the case if the same is found without.
        anomaly: By which anomaly what is kept has to fail, if it fails by that; the
            leading one unless given.
        full: Whether nothing is left out.
        checks: How often the checker may be asked while shrinking.
        progress: Told how often it was asked, and how many operations are left.
    """
    outcome = _trimmed(outcome)
    result = judge(history, check, outcome, journal)
    found = found_in(result)
    name = anomaly if anomaly in found.anomalies else leading(result)
    if found.verdict is Verdict.INVALID and name is not None and not full:
        shrinking = _Shrinking(history, check, outcome, journal, name, found, checks)
        shrinking.progress = progress
        history = shrinking.shrunk()
        outcome, journal = shrinking.outcome, shrinking.journal
        result = judge(history, check, outcome, journal)
    elif journal and found_in(judge(history, check, outcome)) == found:
        journal = ()
    return Case(
        about=result.summary,
        found=found_in(result),
        check=check,
        origin=origin,
        history=tuple(event_fields(event) for event in history.events()),
        outcome=outcome,
        journal=tuple(journal),
    )


class _Shrinking:
    """Leaves out operations as long as what is left fails alike.

    Attributes:
        outcome: What is left of how nodes behaved.
        journal: What is left of what messages say.
        progress: Told how often the checker was asked, and how much is left.
    """

    def __init__(
        self,
        history: History,
        check: HowChecked,
        outcome: Outcome | None,
        journal: Sequence[Line],
        name: str,
        found: Found,
        checks: int,
    ) -> None:
        self.outcome = outcome
        self.journal = journal
        self.progress: Callable[[int, int], None] = lambda _asked, _left: None
        self._check = check
        self._updates = updates_of(check)
        self._name = name
        self._allowed = set(found.anomalies)
        self._left = checks
        self._asked = 0
        self._groups = _groups(history)
        workload = WORKLOADS.get(check.workload or "")
        has_registers = workload is not None and workload.registers
        self._registers = Registers(self._groups) if has_registers else None

    def shrunk(self) -> History:
        """Return a part of the history that fails alike."""
        groups = self._groups
        if self.journal and self._fails(groups, self.outcome, ()):
            self.journal = ()
        if self.outcome is not None and self._fails(groups, None, self.journal):
            self.outcome = None
        clients = [group for group in groups if _is_client(group)]
        if len(clients) < len(groups) and self._fails(
            clients, self.outcome, self.journal
        ):
            groups = clients
        spared = tuple(
            number for number, group in enumerate(groups) if self._is_spare(group)
        )
        kept = set(range(len(groups))) - set(spared)

        def first(parts: Iterable[tuple[int, ...]]) -> int | None:
            for position, part in enumerate(parts):
                chosen = [groups[number] for number in sorted(kept.union(part))]
                if self._fails(chosen, self.outcome, self.journal):
                    return position
            return None

        numbers = sorted(kept.union(minimised(spared, first)))
        groups = [groups[number] for number in numbers]
        if self.journal:
            self.journal = self._lines(groups)
        left = self._part(groups)
        assert left is not None, "it fails alike"
        return left

    def _lines(self, groups: Sequence[Group]) -> tuple[Line, ...]:
        """Return what is needed of the journal for what is left of the history."""
        history = self._part(groups)
        assert history is not None, "it fails alike"
        lines = needed(self.journal, history, self._updates)
        spared = spare(lines, history, self._updates)
        kept = set(range(len(lines))) - set(spared)

        def of(part: tuple[int, ...]) -> tuple[Line, ...]:
            return tuple(lines[position] for position in sorted(kept.union(part)))

        def first(parts: Iterable[tuple[int, ...]]) -> int | None:
            for position, part in enumerate(parts):
                if self._fails(groups, self.outcome, of(part)):
                    return position
            return None

        return needed(of(minimised(spared, first)), history, self._updates)

    def _is_spare(self, group: Group) -> bool:
        """Whether what is left would be no worse a history without an operation."""
        if not _is_client(group):
            return False
        if self._check.workload is None:
            return True
        workload = WORKLOADS[self._check.workload]
        if self._registers is not None or group[0].f not in workload.updates:
            return True
        return len(group) > 1 and group[-1].type == "fail"

    def _fails(
        self, groups: Sequence[Group], outcome: Outcome | None, journal: Sequence[Line]
    ) -> bool:
        if self._left <= 0:
            return False
        self._left -= 1
        self._asked += 1
        self.progress(self._asked, len(groups))
        history = self._part(groups)
        if history is None:
            return False
        lines = needed(journal, history, self._updates)
        found = found_in(judge(history, self._check, outcome, lines))
        return (
            found.verdict is Verdict.INVALID
            and self._name in found.anomalies
            and self._allowed.issuperset(found.anomalies)
        )

    def _part(self, groups: Sequence[Group]) -> History | None:
        """Return the history of some operations; None if it does not stand by itself."""
        if self._registers is None:
            return _history(groups)
        part = self._registers.part(groups)
        return None if part is None else _history(part)


def _groups(history: History) -> list[Group]:
    """Return the operations with their events, in the order of invocations."""
    groups: list[list[Event]] = []
    under_way: dict[int | str, list[Event]] = {}
    for event in history.events():
        if isinstance(event.process, int) and event.type != "invoke":
            under_way.pop(event.process).append(event)
            continue
        groups.append([event])
        if isinstance(event.process, int):
            under_way[event.process] = groups[-1]
    return [tuple(group) for group in groups]


def _history(groups: Iterable[Group]) -> History:
    return History.from_events(
        sorted(_events(groups), key=lambda event: event.index), source=""
    )


def _events(groups: Iterable[Group]) -> Iterator[Event]:
    for group in groups:
        yield from group


def _is_client(group: Group) -> bool:
    return isinstance(group[0].process, int)


def _trimmed(outcome: Outcome | None) -> Outcome | None:
    """Return how nodes behaved, with what they wrote cut short."""
    if outcome is None:
        return None
    return msgspec.structs.replace(
        outcome,
        problems=tuple(
            msgspec.structs.replace(
                problem, evidence=problem.evidence[:_EVIDENCE_CHARACTERS]
            )
            for problem in outcome.problems
        ),
        nodes=tuple(
            msgspec.structs.replace(
                node, stderr_tail=tuple(line[:80] for line in node.stderr_tail[-1:])
            )
            for node in outcome.nodes
        ),
    )
