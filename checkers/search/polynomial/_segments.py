"""Trees over positions, for questions about ranges of them."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Sequence


class Maxima:
    """Numbers by position, and the largest one of a range. All steps are logarithmic."""

    def __init__(self, values: Sequence[int]) -> None:
        self._size = size = max(1, len(values))
        self._tree = tree = [0] * size + [*values, *[0] * (size - len(values))]
        for node in range(size - 1, 0, -1):
            tree[node] = max(tree[2 * node], tree[2 * node + 1])

    def set(self, position: int, value: int) -> None:
        """Change a number."""
        tree, node = self._tree, position + self._size
        tree[node] = value
        while node > 1:
            node //= 2
            tree[node] = max(tree[2 * node], tree[2 * node + 1])

    def of(self, begin: int, end: int) -> int:
        """Return the largest one from one position on and before another, or -1."""
        tree = self._tree
        begin += self._size
        end += self._size
        found = -1
        while begin < end:
            if begin & 1:
                found = max(found, tree[begin])
                begin += 1
            if end & 1:
                end -= 1
                found = max(found, tree[end])
            begin //= 2
            end //= 2
        return found


class Heights:
    """Counts by position, never negative, and where they are 0.

    A node has the least count below it, less what was added to the nodes above it.
    """

    def __init__(self, values: Sequence[int]) -> None:
        self._size = 1
        while self._size < len(values):
            self._size *= 2
        size = self._size
        self._least = least = [0] * size + [*values, *[1] * (size - len(values))]
        self._added = [0] * (2 * size)
        for node in range(size - 1, 0, -1):
            least[node] = min(least[2 * node], least[2 * node + 1])

    def add(self, begin: int, end: int, change: int) -> None:
        """Add to all counts from one position on and before another. Logarithmic."""
        if begin >= end:
            return
        least, added = self._least, self._added
        left, right = begin + self._size, end + self._size
        while left < right:
            if left & 1:
                least[left] += change
                added[left] += change
                left += 1
            if right & 1:
                right -= 1
                least[right] += change
                added[right] += change
            left //= 2
            right //= 2
        for leaf in (begin + self._size, end - 1 + self._size):
            node = leaf
            while node > 1:
                node //= 2
                below = min(least[2 * node], least[2 * node + 1])
                least[node] = below + added[node]

    def next_zero(self, begin: int, end: int) -> int:
        """Return the first 0 from one position on; the end if none is before it."""
        least, added, size = self._least, self._added, self._size
        # A node, its first position and width, and what was added above it.
        stack = [(1, 0, size, 0)]
        while stack:
            node, first, width, above = stack.pop()
            if first >= end or first + width <= begin or least[node] + above > 0:
                continue
            if width == 1:
                return first
            above += added[node]
            width //= 2
            stack.append((2 * node + 1, first + width, width, above))
            stack.append((2 * node, first, width, above))
        return end
