r"""EDN, the notation of Clojure, read into the values that JSON has.

A history of Jepsen is EDN. Here it becomes plain data at once:

    ==========================================  ===================================
    EDN                                         becomes
    ==========================================  ===================================
    nil, booleans, integers, floats, strings    themselves
    `:read`, `:jepsen/op`, a symbol             its name: "read", "jepsen/op"
    `\a`, `\newline`                            a string of that character
    a vector, a list                            a list
    a set                                       a list, sorted
    a map                                       a dictionary; a key that is no name
                                                as its JSON text: "0"
    `#inst "…"`, `#uuid "…"`                    the string
    a record, `#jepsen.history.Op{…}`           the map
    a key with its value,                       {"#jepsen.independent/tuple": [7, 1]}
    `#jepsen.independent/tuple [7 1]`, or a
    record, `#jepsen.independent.Tuple{…}`
    any other tag, `#user/point [1 2]`          {"#user/point": [1, 2]}
    what JSON has no number for: `1/3`,         its text
    `##NaN`, a decimal that no float equals
    ==========================================  ===================================

So what differs in EDN can be equal here: `:a` and `"a"`, a set and the sorted list.
A map two of whose keys become equal is refused.

The reader is one regular expression, and one loop with a stack of its own: nesting
has no limit. An atom is understood once and looked up from then on. Tokens carry no
positions, which makes them twice as cheap; where something is wrong, the text is
taken apart once more to find the place.
"""

from __future__ import annotations

import re
from operator import length_hint
from typing import IO, TYPE_CHECKING, Any

from ._edn_atoms import (
    STRUCTURE,
    Atoms,
    Unreadable,
    is_complete,
    quote,
    read_string,
    to_map,
    to_set,
)
from ._edn_lines import Lines
from ._edn_prefixes import Forms, Prefix, apply_prefixes, split_prefixes
from ._errors import MalformedError


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


__all__ = ["Forms", "decode", "read_forms"]

_CHUNK_BYTES = 1 << 18

_LEXEME = re.compile(
    r"""
    [\ ,]*+(                                       # cheaper than to search on
    [^\s,\[\](){}";\\\#][^\s,\[\](){}";\\]*+      # a keyword, a number, a symbol
    | [\[\](){}\n]                                # a bracket; lines are counted
    | "[^"\\]*+(?:\\[\s\S][^"\\]*+)*+"            # a string
    | ;[^\n]*                                     # a comment
    | \#[_{]                                      # a discard; the bracket of a set
    | \#[^\s,\[\](){}";\\]*                       # a tag; ##NaN
    | \\(?:\S[^\s,\[\](){}";\\]*)?                # a character
    | "[\s\S]*                                    # a string that does not end here
    )
    """,
    re.VERBOSE,
)
_OPENING = frozenset({"[", "(", "{", "#{"})
_CLOSED_BY = {"[": "]", "(": ")", "{": "}", "#{": "}"}
_CLOSING = frozenset(_CLOSED_BY.values())
_MADE_BY: dict[str, Callable[[list[Any]], Any]] = {"{": to_map, "#{": to_set}


def decode(text: str) -> list[Any]:
    """Return all the forms of a text.

    >>> decode('{:f :read, :value #{3 1 2}} ; a comment')
    [{'f': 'read', 'value': [1, 2, 3]}]

    Raises:
        MalformedError: The text is no EDN.
    """
    reader = _Reader(None, unwrap=False)
    values = reader.take(text).values
    reader.close()
    return values


