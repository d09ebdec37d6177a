"""Values of operations, frozen: hashable, and equal only if equal as JSON.

Python takes 1, 1.0 and True for the same key of a dictionary and cannot hash lists.
A model keeps values in its states, so they are frozen first: integers, strings and
None stand for themselves, a list becomes a tuple of frozen values, and the types
below stand for all that Python would confuse.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec


class Boolean(msgspec.Struct, frozen=True):
    """True or false."""

    value: bool


class Float(msgspec.Struct, frozen=True):
    """A number that was written with a fraction or an exponent."""

    value: float


class Object(msgspec.Struct, frozen=True):
    """An object, as the set of its pairs: the order of keys says nothing."""

    pairs: frozenset[tuple[Frozen, Frozen]]


Frozen: TypeAlias = "int | str | tuple[Any, ...] | Boolean | Float | Object | None"
"""A frozen value; the elements of a tuple are frozen."""

PLAIN = frozenset({int, str, type(None)})
"""Types whose values stand for themselves."""

TRUE = Boolean(value=True)
FALSE = Boolean(value=False)


def freeze(value: Any) -> Frozen:
    """Return a value as a key that equals those of equal JSON only.

    Raises:
        TypeError: It is no JSON.

    >>> freeze([1, "a", None])
    (1, 'a', None)
    >>> freeze(1) == freeze(1.0), freeze(1) == freeze(True), freeze([]) == freeze({})
    (False, False, False)
    """
    kind = type(value)
    if kind in PLAIN:
        return value  # type: ignore[no-any-return] # checked in the line above
    if kind is list or kind is tuple:
        if PLAIN.issuperset(map(type, value)):
            return tuple(value)
        return tuple(map(freeze, value))
    if kind is bool:
        return TRUE if value else FALSE
    if kind is float:
        return Float(value)
    if kind is dict:
        return Object(
            frozenset((freeze(key), freeze(item)) for key, item in value.items())
        )
    if kind is Boolean or kind is Float or kind is Object:
        return value  # type: ignore[no-any-return] # is frozen already
    raise TypeError(f"found a value of type {kind.__name__}; expected JSON")


def thaw(value: Frozen) -> Any:
    """Return the JSON value that was frozen.

    >>> thaw(freeze({"a": [1, True, 0.5]}))
    {'a': [1, True, 0.5]}
    """
    if isinstance(value, tuple):
        return list(map(thaw, value))
    if isinstance(value, Boolean | Float):
        return value.value
    if isinstance(value, Object):
        return {thaw(key): thaw(item) for key, item in value.pairs}
    return value


def shown(value: Frozen) -> str:
    """Return a frozen value as JSON text, for a sentence.

    >>> shown(freeze([1, "a", None]))
    '[1,"a",null]'
    """
    return msgspec.json.encode(thaw(value), order="deterministic").decode()
