"""Replicated data types as pure values, without any network.

Each has a `merge` that is commutative, associative and idempotent, and an order `<=`
in which updates and merges only ever go up; so replicas that have heard of the same
updates are equal, in whatever order and however often they heard. `encode` gives a
state as JSON data, `decode` reads it.

Reading order: `g_counter`, then `pn_counter`, which is two of the former; `g_set`.
Registers: `lww_register`, `version_vector`, `mv_register`, and `dvv_set` for writers
who say what they have seen; `register_map` has one for each key. Sets: `two_phase_set`,
`lww_set`, `or_set` with `dots` for tags, and `or_set_optimised`, which like `dvv_set`
stands on `dot_store`, and that on `causal_context`. `cart` is an OR-Set; `rga` is a text.
"""

from __future__ import annotations

from .cart import ShoppingCart
from .causal_context import CausalContext
from .dvv_set import DottedVersionVectorSet
from .g_counter import GCounter
from .g_set import GSet, identity
from .lww_register import LWWRegister
from .lww_set import LWWElementSet
from .mv_register import MVRegister
from .or_set import ORSet
from .or_set_optimised import OptimisedORSet
from .pn_counter import PNCounter
from .register_map import DottedRegisters, MVRegisters, RegisterMap
from .rga import RGA
from .two_phase_set import TwoPhaseSet
from .version_vector import VersionVector


__all__ = [
    "RGA",
    "CausalContext",
    "DottedRegisters",
    "DottedVersionVectorSet",
    "GCounter",
    "GSet",
    "LWWElementSet",
    "LWWRegister",
    "MVRegister",
    "MVRegisters",
    "ORSet",
    "OptimisedORSet",
    "PNCounter",
    "RegisterMap",
    "ShoppingCart",
    "TwoPhaseSet",
    "VersionVector",
    "identity",
]