def read_forms(
    file: IO[bytes], *, source: Path | str | None = None, unwrap: bool = False
) -> Iterator[Forms]:
    """Yield the forms of a file, as many at a time as a quarter megabyte holds.

    With `unwrap`, the first vector or list is taken for the file itself: what comes
    is its elements. The source names the file in errors.

    Raises:
        MalformedError: The file is no EDN, or not UTF-8; it says where.
    """
    reader = _Reader(source, unwrap=unwrap)
    for chunk in _chunks(file):
        yield reader.take(reader.decode(chunk))
    reader.close()


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file in pieces that cut nothing in two but strings."""
    rest = b""
    while chunk := file.read(_CHUNK_BYTES):
        cut = max(chunk.rfind(b" "), chunk.rfind(b",")) + 1
        if not cut or b"\n" in chunk or b";" in chunk:
            # Up to the end of the line, for there a comment ends too.
            chunk += file.readline()
            cut = len(chunk)
        yield rest + chunk[:cut]
        rest = chunk[cut:]
    if rest:
        yield rest


class _Reader:
    """Forms out of text that comes in pieces."""

    def __init__(self, source: Path | str | None, *, unwrap: bool) -> None:
        self._source = source
        self._unwrap = unwrap
        self._atoms = Atoms()
        self._lines = Lines()
        self._line = 1
        self._column = 1  # Of the first character of the next text.
        self._rest = ""  # A string that has not ended yet.
        self._top = Forms([], [])
        # The innermost open bracket: what is in it, and whether a prefix is.
        self._items = self._top.values
        self._is_prefixed = False
        # The brackets around it: those two, and the bracket inside with its line.
        self._outer: list[tuple[list[Any], bool, str, int]] = []

    def decode(self, chunk: bytes) -> str:
        """Return the text of the next lines."""
        try:
            text = chunk.decode()
        except UnicodeDecodeError as error:
            before = chunk[: error.start]
            raise MalformedError(
                f"the byte 0x{chunk[error.start]:02x}, which is no UTF-8",
                "EDN in UTF-8",
                "Convert the file, with `iconv` for instance.",
                path=self._source,
                line=self._line + before.count(b"\n"),
                column=error.start - before.rfind(b"\n"),
            ) from error
        if self._line == 1:
            text = text.removeprefix("\ufeff")
        return text

    def take(self, text: str) -> Forms:
        """Return the forms that end in this text, the next lines of the file."""
        if self._lines.is_hopeless or not self._is_between_forms():
            return self._take_any(text)
        ready = Forms([], [])
        odd: list[str] = []
        *lines, last = text.split("\n")
        for position, line in enumerate(lines):
            form = self._lines.read(line)
            if form is None:
                odd.append(line)
                continue
            if odd:
                ready.add(self._take_any("\n".join(odd) + "\n"))
                odd = []
                if not self._is_between_forms():
                    odd = lines[position:]
                    break
            ready.lines.append(self._line)
            ready.values.append(form)
            self._line += 1
            self._column = 1
        ready.add(self._take_any("\n".join([*odd, last])))
        return ready

    def _is_between_forms(self) -> bool:
        """Whether the next line begins with a new form at the top."""
        top = self._top.values
        return self._items is top and not top and not self._rest

    def _take_any(self, text: str) -> Forms:
        """Return the forms that end in this text, whatever they are."""
        text = self._rest + text
        self._rest = ""
        lexemes = _LEXEME.findall(text)
        remaining = iter(lexemes)
        try:
            self._parse(remaining)
            self._column = self._column_at(text, len(text) - len(self._rest))
            return self._drain()
        except Unreadable as error:
            index = len(lexemes) - length_hint(remaining) - 1
            raise self._error(error, text, _offset(text, index)) from error

    def close(self) -> None:
        """Say that there is no more text."""
        if self._rest:
            error = Unreadable(
                f"a string without an end: {quote(self._rest.partition(chr(10))[0])}",
                'a closing "',
                'Close it; write a quote inside a string as \\".',
            )
            raise self._error(error, self._rest, 0)
        found = "the end of the file"
        if self._outer:
            *_, bracket, line = self._outer[-1]
            expected = (
                f"`{_CLOSED_BY[bracket]}`, which closes the `{bracket}` of line {line}"
            )
            advice = "Close it; if the file was cut off, take the last form out."
        elif self._top.values:
            expected = f"a form after {self._top.values[-1]}"
            advice = "Add the form, or take the mark out."
        else:
            return
        raise MalformedError(
            found, expected, advice, path=self._source, line=self._line
        )

    def _parse(self, lexemes: Iterator[str]) -> None:
        """Take lexemes in, up to the end or to a string that has none.

        The loop is long because it is hot: a call per lexeme would double the time.
        """
        atoms, outer, top = self._atoms, self._outer, self._top.values
        items, is_prefixed, line = self._items, self._is_prefixed, self._line
        append = items.append
        try:
            for lexeme in lexemes:
                value = atoms[lexeme]
                if value is not STRUCTURE:
                    append(value)
                elif lexeme in _OPENING:
                    if items is top:
                        self._begin(line)
                        if self._unwrap and self._is_unwrapped(lexeme):
                            outer.append((top, False, lexeme, line))
                            continue
                    outer.append((items, is_prefixed, lexeme, line))
                    items = []
                    append = items.append
                    is_prefixed = False
                elif lexeme in _CLOSING:
                    if not outer:
                        raise _unopened(lexeme)
                    plain = not is_prefixed or items is top
                    value = items if plain else apply_prefixes(items)
                    items, is_prefixed, bracket, opened = outer.pop()
                    if _CLOSED_BY[bracket] != lexeme:
                        raise _mismatched(lexeme, bracket, opened)
                    if value is top:
                        continue  # The vector that was unwrapped.
                    if (make := _MADE_BY.get(bracket)) is not None:
                        value = make(value)
                    append = items.append
                    append(value)
                elif lexeme == "\n":
                    if items is top:
                        self._begin(line, begun=0)
                    line += 1
                elif lexeme[0] == '"':
                    if not is_complete(lexeme):
                        self._rest = lexeme
                        break
                    if items is top:
                        self._begin(line)
                    append(read_string(lexeme))
                    line += lexeme.count("\n")
                elif lexeme[0] == "#":
                    append(Prefix(None if lexeme == "#_" else lexeme[1:]))
                    is_prefixed = True
        finally:
            self._items, self._is_prefixed, self._line = items, is_prefixed, line

    def _begin(self, line: int, *, begun: int = 1) -> None:
        """Note the line of all forms at the top that have none yet."""
        lines, values = self._top
        missing = len(values) + begun - len(lines)
        if missing > 0:
            lines.extend([line] * missing)

    def _is_unwrapped(self, bracket: str) -> bool:
        """Whether this bracket is that of the file itself, the first at the top."""
        lines, values = self._top
        done, waiting = split_prefixes(Forms(lines[: len(values)], values))
        if any(prefix.tag is None for prefix in waiting.values):
            return False  # It is discarded; the next may be the one.
        self._unwrap = False
        if bracket in {"{", "#{"} or done.values:
            return False
        lines.clear()
        values.clear()
        return True

    def _drain(self) -> Forms:
        """Hand over what is complete at the top, and keep what is not."""
        lines, values = self._top
        if self._items is values:
            self._begin(self._line, begun=0)
        count = len(values)
        while count and type(values[count - 1]) is Prefix:
            count -= 1  # It waits for its form.
        ready = Forms(lines[:count], values[:count])
        del lines[:count], values[:count]
        if any(type(value) is Prefix for value in ready.values):
            ready, waiting = split_prefixes(ready)
            lines[:0] = waiting.lines
            values[:0] = waiting.values
        return ready

    def _column_at(self, text: str, offset: int) -> int:
        start_of_line = text.rfind("\n", 0, offset) + 1
        return offset - start_of_line + (1 if start_of_line else self._column)

    def _error(self, error: Unreadable, text: str, offset: int) -> MalformedError:
        return MalformedError(
            error.found,
            error.expected,
            error.advice,
            path=self._source,
            line=error.line or self._line,
            column=None if error.line else self._column_at(text, offset),
        )


def _offset(text: str, index: int) -> int:
    """Return where the lexeme with this index begins."""
    for position, match in enumerate(_LEXEME.finditer(text)):
        if position == index:
            return match.start(1)
    raise AssertionError("the same expression finds the same lexemes")


def _unopened(lexeme: str) -> Unreadable:
    return Unreadable(
        f"`{lexeme}`",
        "a form, as no bracket is open",
        "Take it out, or open a bracket before.",
    )


def _mismatched(lexeme: str, bracket: str, line: int) -> Unreadable:
    return Unreadable(
        f"`{lexeme}`",
        f"`{_CLOSED_BY[bracket]}`, which closes the `{bracket}` of line {line}",
        "Close brackets in the reverse order of their opening.",
    )
