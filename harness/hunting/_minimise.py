"""Delta debugging: the fewest items of a sequence that still do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")


def minimised(
    items: tuple[T, ...], first: Callable[[Iterable[tuple[T, ...]]], int | None]
) -> tuple[T, ...]:
    """Return a part of a sequence from which no item can be left out.

    Ever smaller pieces are left out, first halves, in the end single items, and these
    again and again until none is dispensable.

    Args:
        items: The sequence, which does it.
        first: Returns the position of the first of some sequences that does it too,
            None if none does.
    """
    size = max(1, (len(items) + 1) // 2)
    while items:
        start, has_shrunk = 0, False
        while start < len(items):
            starts = range(start, len(items), size)
            whole = items
            hit = first(whole[:at] + whole[at + size :] for at in starts)
            if hit is None:
                break
            start = starts[hit]
            items = items[:start] + items[start + size :]
            has_shrunk = True
        if size > 1:
            size = min(size, max(2, len(items))) // 2
        elif not has_shrunk:
            break
    return items
