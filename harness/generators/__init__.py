"""Generators: pure values that say which operation comes next, and when.

Reading order: `_protocol` (what a generator is), then the combinators: `_basic` (single
operations and endless ones), `_timing` (rates, time limits, phases), `_nodes` (reads of
every node: once, or again and again until they agree), `_recorded` (what was invoked
before, again), `_digits` (adds that sums tell apart).

    time_limit(10, stagger(100, mix(counting("add"), repeat("read"))))

A generator never changes: asking it gives an operation and the generator that comes
after it. So one seed gives one sequence of operations, whoever drives it.
"""

from __future__ import annotations

from ._basic import counting, draws, mix, once, repeat, sequence
from ._digits import digits
from ._nodes import each_node, rounds
from ._protocol import Context, Generator, Heedless, Op, Pending, Step, Worker
from ._recorded import recorded
from ._timing import phases, stagger, time_limit


__all__ = [
    "Context",
    "Generator",
    "Heedless",
    "Op",
    "Pending",
    "Step",
    "Worker",
    "counting",
    "digits",
    "draws",
    "each_node",
    "mix",
    "once",
    "phases",
    "recorded",
    "repeat",
    "rounds",
    "sequence",
    "stagger",
    "time_limit",
]
