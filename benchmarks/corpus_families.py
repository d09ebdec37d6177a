"""Where the histories come from that `corpus_search.py` has picked."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from corpus_queues import THINGS
from corpus_recorded import REPLICATED, copies_case, object_case
from corpus_simulated import RUNS, run_case


if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.cases import Case

PICKS = Path(__file__).with_name("corpus_picks.txt")


class Pick(NamedTuple):
    """A history that is worth keeping.

    Attributes:
        family: How it is made.
        name: Of what.
        seed: By what chance.
    """

    family: str
    name: str
    seed: int

    def __str__(self) -> str:
        return f"{self.family} {self.name} {self.seed}"


def picks() -> list[Pick]:
    """Return what was picked, in order."""
    lines = PICKS.read_text().splitlines() if PICKS.exists() else []
    words = (line.split() for line in lines)
    return [Pick(family, name, int(seed)) for family, name, seed in words]


FAMILIES: dict[str, tuple[tuple[str, ...], Callable[[str, int], Case | None]]] = {
    "errs": (tuple(THINGS), object_case),
    "right": (tuple(THINGS), partial(object_case, errs=False)),
    "copies": (REPLICATED, copies_case),
    "run": (RUNS, run_case),
}
"""Families by name: their names, and what makes the case of a name and a seed."""
