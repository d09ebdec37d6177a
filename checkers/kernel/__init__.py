"""The searches in Rust, for speed; the same in Python is `checkers.search`.

One library of C functions over flat arrays, called by ctypes. It is built with the
package where there is a Rust compiler, and everything works without it. The
environment variable HARNESS_KERNEL chooses: `auto` takes it where it is, `python`
never, `native` insists.

Reading order: `_library` (finds and chooses), `_abi` (the C interface, declared once),
`_search` (problems there, answers back), `_errors`. In Rust: `src/lib.rs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ._errors import KernelError, KernelFault, KernelMissing
from ._library import VARIABLE, Description, available, describe, native


if TYPE_CHECKING:
    from checkers.search import Problem
    from checkers.search._order import Answer, Budget, Order


__all__ = [
    "VARIABLE",
    "Description",
    "KernelError",
    "KernelFault",
    "KernelMissing",
    "available",
    "describe",
    "search",
]


def search(
    problem: Problem,
    order: Order,
    budget: Budget,
    *,
    strategy: Literal["both", "depth", "breadth"] = "both",
) -> Answer | None:
    """Search for a witness in Rust; None if that is not possible, or not chosen.

    Raises:
        KernelError: The native kernel is chosen and missing, or it failed.
    """
    library = native()
    if library is None:
        return None
    from ._search import search as search_natively

    return search_natively(library, problem, order, budget, strategy)
