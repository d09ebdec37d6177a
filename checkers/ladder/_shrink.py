"""From a failing history to a minimal one that still fails.

Delta debugging (Zeller & Hildebrandt, Simplifying and Isolating Failure-Inducing Input,
2002): leave out one part of several; if what is left still fails, go on with that, else
try smaller parts, down to single operations. In the end nothing can be left out.

Operations that belong together, such as those of a key or of a process, are left out
together first: that is fast, and what remains is about few of them.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple


if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence


class Shrunk(NamedTuple):
    """What is left of a failing history.

    Attributes:
        operations: The operations that are left, ascending.
        before: How many there were.
        checks: How many histories were tried.
        is_minimal: Whether none can be left out; false if the checks were used up.
    """

    operations: tuple[int, ...]
    before: int
    checks: int
    is_minimal: bool


class _SpentError(Exception):
    """All checks are used up."""


def shrink(
    operations: Sequence[int],
    fails: Callable[[Sequence[int]], bool],
    *,
    groupings: Sequence[Callable[[int], Hashable]] = (),
    checks: int = 1000,
    is_over: Callable[[], bool] = lambda: False,
) -> Shrunk:
    """Return a minimal part of a failing history that fails.

    Deterministic, as long as it is not over before its checks are used up. Of `m`
    operations that are needed out of `n`, about `m log n` checks, at worst `n²`.

    Args:
        operations: Operations of a history that fails.
        fails: Whether a history of some of them fails.
        groupings: By what operations are left out together, in this order, before
            they are left out by their order.
        checks: How often `fails` may be asked.
        is_over: Asked before each check; true ends it all.
    """
    shrinking = _Shrinking(sorted(operations), fails, checks, is_over)
    try:
        for grouping in groupings:
            groups: dict[Hashable, list[int]] = {}
            for operation in shrinking.left:
                groups.setdefault(grouping(operation), []).append(operation)
            shrinking.reduce(list(groups.values()))
        shrinking.reduce([[operation] for operation in shrinking.left])
    except _SpentError:
        is_minimal = False
    else:
        is_minimal = True
    return Shrunk(tuple(shrinking.left), len(operations), shrinking.asked, is_minimal)


class _Shrinking:
    """Leaves out parts, and remembers what is left.

    Attributes:
        left: The operations that are left; they fail.
        asked: How many histories were tried.
    """

    def __init__(
        self,
        operations: list[int],
        fails: Callable[[Sequence[int]], bool],
        checks: int,
        is_over: Callable[[], bool],
    ) -> None:
        self.left = operations
        self.asked = 0
        self._fails = fails
        self._checks = checks
        self._is_over = is_over

    def reduce(self, parts: list[list[int]]) -> None:
        """Leave out parts of what is left, until no single one can be.

        Raises:
            _SpentError: The checks are used up.
        """
        size = max(1, len(parts) // 2)
        while True:
            position, kept = 0, len(parts)
            while position < len(parts):
                rest = parts[:position] + parts[position + size :]
                if rest and self._still_fails(rest):
                    parts = rest
                else:
                    position += size
            if size > 1:
                size //= 2
            elif len(parts) == kept:
                return

    def _still_fails(self, parts: list[list[int]]) -> bool:
        if self.asked >= self._checks or self._is_over():
            raise _SpentError
        self.asked += 1
        operations = sorted(chain.from_iterable(parts))
        if not self._fails(operations):
            return False
        self.left = operations
        return True
