"""What adds tell of how many items are in the cart, where they do.

That is of the node at that moment. It has the item that was put in, unless a remove of
it had begun; and no more items than anybody had begun to put in.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from checkers._elements import text_of
from checkers._findings import Witness
from checkers._wording import cite, count_of


if TYPE_CHECKING:
    from checkers._findings import Findings
    from checkers.or_sets import Update
    from histories import History

    from ._table import Table


def report_sizes(history: History, table: Table, findings: Findings) -> None:
    """Report sizes that no cart can have had. O(n log n) in the operations."""
    added = sorted(table.updates[rows[0]].index for rows in table.adds.values())
    for row, size in table.sizes.items():
        add = table.updates[row]
        removes = table.removes.get(add.element)
        least = int(removes is None or table.updates[removes[0]].index > add.end)
        most = bisect_left(added, add.end)
        if not least <= size <= most:
            findings.add("wrong-cart-size", _explain, history, add, size, most)


def _explain(history: History, add: Update, size: int, most: int) -> Witness:
    operation = history.operation(add.index)
    if size > most:
        why = f"though {count_of(most, 'item')} at most had been put in by then"
    else:
        why = f"though nobody had removed {text_of(add.element)}, which it put in"
    return Witness(
        sentence=f"{cite(operation)} was told that the cart has "
        f"{count_of(size, 'item')}, {why}.",
        operations=(add.index,),
        data={"size": size, "most": most, "node": operation.node},
    )
