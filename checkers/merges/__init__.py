"""Merges of states of counts: what comes out, and what the node says of it.

Reading order: `_states` (what is compared), `_check` (the rules), `_witnesses` (what
shows that one is broken).
"""

from __future__ import annotations

from ._check import check_merge_claims


__all__ = ["check_merge_claims"]
