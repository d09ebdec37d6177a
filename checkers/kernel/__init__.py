"""The searches in Rust, for speed; the same in Python is `checkers.search`.

One library of C functions over flat arrays, called by ctypes. It is built with the
package where there is a Rust compiler, and everything works without it. The
environment variable HARNESS_KERNEL chooses: `auto` takes it where it is, `python`
never, `native` insists.

Reading order: `_library` (finds and chooses), `_abi` (the C interface, declared once),
`_search` (problems there, answers back), `_decide` (registers, by the short way),
`_polynomial` (the same for polynomial tests, in the terms of `_roles`), `_threads` (for
interleavings), `_errors`. In Rust: `src/lib.rs`.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from ._errors import KernelError, KernelFault, KernelMissing
from ._library import VARIABLE, Description, available, describe, native
from ._roles import Roles, Verdict


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from checkers.search import Problem
    from checkers.search._order import Answer, Budget, Order
    from checkers.search.polynomial._reads_from import ReadsFrom

    from ._search import Strategy
    from ._threads import Interleaving


__all__ = [
    "VARIABLE",
    "Description",
    "KernelError",
    "KernelFault",
    "KernelMissing",
    "Roles",
    "Verdict",
    "available",
    "decide_by",
    "decide_registers",
    "decide_unique",
    "describe",
    "interleave_counter",
    "interleave_registers",
    "native",
    "search_all",
]


def search_all(
    problems: Sequence[Problem],
    order: Order,
    budget: Budget,
    *,
    strategy: Strategy = "both",
    threads: int | None = None,
) -> list[Answer] | None:
    """Do what `checkers.search.search_all` does; None to do that instead.

    Args:
        problems: The problems.
        order: Which operations must come before which.
        budget: What they may spend together.
        strategy: In depth, in breadth, thrifty (which refutes nothing), or all in turns.
        threads: How many to run; by default one for each processor. What is decided
            does not depend on it.

    Raises:
        KernelError: The native kernel is chosen and missing, or it failed.
    """
    library = native()
    if library is None:
        return None
    from ._search import search_all as search_natively

    count = threads or len(os.sched_getaffinity(0))
    return search_natively(
        library, problems, order, budget, strategy=strategy, threads=count
    )


def decide_unique(problem: Problem, order: Order) -> Answer | None:
    """Decide a problem of one register with unique values, for any order.

    The witness is that of `checkers.search.polynomial`, which also has the explanation
    of a no, and is to be asked for it: of those operations alone that the kernel has
    found to be enough, unless clocks went back, or of all where it has named none.

    Returns:
        A yes; or a no, whose explanation has `operations` only; or None if the problem
        has no register, a value that was seen is not unique, a failed cas finds no
        place, or the kernel is not to be used.

    Raises:
        KernelError: The native kernel is chosen and missing, or it failed.
    """
    library = native()
    if library is None or problem.register is None:
        return None
    from ._search import decide_unique as decide_natively

    return decide_natively(library, problem, order)


def decide_by(
    test: str, problem: Problem, order: Order, roles: Roles
) -> Verdict | None:
    """Decide a problem by a polynomial test, as the Python test of this name does.

    Args:
        test: The name of the test.
        problem: The problem, to which the test applies.
        order: Which operations must come before which.
        roles: What the operations do.

    Returns:
        None if the kernel is not to be used.

    Raises:
        KernelError: The native kernel is chosen and missing, or it failed.
    """
    library = native()
    if library is None:
        return None
    from ._polynomial import decide as decide_natively

    return decide_natively(library, test, problem, order, roles)


def decide_registers(
    problems: Sequence[Problem],
    budget: Budget,
    *,
    easy: int,
    threads: int | None = None,
) -> list[Answer] | None:
    """Decide problems of one register each in real time: by tests, then by a search.

    Unique values need no search. What costs few nodes is searched for; then stale reads
    are looked for; then all is searched for. The first `no` ends it all, as in
    `search_all`. Of a `no` without a search, the explanation has `operations` only: by
    `zones` those that are enough for a no, or none; by `overwritten` who saw the value,
    who came before, and who had set it or -1.

    Args:
        problems: The problems.
        budget: What they may spend together.
        easy: Nodes to visit before stale reads are looked for; 0 to do that first.
        threads: How many to run; by default one for each processor.

    Returns:
        None if one is not about one register, or the kernel is not to be used.

    Raises:
        KernelError: The native kernel is chosen and missing, or it failed.
    """
    library = native()
    if library is None:
        return None
    for problem in problems:
        if problem.register is None:
            return None
    if threads is None:
        threads = len(os.sched_getaffinity(0)) if len(problems) > 1 else 1
    return _short_way()(library, problems, budget, easy, threads)


@cache
def _short_way() -> Callable[..., list[Answer]]:
    """Import what needs ctypes, once: to look for it costs as much as all the rest."""
    from ._decide import decide_registers as decide_natively

    return decide_natively


def interleave_registers(graph: ReadsFrom, budget: Budget) -> Interleaving | None:
    """Search for an interleaving of operations on several registers.

    First in depth, then by rules, then in depth with what the rules have found.

    Args:
        graph: Operations by thread, and who reads from whom.
        budget: What may be spent; an entry is a configuration visited.

    Returns:
        None if the kernel is not to be used.

    Raises:
        KernelError: The native kernel is chosen and missing, or it failed.
    """
    library = native()
    if library is None:
        return None
    from ._threads import interleave_registers as interleave_natively

    return interleave_natively(library, graph, budget)


def interleave_counter(
    threads: Sequence[Sequence[int]],
    waits: Iterable[tuple[int, int]],
    deltas: Sequence[int],
    reads: Sequence[int | None],
    budget: Budget,
) -> Interleaving | None:
    """Search for an interleaving of operations on a counter that ends its reads.

    Args:
        threads: Operations by thread: those of processes, and open adds alone.
        waits: By thread: the thread that it waits for, and up to which place.
        deltas: By operation: what it adds, 0 or more.
        reads: By operation: what it has read, 0 or more; None if it is no read.
        budget: What may be spent; an entry is a configuration visited.

    Returns:
        None if the kernel is not to be used.

    Raises:
        KernelError: The native kernel is chosen and missing, or it failed.
        OverflowError: A number does not fit into 64 bits.
    """
    library = native()
    if library is None:
        return None
    from ._threads import interleave_counter as interleave_natively

    return interleave_natively(library, threads, waits, deltas, reads, budget)
