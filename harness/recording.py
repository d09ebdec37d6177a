"""Operations of a run that is to be repeated, as it invoked them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from histories import NEMESIS

from .spec import PlannedOperation


if TYPE_CHECKING:
    from histories import History, Outcome

    from .spec import RunSpec


def operations_of(
    history: History, outcome: Outcome | None, spec: RunSpec
) -> tuple[PlannedOperation, ...]:
    """Return what the main phase of a run invoked: when, by which client, and what.

    Reads of the recovery and of barriers are left out: how many there are depends on
    how the nodes converge.
    """
    phases = outcome.phases if outcome is not None else {}
    begin = phases.get("main", 0)
    ends = [phases[name] for name in ("recovery", "teardown", "end") if name in phases]
    end = min(ends, default=1 << 62)
    workers = max(spec.concurrency, len(spec.nodes))
    planned: list[PlannedOperation] = []
    open_: dict[int, int] = {}
    is_barrier = False
    for event in history.events():
        if event.process == NEMESIS and event.f == "barrier":
            is_barrier = event.value is None
        if not isinstance(event.process, int) or is_barrier:
            continue
        if event.type != "invoke":
            number = open_.pop(event.process, None)
            if number is not None and event.type == "ok":
                planned[number] = replace(planned[number], reply=event.index)
            continue
        if begin <= event.time < end and not event.final:
            open_[event.process] = len(planned)
            planned.append(
                PlannedOperation(
                    time_ns=event.time - begin,
                    worker=event.process % workers,
                    f=event.f,
                    value=event.value,
                )
            )
    return tuple(planned)
