"""What a polynomial test of the kernel is told, and what it says."""

from __future__ import annotations

from array import array
from typing import Literal

import msgspec


class Roles(msgspec.Struct, frozen=True, kw_only=True):
    """What the operations of each class do, in the words of the test.

    Attributes:
        roles: By class: what it does.
        marks: By class: what is known of its result, as in a `ClassTable`.
        a: By class: a number.
        b: By class: another.
        first: Numbers of what there is at first.
        ranks: By value: its rank.
        values: How many values there are.
        nothing: The value that means nothing, if it occurs.
        by_process: Whether processes count, in real time too.
    """

    roles: bytes | bytearray
    marks: bytes | bytearray = b""
    a: array[int] = array("i")
    b: array[int] = array("i")
    first: array[int] = array("I")
    ranks: array[int] = array("I")
    values: int = 0
    nothing: int | None = None
    by_process: bool = False


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a test has found.

    Attributes:
        outcome: Whether there is a witness; `unfit` if it is not clear who saw what.
        operations: The witness, or the operations that prove a no; -1 for none.
        violation: What is violated.
        facts: Other numbers that belong to it.
    """

    outcome: Literal["no", "yes", "unfit"]
    operations: array[int]
    violation: str = ""
    facts: array[int] = array("I")
