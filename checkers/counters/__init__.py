"""Counters: `check_counter`; and `subset_sums`, for whoever has to do with sums.

Reading order: `_check` (what is checked, and the order of it), `_table` (a history as
columns), `_run` (values and order during the run), `_rounds` and `_final` (the final
reads), `_lost` (which adds are missing), `_knowledge` (what reads could not know, by
the journal), `_clients` (whose adds), `_sums` (sums of subsets as bits), `_digits` (where
each client has a digit in the sum), `_visible` (how soon reads showed adds).
"""

from __future__ import annotations

from ._check import check_counter
from ._digits import DigitSums
from ._sums import SubsetSums, subset_sums


__all__ = ["DigitSums", "SubsetSums", "check_counter", "subset_sums"]
