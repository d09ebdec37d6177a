"""Mixes: the ways in which clients can use what a workload tests, by name.

`stock` is what Maelstrom does, so that results compare. `contended` has many clients
at the same few things at once, where most merges go wrong. In `litmus` many things
happen to few operations each, so that it can be told what each operation knew: its
verdicts are the sharpest. `both` is the two in one run. `telling` has counters that
say which adds they are made of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec


if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.generators import Generator


class Extent(msgspec.Struct, frozen=True):
    """How much there will be of a run.

    Attributes:
        clients: How many clients there are.
        operations: How many operations they will carry out, about.
        faults: Whether there will be faults.
    """

    clients: int
    operations: float
    faults: bool


class Mix(msgspec.Struct, frozen=True):
    """What clients do.

    Attributes:
        doc: The same in a line, for people who choose.
        make: Makes the operations of the main phase, as fast as possible.
    """

    doc: str
    make: Callable[[Extent], Generator]


def always(doc: str, generator: Generator) -> Mix:
    """Return a mix that is the same for runs of any extent."""
    return Mix(doc, lambda _: generator)
