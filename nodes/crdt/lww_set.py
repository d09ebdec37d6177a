"""The last-writer-wins element set: whether an element is in is a register."""

from __future__ import annotations

from .g_set import identity
from .lww_register import LWWRegister
from .register_map import RegisterMap


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any


class LWWElementSet(RegisterMap):
    """A set of JSON values; of an add and a remove at once the later by the clock stays.

    So an add may lose against a remove that has not seen it. Elements come and go any
    number of times. Immutable; `add` and `remove` return deltas.

    >>> s = LWWElementSet().add("n1", "apple", 5)
    >>> s.elements, s.merge(s.remove("n2", "apple", 6)).elements
    (['apple'], [])
    """

    __slots__ = ()

    kind = LWWRegister

    @property
    def elements(self) -> list[Any]:
        """The elements, each once, in an order that depends on nothing else."""
        values = [self.registers[key].value for key in sorted(self.registers)]
        return [element for element, is_in in values if is_in]

    def add(self, actor: str, element: Any, time: int) -> LWWElementSet:
        """Return the delta of an add at a time by the actor's clock."""
        return self._write(actor, element, time, is_in=True)

    def remove(self, actor: str, element: Any, time: int) -> LWWElementSet:
        """Return the delta of a remove at a time by the actor's clock."""
        return self._write(actor, element, time, is_in=False)

    def _write(
        self, actor: str, element: Any, time: int, *, is_in: bool
    ) -> LWWElementSet:
        key = identity(element)
        return self.put(key, self.get(key).write(actor, [element, is_in], time))
