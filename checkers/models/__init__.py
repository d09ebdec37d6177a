"""Data types as one client alone would see them: sequential specifications.

Reading order: `_model` (what a model is), `_values` (what it keeps), then the models,
small files all: `_register`, `_key_value`, `_multi_register`, `_counters`, `_locks`,
`_set`, `_containers`, `_append_list`; `_errors` for histories that
are of another model.

A model of your own is a class with a first state and a step. It is as fast as those
that are here: a search asks it once for each state and each call that differ, and
works with numbers from there on.

>>> class Latch(Model[bool]):
...     '''A light that goes on and stays on: `light`, and `lit` tells.'''
...
...     initial = False
...     functions = {"light": Function(), "lit": Function(gives=TRUTH, pure=True)}
...
...     def step(self, state, call):
...         if call.f == "light":
...             return True
...         return state if not call.known or call.output == freeze(state) else None
>>> Latch().step(True, Call("lit", None, FALSE)) is None
True

`functions` is optional, and what it says is what makes a search short: which inputs
and outputs matter, and which functions change nothing.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ._append_list import AppendList
from ._containers import (
    Container,
    FifoQueue,
    PriorityQueue,
    Stack,
    UnorderedQueue,
    priority,
)
from ._counters import GCounter, PnCounter
from ._errors import ModelError
from ._key_value import KeyValue
from ._locks import Mutex, OwnedMutex, Semaphore
from ._model import (
    ANYTHING,
    INTEGER,
    LIST,
    SOMETHING,
    TEXT,
    TRUTH,
    UNDECLARED,
    Call,
    Cell,
    Function,
    Model,
    Shape,
)
from ._multi_register import MultiRegister
from ._register import CasRegister, Register
from ._set import ADDING, Set
from ._values import (
    FALSE,
    PLAIN,
    TRUE,
    Boolean,
    Float,
    Frozen,
    Object,
    clipped,
    freeze,
    shown,
    thaw,
)


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


MODELS: Mapping[str, Callable[..., Model[Any]]] = MappingProxyType(
    {
        model.name: model
        for model in (
            Register,
            CasRegister,
            MultiRegister,
            KeyValue,
            GCounter,
            PnCounter,
            Mutex,
            OwnedMutex,
            Semaphore,
            Set,
            FifoQueue,
            UnorderedQueue,
            Stack,
            PriorityQueue,
            AppendList,
        )
    }
)
"""Models by name. Each takes its initial state, as JSON, and has one by default."""

__all__ = [
    "ADDING",
    "ANYTHING",
    "FALSE",
    "INTEGER",
    "LIST",
    "MODELS",
    "PLAIN",
    "SOMETHING",
    "TEXT",
    "TRUE",
    "TRUTH",
    "UNDECLARED",
    "AppendList",
    "Boolean",
    "Call",
    "CasRegister",
    "Cell",
    "Container",
    "FifoQueue",
    "Float",
    "Frozen",
    "Function",
    "GCounter",
    "KeyValue",
    "Model",
    "ModelError",
    "MultiRegister",
    "Mutex",
    "Object",
    "OwnedMutex",
    "PnCounter",
    "PriorityQueue",
    "Register",
    "Semaphore",
    "Set",
    "Shape",
    "Stack",
    "UnorderedQueue",
    "clipped",
    "freeze",
    "priority",
    "shown",
    "thaw",
]
