"""Indeterminate operations that the journal decides.

| the client saw | the journal says | it is taken as |
|---|---|---|
| no answer, or none that decides | the request never reached a node | failed |
| | a node replied ok | happened |
| | a node replied with a definite error | failed |
| | anything else | indeterminate |

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

from histories import Event, History


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from histories import Operation

    from ._evidence import Evidence


class Refined(msgspec.Struct, frozen=True):
    """A history with fewer indeterminate operations.

    Attributes:
        history: The history.
        happened: Indices of the indeterminate operations to which a node replied ok.
        counted: Of those that are updates, index and time of the event from which on
            they count like acknowledged ones; those that never do are missing.
        failed: Why indeterminate operations are known to have failed, by index: a
            clause that follows on their name.
        notes: What became of indeterminate operations, a sentence for each function.
    """

    history: History
    happened: frozenset[int] = frozenset()
    counted: Mapping[int, tuple[int, int]] = {}
    failed: Mapping[int, str] = {}
    notes: tuple[str, ...] = ()


NEVER_DELIVERED = "which never reached a node"
REFUSED_LATE = "which was answered with a definite error after its client had given up"

_FATES = {
    "lost": "never reached a node",
    "ok": "was answered ok after the client had given up",
    "fail": "was answered with a definite error after the client had given up",
    "info": "was answered with nothing that decides it",
    "silent": "reached a node that never answered",
}
"""What became of an operation, in the order in which it is told."""


def refine(history: History, evidence: Evidence) -> Refined:
    """Return the history with what the evidence says of indeterminate operations.

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
    return Refined(
        history=_without(history, failed) if failed else history,
        happened=frozenset(happened),
        counted=_counted(history, evidence, happened) if happened else {},
        failed=failed,
        notes=tuple(_note(f, found) for f, found in fates.items()),
    )


def _fate(operation: Operation, evidence: Evidence) -> tuple[str, int]:
    """Return what became of an operation, and when a reply said so."""
    reply = evidence.reply(operation.index)
    if reply is not None:
        return reply.says, reply.time
    if evidence.delivered(operation.index) is None:
        return "lost", -1
    return "silent", -1


def _without(history: History, failed: Mapping[int, str]) -> History:
    """Return the history with completions of `fail` for what failed."""
    return History.from_events(_events(history, failed))


def _events(history: History, failed: Mapping[int, str]) -> Iterator[Event]:
    """Yield the events, with other completions for what failed."""
    open_: dict[int | str, Event] = {}
    last = -1
    for event in history.events():
        last = event.index
        if event.type == "invoke" and event.index in failed:
            open_[event.process] = event
        elif event.type == "info" and event.process in open_:
            del open_[event.process]
            yield msgspec.structs.replace(event, type="fail")
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


def _plural(words: str) -> str:
    first, _, rest = words.partition(" ")
    return f"{ {'was': 'were'}.get(first, first) } {rest}"
