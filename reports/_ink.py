"""What goes to a terminal: colors, and lines that fit."""

from __future__ import annotations

import textwrap

from ._markup import visible


WIDTH = 96

COLORS = {"valid": "32", "invalid": "31", "unknown": "33"}
"""Codes of colors, by verdict."""


class Ink:
    """Paints text for a terminal, or leaves it alone."""

    def __init__(self, *, color: bool) -> None:
        self._color = color

    def paint(self, text: str, code: str) -> str:
        """Return text in a color, where there is color."""
        return f"\x1b[{code}m{text}\x1b[0m" if self._color and text else text


def wrapped(text: str, indent: int) -> list[str]:
    """Return text in lines of a width, each indented; at least one."""
    return textwrap.wrap(
        visible(" ".join(text.split())),
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [" " * indent]
