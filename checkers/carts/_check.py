"""Shopping carts: is every quantity there that was not taken out, and counted once?

A cart is a set of adds, of which the quantities are shown summed up by item. A remove of
an item takes away the adds of it that it has observed, so that an add wins over a
concurrent remove. As every add of an item has a power of four of its own for a quantity,
the digits of a sum tell which adds it is made of, and that none of them is in it twice.

What must be there and what must not follows from what removes may and must have
observed, as for sets with removals (see `checkers.or_sets`), an add at a time.

Complete for adds that are not undecided.

Assumes that the recovery before the final views is long enough to converge; and that a
node answers from what it has stored, for what must be gone.

Linear in the operations and in what views return; with a journal, times the number of
nodes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers._disks import assumed_of_disks
from checkers._findings import Findings, conclude, unknown
from checkers._unfit import UnfitError
from checkers._verdict import Measure
from checkers._wording import count_of, listed_some
from checkers.evidence import Marks, refine

from ._rules import Rules
from ._table import mark_of, marks_of, tabulate


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers._verdict import Result
    from checkers.evidence import Evidence
    from histories import History

    from ._table import Table


CHECKER = "cart"

_MARKS = Marks(update=mark_of, read=marks_of)
"""By what views show adds."""

_ASSUMES = (
    "The recovery before the final views is long enough for nodes to converge.",
    "No indeterminate operation takes effect after the recovery.",
    (
        "A node answers from what it has stored: it has what it acknowledged (own) and "
        "showed (seen), unless its disk was lost."
    ),
)

_CONTRACTS = frozenset({"divergence", "lost-quantity", "resurrected-quantity"})
"""What is wrong of nodes that converge, and that other contracts may allow."""


def check_cart(
    history: History,
    *,
    nodes: Sequence[str] = (),
    evidence: Evidence | None = None,
    converges: bool = True,
) -> Result:
    """Check a cart of `add`, `remove` and `view`.

    Args:
        history: The history. An add has an object with `item` and `qty`, a power of
            four that no other add of the item has, and may return one with
            `cart_size`, the number of items; a remove one with `item`; a view
            returns one with `items`, objects with `item` and `qty`, and perhaps
            `total_items`, their number.
        nodes: The nodes each of which has to answer a final view.
        evidence: What the journal of messages says, if there is one.
        converges: Whether updates are to arrive, and nodes to have what they
            acknowledged. If not, that they do not is noted, and fails nothing.

    Returns:
        INVALID with a witness if a check fails; UNKNOWN(vacuous) without an
        acknowledged add and remove, a view, a final view of every node, or if no remove
        can have missed an add of its item; UNKNOWN(unsupported) if quantities do not
        tell adds apart. Measures: `add-count`, `remove-count`, `view-count`,
        `undecided-count`, `convergence-ms`, `visible-count`, `visible-latency-p50`
        (`-p95`, `-p99`, `-max`).
    """
    if evidence is not None:
        history = refine(history, evidence, marks=_MARKS).history
    try:
        table = tabulate(history)
    except UnfitError as unfit:
        return unknown(CHECKER, unfit.reason, unfit.sentence)
    findings = Findings(tolerated=() if converges else _CONTRACTS)
    rules = Rules(history, table, findings, evidence)
    rules.report()
    adds = sum(map(len, table.adds.values()))
    rest = f"; {rules.undecided} may be there or not" if rules.undecided else ""
    return conclude(
        CHECKER,
        findings,
        missing=_missing(table, nodes, contended=rules.contended),
        valid=f"The final views of {count_of(len(table.answered), 'node')} agree, and "
        f"the quantities of {count_of(adds - rules.undecided, 'add')} are there, once, "
        f"or gone as they must be{rest}."
        if converges
        else "Every view shows quantities that had been added, each once.",
        measures={
            "add-count": Measure(adds),
            "remove-count": Measure(sum(map(len, table.removes.values()))),
            "view-count": Measure(len(table.views)),
            "undecided-count": Measure(rules.undecided),
            **table.progress.measures(history),
        },
        assumes=(
            *(_ASSUMES if converges else ()),
            *assumed_of_disks(history, knows=evidence is not None),
        ),
        complete=not rules.undecided,
    )


def _missing(table: Table, nodes: Sequence[str], *, contended: bool) -> list[str]:
    missing = []
    for what, rows in (("add", table.adds), ("remove", table.removes)):
        if not any(
            table.updates[row].acknowledged for group in rows.values() for row in group
        ):
            missing.append(f"no {what} was acknowledged")
    if not missing and not contended:
        missing.append(
            "no remove can have missed an add of its item, so that none could be lost"
        )
    if not table.views and not table.ill_typed:
        missing.append("no view succeeded")
    silent = [node for node in nodes if node not in table.answered]
    if silent:
        missing.append(f"there is no final view of {listed_some(silent)}")
    elif not table.answered:
        missing.append(
            "no view is marked as final, so that nothing says whether items survived"
        )
    return missing
