"""Which faults were in force when, from the nemesis' events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ._format import brief


if TYPE_CHECKING:
    from collections.abc import Iterable

    from histories import Event


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A fault and the time that it was in force.

    Attributes:
        name: What it was, such as `partition`.
        sentence: What it did to which nodes; empty if that was not recorded.
        start: When it was begun, in ns since the start of the run.
        end: When it was ended; the end of the run if it never was.
        ended: Whether it was ended.
        details: Further facts that were recorded when it was begun or ended.
    """

    name: str
    sentence: str
    start: int
    end: int
    ended: bool = True
    details: dict[str, Any] = {}


class _Open(msgspec.Struct):
    start: int
    value: Any


def faults(events: Iterable[Event], *, end: int) -> tuple[Fault, ...]:
    """Return the faults that nemesis events tell of, by their start.

    `start-NAME` begins a fault and `stop-NAME` ends it. Each comes twice, when it
    is asked for and when it is done: a fault is taken to be in force from the
    first of the two that begin it to the last of the two that end it. What is
    begun again without being ended counts as a new fault once it is done.

    Args:
        events: Events of the nemesis in the order of the history.
        end: When the run ended, in ns since its start.
    """
    done: list[Fault] = []
    active: dict[str, _Open] = {}
    halves: dict[str, int] = {}
    for event in events:
        verb, _, name = event.f.partition("-")
        if verb not in {"start", "stop"} or not name:
            continue
        halves[event.f] = halves.get(event.f, 0) + 1
        completed = halves[event.f] % 2 == 0
        if verb == "start":
            current = active.get(name)
            if current is None:
                active[name] = _Open(event.time, event.value)
            elif completed:
                current.value = (
                    event.value if event.value is not None else current.value
                )
            else:
                done.append(_fault(name, current, event.time))
                active[name] = _Open(event.time, event.value)
        elif completed and name in active:
            done.append(_fault(name, active.pop(name), event.time, after=event.value))
    done.extend(
        _fault(name, current, max(end, current.start), ended=False)
        for name, current in active.items()
    )
    return tuple(sorted(done, key=lambda each: (each.start, each.name)))


def _fault(
    name: str, current: _Open, end: int, *, ended: bool = True, after: Any = None
) -> Fault:
    details: dict[str, Any] = {}
    for value in (current.value, after):
        if isinstance(value, dict):
            details |= value
    return Fault(
        name=name,
        sentence=_sentence(current.value),
        start=current.start,
        end=end,
        ended=ended,
        details=details,
    )


def _sentence(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict) and isinstance(value.get("sentence"), str):
        return str(value["sentence"])
    return value if isinstance(value, str) else brief(value, 160)
