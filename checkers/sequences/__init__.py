"""Texts that many edit at once.

Reading order: `_check` (what is checked), `_table` (the operations), `_quiet` (texts that
are known exactly), `_missing` (what deletions have hit), `_order` (one order of all
characters), `_interleaving` (runs that stay together), `_rules`.
"""

from __future__ import annotations

from ._check import check_sequence


__all__ = ["check_sequence"]
