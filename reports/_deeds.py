"""What an operation did, in a few words, whatever it is an operation of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._format import brief
from ._ladder import Act


if TYPE_CHECKING:
    from histories import Operation


_SHORT = 20


def act(operation: Operation) -> Act:
    """Return an operation as a drawing has it."""
    return Act(
        operation=operation.index,
        process=operation.process,
        does=_deed(operation),
        call_ns=operation.start_time,
        return_ns=operation.end_time,
        node=operation.node,
        returned=operation.end,
    )


def _deed(operation: Operation) -> str:
    """Return the function, what it was given and what it gave that tells something."""
    parts = [operation.f, *map(_brief, _plain(operation.input))]
    if operation.status != "ok":
        parts.append(f"({operation.status})")
    elif (gave := _gave(operation)) is not None:
        parts += ["→", _brief(gave)]
    return " ".join(parts)


def _gave(operation: Operation) -> Any:
    """Return what an operation gave beyond what it was given; None if nothing plain.

    Of several things that is the list, without the clocks of what is in it.
    """
    given, gave = operation.input, operation.output
    if isinstance(gave, dict):
        known = given if isinstance(given, dict) else {}
        new = [each for name, each in gave.items() if name not in known]
        found = [each for each in new if isinstance(each, list)] or _plain(new)
        gave = found[0] if found else None
    elif gave == given and type(gave) is type(given):
        return None
    if isinstance(gave, list):
        return [_bare(each) for each in gave]
    return gave


def _bare(value: Any) -> Any:
    """Return the plain values of an object, or the only one; of others, themselves."""
    if not isinstance(value, dict):
        return value
    found = _plain(value)
    return found[0] if len(found) == 1 else found


def _plain(value: Any) -> list[Any]:
    """Return the values in an object or a list that are neither; or a value itself."""
    values = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list):
        values = [value]
    return [each for each in values if not isinstance(each, dict | list | None)]


def _brief(value: Any) -> str:
    return brief(value, _SHORT)
