"""Data types and histories for which consistency need not be searched for.

Each module has one `test(problem, order)`, which returns an exact answer, with a witness
for a yes and what proves it for a no; or None where it does not apply, and its docstring
says when that is. None of them asks the model: they know what the data type does.

Reading order, for linearizability: `_zones` (a register with unique values; with it
`_writers`, `_blocks` and `_witness`), `_counter` (equal deltas; `_units`, `_events`),
`_set_element`, `_owned_mutex`, `_append_list`, `_growing_set`; then containers with unique elements:
`_elements`, `_emptiness`, `_fifo_queue`, `_priority_queue` (bags too), `_stack`
(`_segments`).

For sequential consistency: `_clusters` (one register; relaxed orders too),
`_counter_levels` (equal deltas). `_counter_ranks` (deltas whose sums tell what was
added) is for every order. For the next two there is no polynomial algorithm, and
they take a budget: `_registers` (several ones, jointly, by `_reads_from`, `_saturation`
and `_threads`) and `_counter_search` (behind `_counter_bounds`). `_owned_mutex`,
`_append_list` and `_growing_set` are for both.

`_overwritten` only ever says no, to registers in real time whose values are not unique,
and is not among the tests: who searches asks it when the search takes long.

What all share: `_answers`, `_insertion` (what changes nothing is put into a witness),
`_cycles` (for explanations). Where the kernel is chosen, it does what most of these do,
to the letter, and is asked instead; for containers by `_contained`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from . import (
    _append_list,
    _clusters,
    _counter,
    _counter_levels,
    _counter_ranks,
    _counter_search,
    _fifo_queue,
    _growing_set,
    _overwritten,
    _owned_mutex,
    _priority_queue,
    _registers,
    _set_element,
    _stack,
    _zones,
)
from ._cycles import short_cycle


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from checkers.search._order import Answer, Budget, Order
    from checkers.search._problem import Problem


TESTS: Mapping[str, Callable[[Problem, Order], Answer | None]] = MappingProxyType(
    {
        module.METHOD: module.test
        for module in (
            _zones,
            _clusters,
            _counter,
            _counter_levels,
            _counter_ranks,
            _set_element,
            _growing_set,
            _owned_mutex,
            _append_list,
            _fifo_queue,
            _priority_queue,
            _stack,
        )
    }
)
"""The tests by the `method` of their answers, which are yes or no."""

SEARCHES: Mapping[str, Callable[[Problem, Order, Budget | None], Answer | None]] = (
    MappingProxyType(
        {module.METHOD: module.test for module in (_registers, _counter_search)}
    )
)
"""Those that take a budget, and may answer unknown, by the `method` of their answers."""


def decide(
    problem: Problem, order: Order, budget: Budget | None = None
) -> Answer | None:
    """Return the answer of the first test that applies; None if none does."""
    for test in TESTS.values():
        answer = test(problem, order)
        if answer:
            return answer
    for search in SEARCHES.values():
        answer = search(problem, order, budget)
        if answer:
            return answer
    return None


overwritten: Callable[[Problem, Order], Answer | None] = _overwritten.test
"""Finds a value that was seen though it had been overwritten; None says nothing."""


__all__ = ["SEARCHES", "TESTS", "decide", "overwritten", "short_cycle"]
