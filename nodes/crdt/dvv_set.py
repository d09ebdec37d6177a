"""A register for writers who say what they have seen: a dotted version vector set."""

from __future__ import annotations

from .dot_store import DotStore


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any

    from .causal_context import CausalContext


class DottedVersionVectorSet(DotStore):
    """The values that nobody has overwritten knowingly.

    A write takes the place of the values that its context covers, and of no others,
    wherever it is made. The new value has a dot, which is a name for it alone. A plain
    vector with an entry for each node can't say that: a write with an empty context
    gets a clock above all earlier clocks of its node, and seems to have seen them.

    >>> register = DottedVersionVectorSet()
    >>> blind = register.seen
    >>> register = register.merge(register.write("n1", "a", blind))
    >>> register = register.merge(register.write("n1", "b", blind))
    >>> register.values
    ['a', 'b']
    >>> register.merge(register.write("n2", "c", register.seen)).values
    ['c']
    """

    __slots__ = ()

    def write(
        self, actor: str, value: Any, context: CausalContext
    ) -> DottedVersionVectorSet:
        """Return the delta of a write by someone who has seen what is in a context.

        The delta covers the whole context, also what has not arrived here yet.
        """
        name = self.seen.next_dot(actor)
        return DottedVersionVectorSet({name: value}, context.include(name))

    @property
    def values(self) -> list[Any]:
        """The values, several if there were concurrent writes, in order of their dots."""
        return list(self.encode()["live"].values())
