"""Grow-only sets and broadcasts: `check_set`.

Reading order: `_check` (what is checked, and the order of it), `_table` (a history as
columns), `_reads` (what is wrong with a read, and what goes back), `_knowledge` (what a
read could not know, by the journal), `_final` (the final reads), `_lifetimes` (what
became of each element).
"""

from __future__ import annotations

from ._check import check_set


__all__ = ["check_set"]
