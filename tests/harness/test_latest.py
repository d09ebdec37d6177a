"""When nodes are taken for converged."""

from __future__ import annotations

from typing import Any

from harness.latest import LatestReads
from harness.workloads import WORKLOADS
from histories import Event


NODES = ("n1", "n2")


class Watch:
    """Observes adds and rounds of reads."""

    def __init__(self, workload: str) -> None:
        self.reads = LatestReads(WORKLOADS[workload], NODES)
        self._index = 0

    def tell(self, type_: Any, f: str, value: Any, node: str) -> None:
        self.reads.observe(
            Event(
                index=self._index,
                time=self._index,
                type=type_,
                process=NODES.index(node),
                f=f,
                value=value,
                node=node,
            )
        )
        self._index += 1

    def add(self, value: int, *, status: str = "ok") -> None:
        """Add on the first node."""
        self.tell("invoke", "add", value, "n1")
        self.tell(status, "add", value, "n1")

    def round(self, *values: Any) -> bool:
        """Read both nodes; return whether they are taken for converged."""
        for node, value in zip(NODES, values, strict=True):
            self.tell("invoke", "read", None, node)
            self.tell("ok", "read", value, node)
        return self.reads.settled()


def test_a_sum_of_what_only_grows_is_right_at_once() -> None:
    """If anything was missing, it would be less."""
    watch = Watch("g-counter")
    watch.add(3)
    assert not watch.round(3, 0)
    assert watch.round(3, 3)


def test_a_sum_that_may_be_right_by_chance_has_to_stay() -> None:
    """A node that lacks +1 and -1 shows the right sum, until one of them arrives."""
    watch = Watch("pn-counter")
    for value in (1, -1, 5):
        watch.add(value)
    assert not watch.round(5, 5)
    assert not watch.round(5, 4)
    rounds = 1
    while not watch.round(5, 5):
        rounds += 1
    assert rounds == 10


def test_an_indeterminate_add_may_make_up_for_a_missing_one() -> None:
    """So that one round says little of a growing counter, too."""
    watch = Watch("g-counter")
    watch.add(2)
    watch.add(2, status="info")
    assert not watch.round(2, 2)


def test_reads_from_before_do_not_count() -> None:
    """What was read before the last adds says nothing."""
    watch = Watch("g-counter")
    watch.add(3)
    assert watch.round(3, 3)
    watch.reads.forget_reads()
    assert not watch.reads.settled()
