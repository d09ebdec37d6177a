"""The hunt for violations: many simulated runs, and the smallest that still fails.

Read `_trial` first: one run and what is kept of it. `_draw` draws what to run, and
`_bench` runs many at once; `_search` looks for the first that fails. `_minimise` is
delta debugging of any sequence, `_reduce` what can be left out of a run, and `_shrink`
puts the two together. `_mutants` hunts nodes whose bugs are known, and `_plain` says what
a plain look at final reads would have missed.
"""

from __future__ import annotations

from ._bench import Bench
from ._draw import Space, draw_spec
from ._minimise import minimised
from ._mutants import Kill, Silence, hunt_mutant, hush, mutant_specs, right_specs
from ._search import Hunt, search
from ._shrink import Shrinker, Size
from ._trial import Trial, attempt, explicit


__all__ = [
    "Bench",
    "Hunt",
    "Kill",
    "Shrinker",
    "Silence",
    "Size",
    "Space",
    "Trial",
    "attempt",
    "draw_spec",
    "explicit",
    "hunt_mutant",
    "hush",
    "minimised",
    "mutant_specs",
    "right_specs",
    "search",
]
