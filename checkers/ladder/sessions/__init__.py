"""Causal consistency and below, from what reads reveal of the updates they saw.

Reading order: `_visibility` (what that is), then how it is found out: `_revealed`,
`_seen_registers`, `_seen_siblings`, `_seen_sets`, `_seen_lists`, `_seen_texts`,
`_seen_counters`, `_assembly`, `_observation`.

`_views` and `_circles` say whether an order of updates explains a process, `_lapse` what
it is not to; then there is a module a guarantee: `_read_your_writes`,
`_monotonic_reads`, `_monotonic_writes`, `_writes_follow_reads` (`_list_order` for lists,
whose reads tell more), and `_guarantees` for
these, PRAM and causal consistency together. `_long_fork` is about sequential
consistency, which what reads reveal may refute.

Where reads reveal but little: `_totals` is about counters, `_taken` about queues, and
`_view_search` (`_views_judged`) looks for views of any data type.

`_narrowing` (few operations), `_reasons` (what follows from what), `_telling` (in
words) and `_judge` (verdicts) make something of it that a person can follow.
"""

from __future__ import annotations

from ._judge import ANOMALY_NAMES, SESSION_LEVELS, judge_impossible, judge_sessions
from ._long_fork import find_long_fork, tell_long_fork
from ._observation import SHOWN, Observation, observe, observe_shown
from ._revealed import Impossible


__all__ = [
    "ANOMALY_NAMES",
    "SESSION_LEVELS",
    "SHOWN",
    "Impossible",
    "Observation",
    "find_long_fork",
    "judge_impossible",
    "judge_sessions",
    "observe",
    "observe_shown",
    "tell_long_fork",
]
