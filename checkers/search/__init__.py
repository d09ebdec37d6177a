"""Whether an order of operations exists that a sequential specification allows.

Reading order: `_problem` (a history and a model as integers), `_automata` (how states
and steps become numbers), `_deeds` (what was done to which key), `_classes` and
`_register_classes` (how operations become numbers), `_problems` (all of it).

Then `_order` (what a search is asked, may spend and answers), `_window` (a
configuration), `_table_search` (the search for any automaton, with its rules and its
order of exploration to the letter), `_replay` (from its choices to a witness),
`_search` (which search, and within which budget) and `_verify` (whether a witness is
one).
"""

from __future__ import annotations

from ._order import PROGRAM, REAL_TIME, Answer, Budget, Order, relaxed
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
