"""Short histories, written down by hand."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from histories import Event, History


if TYPE_CHECKING:
    from collections.abc import Iterable


MS = 1_000_000


class Op(NamedTuple):
    """An operation to be: `at` is (start, end) in ms, laid out in sequence if None."""

    f: str
    input: Any
    output: Any
    status: str
    at: tuple[float, float] | None
    process: int | None
    node: str | None
    final: bool


class Story:
    """Makes operations and histories of them.

    An operation without a process gets one of its own, so that it may overlap others.
    """

    def op(
        self,
        f: str,
        value: Any = None,
        output: Any = None,
        *,
        status: str = "ok",
        at: tuple[float, float] | None = None,
        process: int | None = None,
        node: str | None = "n0",
        final: bool = False,
    ) -> Op:
        return Op(f, value, output, status, at, process, node, final)

    def add(self, delta: Any, **more: Any) -> Op:
        return self.op("add", delta, delta, **more)

    def read(self, value: Any = None, **more: Any) -> Op:
        return self.op("read", None, value, **more)

    def final(self, value: Any, *nodes: str) -> list[Op]:
        """Final reads that return the same on these nodes, by default on n0."""
        return [self.read(value, node=node, final=True) for node in nodes or ("n0",)]

    def history(
        self, *ops: Op | Iterable[Op], faults: Iterable[tuple[float, str]] = ()
    ) -> History:
        flat: list[Op] = []
        for item in ops:
            flat.extend([item] if isinstance(item, Op) else item)
        own_processes = count(1000)
        clock = 0.0
        stamped: list[tuple[float, int, dict[str, Any]]] = []
        order = count()
        for op in flat:
            start, end = op.at or (clock + 1, clock + 2)
            clock = max(clock, start, end)
            process = next(own_processes) if op.process is None else op.process
            shared = {"process": process, "f": op.f, "node": op.node, "final": op.final}
            stamped.append(
                (start, next(order), {"type": "invoke", "value": op.input, **shared})
            )
            if op.status != "dangling":
                stamped.append(
                    (
                        end,
                        next(order),
                        {"type": op.status, "value": op.output, **shared},
                    )
                )
        for at, f in faults:
            event = {"type": "info", "process": "nemesis", "f": f}
            stamped += [(at, next(order), event), (at, next(order), event)]
        stamped.sort(key=lambda item: item[:2])
        return History.from_events(
            Event(index=index, time=round(at * MS), **fields)
            for index, (at, _, fields) in enumerate(stamped)
        )


@pytest.fixture(scope="session")
def story() -> Story:
    return Story()
