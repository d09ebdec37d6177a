"""Grow-only sets and broadcasts: does every element arrive everywhere, and no other?

Checks, in this order:

1. *type*: a read is a list.
2. *content*: a read shows each element once, and only elements whose add was invoked
   before it ended and did not definitely fail.
3. *final safety and convergence*: every node's final read shows all elements that were
   acknowledged, or shown by any read, before it began. An element that no final read
   shows is lost; one that some of them show is missing on the others.
4. *order*: a node never lacks what it has shown.
5. *knowledge*, with the journal: a read shows an element only if a message could have
   carried its add to the node by then.

The journal also decides what became of some indeterminate adds, see
`checkers.evidence.refine`: those that failed count for nothing, those that were answered
ok in time count as acknowledged.

Every element is classified as well: attempted, acknowledged, known, stable, lost,
stale or never read, with latencies, by the rules of `_set_lifetimes`. The classes are
measures; the verdict rests on the final reads, since a read during the run may
always lag.

Assumes that the recovery before the final reads is long enough to converge and to
settle what was indeterminate, and for (4) that a node keeps what it has shown.

Sound: a violation cannot occur under these assumptions. Complete: a VALID history is
one that a grow-only set could show, each read being some set of elements added by then,
growing at each node. Elements are equal only if their JSON types are.

Linear in the operations, but for sorting them, plus the total length of all reads, plus
for every final read the elements that it lacks.

Source: `jepsen.checker/set-full`, which Maelstrom uses for broadcast and g-set. It looks
only at the last read whatever its node, reports no duplicates and no unknown elements,
and takes reads times elements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers._convergence import quiet_since
from checkers._disks import assumed_of_disks
from checkers._elements import key_of, text_of
from checkers._findings import Findings, Witness, conclude, unknown
from checkers._quantiles import latency_measures
from checkers._unfit import UnfitError
from checkers._verdict import Measure
from checkers._wording import cite, count_of, kind_of, listed_some, shown
from checkers.evidence import ASSUMED, Marks, Refined, refine

from ._final import FinalReads
from ._knowledge import Knowledge
from ._lifetimes import BackwardSweep
from ._reads import ReadSweep
from ._table import tabulate


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers._elements import Key
    from checkers._verdict import Result
    from checkers.evidence import Evidence
    from histories import History

    from ._lifetimes import Fates
    from ._table import SetTable


_ASSUMES = (
    "The recovery before the final reads is long enough for nodes to converge.",
    "No indeterminate operation takes effect after the recovery.",
    (
        "Sessions are pinned: a client stays with its node, and a node keeps what it "
        "has shown."
    ),
)

_CONTRACTS = frozenset({"divergence", "lost-element", "missing-on-node", "regress"})
"""What contradicts these contracts, and no more than them."""

_NAMED = 8
"""Elements that a sentence names."""

_LISTED = 64
"""Elements of a class that the statistics list."""


def check_set(
    history: History,
    *,
    nodes: Sequence[str] = (),
    add: str = "add",
    read: str = "read",
    converges: bool = True,
    evidence: Evidence | None = None,
) -> Result:
    """Check the history of one grow-only set.

    Args:
        history: The history; reads after the recovery are marked as final.
        nodes: The nodes each of which has to answer a final read.
        add: The function that adds its value: `broadcast` for a broadcast.
        read: The function that returns a list of all elements.
        converges: Whether final reads are to have all elements and nodes never to go
            back. If not, where they are not is reported as a fact: a consistency
            model, judged elsewhere, decides what such reads are worth.
        evidence: What the journal of this history says; its updates are the adds.

    Returns:
        INVALID with a witness if a check fails; UNKNOWN(vacuous) without an
        acknowledged add, an ok read, a final read (of every node), or with an
        acknowledged element that no read could show; UNKNOWN(unsupported) if there
        are other operations. Measures: `attempt-count`, `acknowledged-count`,
        `stable-count`, `lost-count`, `never-read-count`, `stale-count`,
        `duplicated-count`, `stable-latency-p50` (`-p95`, `-p99`, `-max`),
        `lost-latency-…`, `convergence-ms`.
    """
    refined = (
        Refined(history)
        if evidence is None
        else refine(history, evidence, marks=_marks(add, read))
    )
    history = refined.history
    try:
        table = tabulate(history, add=add, read=read, counted=refined.counted)
    except UnfitError as unfit:
        return unknown("set", unfit.reason, unfit.sentence)
    findings = Findings(tolerated=() if converges else _CONTRACTS)
    for index in table.ill_typed:
        findings.add("type-error", _explain_type, history, index)
    knowledge = None
    if evidence is not None and evidence.knows:
        knowledge = Knowledge(history, evidence, findings, refined.failed)
    reads = ReadSweep(history, table, findings, knowledge)
    reads.run()
    backward = BackwardSweep(table, reads, table.answered)
    backward.run()
    FinalReads(history, table, findings, reads, backward, evidence).report()
    fates = backward.fates()
    convergence_ms = (
        None
        if findings.failed
        else backward.convergence.latency_ms(quiet_since(history, table.last_time))
    )
    return conclude(
        "set",
        findings,
        missing=_missing(table, nodes, fates),
        valid=_summary(table, converges=converges),
        measures={
            **_measures(table, fates, len(reads.duplicated)),
            "convergence-ms": Measure(convergence_ms, "ms"),
        },
        statistics=_statistics(table, fates, reads.duplicated),
        assumes=(
            *(_ASSUMES if converges else ()),
            *((ASSUMED,) if evidence is not None else ()),
            *assumed_of_disks(history, knows=evidence is not None),
        ),
        complete=True,
    )


def _marks(add: str, read: str) -> Marks:
    """Return by what reads show adds."""
    return Marks(
        update=lambda one: key_of(one.input) if one.f == add else None,
        read=lambda one: (
            map(key_of, one.output)
            if one.f == read and isinstance(one.output, list)
            else ()
        ),
    )


def _missing(table: SetTable, nodes: Sequence[str], fates: Fates) -> list[str]:
    missing = []
    acknowledged = table.elements.acknowledged
    if not any(acknowledged):
        missing.append("no add was acknowledged")
    if not table.reads and not table.ill_typed:
        missing.append("no read succeeded")
    silent = [node for node in nodes if node not in table.answered]
    if silent:
        missing.append(f"there is no final read of {listed_some(silent)}")
    elif not table.answered:
        missing.append(
            "no read is marked as final, so that nothing says whether elements survived"
        )
    unread = [row for row in fates.never_read if acknowledged[row]]
    if unread and table.reads:
        missing.append(
            f"{count_of(len(unread), 'acknowledged element')} could not be in any "
            f"read: {listed_some(table.elements.texts(unread))}"
        )
    return missing


def _summary(table: SetTable, *, converges: bool) -> str:
    if not converges:
        return "Every read shows elements that were added, each once."
    acknowledged = sum(table.elements.acknowledged)
    finals = len({read.place for read in table.reads if read.final})
    return (
        f"All {count_of(acknowledged, 'acknowledged element')} are in the final reads "
        f"of {count_of(finals, 'node')}, and none that was not added."
    )


def _measures(table: SetTable, fates: Fates, duplicated: int) -> dict[str, Measure]:
    stable = [fates.latency_ms[row] for row in fates.stable]
    return {
        "attempt-count": Measure(len(table.elements)),
        "acknowledged-count": Measure(sum(table.elements.acknowledged)),
        "stable-count": Measure(len(stable)),
        "lost-count": Measure(len(fates.lost)),
        "never-read-count": Measure(len(fates.never_read)),
        "stale-count": Measure(sum(latency > 0 for latency in stable)),
        "duplicated-count": Measure(duplicated),
        "read-count": Measure(len(table.reads)),
        **latency_measures("stable-latency", stable),
        **latency_measures(
            "lost-latency", [fates.latency_ms[row] for row in fates.lost]
        ),
    }


def _statistics(
    table: SetTable, fates: Fates, duplicated: dict[Key, int]
) -> dict[str, Any]:
    elements = table.elements
    stale = [row for row in fates.stable if fates.latency_ms[row] > 0]
    worst = sorted(stale, key=fates.latency_ms.__getitem__, reverse=True)[:_NAMED]
    return {
        "lost": elements.texts(fates.lost[:_LISTED]),
        "never-read": elements.texts(fates.never_read[:_LISTED]),
        "worst-stale": [
            {
                "element": text,
                "latency-ms": fates.latency_ms[row],
                "add": elements.start[row],
            }
            for row, text in zip(worst, elements.texts(worst), strict=True)
        ],
        "duplicated": {
            text_of(key): times for key, times in list(duplicated.items())[:_LISTED]
        },
    }


def _explain_type(history: History, index: int) -> Witness:
    read = history.operation(index)
    return Witness(
        sentence=f"{cite(read)} returned {shown(read.output)}, {kind_of(read.output)}: "
        f"the elements of a set have to come as a list.",
        operations=(index,),
        data={
            "value": shown(read.output),
            "type": kind_of(read.output),
            "node": read.node,
            "process": read.process,
        },
    )
