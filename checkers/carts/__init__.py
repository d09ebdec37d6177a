"""Shopping carts whose quantities tell which adds they are made of.

Reading order: `_check` (what is checked), `_table` (the operations), `_sweep` (what
removes have observed), `_sizes` (what adds tell of the whole), `_rules`.
"""

from __future__ import annotations

from ._check import check_cart


__all__ = ["check_cart"]
