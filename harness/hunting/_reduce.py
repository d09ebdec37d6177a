"""What can be left out of a run whose operations and faults are given.

Every function returns specs that are smaller than the one they get, and are runs of
their own: what refers to something that is gone goes with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from harness.spec import Change, LatencySpec, PlannedOperation, RunSpec


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

replace = msgspec.structs.replace

_MILLISECOND = 1_000_000
_NAMED = 6
"""How many links a sentence names."""


class Episode(msgspec.Struct, frozen=True):
    """A fault from its start to its stop, or a barrier.

    Attributes:
        start: How it begins.
        stop: How it ends; None: with the main phase.
    """

    start: Change
    stop: Change | None = None


def episodes_of(spec: RunSpec) -> tuple[Episode, ...]:
    """Return the faults of a run, each start with its stop."""
    found: list[Episode] = []
    open_: dict[str, int] = {}
    for change in spec.schedule or ():
        verb, _, name = change.f.partition("-")
        if verb != "stop":
            open_[name] = len(found)
            found.append(Episode(change))
        elif name in open_:
            number = open_.pop(name)
            found[number] = Episode(found[number].start, change)
    return tuple(found)


def with_episodes(spec: RunSpec, episodes: Iterable[Episode]) -> RunSpec:
    """Return the run under these faults, and no others."""
    changes = [
        change
        for episode in episodes
        for change in (episode.start, episode.stop)
        if change is not None
    ]
    changes.sort(key=lambda change: change.time_ns)
    started = {change.f.removeprefix("start-") for change in changes}
    return replace(
        spec,
        schedule=tuple(changes),
        nemesis=tuple(name for name in spec.nemesis if name in started),
    )


def with_operations(
    spec: RunSpec, operations: Iterable[PlannedOperation], *, nodes: int | None = None
) -> RunSpec:
    """Return the run with these operations, and no more clients than they need."""
    planned = tuple(operations)
    clients = max((operation.worker for operation in planned), default=0) + 1
    # A client stays at its node, and a process keeps its number, only if no smaller
    # number of clients than of nodes counts.
    least = len(spec.nodes) if nodes is None else nodes
    return replace(spec, operations=planned, concurrency=max(clients, least))


def until(spec: RunSpec, time_ns: int) -> RunSpec:
    """Return the run cut short after a time of its main phase."""
    operations = tuple(op for op in spec.operations or () if op.time_ns <= time_ns)
    changes = tuple(one for one in spec.schedule or () if one.time_ns <= time_ns)
    return replace(
        with_operations(spec, operations),
        schedule=changes,
        time_limit_s=(time_ns + _MILLISECOND) / 1e9,
    )


def without_nodes(spec: RunSpec) -> Iterator[RunSpec]:
    """Yield the run without one of its nodes: its clients gone, or gone elsewhere."""
    if len(spec.nodes) < 2:
        return
    for index in reversed(range(len(spec.nodes))):
        yield _without(spec, index, to=None)
    for index in reversed(range(len(spec.nodes))):
        yield _without(spec, index, to=index - 1 if index else 0)


def _without(spec: RunSpec, index: int, *, to: int | None) -> RunSpec:
    """Return a run without a node; its clients call the node at `to`, of those left."""
    count = len(spec.nodes)
    gone = spec.nodes[index]
    planned = spec.operations or ()
    turns = max((op.worker for op in planned), default=0) // count + 1

    def moved(worker: int) -> int | None:
        turn, home = divmod(worker, count)
        if home == index:
            return None if to is None else (turn + turns) * (count - 1) + to
        return turn * (count - 1) + home - (home > index)

    operations = [
        replace(op, worker=worker)
        for op in planned
        if (worker := moved(op.worker)) is not None
    ]
    episodes = [
        Episode(replace(episode.start, value=plan), episode.stop)
        for episode in episodes_of(spec)
        if (plan := _spared(episode.start, gone, moved)) is not None
    ]
    rest = tuple(node for node in spec.nodes if node != gone)
    smaller = replace(spec, nodes=rest)
    return with_episodes(with_operations(smaller, operations), episodes)


def _spared(
    change: Change, gone: str, moved: Callable[[int], int | None]
) -> dict[str, Any] | None:
    """Return the plan of a fault that strikes a node no more, None if it was all."""
    plan = change.value
    if not isinstance(plan, dict):
        return {} if change.f == "barrier" else None
    spared = dict(plan)
    for key, value in plan.items():
        if key == "clients":
            moves = (moved(client) for client in value)
            spared[key] = [client for client in moves if client is not None]
        elif isinstance(value, list):
            spared[key] = [
                one for one in value if one != gone and not _names(one, gone)
            ]
        elif isinstance(value, dict):
            spared[key] = {name: one for name, one in value.items() if name != gone}
        if spared[key] == value:
            continue
        if not spared[key]:
            return None
        spared["sentence"] = _sentence(change.f, spared)
    return spared


def _names(link: object, node: str) -> bool:
    return isinstance(link, list) and node in link


def narrowed(episode: Episode) -> Iterator[Episode]:
    """Yield a fault that strikes a single one of the nodes that it struck."""
    plan = episode.start.value
    if not isinstance(plan, dict) or "clients" in plan:
        return
    if "blocked" in plan:
        links = plan["blocked"]
        ends = dict.fromkeys(end for link in links for end in link)
        parts: list[dict[str, Any]] = [
            {"blocked": [link for link in links if end in link]} for end in ends
        ]
        parts += [{"blocked": [link]} for link in links if len(links) <= _NAMED]
    elif "offsets_s" in plan:
        parts = [{"offsets_s": {node: by}} for node, by in plan["offsets_s"].items()]
    else:
        parts = [{"nodes": [node]} for node in plan.get("nodes", ())]
    for part in parts:
        smaller = {**plan, **part}
        if "disk" in plan and isinstance(plan["disk"], dict):
            smaller["disk"] = {name: plan["disk"][name] for name in part["nodes"]}
        if smaller != plan:
            smaller["sentence"] = _sentence(episode.start.f, smaller)
            yield Episode(replace(episode.start, value=smaller), episode.stop)


def _sentence(f: str, plan: Mapping[str, Any]) -> str:
    """Say what a fault strikes whose own words are not true any more."""
    name = f.removeprefix("start-")
    if "blocked" in plan:
        links = [f"from {src} to {dest}" for src, dest in plan["blocked"]]
        rest = len(links) - _NAMED
        told = ", ".join(links[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
        return f"no messages {told}"
    struck = plan.get("nodes") or list(plan.get("offsets_s", ()))
    return f"{name} strikes {', '.join(map(str, struck))}"


def fewer_clients(spec: RunSpec) -> Iterator[RunSpec]:
    """Yield the run with one client less at a node that has several."""
    count = len(spec.nodes)
    workers = sorted({op.worker for op in spec.operations or ()}, reverse=True)
    for worker in workers:
        if worker >= count:
            yield with_operations(
                spec,
                (
                    replace(op, worker=worker % count) if op.worker == worker else op
                    for op in spec.operations or ()
                ),
            )


def calmer(spec: RunSpec) -> Iterator[RunSpec]:
    """Yield the run with less of what is not needed to understand it."""
    if spec.latency.mean_ms:
        yield replace(spec, latency=LatencySpec())
    if spec.loss:
        yield replace(spec, loss=0.0)
    if spec.poll:
        yield replace(spec, poll=False)


def retimed(spec: RunSpec, change: Callable[[int], int]) -> RunSpec:
    """Return the run with other times in its main phase."""
    operations = tuple(
        replace(op, time_ns=change(op.time_ns)) for op in spec.operations or ()
    )
    changes = tuple(
        replace(one, time_ns=change(one.time_ns)) for one in spec.schedule or ()
    )
    last = change(int(spec.time_limit_s * 1e9))
    return replace(
        spec, operations=operations, schedule=changes, time_limit_s=last / 1e9
    )


def moments(spec: RunSpec) -> list[int]:
    """Return the times at which something is to happen, and the end."""
    times = {op.time_ns for op in spec.operations or ()}
    times |= {change.time_ns for change in spec.schedule or ()}
    return sorted({0, *times, int(spec.time_limit_s * 1e9)})


def sooner(spec: RunSpec, number: int) -> Iterator[RunSpec]:
    """Yield the run with less time between a moment and the one before it."""
    before, after = moments(spec)[number - 1 : number + 1]
    for gap_ms in (1, 10, 100):
        saved = after - before - gap_ms * _MILLISECOND
        if saved > (after - before) // 4:
            yield retimed(
                spec,
                lambda time, saved=saved: time - saved if time >= after else time,  # type: ignore[misc]
            )


def rounded(spec: RunSpec) -> Iterator[RunSpec]:
    """Yield the run with times that are easy to read."""
    for unit in (100 * _MILLISECOND, 10 * _MILLISECOND, _MILLISECOND):
        yield retimed(spec, lambda time, unit=unit: -(-time // unit) * unit)  # type: ignore[misc]
