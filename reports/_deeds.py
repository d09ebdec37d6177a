"""What an operation did, in a few words, whatever it is an operation of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ._format import brief, plural
from ._ladder import Act


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checkers import Anomaly
    from histories import Operation


_SHORT = 20
_SOUGHT_MAX = 3
_BEGINNING = re.compile(r"(?:the (?:final )?)?[\w-]+ (\d+) \(", re.IGNORECASE)


def acts(operations: Sequence[Operation]) -> list[Act]:
    """Return operations as a drawing has them.

    Of a long list or text that one of them gave it has what the others are about.
    """
    return [
        Act(
            operation=operation.index,
            process=operation.process,
            does=_deed(operation, _sought(operation, operations)),
            call_ns=operation.start_time,
            return_ns=operation.end_time,
            node=operation.node,
            returned=operation.end,
        )
        for operation in operations
    ]


def subject(anomaly: Anomaly) -> int | None:
    """Return the operation that a sentence begins with, if what it is fails."""
    begun = _BEGINNING.match(anomaly.sentence) if anomaly.fails else None
    return None if begun is None else int(begun[1])


def _sought(operation: Operation, others: Sequence[Operation]) -> list[Any]:
    """Return what the other operations put or took, in their order."""
    own, found = _plain(operation.input), list[Any]()
    for other in others:
        given = _plain(other.input)
        if len(given) > 1:  # Beside a name there are numbers: positions, quantities.
            given = [each for each in given if isinstance(each, str)]
        found += [each for each in given if not _has([*own, *found], each)]
    return found[:_SOUGHT_MAX]


def _has(values: Iterable[Any], wanted: object) -> bool:
    return any(type(each) is type(wanted) and each == wanted for each in values)


def _deed(operation: Operation, sought: Sequence[Any]) -> str:
    """Return the function, what it was given and what it gave that tells something."""
    parts = [operation.f, *map(_brief, _plain(operation.input))]
    if operation.status != "ok":
        parts.append(f"({operation.status})")
    elif (gave := _gave(operation)) is not None:
        told = _brief(gave)
        parts += ["→", (told.count("…") and _excerpt(gave, sought)) or told]
    return " ".join(parts)


def _excerpt(gave: Any, sought: Sequence[Any]) -> str:
    """Return what a list or a text has of what is sought; nothing if nothing is."""
    if isinstance(gave, str):
        sought = [each for each in sought if isinstance(each, str)]
        there = [each for each in sought if each in gave]
        found = [_brief(f"…{_around(gave, there)}…")] if there else []
        size = plural(len(gave), "character")
    elif isinstance(gave, list):
        heads = [each[0] if isinstance(each, list) and each else each for each in gave]
        there = [each for each in sought if _has(heads, each)]
        found = [
            _brief(whole)
            for head, whole in zip(heads, gave, strict=True)
            if _has(there, head)
        ][:_SOUGHT_MAX]
        size = plural(len(gave), "element")
    else:
        return ""
    found += [f"no {_brief(each)}" for each in sought if not _has(there, each)]
    return f"{', '.join(found)} in {size}" if found else ""


def _around(text: str, found: Sequence[str]) -> str:
    """Return pieces of a text, each with the letters beside it, in their order."""
    spans = sorted((text.index(each), text.index(each) + len(each)) for each in found)
    merged: list[tuple[int, int]] = []
    for start, stop in spans:
        piece = max(0, start - 1), stop + 1
        if merged and piece[0] <= merged[-1][1]:
            piece = merged.pop()[0], max(piece[1], stop)
        merged.append(piece)
    return "…".join(text[start:stop] for start, stop in merged)


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
