"""What stands before a form in EDN and says something of it: tags and discards."""

from __future__ import annotations

from typing import Any, NamedTuple

from ._edn_atoms import Unreadable, brief


TUPLE = "#jepsen.independent/tuple"
"""What stands for the type of a key with its value, `[key, value]`, in a map."""

_TUPLES = frozenset(
    f"jepsen.independent{mark}{name}" for mark in "./" for name in ("tuple", "Tuple")
)


class Forms(NamedTuple):
    """Forms of one file, in order.

    Attributes:
        lines: The line in which each begins, counted from 1.
        values: The forms.
    """

    lines: list[int]
    values: list[Any]

    def add(self, further: Forms) -> None:
        """Append further forms."""
        self.lines.extend(further.lines)
        self.values.extend(further.values)


class Prefix:
    """A tag, or a discard (no tag): says something of the form that follows."""

    __slots__ = ("tag",)

    def __init__(self, tag: str | None) -> None:
        self.tag = tag

    def __str__(self) -> str:
        return "#_" if self.tag is None else f"#{self.tag}"


def apply_prefixes(items: list[Any]) -> list[Any]:
    """Return the forms in a bracket without their prefixes, which are applied."""
    forms, waiting = split_prefixes(Forms([0] * len(items), items))
    if waiting.values:
        raise Unreadable(
            f"nothing after {waiting.values[-1]}",
            "the form that it is about",
            "Add the form, or take the mark out.",
        )
    return forms.values


def split_prefixes(forms: Forms) -> tuple[Forms, Forms]:
    """Return forms without prefixes, and the prefixes for which no form was left.

    From the right, so that each prefix finds what the next ones have made:
    `#_ #_ a b` discards both.
    """
    done, waiting = Forms([], []), Forms([], [])
    for line, value in zip(reversed(forms.lines), reversed(forms.values), strict=True):
        if type(value) is not Prefix:
            done.lines.append(line)
            done.values.append(value)
        elif not done.values:
            waiting.lines.append(line)
            waiting.values.append(value)
        else:
            done.lines[-1] = line
            tagged = done.values.pop()
            if value.tag is None:
                done.lines.pop()
            else:
                try:
                    done.values.append(_apply_tag(value.tag, tagged))
                except Unreadable as error:
                    error.line = line
                    raise
    for part in (*done, *waiting):
        part.reverse()
    return done, waiting


def _apply_tag(tag: str, value: Any) -> Any:
    """Return what a tagged form becomes."""
    if tag in {"inst", "uuid"}:
        if isinstance(value, str):
            return value
        raise Unreadable(
            f"#{tag} before {brief(value)}",
            f'a string, such as #{tag} "…"',
            "Quote it.",
        )
    if tag in _TUPLES:
        return {TUPLE: _pair(value)}
    if "." in tag and "/" not in tag:
        return value  # A record or type of Clojure's, printed under its class.
    return {f"#{tag}": value}


def _pair(value: Any) -> list[Any]:
    """Return the key and the value of a tuple, whether it is a vector or a record.

    Raises:
        Unreadable: It is neither.
    """
    # The fields of a record may be called key and value, or k and v.
    parts = [value[name] for name in sorted(value)] if type(value) is dict else value
    if type(parts) is list and len(parts) == 2:
        return parts
    raise Unreadable(
        f"{TUPLE} before {brief(value)}",
        f"a key and a value, such as {TUPLE} [0 1]",
        "Write both; nil for a value that is not known.",
    )
