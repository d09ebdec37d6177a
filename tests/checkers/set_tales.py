"""Histories of sets with removals, told operation by operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers.or_sets import check_or_set
from histories import NEMESIS, Event, History


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers import Result


class SetTale:
    """Writes a history, one operation after the other unless told otherwise."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def begin(self, f: str, value: Any, *, node: str = "n1", process: int = 0) -> int:
        """Invoke; `end` completes it."""
        index = len(self.events)
        self.events.append(
            Event(
                index=index,
                time=index,
                type="invoke",
                process=process,
                f=f,
                value=value,
                node=node,
            )
        )
        return index

    def end(
        self, index: int, value: Any = None, *, status: Any = "ok", final: bool = False
    ) -> None:
        """Complete an operation."""
        begun = self.events[index]
        at = len(self.events)
        if final:
            self.events[index] = Event(
                index=begun.index,
                time=begun.time,
                type="invoke",
                process=begun.process,
                f=begun.f,
                value=begun.value,
                node=begun.node,
                final=True,
            )
        self.events.append(
            Event(
                index=at,
                time=at,
                type=status,
                process=begun.process,
                f=begun.f,
                value=begun.value if value is None else value,
                node=begun.node,
                final=final,
            )
        )

    def add(
        self, element: Any, *, tag: Any = None, status: str = "ok", **on: Any
    ) -> int:
        """Add an element, and be told a tag perhaps."""
        index = self.begin("add", {"element": element}, **on)
        told = {"element": element} if tag is None else {"element": element, "tag": tag}
        self.end(index, told if status == "ok" else None, status=status)
        return index

    def remove(
        self, element: Any, *, tags: Any = None, status: str = "ok", **on: Any
    ) -> int:
        """Remove an element, and be told the tags perhaps."""
        index = self.begin("remove", {"element": element}, **on)
        told: dict[str, Any] = {"element": element}
        if tags is not None:
            told["tags_removed"] = tags
        self.end(index, told if status == "ok" else None, status=status)
        return index

    def read(self, values: Any, *, final: bool = False, **on: Any) -> int:
        """Read a list."""
        index = self.begin("read", None, **on)
        self.end(index, values, final=final)
        return index

    def contains(self, element: Any, answer: Any, **on: Any) -> int:
        """Ask whether an element is there."""
        index = self.begin("contains", {"element": element}, **on)
        self.end(index, {"element": element, "contains": answer})
        return index

    def finals(self, *values: Any, nodes: tuple[str, ...] = ("n1", "n2")) -> None:
        """Read the same on all nodes, in the end."""
        for node in nodes:
            self.read([*values], node=node, process=9, final=True)

    def lose_disk(self, node: str) -> None:
        """Kill a node that starts anew with nothing."""
        at = len(self.events)
        self.events.append(
            Event(
                index=at,
                time=at,
                type="info",
                process=NEMESIS,
                f="start-kill",
                value={"nodes": [node], "disk": {node: "lost"}},
            )
        )

    def contend(self) -> None:
        """Add an element again after its remove: that add cannot be lost."""
        self.add("again")
        self.remove("again")
        self.add("again")

    def history(self) -> History:
        """Return what was told."""
        return History.from_events(self.events)

    def check(self, **options: Any) -> Result:
        """Judge what was told."""
        return check_or_set(self.history(), nodes=("n1", "n2"), **options)

    def names(self, **options: Any) -> list[str]:
        """Return the names of what is wrong with it."""
        return [anomaly.name for anomaly in self.check(**options).anomalies]


def concurrent() -> SetTale:
    """Return an add on one node and a remove on another one, at the same time."""
    tale = SetTale()
    tale.contend()
    tale.add("x")
    add = tale.begin("add", {"element": "x"}, node="n2", process=2)
    tale.remove("x")
    tale.end(add)
    return tale


def _ended(*values: Any, removed: bool = False) -> SetTale:
    """Return an element that was added and perhaps removed on one node, and finals."""
    tale = SetTale()
    tale.contend()
    tale.add("x", tag="t1")
    if removed:
        tale.remove("x", tags=["t1"])
    tale.finals("again", *values)
    return tale


def _tags(again: str, taken: list[str], *, other: str) -> SetTale:
    tale = SetTale()
    tale.contend()
    tale.add("x", tag="t1")
    tale.add(again, tag=other)
    tale.remove("x", tags=taken)
    tale.finals("again", *{again} - {"x"})
    return tale


def _asked() -> SetTale:
    tale = SetTale()
    tale.contend()
    tale.contains("again", answer=False)
    tale.finals("again")
    return tale


def _back() -> SetTale:
    """Return an element whose old tag is there again beside the new one."""
    tale = SetTale()
    tale.contend()
    tale.add("x", tag="t1")
    tale.remove("x", tags=["t1"])
    tale.remove("x", tags=[])
    tale.add("x", tag="t2")
    tale.remove("x", tags=["t1", "t2"])
    tale.finals("again")
    return tale


OR_SETS: dict[str, Callable[[], Result]] = {
    "lost-add": _ended().check,
    "resurrected-element": _ended("x", removed=True).check,
    "tag-reuse": _tags("x", ["t1"], other="t1").check,
    "live-tag-kept": _tags("y", [], other="t2").check,
    "returned-tag": _back().check,
    "contains-mismatch": _asked().check,
}
"""A history for each anomaly of sets with removals, by its name."""
