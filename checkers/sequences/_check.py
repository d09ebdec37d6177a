"""Texts that many edit: one order of all characters, nothing lost, all where it belongs.

A list is right (the strong list specification) if there is one order of all characters
ever inserted such that every read returns the characters that are visible and not
deleted, in this order, and an insertion lands where it was asked for in the text that
it was applied to. Every character is inserted once, so that a text is a sequence of
identities.

Checks, in this order:

1. *content*: a text has each character once, inserted before the read ended, by an
   insertion that did not definitely fail and could have reached the node;
2. *own edits*: a text that is known (see `_quiet`) is read as it was edited;
3. *nothing lost*: a character that no deletion can have hit is there: on the node that
   acknowledged it, and in the end on all; and not one more is missing than deletions
   can have hit. What is known to be deleted is gone;
4. *order*: the texts and the insertions of which the neighbours are known agree with one
   order (see `_order`);
5. *agreement*: the final texts are equal;
6. *runs*: what was typed from left to right stays together (see `_interleaving`). Texts
   that mix what was typed from right to left are noted: RGA does that.

Complete for 1, 4 (as far as neighbours are known) and 5. A position says where an edit
belongs only if the text is known in which it counts, so that without a journal, or on
nodes that are never quiet, 2 and 6 check little: `placed-inserts` and `checked-reads`
tell how much.

Assumes that the recovery before the final reads is long enough to converge. Nodes may
apply what they receive whenever they like.

Linear in the length of all texts that differ, plus insertions times deletions for runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from checkers._disks import assumed_of_disks
from checkers._findings import Findings, conclude, unknown
from checkers._unfit import UnfitError
from checkers._verdict import Measure
from checkers._wording import count_of, listed_some
from checkers.evidence import Marks, refine

from ._rules import Rules
from ._table import char_of, tabulate, text_of


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers._verdict import Result
    from checkers.evidence import Evidence
    from histories import History

    from ._table import Table


CHECKER = "sequence"

_MARKS = Marks(
    update=lambda one: char_of(one) if one.f == "insert" else None,
    read=lambda one: text_of(one.output) or "" if one.f == "read" else "",
)
"""By what reads show insertions."""

_ASSUMES = (
    "The recovery before the final reads is long enough for nodes to converge.",
    "No indeterminate operation takes effect after the recovery.",
    "A node has what it acknowledged (own).",
)


_CONTRACTS = frozenset({"divergence", "lost-character", "undeleted-character"})
"""What is wrong of nodes that converge, and that other contracts may allow."""


def check_sequence(
    history: History,
    *,
    nodes: Sequence[str] = (),
    evidence: Evidence | None = None,
    runs: Literal["kept", "noted"] = "kept",
    converges: bool = True,
) -> Result:
    """Check a text of `insert`, `delete` and `read`.

    Args:
        history: The history. An insertion has an object with `position` and `char`,
            which no other insertion has; a deletion one with `position`; a read returns
            the text, or an object with `text` and perhaps `length`.
        nodes: The nodes each of which has to answer a final read.
        evidence: What the journal of messages says, if there is one.
        runs: Whether texts that were typed from left to right and are mixed fail, as
            for RGA and Fugue, or are noted.
        converges: Whether edits are to arrive, and nodes to have what they
            acknowledged. If not, that they do not is noted, and fails nothing.

    Returns:
        INVALID with a witness if a check fails; UNKNOWN(vacuous) without an
        acknowledged insertion on two nodes, a read, or a final read of every node;
        UNKNOWN(unsupported) if a character was inserted twice. Measures:
        `insert-count`, `delete-count`, `read-count`, `placed-inserts`,
        `checked-reads`, `convergence-ms`, `visible-count`, `visible-latency-p50`
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
    rules.report(keeps_runs=runs == "kept")
    inserted = sum(insert.end is not None for insert in table.inserts)
    return conclude(
        CHECKER,
        findings,
        missing=_missing(table, nodes),
        valid=f"The texts of {count_of(len(table.answered), 'node')} agree in the end; "
        f"{count_of(inserted, 'acknowledged insertion')} and "
        f"{count_of(len(table.deletes), 'deletion')} are in one order that every read "
        "keeps."
        if converges
        else "One order of all characters agrees with every read.",
        measures={
            "insert-count": Measure(len(table.inserts)),
            "delete-count": Measure(len(table.deletes)),
            "read-count": Measure(len(table.reads)),
            "placed-inserts": Measure(len(rules.quiet.placed)),
            "checked-reads": Measure(rules.quiet.checked),
            **table.progress.measures(history),
        },
        assumes=(
            *_ASSUMES,
            *assumed_of_disks(history, knows=evidence is not None),
        ),
    )


def _missing(table: Table, nodes: Sequence[str]) -> list[str]:
    missing = []
    writers = {insert.place for insert in table.inserts if insert.end is not None}
    if not writers:
        missing.append("no insertion was acknowledged")
    elif len(writers) < 2:
        missing.append("only one node took insertions, so that none were concurrent")
    if not table.reads and not table.ill_typed:
        missing.append("no read succeeded")
    silent = [node for node in nodes if node not in table.answered]
    if silent:
        missing.append(f"there is no final read of {listed_some(silent)}")
    elif not table.answered:
        missing.append(
            "no read is marked as final, so that nothing says whether texts agree"
        )
    return missing
