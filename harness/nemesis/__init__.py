"""Faults: which there are, and when they strike.

`partitions` draws what a partition cuts; `_partitioner` makes one come and go.
"""

from __future__ import annotations

from ._partitioner import Partitioner


NEMESES = {"partition": "cuts links between nodes, in shapes drawn at random"}
"""Every fault that `--nemesis` takes, with what it does."""

__all__ = ["NEMESES", "Partitioner"]
