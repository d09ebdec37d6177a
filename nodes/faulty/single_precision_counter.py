"""A counter whose sum fits into 32 bits.

The bug: what is counted is kept as a floating-point number of single precision, and
read as an integer. From 2**24 on it skips integers: small adds disappear in large sums.
It shows as `read-your-writes`: an add of the own client is rounded away. And as
`over-count`, where it is rounded up.
It needs large sums, and no fault.
"""

from __future__ import annotations

import struct

from nodes.op_counter import OpCounter
from nodes.runtime import run


SINGLE = struct.Struct("<f")


class SinglePrecisionCounter(OpCounter):
    """Differs from the counter of operations in how wide its sum is."""

    def remember(self, origin: str, number: int, delta: int) -> None:
        """Take in an operation, and round the sum."""
        super().remember(origin, number, delta)
        self.value = int(SINGLE.unpack(SINGLE.pack(self.value))[0])


if __name__ == "__main__":
    run(SinglePrecisionCounter)
