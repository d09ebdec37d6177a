"""Replicated data types as pure values, without any network.

Each has a `merge` that is commutative, associative and idempotent, and an order `<=`
in which updates and merges only ever go up; so replicas that have heard of the same
updates are equal, in whatever order and however often they heard.

Reading order: `g_counter`, then `pn_counter`, which is two of the former; `g_set`.
"""

from __future__ import annotations

from .g_counter import GCounter
from .g_set import GSet, identity
from .pn_counter import PNCounter


__all__ = ["GCounter", "GSet", "PNCounter", "identity"]
