"""The parts of EDN: what one lexeme means, and what a closed bracket makes."""

from __future__ import annotations

import math
import re
from typing import Any, Final

import msgspec


_CACHED_LENGTH = 24
_CACHED_DIGITS = 5
_CACHED_ATOMS = 1 << 16
_PLAIN_DIGITS = 19
_QUOTED_CHARACTERS = 60

_INTEGER = re.compile(r"([+-]?(?:0|[1-9][0-9]*))N?", re.ASCII)
_HEXADECIMAL = re.compile(r"[+-]?0[xX][0-9a-fA-F]+")
_FLOAT = re.compile(r"([+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)(M?)")
_RATIO = re.compile(r"([+-]?(?:0|[1-9][0-9]*))/([1-9][0-9]*)")
_NUMBER_LIKE = re.compile(r"[+-]?[0-9]")
_STRING = re.compile(r'"[^"\\]*+(?:\\[\s\S][^"\\]*+)*+"')
_TAG = re.compile(r"#[^\W\d_]")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|[0-3]?[0-7]{1,2}|[\s\S])")
_CODE_POINT = re.compile(r"u([0-9a-fA-F]{4})|o([0-3]?[0-7]{1,2})")

_ESCAPES = {
    "t": "\t",
    "r": "\r",
    "n": "\n",
    "b": "\b",
    "f": "\f",
    "\\": "\\",
    '"': '"',
}
_CHARACTERS = {
    "newline": "\n",
    "return": "\r",
    "space": " ",
    "tab": "\t",
    "backspace": "\b",
    "formfeed": "\f",
}
_NOT_FINITE = ("##NaN", "##Inf", "##-Inf")

STRUCTURE: Final = object()
"""What stands for every lexeme that is no atom."""


class Unreadable(ValueError):  # noqa: N818 # becomes an error when its place is known
    """A lexeme, or what a bracket closes, is not EDN."""

    line: int | None = None
    """The line of the form, where it is not the one being read."""

    def __init__(self, found: str, expected: str, advice: str) -> None:
        super().__init__(found, expected, advice)
        self.found = found
        self.expected = expected
        self.advice = advice


class Atoms(dict[str, Any]):
    """Values by lexeme, read when first asked for; `STRUCTURE` for what is no atom.

    Short tokens are kept: a history has few keywords and many of each. Numbers are
    kept only up to a few digits, because times and indices never come again.
    """

    def __init__(self) -> None:
        super().__init__({"nil": None, "true": True, "false": False})
        self.update(dict.fromkeys(("[", "]", "(", ")", "{", "}", "#{"), STRUCTURE))
        self.update(dict.fromkeys(("\n", "#_"), STRUCTURE))

    def __missing__(self, lexeme: str) -> Any:
        value: Any
        if (
            lexeme.isdecimal()
            and len(lexeme) < _PLAIN_DIGITS
            and lexeme.isascii()
            and (lexeme[0] != "0" or lexeme == "0")
        ):
            value = int(lexeme)
            if len(lexeme) > _CACHED_DIGITS:
                return value
        else:
            value = _read_atom(lexeme)
            if "\n" in lexeme:
                return value
        if len(lexeme) <= _CACHED_LENGTH and len(self) < _CACHED_ATOMS:
            self[lexeme] = value
        return value


def _read_atom(lexeme: str) -> Any:
    first = lexeme[0]
    if first == ":":
        return _read_keyword(lexeme)
    if first == '"':
        # Only the loop can count lines, or know whether more text is to come.
        is_plain = "\n" not in lexeme and is_complete(lexeme)
        return read_string(lexeme) if is_plain else STRUCTURE
    if first == "#":
        return _read_dispatch(lexeme)
    if first == ";":
        return STRUCTURE
    if first == "\\":
        return _read_character(lexeme)
    if _NUMBER_LIKE.match(lexeme):
        return _read_number(lexeme)
    if first in "'`@^~":
        raise Unreadable(
            quote(lexeme),
            "EDN",
            f"`{first}` is Clojure source, not data: write what it stands for.",
        )
    return lexeme  # A symbol.


def _read_keyword(lexeme: str) -> str:
    if lexeme == ":" or lexeme.startswith("::"):
        raise Unreadable(
            quote(lexeme),
            "a keyword, such as :read or :jepsen/op",
            "Write the name after one colon, and its namespace in full.",
        )
    return lexeme[1:]


def _read_dispatch(lexeme: str) -> Any:
    if lexeme in _NOT_FINITE:
        return lexeme
    if _TAG.match(lexeme):
        return STRUCTURE
    if lexeme.startswith("#:"):
        raise Unreadable(
            f"{quote(lexeme)}, a map with a namespace of its own",
            "every key with its namespace",
            "Print the file with `*print-namespace-maps*` bound to false.",
        )
    raise Unreadable(
        quote(lexeme),
        "a tag such as #inst, a set #{…}, a discard #_, ##NaN, ##Inf or ##-Inf",
        "EDN has no regular expressions, functions or other readers' syntax: write data.",
    )


