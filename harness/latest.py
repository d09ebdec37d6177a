"""What nodes showed last, against what they have to show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec


if TYPE_CHECKING:
    from histories import Event

    from .generators import Op
    from .workloads import Expectation, Workload


class LatestReads:
    """What the latest read of each node showed, against what it has to show."""

    def __init__(self, workload: Workload, nodes: tuple[str, ...]) -> None:
        make = workload.expectation
        self._expectation: Expectation | None = make() if make is not None else None
        self._workload = workload
        self._nodes = nodes
        self._subjects: dict[Any, None] = {}
        self._asked: dict[int | str, bytes] = {}
        self._values: dict[tuple[str | None, bytes], Any] = {}
        self._settled: list[Any] | None = None
        self._rounds = 0

    def observe(self, event: Event) -> None:
        """Take note of a recorded event."""
        if self._expectation is not None:
            self._expectation.observe(event)
        subject = self._workload.subject(event)
        if subject is not None:
            self._subjects[subject] = None
        if event.f != self._workload.final_read:
            return
        if event.type == "invoke":
            self._asked[event.process] = _asked(event.value)
        elif event.type == "ok":
            self._values[event.node, self._asked[event.process]] = event.value

    def reads(self, *, final: bool = False) -> tuple[Op, ...]:
        """Return the reads of a node that together tell all that was updated so far."""
        return self._workload.reads(self._subjects, final=final)

    def forget_reads(self) -> None:
        """Let no read count that was made before now: adds may come in between."""
        self._values.clear()

    def settled(self) -> bool:
        """Return whether the latest reads of all nodes show all that they must.

        Asked once a round. Where they may do so by chance, for a moment before news
        reaches them, they have to do it several times in a row.
        """
        expectation = self._expectation
        asked_for = [_asked(read.value) for read in self.reads()]
        owed = [(node, asked) for node in self._nodes for asked in asked_for]
        if expectation is None or any(one not in self._values for one in owed):
            return False
        values = [self._values[one] for one in owed]
        groups: dict[bytes, list[Any]] = {}
        for (_, asked), value in zip(owed, values, strict=True):
            groups.setdefault(asked, []).append(value)
        is_met = all(map(expectation.is_met, values)) and all(
            map(expectation.agree, groups.values())
        )
        self._rounds = self._rounds + 1 if is_met and values == self._settled else 0
        self._settled = values if is_met else None
        return is_met and self._rounds + 1 >= expectation.rounds


_encode = msgspec.json.Encoder(order="deterministic").encode


def _asked(value: Any) -> bytes:
    """Return the value of a read as something to compare."""
    return _encode(value)
