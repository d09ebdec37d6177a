r"""EDN maps that stand on a line of their own: most of most histories.

A history of Jepsen has a map a line, and a handful of orders in which their keys
come. Each order that is met becomes one regular expression, which takes a line apart
twice as fast as a lexeme at a time. It only fits lines without a trap: no nested map,
list, set, tag, discard, comment or escape, and vectors three deep at most. All others,
and whatever is wrong, are left to the reader that knows all of EDN.
"""

from __future__ import annotations

import re
from operator import call
from typing import TYPE_CHECKING, Any, NamedTuple

from ._edn_atoms import Atoms, Unreadable


if TYPE_CHECKING:
    from collections.abc import Callable


_MOST_SHAPES = 8
_MOST_ATTEMPTS = 200

_ATOM = r'[^\s,\[\](){}"\#;\\]++'
_ATOMS = r'[^\[\](){}"\#;\\]++'
_VECTOR = rf"\[(?:{_ATOMS}|\[(?:{_ATOMS}|\[(?:{_ATOMS})?\])*+\])*+\]"
_VALUE = rf'{_ATOM}|{_VECTOR}|"[^"\\]*+"'
_BETWEEN = r"[\s,]+"
_RECORD = r"(?:\#[\w$-]+(?:\.[\w$-]+)+[ ]*)?"
_LINE = re.compile(
    rf"[\s,]*{_RECORD}\{{[\s,]*((?::{_ATOM}{_BETWEEN}(?:{_VALUE})[\s,]*)+)\}}[\s,]*"
)
_PAIR = re.compile(rf":({_ATOM}){_BETWEEN}({_VALUE})[\s,]*")
_INTEGER = re.compile(r"0|[1-9][0-9]{0,17}+")
_UNIQUE = frozenset({"index", "time"})


class _Shape(NamedTuple):
    """Keys in an order, and what takes apart the lines that have it.

    Attributes:
        keys: The keys.
        match: Matches a line; its groups are the texts of the values.
        readers: What makes values of these texts.
    """

    keys: tuple[str, ...]
    match: Callable[[str], re.Match[str] | None]
    readers: tuple[Callable[[str], Any], ...]


class _Values(Atoms):
    """Atoms, and vectors of them, which are read anew each time."""

    def __missing__(self, text: str) -> Any:
        if text[0] == "[" and len(text) > 1:
            return _read_vector(text, self)
        return super().__missing__(text)


class Lines:
    """Reads maps off lines, and learns the orders of their keys on the way."""

    def __init__(self) -> None:
        self._shapes: list[_Shape] = []
        self._attempts = _MOST_ATTEMPTS
        self._values = _Values()

    @property
    def is_hopeless(self) -> bool:
        """Whether nothing fits, and nothing more is going to be learnt."""
        return not self._attempts and not self._shapes

    def read(self, line: str) -> dict[str, Any] | None:
        """Return the map on a line; None if there is any doubt."""
        for keys, match, readers in self._shapes:
            if (found := match(line)) is not None:
                try:
                    values = map(call, readers, found.groups())
                    return dict(zip(keys, values, strict=True))
                except Unreadable:
                    return None
        if self._attempts and len(self._shapes) < _MOST_SHAPES:
            self._attempts -= 1
            if self._learn(line):
                return self.read(line)
        return None

    def _learn(self, line: str) -> bool:
        found = _LINE.fullmatch(line)
        if found is None:
            return False
        pairs = _PAIR.findall(found[1])
        keys = tuple(key for key, _ in pairs)
        if len(set(keys)) < len(keys) or any(key[0] == ":" for key in keys):
            return False
        # Numbers that never come again are not worth looking up.
        is_unique = [
            key in _UNIQUE and _INTEGER.fullmatch(value) is not None
            for key, value in pairs
        ]
        fields = _BETWEEN.join(
            f":{re.escape(key)}{_BETWEEN}({_INTEGER.pattern if unique else _VALUE})"
            for key, unique in zip(keys, is_unique, strict=True)
        )
        pattern = rf"[\s,]*{_RECORD}\{{[\s,]*{fields}[\s,]*\}}[\s,]*"
        look_up = self._values.__getitem__
        readers = tuple(int if unique else look_up for unique in is_unique)
        shape = _Shape(keys, re.compile(pattern).fullmatch, readers)
        if shape.match(line) is None:
            return False
        self._shapes.append(shape)
        return True


def _read_vector(text: str, atoms: Atoms) -> list[Any]:
    """Return the vector in a text that has atoms and balanced square brackets."""
    items: list[Any] = []
    outer = []
    spaced = text.replace("[", " [ ").replace("]", " ] ").replace(",", " ")
    for lexeme in spaced.split():
        if lexeme == "[":
            outer.append(items)
            items = []
        elif lexeme == "]":
            outer[-1].append(items)
            items = outer.pop()
        else:
            items.append(atoms[lexeme])
    vector: list[Any] = items[0]
    return vector
