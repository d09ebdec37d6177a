"""Registers that keep concurrent writes as siblings, or the last one of them.

Reading order: `_check` (what is checked, and why that is sound), `_table` (the
operations) and `_columns` (the same for millions), `_causes` (what supersedes what, by contexts), `_bounds` (what a node has to
show), `_replicas` (both, by replicas), `_reads`, `_final` and `_clocks` (the rules).
"""

from __future__ import annotations

from ._causes import Histories, trace
from ._check import check_siblings
from ._table import Table, tabulate


__all__ = ["Histories", "Table", "check_siblings", "tabulate", "trace"]
