"""Data types as one client alone would see them."""

from __future__ import annotations

from ._errors import ModelError
from ._model import Call, Cell, Function, Model, Shape
from ._register import CasRegister, Register
from ._values import FALSE, TRUE, Frozen, freeze, shown, thaw


__all__ = [
    "FALSE",
    "TRUE",
    "Call",
    "CasRegister",
    "Cell",
    "Frozen",
    "Function",
    "Model",
    "ModelError",
    "Register",
    "Shape",
    "freeze",
    "shown",
    "thaw",
]
