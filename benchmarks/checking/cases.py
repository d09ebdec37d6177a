"""Which histories are checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from .families import Family


if TYPE_CHECKING:
    from collections.abc import Iterator

    from .families import Kind


SHARED = Path(__file__).resolve().parents[3] / "shared" / "cases"
"""Recorded histories, which do not belong to the project."""

KINDS: tuple[tuple[Kind, int], ...] = (
    ("register", 5),
    ("register", 0),
    ("cas-register", 5),
    ("cas-register", 0),
)
CLIENTS = (10, 20, 30, 50)
SIZES = (200, 1_000, 10_000, 100_000, 1_000_000)
OPEN = (20, 40, 200)
OPEN_CLIENTS = (10, 30)
OPEN_SIZES = (1_000, 10_000, 100_000)
QUEUE_SIZES = (200, 1_000, 10_000, 1_000_000)

ANSWERED = ((10, 200, 0), (10, 1_000, 0), (10, 10_000, 0))
"""Clients, operations and open ones: of what Porcupine answers, for each kind."""

UNANSWERED = (
    Family(kind="cas-register", values=5, clients=10, operations=1_000, open=20),
    Family(kind="cas-register", values=5, clients=50, operations=1_000, stale=True),
    Family(kind="register", clients=30, operations=1_000, stale=True),
    Family(kind="register", clients=10, operations=1_000_000),
    Family(kind="fifo-queue", clients=10, operations=1_000_000),
)
"""What shows that it does not answer all, or at what cost; all in two minutes."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """Histories that are one row of the table.

    Attributes:
        name: Its name.
        format: A key of `histories.FORMATS`.
        model: A key of `checkers.models.MODELS`.
        expected: What every history is known to be, in their order.
        paths: The files; none for a family, which is yet to be drawn.
        family: What is to be drawn.
    """

    name: str
    format: str
    model: str
    expected: tuple[str, ...]
    paths: tuple[Path, ...] = ()
    family: Family | None = None


def recorded() -> Iterator[Case]:
    """Yield the etcd logs as one case, and each key-value log; none if they are absent."""
    index = SHARED / "index.jsonl"
    if not index.exists():
        return
    known = {
        entry["path"]: "ok" if entry["expected"] == "true" else "illegal"
        for entry in map(json.loads, index.read_text().splitlines())
        if entry["path"].startswith("porcupine/")
    }
    logs = {name: known[name] for name in known if "/jepsen/" in name}
    yield Case(
        name=f"etcd, {len(logs)} logs of Jepsen's",
        format="porcupine-jepsen-log",
        model="cas-register",
        expected=tuple(logs.values()),
        paths=tuple(SHARED / name for name in logs),
    )
    for name, expected in known.items():
        if "/kv/" in name:
            yield Case(
                name=f"key-value log {Path(name).stem}",
                format="porcupine-kv-log",
                model="kv",
                expected=(expected,),
                paths=(SHARED / name,),
            )


def quick() -> Iterator[Case]:
    """Yield the cases that make an impression in about two minutes."""
    for shape in ANSWERED:
        for kind in KINDS:
            yield from map(_case, _families(kind, *shape))
    yield from map(_case, UNANSWERED)


def full() -> Iterator[Case]:
    """Yield the cases of all families, the small ones first."""
    shapes = [(clients, size, 0) for size in SIZES for clients in CLIENTS]
    shapes += [
        (clients, size, opened)
        for size in OPEN_SIZES
        for opened in OPEN
        for clients in OPEN_CLIENTS
    ]
    for shape in shapes:
        for kind in KINDS:
            yield from map(_case, _families(kind, *shape))
    for size in QUEUE_SIZES:
        yield from map(_case, _families(("fifo-queue", 0), 10, size, 0))


def _families(
    kind: tuple[Kind, int], clients: int, operations: int, opened: int
) -> tuple[Family, Family]:
    """Return the family without a fault, and the one with it."""
    name, values = kind
    sound = Family(
        kind=name,
        values=values,
        clients=clients,
        operations=operations,
        open=opened,
    )
    return sound, msgspec.structs.replace(sound, stale=True)


def _case(family: Family) -> Case:
    return Case(
        name=family.name,
        format="jsonl",
        model=family.kind,
        expected=("illegal" if family.stale else "ok",),
        family=family,
    )
