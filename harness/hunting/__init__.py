"""The hunt for violations: many simulated runs, and the smallest that still fails.

Read `_trial` first: one run and what is kept of it. `_draw` draws what to run, and
`_bench` runs many at once; `_search` looks for the first that fails. `_minimise` is
delta debugging of any sequence, `_reduce` what can be left out of a run, and `_shrink`
puts the two together.
"""

from __future__ import annotations

from ._bench import Bench
from ._draw import Space, draw_spec
from ._search import Hunt, search
from ._shrink import Shrinker, Size
from ._trial import Trial, attempt, explicit


__all__ = [
    "Bench",
    "Hunt",
    "Shrinker",
    "Size",
    "Space",
    "Trial",
    "attempt",
    "draw_spec",
    "explicit",
    "search",
]
