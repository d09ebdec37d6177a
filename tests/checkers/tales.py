"""Histories of registers with siblings, told operation by operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers.evidence._evidence import NOBODY
from checkers.registers import check_siblings
from histories import NEMESIS, Event, History


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers import Result


class Tale:
    """Writes a history, one operation after the other unless told otherwise."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def _event(self, type_: str, f: str, value: Any, **more: Any) -> int:
        index = len(self.events)
        self.events.append(
            Event(index=index, time=index, type=type_, f=f, value=value, **more)
        )
        return index

    def operation(
        self, f: str, value: Any, output: Any, *, status: str = "ok", **more: Any
    ) -> int:
        index = self._event("invoke", f, value, **more)
        if status != "open":
            result = output if status == "ok" else value
            self._event(status, f, result, **more)
        return index

    def write(
        self,
        value: Any,
        *seen: int,
        node: str = "n1",
        process: int = 0,
        status: str = "ok",
        clock: Any = None,
        context: Any = None,
    ) -> int:
        given = {
            "key": "k",
            "value": value,
            "context": context or {},
            "seen": [one + 1 for one in seen],
        }
        answer = given if clock is None else {**given, "vc": clock}
        return self.operation(
            "write", given, answer, status=status, node=node, process=process
        )

    def read(
        self,
        *values: Any,
        node: str = "n1",
        process: int = 1,
        final: bool = False,
        **more: Any,
    ) -> int:
        entries = [
            value if isinstance(value, dict) else {"value": value} for value in values
        ]
        return self.operation(
            "read",
            {"key": "k"},
            {"key": "k", "values": entries, **more},
            node=node,
            process=process,
            final=final,
        )

    def finals(self, *values: Any, nodes: tuple[str, ...] = ("n1", "n2")) -> None:
        for node in nodes:
            self.read(*values, node=node, final=True)

    def lose_disk(self, node: str) -> None:
        index = len(self.events)
        self.events.append(
            Event(
                index=index,
                time=index,
                type="info",
                process=NEMESIS,
                f="start-kill",
                value={"nodes": [node], "disk": {node: "lost"}},
            )
        )

    def check(self, **options: Any) -> Result:
        return check_siblings(
            History.from_events(self.events), nodes=("n1", "n2"), **options
        )

    def names(self, **options: Any) -> list[str]:
        return [anomaly.name for anomaly in self.check(**options).anomalies]


class Unconnected:
    """A journal by which nothing was ever carried from one node to another."""

    indeterminate = ()
    gone = NOBODY
    in_doubt = NOBODY

    def __init__(self, tale: Tale) -> None:
        self._node = {event.index: event.node for event in tale.events}

    def could_show(self, update: int, operation: int) -> bool:
        return self._node[update] == self._node[operation]

    def known(self, index: int) -> None:
        """How long it took is not told."""


CLOCKED = {"a": {"c0": 1}, "b": {"c2": 1}}


def entry(value: str, **clock: int) -> dict[str, Any]:
    return {"value": value, "vc": clock or CLOCKED[value]}


def _concurrent(*finals: Any) -> Tale:
    """Return two concurrent writes, and what both nodes show in the end."""
    tale = Tale()
    tale.write("a", clock={"c0": 1})
    tale.write("b", node="n2", process=2, clock={"c2": 1})
    tale.finals(*finals)
    return tale


def _read(*values: Any, **more: Any) -> Tale:
    tale = _concurrent("a", "b")
    tale.read(*values, node="n3", **more)
    return tale


def _replaced(*finals: Any, clock: Any = None) -> Tale:
    """Return a write that has seen another one, and one that has not."""
    tale = Tale()
    first = tale.write("a", clock={"c0": 1})
    tale.write("b", first, clock=clock or {"c0": 2}, context={"c0": 1})
    tale.write("x", node="n2", process=2, clock={"c0": 1, "c2": 1})
    tale.finals(*finals)
    return tale


def _missed() -> Tale:
    """Return a write whose clock lacks the one that it had seen."""
    tale = Tale()
    first = tale.write("a", clock={"c0": 1})
    tale.write("b", first, process=3, clock={"c3": 1}, context={"c0": 1})
    return tale


def _impossible() -> Result:
    tale = _replaced("b", "x")
    evidence: Any = Unconnected(tale)
    return tale.check(evidence=evidence)


SIBLINGS: dict[str, Callable[[], Result]] = {
    "phantom-value": _read("z").check,
    "lost-write": _concurrent("a").check,
    "forgotten-write": _concurrent("a").check,
    "superseded-sibling": _replaced("a", "b", "x").check,
    "duplicate-sibling": _read("a", "a").check,
    "wrong-conflict-flag": _read("a", conflict=True).check,
    "clock-below-context": _replaced("b", "x", clock={"c0": 1}).check,
    "dot-reuse": _replaced("b", "x", clock={"c0": 1}).check,
    "unstable-clock": _read(entry("a", c0=7)).check,
    "clock-misses-cause": _missed().check,
    "false-cause": _replaced("b", "x").check,
    "impossible-cause": _impossible,
    "causal-loss": lambda: _replaced("a").check(mode="lww"),
    "overwritten-concurrently": lambda: _concurrent("a").check(mode="lww"),
}
"""A history for each anomaly of registers, by its name."""
