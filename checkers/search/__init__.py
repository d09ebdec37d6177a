"""Whether an order of operations exists that a sequential specification allows.

Reading order: `_problem` (a history and a model as integers), `_automata` (how states
and steps become numbers), `_deeds` (what was done to which key), `_classes` and
`_register_classes` (how operations become numbers), `_problems` (all of it).
"""

from __future__ import annotations

from ._problem import (
    NEVER,
    OPEN,
    Automaton,
    ClassTable,
    Problem,
    RegistersView,
    RegisterView,
)
from ._problems import problems
from ._search import search
from ._verify import verify


__all__ = [
    "NEVER",
    "OPEN",
    "PROGRAM",
    "REAL_TIME",
    "Answer",
    "Automaton",
    "Budget",
    "ClassTable",
    "Order",
    "Problem",
    "RegisterView",
    "RegistersView",
    "problems",
    "relaxed",
    "search",
    "verify",
]
