"""Dots: the names of single updates, `7-n1` for the seventh of the actor `n1`.

An actor is whoever numbers its updates without asking others: mostly a node. A node
that has forgotten its count must go on as another actor, or it would give two
updates one name.
"""

from __future__ import annotations

from functools import lru_cache


CACHED = 1 << 15  # whoever gossips states sees the same dots again and again


def dot(count: int, actor: str) -> str:
    """Return the name of an update."""
    return f"{count}-{actor}"


@lru_cache(maxsize=CACHED)
def split(name: str) -> tuple[int, str]:
    """Return the count and the actor of a dot; ValueError if it is none.

    The pair is also the order of dots: older first, and equal counts by actor.

    >>> sorted(["10-n1", "9-n2", "9-n1"], key=split)
    ['9-n1', '9-n2', '10-n1']
    """
    count, _, actor = name.partition("-")
    if actor and count.isascii() and count.isdigit() and count[0] != "0":
        return int(count), actor
    raise ValueError(f"a dot is a number from 1, a dash and a name, not {name!r}")


def is_dot(name: object) -> bool:
    """Tell whether a JSON value is a dot."""
    try:
        return isinstance(name, str) and bool(split(name))
    except ValueError:
        return False
