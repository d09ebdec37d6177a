"""The journal in short: only what it says about a history, a line for each message.

A journal has every message with its body. What checkers conclude from it needs far
less: when requests reached nodes, what nodes answered, and which updates each message
between nodes could tell its receiver that it could not know before. That is a list of
lines in order, from which the same evidence is made again:

    {"time":3,"node":"n1","takes":0}                the request of operation 0 arrives
    {"time":5,"node":"n2","learns":[0],"from":"n1"} a message that could tell of it
    {"time":7,"node":"n2","answers":4,"says":"ok"}  knowing no more than stands above

The smaller the history, the fewer lines it needs. What may be left out (`needed`,
`spare`) is what makes conclusions fewer, never others. An answer that is missing leaves
open what the node knew; a message that is missing would say that it did not know, and
goes only if no answer of that node comes after it. The arrival of a request tells
nothing of an operation that has succeeded and changes nothing; but an update, or an
operation without an outcome, would count as one that never arrived.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING, Literal

import msgspec

from ._evidence import ACCEPTED, REFUSED, UNDECIDED, Evidence, Exchanges
from ._knowledge import Log
from ._requests import MismatchError


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from histories import History

_SAID = {"ok": ACCEPTED, "fail": REFUSED, "info": UNDECIDED}


class Line(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"by": "from"}
):
    """What happened at a node, so far as it says something about a history.

    It takes a request, learns, or answers, one of the three.

    Attributes:
        time: When, in ns since the start of the run.
        node: Where; None for a request of which it does not matter.
        takes: The index of the operation whose request is handed to the node, first.
        answers: The index of the operation to which it sends the reply that counts.
        says: What it answers, as `Reply` has it.
        heard: How many messages that no client sent had come to the node by then.
        learns: The indices of updates that it may know from now on.
        by: Who sent the message that could have carried them.
    """

    time: int
    node: str | None = None
    takes: int | None = None
    answers: int | None = None
    says: Literal["ok", "fail", "info"] | None = None
    heard: int | None = None
    learns: tuple[int, ...] = ()
    by: str | None = None


def excerpt(evidence: Evidence, history: History) -> tuple[Line, ...]:
    """Return what a journal says about the operations of its history.

    Empty if what nodes could know was given up.
    """
    if evidence.logs is None:
        return ()
    row_of = _rows(history)
    by_node: dict[str | None, list[_Placed]] = {None: []}
    times: dict[str | None, tuple[list[int], list[int]]] = {None: ([], [])}
    direct: set[int] = set()
    for name, log in sorted(evidence.logs.items()):
        lines = by_node[name] = []
        moments, lengths = times[name] = [], []
        length = 0
        for time, source, updates in log.batches():
            length += len(updates)
            moments.append(time)
            lengths.append(length)
            indices = tuple(evidence.updates[number] for number in updates)
            line = Line(time=time, node=name, learns=indices, by=source)
            if source is None and evidence.delivered(indices[0]) == time:
                heard = _known(evidence.exchanges.before[row_of[indices[0]]])
                line = Line(time=time, node=name, takes=indices[0], heard=heard)
                direct.add(indices[0])
            lines.append((length, 0, line))
    updating = set(evidence.updates)
    for index, row in row_of.items():
        reply, known = evidence.reply(index), evidence.known(index)
        node = known[0] if known is not None else None
        time = evidence.exchanges.delivered[row]
        if time >= 0 and index not in direct:
            where = None if index in updating else node
            moments, lengths = times[where]
            before = bisect_right(moments, time)
            heard = _known(evidence.exchanges.before[row])
            line = Line(time=time, node=where, takes=index, heard=heard)
            by_node[where].append((lengths[before - 1] if before else 0, 1, line))
        if reply is not None:
            line = Line(
                time=reply.time,
                node=node,
                answers=index,
                says=reply.says,
                heard=_known(evidence.exchanges.after[row]),
            )
            by_node[node].append((known[1] if known is not None else 0, 1, line))
    return _in_order(by_node.values())


def recall(
    lines: Iterable[Line], history: History, updates: Callable[[str], bool]
) -> Evidence:
    """Return the evidence again of which an excerpt was made.

    Raises:
        MismatchError: A line does not fit the history.
    """
    operations, row_of = history.columns(), _rows(history)
    updating = {f for f in set(operations.f) if updates(f)}
    rows = [row for row, f in enumerate(operations.f) if f in updating]
    number_of = {operations.index[row]: number for number, row in enumerate(rows)}
    exchanges = Exchanges(len(operations))
    logs: dict[str, Log] = {}
    for line in lines:
        log = None
        if line.node is not None:
            log = logs.setdefault(line.node, Log(line.node, len(rows)))
        try:
            if line.takes is not None:
                row = row_of[line.takes]
                exchanges.delivered[row] = line.time
                exchanges.before[row] = _or_unknown(line.heard)
                if log is not None and line.takes in number_of:
                    log.learn(number_of[line.takes], line.time, None)
            elif line.answers is not None:
                exchanges.reply(
                    row_of[line.answers],
                    name=line.node or "",
                    time=line.time,
                    length=len(log.order) if log is not None else 0,
                    says=_SAID[line.says or "info"],
                    heard=_or_unknown(line.heard),
                )
            elif log is not None:
                fresh = array("i", (number_of[update] for update in line.learns))
                log.enter(fresh, line.time, line.by)
        except KeyError as error:
            raise MismatchError(
                f"at {line.time} ns it tells of operation {error}, which is not there, "
                "or no update"
            ) from None
    return Evidence(
        operations=operations,
        updates=rows,
        exchanges=exchanges,
        logs=logs,
        counts=(0, 0, 0),
        limits=(),
    )


def needed(
    lines: Iterable[Line], history: History, updates: Callable[[str], bool]
) -> tuple[Line, ...]:
    """Return the lines that say something about a part of the history.

    What is known at each answer that is left is the same as before, but for updates
    that are not in that part.
    """
    indices, known = set(), set()
    for operation in history.operations():
        indices.add(operation.index)
        if updates(operation.f):
            known.add(operation.index)
    left, answering = [], set()
    for line in reversed(tuple(lines)):
        if line.answers is not None:
            if line.answers in indices:
                answering.add(line.node)
                left.append(line)
        elif line.takes is not None:
            if line.takes in indices:
                left.append(line)
        elif line.node in answering:
            learnt = tuple(update for update in line.learns if update in known)
            if learnt:
                left.append(msgspec.structs.replace(line, learns=learnt))
    return tuple(reversed(left))


def spare(
    lines: Sequence[Line], history: History, updates: Callable[[str], bool]
) -> tuple[int, ...]:
    """Return the positions of lines without which less is concluded, but nothing else."""
    decided = {
        operation.index: updates(operation.f)
        for operation in history.operations()
        if operation.status in {"ok", "fail"}
    }
    return tuple(
        position
        for position, line in enumerate(lines)
        if (line.answers is not None and line.answers in decided)
        or (line.takes is not None and decided.get(line.takes) is False)
    )


_Placed = tuple[int, int, Line]
"""A line with how much its node knows by then, and whether that is by this line."""


def _in_order(nodes: Iterable[list[_Placed]]) -> tuple[Line, ...]:
    """Return lines by time, those of a node in the order of what it knew."""
    timed = []
    for placed in nodes:
        latest = 0
        for *_, line in sorted(placed, key=lambda one: (*one[:2], one[2].time)):
            latest = max(latest, line.time)
            timed.append((latest, line))
    return tuple(line for _, line in sorted(timed, key=lambda one: one[0]))


def _rows(history: History) -> dict[int, int]:
    """Return the rows of operations by their indices."""
    return {index: row for row, index in enumerate(history.columns().index)}


def _known(count: int) -> int | None:
    return None if count < 0 else count


def _or_unknown(count: int | None) -> int:
    return -1 if count is None else count
