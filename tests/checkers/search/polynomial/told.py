"""Histories written down by hand, as problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from histories import Event, History

from .drawn import problem_of


if TYPE_CHECKING:
    from checkers.models import Model
    from checkers.search import Problem


Deed = tuple[int, str, Any, Any, int, int | None]
"""Process, function, input, output, time of the call, and of the return if any."""


def told(model: Model[Any], *deeds: Deed, **options: Any) -> Problem:
    """Return the problem of some deeds; an output that is "fail" is a failure."""
    events = []
    for process, f, given, got, call, end in deeds:
        events.append((call, process, "invoke", f, given))
        if end is not None:
            failed = got == "fail"
            value = given if failed else got
            events.append((end, process, "fail" if failed else "ok", f, value))
    events.sort(key=lambda event: event[0])
    history = History.from_events(
        Event(index=i, time=time, type=type_, process=process, f=f, value=value)
        for i, (time, process, type_, f, value) in enumerate(events)
    )
    return problem_of(history, model, **options)
