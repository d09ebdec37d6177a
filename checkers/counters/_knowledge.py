"""What the journal adds to the reads of a counter: what they could not know.

A read shows adds that its node was told of. The adds that any message could have
carried there by then are a prefix of the node's log (`checkers.evidence`), so that one
sweep along the log answers for all reads of the node.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from checkers._findings import Witness
from checkers._wording import cite, count_of, listed_some, location
from checkers.evidence import path_sentences, unreached

from ._sums import running_sums


if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    from checkers._findings import Findings
    from checkers.evidence import Evidence, Unreached
    from histories import History

    from ._rounds import Round
    from ._sums import Running
    from ._table import CounterTable


_NAMED = 3
"""Adds that a sentence names."""


def check_knowledge(
    history: History,
    table: CounterTable,
    findings: Findings,
    evidence: Evidence,
    *,
    but: Collection[int],
) -> None:
    """Report reads that no adds explain which could have reached their node.

    All but the rows in `but`, which have been reported already. Failed adds may
    explain a read here: what they must not do is checked elsewhere. Linear in the adds
    for each node, and in the reads.
    """
    adds, reads = table.adds, table.reads
    delta_of = dict(zip(adds.start, adds.delta, strict=True))
    delta_of |= zip(adds.failed_start, adds.failed_delta, strict=True)
    deltas = [delta_of.get(update, 0) for update in evidence.updates]
    by_node: dict[str, list[tuple[int, int]]] = {}
    for row, start in enumerate(reads.start):
        known = evidence.known(start)
        if known is not None and row not in but:
            by_node.setdefault(known[0], []).append((known[1], row))
    for node, found in by_node.items():
        learnt, sums, position = evidence.learnt(node), running_sums(deltas), 0
        for length, row in sorted(found):
            for number in learnt[position:length]:
                if deltas[number]:
                    sums.add(deltas[number])
            position = length
            if reads.value[row] not in sums:
                findings.add(
                    "impossible-knowledge",
                    _explain,
                    history,
                    evidence,
                    row=reads.start[row],
                    end=reads.end[row],
                    sums=sums,
                    deltas=deltas,
                )


def _explain(
    history: History,
    evidence: Evidence,
    *,
    row: int,
    end: int,
    sums: Running,
    deltas: Sequence[int],
) -> Witness:
    read = history.operation(row)
    known = evidence.known(row)
    assert known is not None, "it was compared with what its node could know"
    node, length = known
    told = set(evidence.learnt(node)[:length])
    suspects = [
        update
        for number, update in enumerate(evidence.updates)
        if number not in told
        and update < end
        and deltas[number]
        and read.output - deltas[number] in sums
    ][:_NAMED]
    reached = (
        f"while the {count_of(length, 'add')} that some message could have carried to "
        f"{node} by then reach {sums.low} to {sums.high}"
        if length
        else f"although no message that could have carried an add had reached {node} by "
        f"then"
    )
    which = ""
    if suspects:
        named = " or ".join(_cite(history, update) for update in suspects)
        cause = f"explained by {named}, of which nothing can have told {node}"
        which = f" It is {cause}."
        if any(deltas[one] and read.output - deltas[one] in sums for one in told):
            which = f" It would be {cause}, or by an add that was counted twice."
    return Witness(
        sentence=f"{cite(read)} returned {read.output}, {reached}.{which}",
        operations=(row, *suspects),
        data={
            "value": read.output,
            "node": node,
            "process": read.process,
            "low": sums.low,
            "high": sums.high,
            "could-know": length,
        },
    )


def explain_paths(
    history: History,
    table: CounterTable,
    final: Round,
    rows: Sequence[int],
    evidence: Evidence | None,
    *,
    suspects: Sequence[int] = (),
) -> tuple[str, dict[str, Any]]:
    """Return whether what final reads lack could have arrived: a sentence, and data.

    Args:
        history: The history.
        table: The same in columns.
        final: The round of final reads.
        rows: Those of them that lack something, one at least.
        evidence: What the journal says, if there is any.
        suspects: Indices of the adds that are among the missing ones; empty if that
            may be any of those that the reads had to show.
    """
    adds, reads = table.adds, table.reads
    wanted = list(suspects) or [
        adds.start[row] for row in final.required if adds.delta[row]
    ]
    delta_of = {adds.start[row]: adds.delta[row] for row in final.required}
    data: list[dict[str, Any]] = []
    lacking = []
    for row in rows:
        found = unreached(evidence, reads.start[row], wanted)
        if found is None:
            continue
        lacking.append(found)
        data.append(
            {
                "node": found.node,
                "no-path": list(found.cut_off[:16]),
                "no-path-count": len(found.cut_off),
                "no-path-sum": sum(delta_of[update] for update in found.cut_off),
                "path-count": len(found.reached),
            }
        )
    if not data:
        return "", {}
    if suspects:
        text = path_sentences(lacking, partial(_cite, history))
    else:
        cut_off = [found for found in lacking if found.cut_off]
        text = "".join(
            _cut_off(history, found, sum(delta_of[one] for one in found.cut_off))
            for found in cut_off[:_NAMED]
        ) + _reached([found.node for found in lacking if not found.cut_off])
    return text, {"paths": data}


def _cut_off(history: History, found: Unreached, total: int) -> str:
    """Return how many of the adds that a read had to show could not have arrived."""
    named = listed_some([_cite(history, one) for one in found.cut_off], limit=_NAMED)
    return (
        f" No path: no message that could have carried "
        f"{count_of(len(found.cut_off), 'add')} of these, which sum to {total}, had "
        f"reached {found.node} by then: {named}."
    )


def _reached(nodes: Sequence[str]) -> str:
    """Return that all adds that reads had to show could have arrived at some nodes."""
    if not nodes:
        return ""
    return (
        f" A path existed for each of them to {listed_some(nodes)}: messages were "
        "delivered there that could have carried it, so that what is missing was left "
        "out of them, or lost in the merge."
    )


def _cite(history: History, update: int) -> str:
    add = history.operation(update)
    return f"{add.f} {add.index} ({add.input:+}, {location(add.node, add.process)})"
