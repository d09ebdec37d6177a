"""The scene of a cart: the digits of quantities tell which adds count.

A remove of a cart tells nothing of what it took.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers._elements import text_of
from checkers._wording import cite
from checkers.carts._table import BASE, tabulate

from ._casting import Casting, Told


if TYPE_CHECKING:
    from checkers._elements import Key
    from checkers.carts._table import Table, View
    from histories import History, Operation


def cart_casting(history: History) -> Casting:
    """Return what the operations on a cart tell. Linear in what views show.

    Raises:
        UnfitError: These are no operations on a cart, or quantities do not tell adds
            apart.
    """
    casting, table = Casting(history), tabulate(history)
    updates = {update.index: update for update in table.updates}
    views = {view.index: view for view in table.views}
    wrong = dict(table.ill_typed)
    for operation in history.operations():
        index = operation.index
        if index in updates:
            casting.update(operation, updates[index].element, Told())
        elif index in views:
            adds = _adds(operation, views[index], table, history, casting)
            casting.look(operation, None, Told(adds))
        elif index in wrong:
            casting.lack(operation, wrong[index])
    return casting


def _adds(
    operation: Operation,
    view: View,
    table: Table,
    history: History,
    casting: Casting,
) -> list[int]:
    """Return the adds that a view shows; rule out digits that are none."""
    found = []

    def rule_out(name: str, clause: str, *others: int) -> None:
        casting.rule_out(name, operation, clause, *others)

    for item, quantity in view.items:
        if quantity < 0:
            rule_out("negative-quantity", f"has {quantity} of {text_of(item)}")
            continue
        rest, power = quantity, 0
        while rest:
            rest, digit = divmod(rest, BASE)
            row = table.row[item].get(power)
            if digit and row is None:
                rule_out(*_strange(item, power, digit, table, history))
            elif digit and row is not None:
                add = table.updates[row].index
                found.append(add)
                if digit > 1:
                    added = cite(history.operation(add))
                    clause = f"has the quantity of {added} {digit} times"
                    rule_out("doubled-quantity", clause, add)
            power += 1
    return found


def _strange(
    item: Key, power: int, digit: int, table: Table, history: History
) -> tuple[str, str, int] | tuple[str, str]:
    """Return what is wrong with a digit that no add explains."""
    told = f"has {digit * BASE**power} of {text_of(item)}"
    failed = table.failed.get((item, power))
    if failed is None:
        return "phantom-quantity", f"{told}, which nobody added"
    by = cite(history.operation(failed))
    return "aborted-effect", f"{told}, which {by} definitely did not add", failed
