"""Sets with removals: is what must be there there, and what must not gone?

An element is in a read if an add of it is visible there that no visible remove has
*observed*: a remove takes away the adds that are visible where it is executed, and no
others, so that an add wins over a concurrent remove. What a remove has observed is not
told; it lies between bounds (see `_bounds`), and an element

* must be there if some acknowledged add of it cannot have been observed by any remove;
* must not be there if every add of it must have been observed by some remove;
* may be there or not else, which is counted as undecided.

Checks, in this order:

1. *content*: a read is a list that shows each element once, of which an add was invoked
   before it ended, did not definitely fail, and could have reached the node;
2. *on a node*: it shows what it must by its own acknowledgements, and does not show what
   it must have taken away; nor does it say so of a single element when it is asked;
3. *final reads*: as above, with all updates; and all nodes agree;
4. *tags*, where nodes tell them: see `_tags`.

Real time is never taken for observation: an add that had ended when a remove began may
not have arrived where the remove was executed, and rightly survives.

Complete for an element that is not undecided.

Assumes that the recovery before the final reads is long enough to converge; and for
(2) and for what must be gone, that nodes answer from what they have stored.

Linear in the operations and in what reads return; with a journal, times the number of
nodes.

Source: M. Shapiro, N. Preguiça, C. Baquero, M. Zawirski, A comprehensive study of
Convergent and Commutative Replicated Data Types, 2011; S. Burckhardt et al., Replicated
Data Types: Specification, Verification, Optimality, POPL 2014.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers._disks import assumed_of_disks
from checkers._elements import key_of, text_of
from checkers._findings import Findings, conclude, unknown
from checkers._unfit import UnfitError
from checkers._verdict import Measure
from checkers._wording import count_of, listed_some
from checkers.evidence import Marks, refine

from ._rules import Rules
from ._table import element_of, elements_of, tabulate
from ._tags import TagRules


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers._verdict import Result
    from checkers.evidence import Evidence
    from histories import History

    from ._bounds import Semantics
    from ._table import Table


CHECKER = "or-set"

_MARKS = Marks(
    update=lambda one: key_of(element_of(one.input)) if one.f == "add" else None,
    read=lambda one: map(
        key_of, (elements_of(one.output) or ()) if one.f == "read" else ()
    ),
)
"""By what reads show adds."""

_ASSUMES = (
    "The recovery before the final reads is long enough for nodes to converge.",
    "No indeterminate operation takes effect after the recovery.",
    (
        "A node answers from what it has stored: it has what it acknowledged (own) and "
        "what it showed, where only one add explains it (unit), unless its disk was "
        "lost."
    ),
)

_CONTRACTS = frozenset(
    {
        "contains-mismatch",
        "divergence",
        "live-tag-kept",
        "lost-add",
        "resurrected-element",
        "returned-tag",
    }
)
"""What is wrong of nodes that converge, and that other contracts may allow."""

_LISTED = 64
"""Undecided elements that the statistics list."""


def check_or_set(
    history: History,
    *,
    nodes: Sequence[str] = (),
    evidence: Evidence | None = None,
    semantics: Semantics = "add-wins",
    converges: bool = True,
) -> Result:
    """Check a set of `add`, `remove`, `read` and `contains`.

    Args:
        history: The history. The value of an add and of a remove is the element, or an
            object with `element`; they may be answered with `tag` and `tags_removed`.
            A read returns the list of all elements, alone or as `elements` in an object
            that may list `tags`, and `contains`, which may be
            missing, whether one is there, alone or as `contains` in an object.
        nodes: The nodes each of which has to answer a final read.
        evidence: What the journal of messages says, if there is one.
        semantics: `add-wins`; or what other sets declare: `two-phase` (what was once
            removed stays away), `last-writer-wins` (clocks decide; little is checked).
        converges: Whether updates are to arrive, and nodes to have what they
            acknowledged. If not, that they do not is noted, and fails nothing.

    Returns:
        INVALID with a witness if a check fails; UNKNOWN(vacuous) without an
        acknowledged add and remove, a read, a final read of every node, or if no remove
        can have missed an add of its element. Measures: `add-count`, `remove-count`,
        `read-count`, `element-count`, `undecided-count`, `convergence-ms`,
        `visible-count`, `visible-latency-p50` (`-p95`, `-p99`, `-max`).
    """
    if evidence is not None:
        history = refine(history, evidence, marks=_MARKS).history
    try:
        table = tabulate(history)
    except UnfitError as unfit:
        return unknown(CHECKER, unfit.reason, unfit.sentence)
    findings = Findings(tolerated=() if converges else _CONTRACTS)
    rules = Rules(history, table, findings, semantics, evidence)
    rules.report()
    if semantics == "add-wins":  # Elsewhere they decide nothing.
        TagRules(history, table, findings, evidence).report()
    undecided = len(rules.undecided)
    return conclude(
        CHECKER,
        findings,
        missing=_missing(table, nodes, contended=rules.contended),
        valid=_summary(table, undecided, semantics)
        if converges
        else "Every read shows elements that had been added, each once.",
        measures={
            "add-count": Measure(sum(map(len, table.adds.values()))),
            "remove-count": Measure(sum(map(len, table.removes.values()))),
            "read-count": Measure(sum(read.about is None for read in table.reads)),
            "element-count": Measure(len(table.adds)),
            "undecided-count": Measure(undecided),
            **table.progress.measures(history),
        },
        statistics={
            "undecided": [text_of(element) for element in rules.undecided[:_LISTED]]
        },
        assumes=(
            *(_ASSUMES if converges else ()),
            *assumed_of_disks(history, knows=evidence is not None),
        ),
        complete=not undecided and semantics == "add-wins",
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
            "no remove can have missed an add of its element, so that none could be lost"
        )
    if all(read.about is not None for read in table.reads) and not table.ill_typed:
        missing.append("no read succeeded")
    silent = [node for node in nodes if node not in table.answered]
    if silent:
        missing.append(f"there is no final read of {listed_some(silent)}")
    elif not table.answered:
        missing.append(
            "no read is marked as final, so that nothing says whether elements survived"
        )
    return missing


def _summary(table: Table, undecided: int, semantics: Semantics) -> str:
    decided = count_of(len(table.adds) - undecided, "element")
    rest = f"; {undecided} may be there or not" if undecided else ""
    wins = (
        ", where an add wins over a concurrent remove"
        if semantics == "add-wins"
        else ""
    )
    return (
        f"The final reads of {count_of(len(table.answered), 'node')} agree, and "
        f"{decided} are there or gone as they must be{wins}{rest}."
    )
