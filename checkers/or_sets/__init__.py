"""Sets whose elements can be removed: observed-remove, two-phase, last-writer-wins.

Reading order: `_check` (what is checked, and why that is sound), `_table` (the
operations), `_bounds` and `_sweep` (what removes have observed), `_rules` and `_tags`.
"""

from __future__ import annotations

from ._check import check_or_set


__all__ = ["check_or_set"]
