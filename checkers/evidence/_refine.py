"""Indeterminate operations that the journal decides.

| the client saw | the journal says | it is taken as |
|---|---|---|
| no answer, or none that decides | the request never reached a node | failed |
| | a node replied ok | happened |
| | a node replied with a definite error | failed |
| | anything else | indeterminate |

For a checker that asks for it (`marks`, `passed_on`) an acknowledged update that is gone
with a lost disk (`_survival`) is `info` in the refined history: reads from before may
show it, and nobody owes it. So is one that is in doubt, unless the checker could not do
without these. Consistency models know no disks: what they promise of acknowledged
updates is demanded.

What failed has a `fail` in the refined history, in the place of its `info`, so that
every checker leaves it out of account. What happened stays `info` there, because it
ended at no time that its client could know: no real-time order ends it. A checker of
final states may ask `Refined.counted` from when on it is as good as acknowledged.

That is not the moment of the reply. Final reads owe an acknowledged update only because
the nodes were given time to converge after the last one had completed and the last
fault was healed. A late reply may fall into that time, or just before the final reads;
so it counts from the next completion of an update, or the next healing, on. One with no
such event after it is owed by nobody.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from checkers._wording import listed
from histories import Event, History

from ._shown import shown


if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from histories import Operation

    from ._evidence import Evidence
    from ._shown import Marks


class Refined(msgspec.Struct, frozen=True):
    """A history with fewer indeterminate operations.

    Attributes:
        history: The history.
        happened: Indices of the indeterminate operations to which a node replied ok.
        counted: Of those that are updates, index and time of the event from which on
            they count like acknowledged ones; those that never do are missing.
        failed: Why indeterminate operations are known to have failed, by index: a
            clause that follows on their name.
        gone: The acknowledged updates that nobody owes, because of a lost disk, by
            index; and the nodes that had acknowledged them.
        notes: What became of indeterminate operations, a sentence for each function;
            and what was lost with disks.
    """

    history: History
    happened: frozenset[int] = frozenset()
    counted: Mapping[int, tuple[int, int]] = {}
    failed: Mapping[int, str] = {}
    gone: Mapping[int, str] = {}
    notes: tuple[str, ...] = ()


NEVER_DELIVERED = "which never reached a node"
REFUSED_LATE = "which was answered with a definite error after its client had given up"

_GONE = "lost-with-disk"
"""Why what was acknowledged is indeterminate in a refined history."""

_FATES = {
    "lost": "never reached a node",
    "ok": "was answered ok after the client had given up",
    "fail": "was answered with a definite error after the client had given up",
    "info": "was answered with nothing that decides it",
    "silent": "reached a node that never answered",
}
"""What became of an operation, in the order in which it is told."""


def refine(
    history: History,
    evidence: Evidence,
    *,
    passed_on: bool = False,
    marks: Marks | None = None,
) -> Refined:
    """Return the history with what the evidence says of indeterminate operations.

    Args:
        history: The history.
        evidence: What its journal says.
        passed_on: Whether updates that are in doubt are taken to have been passed on
            before the disk was lost. For sums, of which none could be wrong if any of
            so many adds may be missing.
        marks: By what reads show updates: those in doubt that they show are not.
            Without either of these, lost disks change nothing.

    The evidence must be that of this history. Linear in the indeterminate operations,
    and in the events where any of them is decided; else it is the history itself.
    """
    fates: dict[str, Counter[str]] = {}
    failed: dict[int, str] = {}
    happened: dict[int, int] = {}
    for index in evidence.indeterminate:
        operation = history.operation(index)
        fate, time = _fate(operation, evidence)
        fates.setdefault(operation.f, Counter())[fate] += 1
        if fate == "lost":
            failed[operation.index] = NEVER_DELIVERED
        elif fate == "fail":
            failed[operation.index] = REFUSED_LATE
        elif fate == "ok":
            happened[operation.index] = time
    gone, in_doubt = (
        {
            index: node
            for index, node in found.items()
            if history.operation(index).status == "ok"
        }
        for found in (evidence.gone, evidence.in_doubt)
    )
    notes = notes_of_disks(gone, in_doubt)
    if marks is not None:
        kept = shown(history, in_doubt, marks) if in_doubt else set()
        gone |= {one: node for one, node in in_doubt.items() if one not in kept}
    elif not passed_on:
        gone = {}
    unowed = _unowed(evidence, marks=marks, passed_on=passed_on)
    counted = _counted(history, evidence, happened) if happened else {}
    return Refined(
        history=_without(history, failed, gone) if failed or gone else history,
        happened=frozenset(happened),
        counted={one: at for one, at in counted.items() if one not in unowed},
        failed=failed,
        gone=gone,
        notes=(
            *(_note(f, found) for f, found in fates.items()),
            *notes,
        ),
    )


def _unowed(
    evidence: Evidence, *, marks: Marks | None, passed_on: bool
) -> Collection[int]:
    """Return the updates that are not owed, whatever their clients were told."""
    if marks is not None:
        return {*evidence.gone, *evidence.in_doubt}
    return evidence.gone if passed_on else ()


def _fate(operation: Operation, evidence: Evidence) -> tuple[str, int]:
    """Return what became of an operation, and when a reply said so."""
    reply = evidence.reply(operation.index)
    if reply is not None:
        return reply.says, reply.time
    if evidence.delivered(operation.index) is None:
        return "lost", -1
    return "silent", -1


def _without(
    history: History, failed: Mapping[int, str], gone: Mapping[int, str]
) -> History:
    """Return the history with completions of `fail` for what failed, `info` if gone."""
    return History.from_events(_events(history, failed, gone))


def _events(
    history: History, failed: Mapping[int, str], gone: Mapping[int, str]
) -> Iterator[Event]:
    """Yield the events, with other completions for what failed or is gone."""
    open_: dict[int | str, Event] = {}
    going: set[int | str] = set()
    last = -1
    for event in history.events():
        last = event.index
        if event.type == "invoke" and event.index in failed:
            open_[event.process] = event
        elif event.type == "invoke" and event.index in gone:
            going.add(event.process)
        elif event.type == "info" and event.process in open_:
            del open_[event.process]
            yield msgspec.structs.replace(event, type="fail")
            continue
        elif event.type == "ok" and event.process in going:
            going.discard(event.process)
            yield msgspec.structs.replace(event, type="info", error=_GONE)
            continue
        yield event
    # Those without any completion.
    for index, event in enumerate(open_.values(), last + 1):
        yield msgspec.structs.replace(
            event, index=index, type="fail", error="never-completed"
        )


def _counted(
    history: History, evidence: Evidence, happened: Mapping[int, int]
) -> dict[int, tuple[int, int]]:
    """Return from which event on updates that happened count."""
    times, indices = [], []
    updating: dict[int | str, bool] = {}
    updates = set(evidence.updates)
    for event in history.events():
        if event.type == "invoke":
            updating[event.process] = event.index in updates
            continue
        healed = event.f == "heal" or event.f.startswith("stop-")
        if healed or updating.get(event.process):
            times.append(event.time)
            indices.append(event.index)
    counted = {}
    for update, time in happened.items():
        after = bisect_left(times, time)
        if update in updates and after < len(times):
            counted[update] = indices[after], times[after]
    return counted


def _note(f: str, found: Counter[str]) -> str:
    """Return what became of the indeterminate operations of a function.

    >>> _note("add", Counter(lost=2, ok=1))
    '3 indeterminate adds: 2 never reached a node, 1 was answered ok after the client had given up.'
    """
    total = sum(found.values())
    told = [
        f"{found[fate]} {words if found[fate] == 1 else _plural(words)}"
        for fate, words in _FATES.items()
        if found[fate]
    ]
    plural = "" if total == 1 else "s"
    return f"{total} indeterminate {f}{plural}: {', '.join(told)}."


def notes_of_disks(gone: Mapping[int, str], in_doubt: Mapping[int, str]) -> list[str]:
    """Return what acknowledged updates were lost with disks, or may have been.

    >>> notes_of_disks({2: "n1", 6: "n2"}, {})
    ['2 acknowledged updates are gone with the disks of n1 and n2: no read owes them.']
    """
    notes = []
    if gone:
        notes.append(
            f"{_updates(gone, 'is', 'are')} gone with the {_disks(gone)}: no read owes "
            f"{'it' if len(gone) == 1 else 'them'}."
        )
    if in_doubt:
        notes.append(
            f"{_updates(in_doubt, 'was', 'were')} made on nodes before they lost the "
            f"{_disks(in_doubt)}, and may have been passed on by then."
        )
    return notes


def _updates(found: Mapping[int, str], one: str, several: str) -> str:
    return (
        f"1 acknowledged update {one}"
        if len(found) == 1
        else f"{len(found)} acknowledged updates {several}"
    )


def _disks(found: Mapping[int, str]) -> str:
    nodes = sorted(set(found.values()))
    return f"{'disk' if len(nodes) == 1 else 'disks'} of {listed(nodes)}"


def _plural(words: str) -> str:
    first, _, rest = words.partition(" ")
    return f"{ {'was': 'were'}.get(first, first) } {rest}"
