"""Faults: did those that were injected change anything?

A fault that met nothing tests nothing: a pause in which nobody called, a store that was
cut off while nobody asked it. The nemesis counts what a fault did and records it where
the fault ends; a fault of whose end nothing was recorded is not counted.

There is one exception: nodes that never send each other a message are right under every
fault between them, as there is nothing that it could change.

Sound and complete with respect to these counts. Linear.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ._findings import Findings, Witness, conclude
from ._verdict import Measure
from ._wording import count_of, listed


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from histories import Event, History, Outcome

    from ._verdict import Result


BETWEEN_NODES = frozenset(
    {"deaf", "delay", "duplicate", "loss", "mute", "partition", "reorder"}
)
"""Faults of messages from node to node."""


def check_faults(
    history: History,
    *,
    demanded: Sequence[str] = (),
    outcome: Outcome | None = None,
) -> Result:
    """Check that faults took effect.

    Args:
        history: The history, with the events of the nemesis.
        demanded: Names of the faults that the user asked for, as in `start-NAME`. If
            none of all faults changed anything, the run is no test of what was asked
            for. Without names, that is noted and fails nothing.
        outcome: How many messages nodes sent each other.

    Returns:
        UNKNOWN(vacuous) if faults were demanded and none changed anything. Measures:
        `faults` and `effective-faults`.
    """
    times: Counter[str] = Counter()
    effective: Counter[str] = Counter()
    totals: dict[str, Counter[str]] = {}
    for name, effect in _ended(history.nemesis()):
        times[name] += 1
        effective[name] += any(effect.values())
        totals.setdefault(name, Counter()).update(effect)
    findings = Findings()
    immune = BETWEEN_NODES if _never_talk(outcome) else frozenset[str]()
    idle = {name: count for name, count in times.items() if not effective[name]}
    if idle:
        findings.note("ineffective-fault", _explain, idle, immune)
    took, all_of_them = sum(effective.values()), sum(times.values())
    missing = []
    if not took and not immune.issuperset(demanded):
        missing.append(
            f"none of the faults changed anything ({_each(times)})"
            if times
            else f"no fault came about, though {listed(demanded)} was asked for"
        )
    return conclude(
        "faults",
        findings,
        missing=missing,
        valid=f"{took} of {count_of(all_of_them, 'fault')} changed something.",
        measures={
            "faults": Measure(all_of_them),
            "effective-faults": Measure(took),
        },
        statistics={
            "effects": {
                name: {"times": times[name], "effective": effective[name], **total}
                for name, total in totals.items()
            }
        },
        complete=True,
    )


def _never_talk(outcome: Outcome | None) -> bool:
    """Return whether nodes are known to have sent each other nothing."""
    counts = None if outcome is None else outcome.messages.get("nodes")
    return counts is not None and counts.sent == 0


def _ended(events: Sequence[Event]) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield each fault that was ended, with what it did.

    Its end is recorded twice: when it is asked for, and when it is done.
    """
    halves: Counter[str] = Counter()
    for event in events:
        verb, _, name = event.f.partition("-")
        if verb != "stop" or not name:
            continue
        halves[name] += 1
        if halves[name] % 2 == 0:
            yield name, _counts(event.value)


def _counts(value: Any) -> dict[str, int]:
    """Return the counts among what was recorded of an end."""
    if not isinstance(value, dict):
        return {}
    return {key: number for key, number in value.items() if type(number) is int}


def _each(times: Counter[str]) -> str:
    return listed(f"{name}: {count}" for name, count in times.items())


def _explain(idle: dict[str, int], immune: frozenset[str]) -> Witness:
    met = [f"{name} ({count})" for name, count in idle.items() if name not in immune]
    cut = [f"{name} ({count})" for name, count in idle.items() if name in immune]
    told = []
    if met:
        told.append(
            f"Changed nothing, however often: {listed(met)}. No message and no process "
            "met that: the nodes may be right under it by luck alone."
        )
    if cut:
        told.append(
            f"Could change nothing: {listed(cut)}. The nodes sent each other no message "
            "in the whole run."
        )
    return Witness(sentence=" ".join(told), operations=(), data={"times": idle})
