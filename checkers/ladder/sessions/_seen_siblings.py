"""What reads of registers reveal that keep concurrent writes side by side.

A read returns the writes that it saw and that no other one it saw replaces. What a write
replaces is known where clients say what they have seen (see `checkers.registers`): its
*history*, which is itself and the histories of the writes that its context was built
from. So a read saw for certain what it returned, and may have seen what is in the
histories of that; nothing else, as that would stand beside it, or instead of it. Any
choice in between explains what it returned.

To have seen all of it is the best that a read can claim: it misses least of what its
process wrote and read before. What has to come with what it saw is asked of what it
returned alone. (A register that replaces what it never received is right. That its
clients did not see the earlier writes of who wrote that is no fault of it.) For the
keys one by one this makes no difference, and none for causal consistency, because who
says to have seen a write has read it.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from checkers._elements import key_of, text_of
from checkers._wording import cite, shown
from checkers.registers import Histories, tabulate, trace

from ._revealed import Impossible, Revealed
from ._visibility import Act


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from checkers._elements import Key
    from checkers.registers import Table
    from histories import History


MOST_SHOWN = 5_000_000
"""How many writes all different reads together may have seen: they are written out."""


def sibling_acts(history: History) -> tuple[Revealed, list[str]]:
    """Return the operations on registers with siblings as acts, and the registers.

    Left out are reads of which it is unknown what they may have seen. Linear in what
    different reads may have seen.

    Raises:
        UnfitError: These are no operations on such registers, or some write the same.
    """
    table = tabulate(history)
    trace(table)
    histories = Histories(table.writes)
    indices = history.columns().index
    places = dict(zip(indices, range(len(indices)), strict=True))
    impossible = _impossible(history, table, histories, places)
    numbers: dict[Key, int] = {}
    keys = [numbers.setdefault(copy.key, len(numbers)) for copy in table.copies]
    writes, reads = table.writes, table.reads
    written = [places[index] for index in writes.index]
    acts = [
        Act(position, keys[copy], updates=True)
        for position, copy in zip(written, writes.copy, strict=True)
    ]
    seen: dict[tuple[int, ...], Sequence[int] | None] = {}
    total, lacking = 0, _why_unclear(history, table)
    for index, copy, rows in zip(reads.index, reads.copy, reads.rows, strict=True):
        if rows not in seen:
            covered = histories.covered(rows)
            is_known = writes.untraced.isdisjoint(covered)
            seen[rows] = [written[row] for row in covered] if is_known else None
            total += len(covered)
        if seen[rows] is None:
            continue
        if total > MOST_SHOWN:
            lacking = "reads together saw too many writes for all to be looked at"
            break
        tops = [written[row] for row in dict.fromkeys(rows)]
        acts.append(Act(places[index], keys[copy], shown=seen[rows], tops=tops))
    return Revealed(acts, lacking, impossible), list(map(text_of, numbers))


def _why_unclear(history: History, table: Table) -> str | None:
    """Return why reads may have seen more or less than is known, if that is so."""
    if table.ill_typed:
        index, wrong = table.ill_typed[0]
        return f"{cite(history.operation(index))} {wrong}"
    if table.writes.untraced:
        index = table.writes.index[min(table.writes.untraced)]
        return (
            f"{cite(history.operation(index))} gives a context that its process was "
            "never told, and may replace anything: what reads saw that returned this, "
            "or what replaces it, is unknown"
        )
    return None


def _impossible(
    history: History, table: Table, histories: Histories, places: Mapping[int, int]
) -> Impossible | None:
    """Return a read that no choice of writes explains; None if there is none."""
    writes, reads = table.writes, table.reads
    for number, rows in enumerate(reads.rows):
        position = places[reads.index[number]]
        if number in reads.strange:
            read = reads[number]
            entry = next(entry for entry, row in reads.found(number) if row is None)
            failed = table.failed.get((read.key, key_of(entry["value"])))
            told = f"returned {shown(entry['value'])} for {text_of(read.key)}"
            if failed is None:
                clause = f"{told}, which nobody wrote there"
                return Impossible("phantom-value", position, (), clause)
            write = cite(history.operation(failed))
            clause = f"{told}, which {write} definitely did not write"
            return Impossible("aborted-effect", position, (places[failed],), clause)
        newest = max(rows, default=None)
        if newest is not None and writes.index[newest] > reads.end[number]:
            clause = f"returned {shown(writes[newest].value)} before that was written"
            write_at = places[writes.index[newest]]
            return Impossible("thin-air", position, (write_at,), clause)
        if len(rows) < 2 or histories.unrelated(rows):
            continue
        for earlier, later in combinations(sorted(set(rows)), 2):
            if histories.supersedes(later, earlier):
                by = cite(history.operation(writes.index[later]))
                clause = (
                    f"returned {shown(writes[earlier].value)} beside "
                    f"{shown(writes[later].value)}, although {by} replaced the former"
                )
                others = places[writes.index[earlier]], places[writes.index[later]]
                return Impossible("superseded-sibling", position, others, clause)
    return None
