"""HTML out of values: everything is escaped unless it already is markup.

Nodes write what they like into their output, so no text reaches the page by any
other way than `element` or `script_data`.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


VOID = frozenset({"br", "input", "meta", "link", "wbr"})

# Control characters, and the marks that reorder, hide or break text.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


class Markup(str):
    """Text that is HTML already; anything else is escaped on its way in."""

    __slots__ = ()


Child = str | int | float | None | Iterable["Child"]
"""What an element may contain: text, numbers, markup, nothing, or several of these."""


def visible(text: str) -> str:
    r"""Return text with every control character written as an escape.

    Newlines and tabs stay. A terminal or a browser that shows the outcome can
    neither be steered nor deceived by it.

    >>> print(visible("a\x1b[31mb\u202e"))
    a\x1b[31mb\u202e
    """
    return _INVISIBLE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def markup(child: Child) -> Markup:
    """Return children as one piece of HTML, escaping all that is not markup."""
    if child is None:
        return Markup()
    if isinstance(child, Markup):
        return child
    if isinstance(child, str):
        return Markup(html.escape(visible(child)))
    if isinstance(child, int | float):
        return Markup(child)
    return Markup("".join(markup(each) for each in child))


def element(
    name: str, /, *children: Child, **attributes: str | int | bool | None
) -> Markup:
    """Return an element of HTML.

    A trailing underscore in an attribute's name is dropped and the others become
    hyphens, so `class_` and `aria_label` can be said. An attribute that is None
    or False is left out; True stands without a value.

    >>> element("a", "<b>", href="#x", class_="op")
    '<a href="#x" class="op">&lt;b&gt;</a>'
    """
    opening = name
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        opening += f" {key.rstrip('_').replace('_', '-')}"
        if value is not True:
            opening += f'="{html.escape(visible(str(value)))}"'
    if name in VOID:
        return Markup(f"<{opening}>")
    return Markup(f"<{opening}>{markup(children)}</{name}>")


def prose(text: str) -> Markup:
    """Return a sentence, with what stands in backticks as code.

    >>> prose("Answer `init`.")
    'Answer <code>init</code>.'
    """
    return markup(
        element("code", piece) if at % 2 else piece
        for at, piece in enumerate(text.split("`"))
    )


def table(
    head: Sequence[Child],
    rows: Iterable[Iterable[Child]],
    *,
    numeric: Collection[int] = (),
    wide: Collection[int] = (),
    compact: bool = False,
) -> Markup:
    """Return a table that scrolls sideways on its own where it does not fit.

    Args:
        head: Column titles.
        rows: Cells, as many in each row as there are titles.
        numeric: Positions of the columns that are set flush right.
        wide: Positions of the columns that have sentences or long values: they get
            the room that is left, and only they are wrapped.
        compact: Whether the table is only as wide as it has to be.
    """
    classes = [
        "number" if at in numeric else "wide" if at in wide else None
        for at in range(len(head))
    ]

    def row(name: str, cells: Iterable[Child], **attributes: str) -> Markup:
        return element(
            "tr",
            [
                element(name, cell, class_=class_, **attributes)
                for cell, class_ in zip(cells, classes, strict=True)
            ],
        )

    return element(
        "div",
        element(
            "table",
            element("thead", row("th", head, scope="col")),
            element("tbody", [row("td", cells) for cells in rows]),
            class_="compact" if compact else None,
        ),
        class_="scroll",
        tabindex=0,
    )


def script_data(id_: str, value: Any) -> Markup:
    """Return JSON in a script element, for the page's own script to read.

    The JSON is ASCII and has no `<`, `>` or `&`, so that nothing in it can end the
    element, open a comment, or be a line terminator of JavaScript.
    """
    text = json.dumps(value, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(
        f'<script type="application/json" id="{html.escape(id_)}">{text}</script>'
    )
