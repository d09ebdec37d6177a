"""From a history to a verdict with its anomalies and witnesses.

Reading order: `_verdict` says what every checker returns, `_anomalies` (each an
`_anomaly_kind`; `_replicated` has many) what may go wrong, `_findings` how a verdict
follows from what was found, `_wording` how it is told, `_unfit` why there is none.

`counters`, `sets`, `or_sets`, `carts`, `registers` and `sequences` are the large checkers,
`_unique_ids`, `_echo` and `merges` the small ones. They share `_elements` (equal only as
JSON is), `_polls` (operations that only watch), `_disks` (what was lost with them),
`_convergence` and `_progress` (how soon updates were shown), and the `evidence` of the
journal. `_statistics` (by `_quantiles`), `_availability`, `_faults`, `_protocol` and
`_assertions` judge a run whatever its data type. `_compose` makes one result of several.

`ladder` says which consistency models a history satisfies, by the data types of `models`
and what `search` finds, with the `kernel` or without.

Every checker is a pure function of a history, or of what a run left besides it, and
needs no harness.
"""

from __future__ import annotations

from ._anomalies import ANOMALIES
from ._anomaly_kind import AnomalyKind
from ._assertions import Assertion, check_assertions, parse_assertion
from ._availability import check_availability
from ._compose import compose
from ._echo import check_echo
from ._faults import check_faults
from ._protocol import check_protocol
from ._statistics import check_statistics
from ._unique_ids import check_unique_ids
from ._verdict import Anomaly, Measure, Reason, Result, Verdict, merge_verdicts
from .carts import check_cart
from .counters import check_counter
from .ladder import check_models
from .merges import check_merge_claims
from .or_sets import check_or_set
from .registers import check_siblings
from .sequences import check_sequence
from .sets import check_set


__all__ = [
    "ANOMALIES",
    "Anomaly",
    "AnomalyKind",
    "Assertion",
    "Measure",
    "Reason",
    "Result",
    "Verdict",
    "check_assertions",
    "check_availability",
    "check_cart",
    "check_counter",
    "check_echo",
    "check_faults",
    "check_merge_claims",
    "check_models",
    "check_or_set",
    "check_protocol",
    "check_sequence",
    "check_set",
    "check_siblings",
    "check_statistics",
    "check_unique_ids",
    "compose",
    "merge_verdicts",
    "parse_assertion",
]
