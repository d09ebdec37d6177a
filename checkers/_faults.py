"""Faults: did those that were injected change anything?

A fault that met nothing tests nothing: a partition between nodes that do not talk, a
pause in which nobody called. The nemesis counts what a fault did and records it where
the fault ends; a fault of whose end nothing was recorded is not counted.

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

    from histories import Event, History

    from ._verdict import Result


def check_faults(history: History, *, demanded: Sequence[str] = ()) -> Result:
    """Check that faults took effect.

    Args:
        history: The history, with the events of the nemesis.
        demanded: Names of the faults that the user asked for, as in `start-NAME`. If
            none of all faults changed anything, the run is no test of what was asked
            for. Without names, that is noted and fails nothing.

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
    for name, count in times.items():
        if not effective[name]:
            findings.note("ineffective-fault", _explain, name, count)
    took, all_of_them = sum(effective.values()), sum(times.values())
    missing = []
    if demanded and not took:
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


def _explain(name: str, count: int) -> Witness:
    spells = "It was injected once" if count == 1 else f"It was injected {count} times"
    return Witness(
        sentence=f"The fault {name} changed nothing. {spells}, and no message and no "
        "process met it: the nodes may be right under it by luck alone.",
        operations=(),
        data={"fault": name, "times": count},
    )
