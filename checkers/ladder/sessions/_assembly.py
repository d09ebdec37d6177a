"""From acts to sights: who did what after what."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from ._visibility import NO_ACT, NO_END, Act, Seen, Sights


if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from histories import OperationColumns


def assemble(
    acts: Iterable[Act],
    columns: OperationColumns,
    keys: Sequence[str],
    *,
    exact: bool,
    ordered: bool = False,
) -> Sights:
    """Return acts, given in any order, with all that follows from them. `n log n`."""
    acts = sorted(acts, key=lambda act: act.position)
    numbers = {act.position: number for number, act in enumerate(acts)}
    process, previous, sessions = _sessions(acts, columns)
    chain = array("q", [NO_ACT]) * len(acts)
    rank = array("q", [0]) * len(acts)
    places = array("q", [0]) * len(acts)
    lanes: list[dict[int, list[int]]] = [{} for _ in keys]
    ranks: list[dict[int, list[int]]] = [{} for _ in keys]
    chains, before = _chains(acts, columns, sessions)
    for number, updates in enumerate(chains):
        for count, update in enumerate(updates, 1):
            chain[update], rank[update] = number, count
            lane = lanes[acts[update].key].setdefault(number, [])
            places[update] = len(lane)
            lane.append(update)
            ranks[acts[update].key].setdefault(number, []).append(count)
    return Sights(
        acts=acts,
        columns=columns,
        keys=keys,
        exact=exact,
        ordered=ordered,
        process=process,
        previous=previous,
        sessions=sessions,
        chain=chain,
        rank=rank,
        chains=chains,
        before=before,
        lanes=lanes,
        ranks=ranks,
        places=places,
        sources={
            number: NO_ACT if act.source == NO_ACT else numbers[act.source]
            for number, act in enumerate(acts)
            if act.source is not None
        },
        seen=_all_seen(acts, numbers, chain, places),
        tops={
            number: sorted(numbers[position] for position in act.tops)
            for number, act in enumerate(acts)
            if act.tops is not None
        },
    )


def only(sights: Sights, kept: Collection[int]) -> Sights:
    """Return some acts alone, as if the others had never been.

    Reads of registers that return a write which is not kept are left out. A
    violation in the result is one in the whole.
    """
    acts = [sights.acts[act] for act in sorted(kept)]
    updates = {act.position for act in acts if act.updates}
    found = []
    for act in acts:
        if act.shown is not None:
            shown = [position for position in act.shown if position in updates]
            tops = act.tops and [at for at in act.tops if at in updates]
            found.append(act._replace(shown=shown, tops=tops))
        elif act.source in {None, NO_ACT} or act.source in updates:
            found.append(act)
        elif act.updates:
            found.append(act._replace(source=None))
    return assemble(
        found,
        sights.columns,
        sights.keys,
        exact=sights.exact,
        ordered=sights.ordered,
    )


def that_happened(acts: Iterable[Act], columns: OperationColumns) -> list[Act]:
    """Return the acts that returned, and what they show, and so on.

    Of the others, nobody knows whether they ever took effect, and nothing says so.
    """
    acts = list(acts)
    by_position = {act.position: act for act in acts}
    kept: dict[int, Act] = {}
    followed: set[int] = set()
    todo = [act for act in acts if columns.end[act.position] != NO_END]
    while todo:
        act = todo.pop()
        if act.position in kept:
            continue
        kept[act.position] = act
        if act.shown is not None and id(act.shown) not in followed:
            followed.add(id(act.shown))
            todo.extend(
                by_position[position] for position in act.shown if position not in kept
            )
        elif act.source not in {None, NO_ACT} and act.source not in kept:
            todo.append(by_position[act.source])
    return list(kept.values())


def _sessions(
    acts: list[Act], columns: OperationColumns
) -> tuple[array[int], array[int], list[list[int]]]:
    """Return the process of each act, the act before it there, and the sessions."""
    numbers: dict[int, int] = {}
    process, previous = array("q"), array("q")
    last: list[int] = []
    sessions: list[list[int]] = []
    for number, act in enumerate(acts):
        owner = numbers.setdefault(columns.process[act.position], len(numbers))
        if owner == len(sessions):
            sessions.append([])
            last.append(NO_ACT)
        process.append(owner)
        previous.append(last[owner])
        sessions[owner].append(number)
        if columns.end[act.position] != NO_END:
            last[owner] = number
    return process, previous, sessions


def _chains(
    acts: list[Act], columns: OperationColumns, sessions: list[list[int]]
) -> tuple[list[list[int]], list[int]]:
    """Return the chains, and the update before each."""
    chains: list[list[int]] = []
    before: list[int] = []
    for session in sessions:
        updates = [act for act in session if acts[act].updates]
        main: list[int] = []
        for update in updates:
            is_open = columns.end[acts[update].position] == NO_END
            if is_open and update != updates[-1]:
                chains.append([update])
                before.append(main[-1] if main else NO_ACT)
            else:
                main.append(update)
        if main:
            chains.append(main)
            before.append(NO_ACT)
    return chains, before


def _all_seen(
    acts: list[Act], numbers: dict[int, int], chain: array[int], places: array[int]
) -> dict[int, Seen]:
    """Return what exact reads saw, by read; those that share what they showed share it."""
    known: dict[int, Seen] = {}
    found: dict[int, Seen] = {}
    for number, act in enumerate(acts):
        if act.shown is None:
            continue
        if id(act.shown) not in known:
            updates = [numbers[position] for position in act.shown]
            known[id(act.shown)] = _seen(updates, chain, places)
        found[number] = known[id(act.shown)]
    return found


def _seen(updates: list[int], chain: array[int], places: array[int]) -> Seen:
    """Return updates as prefixes of lanes, and those that are beyond them."""
    lanes: dict[int, list[int]] = {}
    for update in sorted(updates):
        lanes.setdefault(chain[update], []).append(update)
    counts: dict[int, int] = {}
    beyond: list[int] = []
    for number, lane in lanes.items():
        count = next(
            (place for place, update in enumerate(lane) if places[update] != place),
            len(lane),
        )
        if count:
            counts[number] = count
        beyond += lane[count:]
    return Seen(counts, frozenset(beyond))
