"""Formats of transactions that are told apart, and not read."""

from __future__ import annotations

import struct
from io import BytesIO

import pytest

from histories import (
    HistoryError,
    UnsupportedError,
    load_history,
    looks_like_history,
)


def text(content: bytes) -> bytes:
    """Return a text as bincode has it."""
    return struct.pack("<Q", len(content)) + content


BINCODE = (
    struct.pack("<5Q", 0, 2, 3, 1, 1)
    + b"".join(map(text, (b"a test", b"2026-11-20", b"")))
    + struct.pack("<4Q", 1, 1, 1, 1)
    + b"\1"
)
COBRA = b"S" + struct.pack(">Q", 1) + b"W" + struct.pack(">QQQ", 1, 2, 3)
EVENTS = b'[{"Write": {"variable": 0, "version": 1}}, {"Read": {"variable": 1}}]'
SESSIONS = b'[[{"events": %b, "committed": true}]]' % EVENTS

FILES = {
    "Plume, PolySI and IsoVista": (
        b"r(1,2,0,1)\nw(1,3,0,1)\n",
        b"  w(1, 3, 0, -1)\r\n",
    ),
    "dbcop's scripts": (
        b"[x:=1 y==2 z==?]\n---\n[x==1]!\n",
        b"// a test\n\n[ ]\n[y:=1]\n",
        b"---\n[x==?]\n",
    ),
    "dbcop's JSON": (
        SESSIONS,
        SESSIONS.replace(b" ", b"").replace(b"[", b"[\n"),
        b'{"params": {"id": 0}, "info": "", "data": %b}' % SESSIONS,
    ),
    "dbcop's binary files": (BINCODE,),
    "Cobra's logs": (COBRA,),
}


@pytest.mark.parametrize(
    ("name", "content"),
    [(name, content) for name, contents in FILES.items() for content in contents],
)
def test_transactions_of_others_are_told(name: str, content: bytes) -> None:
    """By the name of their format, and that they are not judged; also in a folder."""
    with pytest.raises(
        UnsupportedError, match="Transactions are not judged yet"
    ) as told:
        load_history(BytesIO(content))
    assert told.value.found == f"transactions in the format of {name}"
    assert looks_like_history(BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        b"r(1,2)\n",
        b"[x 1 y 2]",
        b"---\n" * 10_000 + b"-" * 20_000,
        b'[{"events": [], "type": "invoke"}',
        BINCODE[:40],
        BINCODE.replace(b"a test", b"a\ttest"),
        b"Some text that begins so",
        b"",
    ],
)
def test_what_is_none_of_them_is_told_otherwise(content: bytes) -> None:
    """As whatever else it is, and soon."""
    try:
        load_history(BytesIO(content))
    except UnsupportedError as error:
        raise AssertionError(str(error)) from error
    except HistoryError:
        pass
