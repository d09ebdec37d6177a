"""Registers that keep concurrent writes side by side: are they all there, and no other?

What a write replaces, or *supersedes*, is

* with `semantics="context"` what its client had seen, as the context says that it sent
  along (Dynamo, Riak; dotted version vectors). The harness chose the contexts, so this
  is known without trusting any clock;
* with `semantics="replica"` what was visible on the node that took it (Burckhardt's
  multi-value register). This is known within bounds: at least what the node had
  acknowledged before, at most what could have reached it.

Checks, in this order:

1. *content*: a read returns values that were written to its register, before it ended,
   by writes that did not definitely fail, each once, with the right conflict flag;
2. *siblings*: of two values side by side none supersedes the other, and a node shows
   what it has acknowledged or shown before, or what supersedes it;
3. *final reads*: every acknowledged write, on every node, or what supersedes it; and
   all nodes show the same;
4. *clocks*, where nodes hand them out: see `_clocks`.

With `mode="lww"` a register keeps one of several concurrent writes: how many were lost
that way is counted, and only a write that is lost to one that it had itself replaced
fails.

Complete with contexts: final reads of a register pass if and only if some set of its
indeterminate writes explains them (the values shown are an antichain that covers all
acknowledged writes). Not complete by replicas, where only the bounds are known.

Assumes that the recovery before the final reads is long enough to converge; for what
names `own` or `seen`, that a node answers from what it has stored.

Near-linear: writes and the sources of their contexts, and once more for every final
read.

Source: S. Burckhardt, A. Gotsman, H. Yang, M. Zawirski, Replicated Data Types:
Specification, Verification, Optimality, POPL 2014; N. Preguiça et al., Dotted Version
Vectors, 2010.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from checkers._disks import assumed_of_disks
from checkers._findings import Findings, conclude, unknown
from checkers._unfit import UnfitError
from checkers._verdict import Measure
from checkers._wording import count_of, listed_some
from checkers.evidence import Marks, Refined, refine

from ._causes import Histories, trace
from ._clocks import ClockRules
from ._columns import NEVER
from ._final import FinalRules
from ._reads import ReadRules
from ._replicas import Replicas
from ._table import mark_of, marks_of, tabulate


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers._elements import Key
    from checkers._verdict import Result
    from checkers.evidence import Evidence
    from histories import History

    from ._table import Table


CHECKER = "siblings"

_MARKS = Marks(update=mark_of, read=marks_of)
"""By what reads show writes."""

_ASSUMES = (
    "The recovery before the final reads is long enough for nodes to converge.",
    "No indeterminate operation takes effect after the recovery.",
)

_CONTRACTS = frozenset({"divergence", "forgotten-write", "lost-write"})
"""What is wrong of nodes that converge, and that other contracts may allow."""

_LOCAL = (
    "A node answers from what it has stored: it shows what it has acknowledged "
    "(own) and shown (seen) before, unless its disk was lost."
)


def check_siblings(
    history: History,
    *,
    nodes: Sequence[str] = (),
    evidence: Evidence | None = None,
    semantics: Literal["context", "replica"] = "context",
    mode: Literal["siblings", "lww"] = "siblings",
    converges: bool = True,
) -> Result:
    """Check registers of `write` and `read` whose values are written once.

    Args:
        history: The history. A `write` has an object with `key`, `value`, and with
            contexts `context` and perhaps `seen`, the indices of the completions that
            it was built from; it is answered with a clock `vc` or `vclock`. A `read` has an
            object with `key` and returns one with `values`, each an object with `value`
            and perhaps a clock, and perhaps `conflict`.
        nodes: The nodes each of which has to answer final reads.
        evidence: What the journal of messages says, if there is one.
        semantics: What a write replaces; see the module.
        mode: Whether concurrent writes stay side by side, or the last writer wins.
        converges: Whether writes are to arrive, and nodes to show what they have
            shown. If not, that they do not is noted, and fails nothing.

    Returns:
        INVALID with a witness if a check fails; UNKNOWN(vacuous) without an
        acknowledged write, a read, or a final read on every node, or if no two writes
        were ever concurrent; UNKNOWN(unsupported) if a value was written twice.
        Measures: `write-count`, `read-count`, `sibling-reads`, `siblings-max`,
        `convergence-ms`, `visible-count`, `visible-latency-p50` (`-p95`, `-p99`,
        `-max`), and with `lww` `maximal-writes` and `lost-writes`.
    """
    recorded = history
    refined = Refined(history)
    if evidence is not None:
        refined = refine(history, evidence, marks=_MARKS)
        history = refined.history
    try:
        table = tabulate(history)
        trace(table, {recorded.operation(one).end: one for one in refined.gone})
    except UnfitError as unfit:
        return unknown(CHECKER, unfit.reason, unfit.sentence)
    findings = Findings(tolerated=() if converges else _CONTRACTS)
    histories = Histories(table.writes)
    by_context = semantics == "context"
    keeps_all = mode == "siblings"
    replicas = Replicas(table, evidence)
    reads = ReadRules(history, table, histories, findings, evidence)
    reads.report(siblings=by_context and keeps_all)
    if keeps_all and not by_context:
        reads.report_forgotten(replicas.lacking())
    final = FinalRules(history, table, histories, findings, replicas, evidence)
    if not keeps_all:
        final.report_last_writer()
    elif by_context:
        final.report_siblings()
    else:
        final.report_replaced()
    final.report_divergence()
    if keeps_all:
        ClockRules(history, table, findings, evidence).report(contexts=by_context)
    widths = list(map(len, table.reads.entries))
    measures = {
        "write-count": Measure(len(table.writes)),
        "read-count": Measure(len(table.reads)),
        "sibling-reads": Measure(sum(width > 1 for width in widths)),
        "siblings-max": Measure(max(widths, default=None)),
        **table.progress.measures(history),
    }
    if not keeps_all:
        measures["maximal-writes"] = Measure(final.maximal)
        measures["lost-writes"] = Measure(final.lost)
    untraced = len(table.writes.untraced)
    return conclude(
        CHECKER,
        findings,
        missing=_missing(
            table, nodes, histories if converges else None, by_context=by_context
        ),
        valid=_summary(table, final, keeps_all=keeps_all)
        if converges
        else "Every read returns values that were written, none beside its replacement.",
        measures=measures,
        statistics={"untraced-contexts": untraced},
        assumes=(
            *(_assumed(keeps_all=keeps_all) if converges else ()),
            *assumed_of_disks(history, knows=evidence is not None),
        ),
        complete=by_context and keeps_all and not untraced,
    )


def _assumed(*, keeps_all: bool) -> tuple[str, ...]:
    return (*_ASSUMES, _LOCAL) if keeps_all else _ASSUMES


def _met(table: Table, histories: Histories, *, by_context: bool) -> bool:
    """Return whether two writes to a register were concurrent, as far as is known."""
    writes = table.writes
    latest: dict[Key, int] = {}
    for row in range(len(writes)):
        key = writes.key(row)
        before = latest.get(key)
        if before is not None and (
            not histories.supersedes(row, before)
            if by_context
            else writes.place(before) != writes.place(row)
        ):
            return True
        latest[key] = row
    return False


def _missing(
    table: Table, nodes: Sequence[str], histories: Histories | None, *, by_context: bool
) -> list[str]:
    """Return what a pass needs; without histories, writes need not be concurrent."""
    missing = []
    written = {
        table.copies[copy].key
        for copy, end in zip(table.writes.copy, table.writes.end, strict=True)
        if end != NEVER
    }
    if not written:
        missing.append("no write was acknowledged")
    elif histories is not None and not _met(table, histories, by_context=by_context):
        missing.append("no two writes were concurrent, so that none could be lost")
    if not table.reads and not table.ill_typed:
        missing.append("no read succeeded")
    silent = [node for node in nodes if not written <= table.answered.get(node, set())]
    if silent:
        missing.append(f"not every register has a final read on {listed_some(silent)}")
    elif not table.answered:
        missing.append(
            "no read is marked as final, so that nothing says whether writes survived"
        )
    return missing


def _summary(table: Table, final: FinalRules, *, keeps_all: bool) -> str:
    acknowledged = count_of(
        sum(end != NEVER for end in table.writes.end), "acknowledged write"
    )
    if not keeps_all:
        return (
            f"The nodes agree on values that were written. Of {acknowledged}, "
            f"{final.maximal} were replaced by no client that had seen them; "
            f"{final.lost} of these are lost, as last-writer-wins allows."
        )
    shown = sum(len(entries) > 1 for entries in table.reads.entries)
    return (
        f"All {acknowledged} are in the final reads or were replaced by writes that had "
        f"seen them; {count_of(shown, 'read')} returned siblings."
    )
