"""Whether an order of operations exists that a sequential specification allows.

Reading order: `_problem` (a history and a model as integers), `_automata` (how states
and steps become numbers), `_classes` (how operations do), `_problems` (all of it).
"""

from __future__ import annotations

from ._problem import NEVER, OPEN, Automaton, Problem, RegisterView
from ._problems import problems


__all__ = [
    "NEVER",
    "OPEN",
    "Automaton",
    "Problem",
    "RegisterView",
    "problems",
]
