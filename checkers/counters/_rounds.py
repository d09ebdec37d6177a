"""Rounds of final reads: those that had to show the same adds.

Usually there is one round, after the recovery. A history that goes on after its final
reads has more, and reads of different rounds are not compared with each other.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING

from ._sums import subset_sums


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ._sums import Sums
    from ._table import CounterTable


_MOST_ROUNDS = 16
"""Rounds that are told apart, the last ones; each costs a pass over all adds."""


class Round:
    """Final reads with the adds that they had to show and could show.

    Attributes:
        rows: The reads, in the order of their invocations.
        required: Rows of the adds acknowledged before the reads began, if only in the
            journal.
        optional: Rows of the adds that were open or indeterminate while they ran.
    """

    def __init__(
        self, table: CounterTable, rows: Sequence[int], *, required: int, invoked: int
    ) -> None:
        adds = table.adds
        self._adds = adds
        self.rows = rows
        self.required = adds.settled[:required]
        certain = set(self.required)
        self.optional = [row for row in range(invoked) if row not in certain]
        self._with_failed: dict[int, Sums] = {}

    @cached_property
    def acceptable(self) -> Sums:
        """The values that show all required adds."""
        return subset_sums(self._deltas(self.optional), base=self.acknowledged_sum)

    @cached_property
    def partial(self) -> Sums:
        """The values that show some of the adds."""
        return subset_sums(self._deltas([*self.required, *self.optional]))

    def with_failed(self, number: int) -> Sums:
        """Return the values that show some of the adds and of the first failed ones."""
        if number not in self._with_failed:
            deltas = self._deltas([*self.required, *self.optional])
            failed = self._adds.failed_delta[:number]
            self._with_failed[number] = subset_sums([*deltas, *failed])
        return self._with_failed[number]

    @cached_property
    def acknowledged_sum(self) -> int:
        """The sum of the required adds."""
        return sum(self._deltas(self.required))

    def _deltas(self, rows: Iterable[int]) -> Iterable[int]:
        return map(self._adds.delta.__getitem__, rows)


def final_rounds(table: CounterTable) -> tuple[list[Round], bool]:
    """Return the last rounds in order, and whether these are all."""
    adds, reads = table.adds, table.reads
    rows_of: dict[tuple[int, int], list[int]] = {}
    for row in reads.final:
        key = (
            bisect_left(adds.settled_end, reads.start[row]),
            bisect_left(adds.start, reads.end[row]),
        )
        rows_of.setdefault(key, []).append(row)
    kept = list(rows_of.items())[-_MOST_ROUNDS:]
    rounds = [
        Round(table, rows, required=required, invoked=invoked)
        for (required, invoked), rows in kept
    ]
    return rounds, len(kept) == len(rows_of)
