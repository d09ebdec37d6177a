"""Recommends a design for shared data: CRDT, optimistic concurrency, or locking."""

from __future__ import annotations

from nodes.errors import MALFORMED_REQUEST
from nodes.runtime import Body, Message, Node, RpcError, handler, require, run


HIGH_PARTITION_RATE = 0.1
HIGH_CONFLICT_RATE = 0.3


class Tradeoffs(Node):
    """Knows three rules of thumb; rates are parts of 1.

    A design that waits for others stands still in a partition, so where these are
    frequent only one that does not wait will do. Else it depends on how often two
    want the same: seldom, and it is cheaper to try again; often, and it is to queue.
    """

    @handler("tradeoff_analysis")
    def analyse(self, message: Message) -> Body:
        """Recommend one, and say why."""
        body = message["body"]
        use_case = require(body, "use_case", str)
        partitions = _rate(body, "partition_rate")
        conflicts = _rate(body, "conflict_rate")
        if partitions > HIGH_PARTITION_RATE:
            recommendation = "CRDT"
            why = (
                f"is cut off {partitions:.0%} of the time and must not wait for others"
            )
        elif conflicts <= HIGH_CONFLICT_RATE:
            recommendation = "OCC"
            why = f"can reach the others, and only {conflicts:.0%} of updates try again"
        else:
            recommendation = "LOCKING"
            why = (
                f"can reach the others, and {conflicts:.0%} of updates would try again"
            )
        return {
            "type": "tradeoff_analysis_ok",
            "recommendation": recommendation,
            "reasoning": f"{use_case} {why}",
        }


def _rate(body: Body, name: str) -> float:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RpcError(MALFORMED_REQUEST, f"{name} is a number, not {value!r}")
    if not 0 <= value <= 1:
        raise RpcError(MALFORMED_REQUEST, f"{name} is from 0 to 1, not {value!r}")
    return float(value)


if __name__ == "__main__":
    run(Tradeoffs)
