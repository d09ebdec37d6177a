"""Events as columns: what a history of ten million of them is made of."""

from __future__ import annotations

from array import array
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from ._errors import PairingError
from ._operation import Event


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._jsonl import Line
    from ._operation import EventType


TYPES: tuple[EventType, ...] = ("invoke", "ok", "fail", "info")
"""Event types, by the code that stands for them in a column."""

INVOKE, OK, FAIL, INFO = range(4)


class Rare(NamedTuple):
    """The fields that most events lack."""

    error: Any = None
    final: bool = False
    extra: Mapping[str, Any] = {}


NOTHING_RARE = Rare()

_TYPE_CODES = {name: code for code, name in enumerate(TYPES)}


class _Numbering(dict[Any, int]):
    """Numbers names in the order of their first appearance."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[Any] = []

    def __missing__(self, name: Any) -> int:
        self.names.append(name)
        code = self[name] = len(self)
        return code


class Columns:
    """Events in columns: about 50 bytes each, and the value.

    A position counts the events in the columns from 0; an index is what the
    event itself says. Columns grow by `extend`, are brought into the order of
    their indices by `sort`, and nobody changes them afterwards.

    Attributes:
        source: The file that the events come from; empty if they come from none.
        index: Indices.
        time: Times in nanoseconds.
        type: Codes of types, see `TYPES`.
        process: Client processes; negative codes for all that are no clients.
        f: Codes of functions.
        node: Codes of nodes.
        value: Values.
        line: Lines in the file; empty if the events come from none.
        rare: By position, for those events that have any of them.
    """

    __slots__ = (
        "_functions",
        "_nodes",
        "_others",
        "f",
        "index",
        "line",
        "node",
        "process",
        "rare",
        "source",
        "time",
        "type",
        "value",
    )

    def __init__(self, source: str) -> None:
        self.source = source
        self.index = array("q")
        self.time = array("q")
        self.type = bytearray()
        self.process = array("q")
        self.f = array("i")
        self.node = array("i")
        self.value: list[Any] = []
        self.line = array("i")
        self.rare: dict[int, Rare] = {}
        self._functions = _Numbering()
        self._nodes = _Numbering()
        self._others = _Numbering()

    def __len__(self) -> int:
        return len(self.index)

    def extend(self, events: Sequence[Event | Line]) -> None:
        """Append events, in any order of indices.

        One pass a column: for many events that is faster than one loop over all.

        Raises:
            PairingError: A process is a negative number.
        """
        start = len(self)
        functions, nodes, others = self._functions, self._nodes, self._others
        self.index += array("q", [event.index for event in events])
        self.time += array("q", [event.time for event in events])
        self.type += bytearray([_TYPE_CODES[event.type] for event in events])
        self.process += array(
            "q",
            [
                process
                if isinstance(process, int) and process >= 0
                else ~others[process]
                for process in [event.process for event in events]
            ],
        )
        self.f += array("i", [functions[event.f] for event in events])
        self.node += array("i", [nodes[event.node] for event in events])
        self.value += [event.value for event in events]
        for position, event in enumerate(events, start):
            if event.final or event.error is not None or event.extra:
                self.rare[position] = Rare(event.error, event.final, event.extra)
        for name in others:
            if isinstance(name, int):
                raise PairingError(
                    f"process {name}",
                    "a number from 0 on for a client, a string for any other process",
                    "Number the clients from 0 on.",
                    path=self.source or None,
                )

    def sort(self) -> bool:
        """Bring the events into the order of their indices; whether they were not.

        Raises:
            PairingError: Two events have the same index.
        """
        if all(index < following for index, following in pairwise(self.index)):
            return False
        order = sorted(range(len(self)), key=self.index.__getitem__)
        for position, following in pairwise(order):
            if self.index[position] == self.index[following]:
                raise self.error(
                    following,
                    f"a second event with index {self.index[following]}",
                    "every index once",
                    "Number the events 0, 1, 2, … as they happen.",
                )
        for name in ("index", "time", "process", "f", "node", "line"):
            column: array[int] = getattr(self, name)
            if column:
                setattr(
                    self, name, array(column.typecode, map(column.__getitem__, order))
                )
        self.type = bytearray(map(self.type.__getitem__, order))
        self.value = list(map(self.value.__getitem__, order))
        self.rare = {
            new: self.rare[old] for new, old in enumerate(order) if old in self.rare
        }
        return True

    def event(self, position: int) -> Event:
        """Return the event at a position."""
        rare = self.rare.get(position, NOTHING_RARE)
        return Event(
            index=self.index[position],
            time=self.time[position],
            type=TYPES[self.type[position]],
            process=self.process_at(position),
            f=self.f_at(position),
            value=self.value[position],
            error=rare.error,
            final=rare.final,
            node=self.node_at(position),
            extra=dict(rare.extra),
        )

    def process_at(self, position: int) -> int | str:
        """Return the process of the event at a position, client or not."""
        process = self.process[position]
        return process if process >= 0 else self._others.names[~process]

    @property
    def f_names(self) -> list[str]:
        """The functions, by the code that stands for them in the column `f`."""
        return self._functions.names

    def f_at(self, position: int) -> str:
        """Return the function of the event at a position."""
        return self.f_names[self.f[position]]

    def node_at(self, position: int) -> str | None:
        """Return the node of the event at a position."""
        name: str | None = self._nodes.names[self.node[position]]
        return name

    def error(
        self, position: int, found: str, expected: str, advice: str
    ) -> PairingError:
        """Return the error that cites the event at a position."""
        return PairingError(
            found,
            expected,
            advice,
            path=self.source or None,
            line=self.line[position] if self.line else None,
        )
