"""Elements of sets: any JSON, equal only if their types are equal too.

Python takes 1, 1.0 and True for the same key, and cannot hash lists. Elements are
therefore compared by keys: integers and strings stand for themselves, and everything
else for its JSON text with sorted keys.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

from ._wording import shown


Key: TypeAlias = "int | str | tuple[bytes]"

_PLAIN = {int, str}


def key_of(value: Any) -> Key:
    """Return what an element is compared by.

    >>> key_of(1) == key_of(True), key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1})
    (False, True)
    """
    if type(value) in _PLAIN:
        return value  # type: ignore[no-any-return] # checked in the line above
    return (msgspec.json.encode(value, order="deterministic"),)


def comparable(values: list[Any]) -> list[Key] | set[Key]:
    """Return the keys of the elements: the list itself if they are their own keys."""
    return values if _PLAIN.issuperset(map(type, values)) else set(map(key_of, values))


def keys_of(values: list[Any]) -> list[Key]:
    """Return the key of each element: the list itself if they are their own keys."""
    return values if _PLAIN.issuperset(map(type, values)) else list(map(key_of, values))


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal, types included.

    >>> same([1, "a"], [1, "a"]), same(1, 1.0), same(1, True)
    (True, False, False)
    """
    return key_of(left) == key_of(right)


def text_of(key: Key) -> str:
    """Return an element as JSON text, for a sentence."""
    return shown(msgspec.json.decode(key[0]) if isinstance(key, tuple) else key)
