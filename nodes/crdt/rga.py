"""The replicated growable array: a text that is edited in many places at once."""

from __future__ import annotations

from .dots import dot, is_dot, split


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, TypeAlias

    Insertion: TypeAlias = tuple[str | None, str]


class RGA:
    """A tree of characters: each hangs from the one that it was inserted after.

    The text is a walk through the tree, from left to right: a character, then what
    hangs from it, the newest first. Ids are dots whose count is Lamport's time: greater
    than all that its writer has seen. So what is inserted later at a place comes
    directly after its origin, and what is inserted at one time in two places is in one
    order everywhere, by the actor where the times are equal.

    Deleted characters keep their place, for others hang from them. One whose
    origin has not arrived waits unseen: so deltas may arrive in any order.

    Immutable; `insert` and `delete` return deltas, to be merged. A merge costs a copy,
    and the first look at the text after it time in n log n.

    >>> text = RGA().insert("n1", 0, "H")
    >>> text = text.merge(text.insert("n1", 1, "i"))
    >>> text.merge(text.delete(0)), text.text
    (RGA({'1-n1': (None, 'H'), '2-n1': ('1-n1', 'i')}, ['1-n1']), 'Hi')
    """

    __slots__ = ("_order", "deleted", "inserted")

    def __init__(
        self,
        inserted: Mapping[str, Insertion] | None = None,
        deleted: Iterable[str] = (),
    ) -> None:
        self.inserted: Mapping[str, Insertion] = dict(inserted or {})
        self.deleted = frozenset(deleted)
        self._order: list[str] | None = None

    @classmethod
    def decode(cls, data: Any) -> RGA:
        """Read what `encode` returned; ValueError for anything else."""
        if _is_state(data):
            inserted = {name: (origin, char) for name, origin, char in data["inserted"]}
            return cls(inserted, data["deleted"])
        form = "'inserted', a list of [id, origin, char], and 'deleted', one of ids"
        raise ValueError(f"an RGA is an object of {form}, not {data!r}")

    def encode(self) -> dict[str, Any]:
        """Return the text as JSON data; equal values give equal texts."""
        ids = sorted(self.inserted, key=split)
        return {
            "inserted": [[i, *self.inserted[i]] for i in ids],
            "deleted": sorted(self.deleted, key=split),
        }

    @property
    def order(self) -> list[str]:
        """The ids of all characters whose origins are here, deleted ones included."""
        if self._order is None:
            self._order = self._walk()
        return self._order

    @property
    def visible(self) -> list[str]:
        """The ids of the characters that are to be read."""
        return [name for name in self.order if name not in self.deleted]

    @property
    def text(self) -> str:
        """The characters that are to be read."""
        return "".join(self.inserted[name][1] for name in self.visible)

    @property
    def time(self) -> int:
        """The greatest time in any id."""
        return max((split(name)[0] for name in self.inserted), default=0)

    def by_age(self) -> list[str]:
        """Return the ids of all characters, the oldest first."""
        return sorted(self.inserted, key=split)

    def insert(self, actor: str, position: int, char: str) -> RGA:
        """Return the delta that puts a character before the one at a position.

        Raises:
            IndexError: The text is shorter than that.
        """
        origin = None if position == 0 else self._at(position - 1)
        return RGA({dot(self.time + 1, actor): (origin, char)})

    def delete(self, position: int) -> RGA:
        """Return the delta that deletes the character at a position.

        Raises:
            IndexError: The text is shorter than that.
        """
        return RGA({}, [self._at(position)])

    def merge(self, other: RGA) -> RGA:
        """Return the least text that has seen what either has seen."""
        inserted = {**self.inserted, **other.inserted}
        return type(self)(inserted, self.deleted | other.deleted)

    def __le__(self, other: RGA) -> bool:
        """Tell whether the other has seen all insertions and deletions of this one."""
        return (
            self.inserted.keys() <= other.inserted.keys()
            and self.deleted <= other.deleted
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RGA) and self <= other <= self

    def __hash__(self) -> int:
        return hash((frozenset(self.inserted), self.deleted))

    def __repr__(self) -> str:
        return f"RGA({self.inserted!r}, {sorted(self.deleted, key=split)!r})"

    def _at(self, position: int) -> str:
        if position < 0:
            raise IndexError(f"no position {position}")
        return self.visible[position]

    def _walk(self) -> list[str]:
        below: dict[str | None, list[str]] = {}
        for name in self.by_age():
            below.setdefault(self.inserted[name][0], []).append(name)
        order = []
        stack = below.get(None, [])[:]  # the newest is last, so it is taken first
        while stack:
            order.append(stack.pop())
            stack += below.get(order[-1], [])
        return order


def _is_state(data: Any) -> bool:
    if not isinstance(data, dict):
        return False
    inserted, deleted = data.get("inserted"), data.get("deleted")
    if not isinstance(inserted, list) or not isinstance(deleted, list):
        return False
    return all(map(_is_insertion, inserted)) and all(map(is_dot, deleted))


def _is_insertion(data: Any) -> bool:
    if not isinstance(data, list) or len(data) != 3:
        return False
    name, origin, char = data
    return is_dot(name) and (origin is None or is_dot(origin)) and isinstance(char, str)
