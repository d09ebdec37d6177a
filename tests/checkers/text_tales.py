"""Histories of texts, told operation by operation, and a journal told beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers.evidence import Path
from checkers.evidence._evidence import NOBODY
from checkers.sequences import check_sequence
from histories import Event, History


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers import Result


class TextTale:
    """Writes a history, one operation after the other unless told otherwise.

    Also keeps what each node could know: `exchange` lets it learn from another one.
    """

    knows = True
    indeterminate = ()
    gone = NOBODY
    in_doubt = NOBODY

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._updates: list[int] = []
        self._learnt: dict[str, list[int]] = {}
        self._replies: dict[int, tuple[str, int]] = {}
        self._heard: dict[str, int] = {}
        self._before: dict[int, int] = {}
        self._after: dict[int, int] = {}

    # The history.

    def begin(self, f: str, value: Any, **on: Any) -> int:
        """Invoke; `end` completes it."""
        index = self._put("invoke", f, value, on)
        self._before[index] = self._heard.get(on.get("node", "n1"), 0)
        if f != "read":
            self._updates.append(index)
            log = self._learnt.setdefault(on.get("node", "n1"), [])
            log.append(len(self._updates) - 1)
        return index

    def end(self, index: int, value: Any = None, *, status: str = "ok") -> None:
        """Complete an operation."""
        begun = self.events[index]
        node = begun.node or ""
        self._replies[index] = node, len(self._learnt.get(node, ()))
        self._after[index] = self._heard.get(node, 0)
        on = {"process": begun.process, "node": begun.node, "final": begun.final}
        self._put(status, begun.f, begun.value if value is None else value, on)

    def _put(self, type_: Any, f: str, value: Any, on: dict[str, Any]) -> int:
        at = len(self.events)
        where = {"process": 0, "node": "n1", **on}
        self.events.append(
            Event(index=at, time=at, type=type_, f=f, value=value, **where)
        )
        return at

    def insert(self, char: str, position: int, *, status: str = "ok", **on: Any) -> int:
        """Insert a character."""
        index = self.begin("insert", {"position": position, "char": char}, **on)
        self.end(index, status=status)
        return index

    def delete(self, position: int, *, status: str = "ok", **on: Any) -> int:
        """Delete a character."""
        index = self.begin("delete", {"position": position}, **on)
        self.end(index, status=status)
        return index

    def read(self, text: str, *, length: Any = None, **on: Any) -> int:
        """Read the text."""
        index = self.begin("read", None, **on)
        count = len(text) if length is None else length
        self.end(index, {"text": text, "length": count})
        return index

    def finals(self, text: str, nodes: tuple[str, ...] = ("n1", "n2")) -> None:
        """Read the same on all nodes, in the end."""
        for node in nodes:
            self.exchange(node, *self._learnt)
            self.read(text, node=node, process=9, final=True)

    # The journal.

    def exchange(self, node: str, *others: str) -> None:
        """Let a node learn what others know."""
        log = self._learnt.setdefault(node, [])
        self._heard[node] = self._heard.get(node, 0) + 1
        for other in others:
            log += [one for one in self._learnt.get(other, ()) if one not in log]

    def known(self, index: int) -> tuple[str, int] | None:
        """Who replied, and how many updates it could know."""
        return self._replies.get(index)

    def undisturbed(self, first: int, last: int) -> bool:
        """Whether a node learnt from nobody between two operations."""
        return self._before[first] == self._after[last]

    def learnt(self, node: str) -> list[int]:
        """What a node could know, in order."""
        return self._learnt.get(node, [])

    def number(self, index: int) -> int:
        """The number of an update."""
        return self._updates.index(index)

    def could_show(self, update: int, operation: int) -> bool | None:
        """Whether an update could have reached who replied."""
        if operation not in self._replies:
            return None
        node, length = self._replies[operation]
        return self.number(update) in self._learnt.get(node, [])[:length]

    def path(self, update: int, node: str) -> Path | None:
        """How an update could first have reached a node: at no time in particular."""
        if self.number(update) not in self._learnt.get(node, []):
            return None
        return Path(0, "n1")

    # The judgement.

    def history(self) -> History:
        """Return what was told."""
        return History.from_events(self.events)

    def check(self, *, journal: bool = True, **options: Any) -> Result:
        """Judge what was told, by the journal unless told otherwise."""
        evidence: Any = self if journal else None
        return check_sequence(
            self.history(), nodes=("n1", "n2"), evidence=evidence, **options
        )

    def names(self, **options: Any) -> list[str]:
        """Return the names of what is wrong with it."""
        return [anomaly.name for anomaly in self.check(**options).anomalies]


def _seen(*texts: str, length: Any = None, final: str = "ab") -> TextTale:
    """Return a text that is right in the end, after odd reads on other nodes."""
    tale = TextTale()
    tale.insert("a", 0)
    tale.insert("b", 1, node="n2", process=1)
    for number, text in enumerate(texts):
        node = f"n{number + 3}"
        tale.exchange(node, "n1", "n2")
        tale.read(text, node=node, process=3, length=length)
    tale.finals(final)
    return tale


def _cycle() -> TextTale:
    tale = TextTale()
    for number, char in enumerate("abc", 1):
        tale.insert(char, 0, node=f"n{number}", process=number)
    for number, text in enumerate(("ab", "bc", "ca"), 1):
        tale.exchange(f"n{number}", "n1", "n2", "n3")
        tale.read(text, node=f"n{number + 5}", process=number + 5)
    return tale


def _placed(text: str) -> TextTale:
    """Return a character that was put between two others, and a text."""
    tale = TextTale()
    tale.insert("z", 0, node="n2", process=2)
    tale.read("", node="n1")
    tale.insert("x", 0)
    tale.insert("y", 1)
    tale.read("xy")
    tale.insert("m", 1)
    tale.finals(text)
    return tale


def _deleted(text: str) -> TextTale:
    tale = TextTale()
    tale.insert("z", 0, node="n2", process=2)
    tale.read("")
    tale.insert("x", 0)
    tale.delete(0)
    tale.finals(text)
    return tale


def typed(text: str, *, backwards: bool = False) -> TextTale:
    """Return two runs that were typed at one place, and what they became."""
    tale = TextTale()
    for node, process, word in (("n1", 1, "abc"), ("n2", 2, "XYZ")):
        on = {"node": node, "process": process}
        tale.read("", **on)
        for at, char in enumerate(word[::-1] if backwards else word):
            tale.insert(char, 0 if backwards else at, **on)
    tale.finals(text)
    return tale


TEXTS: dict[str, Callable[[], Result]] = {
    "lost-character": _seen(final="a").check,
    "undeleted-character": _deleted("xz").check,
    "duplicate-character": _seen("aab").check,
    "phantom-character": _seen("abq").check,
    "order-inversion": _seen("ab", "ba").check,
    "order-cycle": _cycle().check,
    "intention-violation": _placed("xymz").check,
    "interleaving": typed("aXbYcZ").check,
    "backward-interleaving": typed("XaYbZc", backwards=True).check,
}
"""A history for each anomaly of texts, by its name."""
