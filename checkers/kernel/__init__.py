"""The searches in Rust, for speed; the same in Python is `checkers.search`.

One library of C functions over flat arrays, called by ctypes. It is built with the
package where there is a Rust compiler, and everything works without it. The
environment variable HARNESS_KERNEL chooses: `auto` takes it where it is, `python`
never, `native` insists.

Reading order: `_library` (finds and chooses), `_abi` (the C interface, declared once),
`_search` (problems there, answers back), `_errors`. In Rust: `src/lib.rs`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ._errors import KernelError, KernelFault, KernelMissing
from ._library import VARIABLE, Description, available, describe, native


if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkers.search import Problem
    from checkers.search._order import Answer, Budget, Order

    from ._search import Strategy


__all__ = [
    "VARIABLE",
    "Description",
    "KernelError",
    "KernelFault",
    "KernelMissing",
    "available",
    "describe",
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
        strategy: In depth, in breadth, or both in turns.
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
