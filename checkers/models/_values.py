"""Values of operations, frozen: hashable, and equal only if equal as JSON.

Python takes 1, 1.0 and True for the same key of a dictionary and cannot hash lists.
A model keeps values in its states, so they are frozen first: integers, strings and
None stand for themselves, a list becomes a tuple of frozen values, and the types
below stand for all that Python would confuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec


if TYPE_CHECKING:
    from collections.abc import Sequence


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


MOST_SHOWN = 72
"""Characters of a text that a sentence can take; of more, the middle is left out."""

_TAIL = 24
_MOST_ITEMS = 3
_BEGIN, _END = 10, 3


def clipped(text: str, limit: int = MOST_SHOWN) -> str:
    """Return a text, without its middle if it is longer than the limit.

    >>> clipped("0123456789" * 3, 16)
    '0123456789… 6789'
    """
    if len(text) <= limit:
        return text
    tail = min(_TAIL, limit // 4)
    return f"{text[: limit - tail - 2]}… {text[-tail:]}"


def shown_items(items: Sequence[Frozen]) -> str:
    """Return elements as text: of many, those at both ends and how many they are.

    >>> shown_items((1, 2, 3)), shown_items(tuple(range(1000)))
    ('1,2,3', '0,1,2,3,4,5,6,7,8,9,…,997,998,999 (1000 in all)')
    """
    if len(items) <= _BEGIN + _END:
        text = ",".join(map(shown, items))
        if len(text) <= MOST_SHOWN or len(items) == 1:
            return clipped(text)
    room = MOST_SHOWN // 2
    first = _fitting(items[:_BEGIN], room)
    last = _fitting(items[max(len(first), len(items) - _END) :][::-1], room // 2)
    return ",".join([*first, "…", *reversed(last)]) + f" ({len(items)} in all)"


def shown_some(items: Sequence[Frozen]) -> str:
    """Return a few elements as prose lists them.

    >>> shown_some([1]), shown_some([1, 2]), shown_some(range(9))
    ('1', '1 and 2', '0, 1, 2 and 6 more')
    """
    texts = [clipped(shown(item), MOST_SHOWN // 2) for item in items[:_MOST_ITEMS]]
    if len(items) > _MOST_ITEMS:
        texts.append(f"{len(items) - _MOST_ITEMS} more")
    return " and ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))


def _fitting(items: Sequence[Frozen], room: int) -> list[str]:
    """Return the first elements as texts, as many as there is room for; one at least."""
    found: list[str] = []
    for item in items:
        text = clipped(shown(item), MOST_SHOWN // 2)
        if found and sum(map(len, found)) + len(text) > room:
            break
        found.append(text)
    return found