def _read_character(lexeme: str) -> str:
    name = lexeme[1:]
    if len(name) == 1:
        return name
    if name in _CHARACTERS:
        return _CHARACTERS[name]
    if code := _CODE_POINT.fullmatch(name):
        return _well_formed(chr(int(code[1], 16) if code[1] else int(code[2], 8)))
    raise Unreadable(
        quote(lexeme),
        r"a character, such as \a, \newline, \space, \tab or \u00e9",
        "Write a text of several characters as a string.",
    )


def _read_number(lexeme: str) -> int | float | str:
    if integer := _INTEGER.fullmatch(lexeme):
        try:
            return int(integer[1])
        except ValueError as error:
            raise Unreadable(
                f"a number of {len(lexeme):,} digits",
                "one of a few thousand digits at most",
                "Write it as a string.",
            ) from error
    if real := _FLOAT.fullmatch(lexeme):
        return _read_float(real[1], is_exact=bool(real[2]))
    if ratio := _RATIO.fullmatch(lexeme):
        quotient, remainder = divmod(int(ratio[1]), int(ratio[2]))
        return lexeme if remainder else quotient
    if _HEXADECIMAL.fullmatch(lexeme):
        return int(lexeme, 16)  # Clojure prints addresses of objects so.
    raise Unreadable(
        quote(lexeme),
        "a number, such as 7, -7N, 0.5, 6e23, 1.10M or 1/3",
        "Write other bases and leading zeros as decimal numbers.",
    )


def _read_float(text: str, *, is_exact: bool) -> float | str:
    number = float(text)
    if math.isinf(number):
        return text
    if is_exact:
        from decimal import Decimal

        if Decimal(repr(number)) != Decimal(text):
            return text
    return number


def is_complete(lexeme: str) -> bool:
    """Whether a string literal has its end."""
    if "\\" in lexeme:
        return _STRING.fullmatch(lexeme) is not None
    return len(lexeme) > 1 and lexeme[-1] == '"'


def read_string(lexeme: str) -> str:
    """Return what a string literal, quotes included, stands for."""
    if "\\" not in lexeme:
        return lexeme[1:-1]
    return _well_formed(_ESCAPE.sub(_unescape, lexeme[1:-1]))


def _unescape(match: re.Match[str]) -> str:
    escape = match[1]
    if escape in _ESCAPES:
        return _ESCAPES[escape]
    if escape[0] in "01234567":
        return chr(int(escape, 8))
    if len(escape) > 1:
        return chr(int(escape[1:], 16))
    raise Unreadable(
        f"the escape \\{escape} in a string",
        r"one of \t \r \n \b \f \\ \" and \u with four digits",
        r"Write a backslash itself as \\.",
    )


def _well_formed(text: str) -> str:
    r"""Join the halves of characters that were escaped as two, as Java does."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def to_map(items: list[Any]) -> dict[str, Any]:
    """Return the map that has these keys and values, one after the other."""
    if len(items) & 1:
        raise Unreadable(
            f"a map whose last key, {brief(items[-1])}, has no value",
            "a value for every key",
            "Write nil where there is none.",
        )
    keys = items[::2]
    try:
        "".join(keys)  # The cheapest question whether all of them are strings.
    except TypeError:
        keys = [key if isinstance(key, str) else _json(key) for key in keys]
    mapping = dict(zip(keys, items[1::2], strict=True))
    if len(mapping) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Unreadable(
            f"the key {brief(twice)} twice in one map",
            "every key once",
            "Keys are compared as JSON has them: :a is the same as "
            '"a", and 0 the same as "0". Take one out or rename it.',
        )
    return mapping


def to_set(items: list[Any]) -> list[Any]:
    """Return the elements of a set in an order that does not depend on the file's."""
    kinds = set(map(type, items))
    if len(kinds) == 1 and kinds <= {int, float, str}:
        return sorted(items)
    return sorted(items, key=_rank)


def _rank(value: Any) -> tuple[int, Any]:
    if isinstance(value, int | float):
        return (1, value)
    if isinstance(value, str):
        return (2, value)
    return (0 if value is None else 3, _json(value))


def _json(value: Any) -> str:
    try:
        return msgspec.json.encode(value, order="deterministic").decode()
    except RecursionError as error:
        raise Unreadable(
            "a key of a map, or an element of a set, that nests too deeply",
            "keys and elements of a few hundred levels at most",
            "Print it in some flatter form.",
        ) from error


def quote(text: str) -> str:
    """Return text as it stands in a message, cut if it is long."""
    if len(text) > _QUOTED_CHARACTERS:
        text = text[:_QUOTED_CHARACTERS] + "…"
    return f"`{text}`"


def brief(value: Any) -> str:
    """Return a value as it stands in a message."""
    try:
        return quote(msgspec.json.encode(value).decode())
    except RecursionError:
        return "a deeply nested form"
