"""Whether an order of operations exists that a sequential specification allows.

Reading order: `_problem` (a history and a model as integers), `_automata` (how states
and steps become numbers), `_deeds` (what was done to which key), `_classes` with
`_class_builder` and `_register_classes` (how operations become numbers;
`_append_classes`, of a store that is appended to), `_problems` (all of it).

Then `_order` (what a search is asked, may spend and answers) and `_verify` (whether a
witness is one). `_table_search` is the search to begin with: for any automaton, with
its rules and its order of exploration to the letter. It stands on `_window` (what is in
flight), `_antichain` (what it remembers), `_agenda` (in which order it goes on),
`_lookahead` and `_replay` (from its choices to a witness). `_register_search`
(`_register_rules`, `_register_replay`) knows what a register forgets, and `_frontier`
(`_chains`, `_sources`, `_frontier_replay`) searches in orders weaker than real time.
`_search` takes several searches and problems in turns (`_attempt`), within a budget.
`polynomial` has what needs no search.
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
from ._search import search, search_all
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
    "search_all",
    "verify",
]
