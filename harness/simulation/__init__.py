"""Nodes inside the harness, in virtual time: one seed is one execution.

Read `_driver` first, which jumps to the next moment; then `_process`, a node that
handles one message at a time, and `_transport`, what nodes are given. `_program` gets
the class out of a program's file, `_stage` and `_streams` keep programs apart.
"""

from __future__ import annotations

from ._driver import VirtualDriver
from ._program import NotSimulatedError, check_program
from ._transport import SimulatedTransport


__all__ = [
    "NotSimulatedError",
    "SimulatedTransport",
    "VirtualDriver",
    "check_program",
]
