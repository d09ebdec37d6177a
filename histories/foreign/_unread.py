r"""Formats of transactions that are told apart, and not read.

Who has such a file learns what it is. None of them has times, and all of them have only
transactions:

    Plume, PolySI, IsoVista     w(1,7,0,3): key, value, session, transaction
    dbcop, by hand              [x:=1 y==2 z==?], sessions between lines of ---
    dbcop, as JSON              {"events":[{"Write":{"variable":0,"version":1}}], …}
    dbcop, as bytes             five numbers, three texts, then sessions
    Cobra                       S and a transaction, then W or R and hashes, then C
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from histories._errors import UnsupportedError


if TYPE_CHECKING:
    from collections.abc import Callable

    from ._source import Source

_NUMBER = rb"\s*-?\d+\s*"
_PLUME = re.compile(
    rb"\s*[rw]\(" + rb",".join([_NUMBER] * 4) + rb"\)[ \t\r;]*(?:\n|\Z)"
)
_BY_HAND = re.compile(
    rb"(?:\s|//[^\n]*\n|-{3,}+|\[\s*+\])*+\[\s*\w+\s*(?::=|==)\s*(?:\?|-?\d)"
)
_AS_JSON = re.compile(
    rb'\s*[\[{][\s\S]*"events"\s*:\s*\[\s*'
    rb'(?:\{\s*"(?:Read|Write)"\s*:\s*\{\s*"variable"|\]\s*,\s*"committed")'
)
_NUMBERS, _TEXTS = 5, 3
_WORD = 8
_LONGEST_TEXT = 1 << 12


def refuse_unread(source: Source) -> None:
    """Refuse a file of one of these formats.

    Raises:
        UnsupportedError: It is one.
    """
    for name, fits in _FORMATS.items():
        if fits(source.head):
            raise UnsupportedError(
                f"transactions in the format of {name}",
                "operations on single objects",
                "Transactions are not judged yet, and of them only AWDIT's text and what "
                "Jepsen writes is read.",
                path=source.name,
            )


def _is_bincode(head: bytes) -> bool:
    """Whether five numbers begin a file, and then three texts with their lengths."""
    at = _NUMBERS * _WORD
    if any(_word(head, _WORD * i) is None for i in range(_NUMBERS)):
        return False
    for _ in range(_TEXTS):
        length = _word(head, at)
        at += _WORD
        if length is None or length > _LONGEST_TEXT or at + length > len(head):
            return False
        if not head[at : at + length].decode(errors="replace").isprintable():
            return False
        at += length
    return True


def _word(head: bytes, start: int) -> int | None:
    """Return the number at a place, if there is one that could count something."""
    word = head[start : start + _WORD]
    is_small = len(word) == _WORD and word[_WORD // 2 :] == bytes(_WORD // 2)
    return int.from_bytes(word, "little") if is_small else None


def _is_cobra(head: bytes) -> bool:
    """Whether a transaction starts, with a number, and something follows."""
    number = head[1 : 1 + _WORD]
    return (
        head[:1] == b"S"
        and b"\0" in number
        and head[1 + _WORD : 2 + _WORD] in {b"W", b"R", b"C"}
    )


def _begins(pattern: re.Pattern[bytes]) -> Callable[[bytes], bool]:
    return lambda head: pattern.match(head) is not None


_FORMATS: dict[str, Callable[[bytes], bool]] = {
    "Plume, PolySI and IsoVista": _begins(_PLUME),
    "dbcop's scripts": _begins(_BY_HAND),
    "dbcop's JSON": _begins(_AS_JSON),
    "dbcop's binary files": _is_bincode,
    "Cobra's logs": _is_cobra,
}
