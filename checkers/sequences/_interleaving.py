"""Whether what was typed from left to right stays together.

An insertion belongs to the character that it was inserted behind; these make a tree. The
text keeps runs together if all that hangs on a character is one piece of the text, which
holds for RGA and for Fugue. Where a node could know of a deletion, a deleted character
may stand between, and some insert behind that one. So an insertion into a known text is
placed only if its node could know of none. What is typed on is always placed: whichever
side of a deleted character a node takes, it takes the same one twice. So is what is
inserted at the beginning: whatever it may hang on stood before all that was to be seen
there, so that it is deleted, and no piece of a final text hangs on it.

Source: M. Weidner, M. Kleppmann, The Art of the Fugue: Minimizing Interleaving in
Collaborative Text Editing, 2023.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Torn(NamedTuple):
    """A piece that something else stands in.

    Attributes:
        root: The character that the piece hangs on.
        before: The last character of the piece before the gap.
        between: What stands there and does not belong to it.
        after: The first character of the piece behind the gap.
    """

    root: str
    before: str
    between: str
    after: str


def torn(text: Sequence[str], left_of: Mapping[str, str | None]) -> Torn | None:
    """Return a piece of the tree that is not in one piece in the text.

    Linear: the text is walked as the tree would be, with the path from the root to the
    last character at hand; a character whose parent is not on the path has been torn
    from it.

    Args:
        text: The text.
        left_of: The character that each one was inserted behind; those of which it is
            not known are missing, and overlooked.
    """
    rooted = _rooted(left_of)
    path: list[str] = []
    on_path: set[str] = set()
    closed_by: dict[str, tuple[str, str]] = {}
    last = ""
    for char in text:
        if char not in rooted:
            continue
        parent = left_of[char]
        if parent is not None and parent not in on_path:
            if parent in closed_by:
                before, between = closed_by[parent]
                return Torn(parent, before, between, char)
            continue  # the parent was deleted, or comes later: the order tells
        while path and path[-1] != parent:
            gone = path.pop()
            on_path.discard(gone)
            closed_by[gone] = last, char
        path.append(char)
        on_path.add(char)
        last = char
    return None


def _rooted(left_of: Mapping[str, str | None]) -> set[str]:
    """Return the characters of which the whole way to the beginning is known."""
    known: dict[str, bool] = {}
    for char in left_of:
        way: list[str] = []
        at: str | None = char
        while at is not None and at in left_of and at not in known:
            known[at] = False  # no way goes in a circle: it would be no insertion
            way.append(at)
            at = left_of[at]
        found = at is None or (at in known and known[at] and at not in way)
        for one in way:
            known[one] = found
    return {char for char, rooted in known.items() if rooted}


def backward(
    text: Sequence[str],
    left_of: Mapping[str, str | None],
    right_of: Mapping[str, str],
    process_of: Mapping[str, int],
    knew: Callable[[str, str], bool],
) -> tuple[str, str, str] | None:
    """Return two characters that were typed from right to left, and one between them.

    All three stand behind the same character, the one between is of another process, and
    that did not know the right one. Typing from right to left at one place by two gives
    this in RGA.

    Args:
        text: The text.
        left_of: The character that each one was inserted behind, where that is known.
        right_of: The one that it was inserted before, where that is known.
        process_of: Who inserted it.
        knew: Whether who inserted a character may have known of another.
    """
    at = {char: number for number, char in enumerate(text)}
    for number, first in enumerate(text):
        second = right_of.get(first, "")
        if first not in left_of or second not in left_of:
            continue
        for other in text[number + 1 : at.get(second, 0)]:
            if (
                other in left_of
                and left_of[first] == left_of[other] == left_of[second]
                and process_of[first] != process_of[other]
                and process_of[first] == process_of[second]
                and not knew(other, second)
            ):
                return first, other, second
    return None
