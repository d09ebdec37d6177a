"""The ladder of consistency models: which of them a history satisfies, and why not more.

Reading order: `_levels` (the models, and what follows from what), `_check` (the
checker), `_judge` (how it proceeds), `_decide` (what it asks).

Before any search: `_unexplained` (results that no order explains), by `_causes`, and
`_few_elements` (a set in short).

For linearizability and sequential consistency: `_subproblem`, `_shrink` and `_core`
(minimal witnesses), `_dead_ends` and `_explain` (why they fail), `_staleness` (by how
much), `_vacuity` (whether anything was said at all), `_limits` (in what time), `_found` (in
words), `_cited` (what drawings need).

For causal consistency and below: the package `sessions`; for data that is judged by
nothing else: `_check_guarantees`, with its `_judgement`, and the package `removals`.
"""

from __future__ import annotations

from ._check import check_models
from ._check_guarantees import BELOW_SEQUENTIAL, check_guarantees
from ._levels import LEVELS, Ladder, Level, LevelKind, settle, stronger, weaker


__all__ = [
    "BELOW_SEQUENTIAL",
    "LEVELS",
    "Ladder",
    "Level",
    "LevelKind",
    "check_guarantees",
    "check_models",
    "settle",
    "stronger",
    "weaker",
]
