"""Sets whose elements can be removed: observed-remove, two-phase, last-writer-wins.

Reading order: `_check` (what is checked, and why that is sound), `_table` (the
operations), `_bounds` and `_sweep` (what removes have observed), `_rules` and `_tags`.
Carts are judged with the same bounds.
"""

from __future__ import annotations

from ._bounds import May, Semantics
from ._check import check_or_set
from ._sweep import Known
from ._table import FOREVER, Update


__all__ = ["FOREVER", "Known", "May", "Semantics", "Update", "check_or_set"]
