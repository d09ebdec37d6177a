"""Cases: histories kept with what is found in them, so that it is found again.

Reading order: `_case` (what a case is, as a file), `_judging` (what is found in it now),
`_differences` (what has changed), `_keeping` (from a history to a small case), `_seen`
(what registers are without some operations), `_regression` (many cases, in parallel),
`_junit` (their results for other programs).
"""

from __future__ import annotations

from ._case import (
    CORPUS,
    SUFFIX,
    Case,
    CaseError,
    Found,
    HowChecked,
    case_history,
    find_cases,
    read_case,
)
from ._differences import Difference, differences
from ._judging import found_in, judge
from ._junit import junit
from ._keeping import keep
from ._regression import Outcome, regress


__all__ = [
    "CORPUS",
    "SUFFIX",
    "Case",
    "CaseError",
    "Difference",
    "Found",
    "HowChecked",
    "Outcome",
    "case_history",
    "differences",
    "find_cases",
    "found_in",
    "judge",
    "junit",
    "keep",
    "read_case",
    "regress",
]
