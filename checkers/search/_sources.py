"""Rules 5 and 8 along chains, of registers: who makes and who seeks which value.

Rule 5, *idle writes*. A write of a value that nobody ever sees, over a value that
nobody seeks any more, changes nothing for anyone, and is put in the order at once. Not
so if a failed cas of the register may have to be saved from some value by any write.

Rule 8, *lookahead*. A value that is written once is there until the next write, and
those who have seen it must come before. If they cannot all be there, because one is far
behind in its chain, the write has to wait, and a search that does not know will try
everything else that can be done after it. So a write is not tried that takes away a
value which an operation that must come wants to find, if nothing can make that value
again: nothing in another chain, nothing before that operation in its own, and nothing
open.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from ._automata import ProductAutomaton
from ._problem import KIND_CAS, KIND_FAILED_CAS, KIND_READ, KIND_WRITE, RegistersView


if TYPE_CHECKING:
    from ._chains import Chains


class _Value:
    """One value of one register: who makes it and who has to find it, by chain.

    Attributes:
        makers: Chains, and where in them it is made, ascending.
        seekers: Chains, and where in them it has to be found, ascending.
        open_makers: The bits of open operations that make it.
        open_seekers: The bits of open operations that need it.
    """

    __slots__ = ("makers", "open_makers", "open_seekers", "seekers")

    def __init__(self) -> None:
        self.makers: dict[int, list[int]] = {}
        self.seekers: dict[int, list[int]] = {}
        self.open_makers = 0
        self.open_seekers = 0

    def has_seekers(self) -> bool:
        """Return whether anyone ever has to find it, or does something with it."""
        return bool(self.seekers) or self.open_seekers != 0

    def is_sought(self, fronts: list[int], used: int) -> bool:
        """Return whether someone may still have to find it, or do something with it."""
        return self.open_seekers & ~used != 0 or any(
            places[-1] >= fronts[chain] for chain, places in self.seekers.items()
        )

    def can_be_found(self, fronts: list[int], used: int) -> bool:
        """Return whether all that seek it may find it, although it is not there."""
        if self.open_makers & ~used:
            return True
        makers = [
            chain
            for chain, places in self.makers.items()
            if places[-1] >= fronts[chain]
        ]
        if len(makers) > 1:
            return True
        for chain, places in self.seekers.items():
            at = bisect_left(places, fronts[chain])
            if at == len(places) or (makers and makers[0] != chain):
                continue
            if not makers:
                return False
            made = self.makers[chain]
            if made[bisect_left(made, fronts[chain])] > places[at]:
                return False
        return True


class Sources:
    """The values of the registers that a problem is about.

    Attributes:
        unseen: By class: whether it writes a value that nobody ever sees, to a
            register without failed cas.
    """

    __slots__ = ("_made", "_part_state", "_values_of", "unseen")

    def __init__(self, chains: Chains) -> None:
        problem = chains.problem
        view = problem.register or problem.registers
        assert view is not None, "the problem is about registers"
        count = len(view.kind)
        key_of = view.key if isinstance(view, RegistersView) else [0] * count
        values: dict[int, dict[int, _Value]] = {key: {} for key in key_of}
        self._values_of = [values[key] for key in key_of]
        self._made: list[int | None] = [
            {KIND_WRITE: a, KIND_CAS: b}.get(kind)
            if kind != KIND_CAS or a != b
            else None
            for kind, a, b in zip(view.kind, view.a, view.b, strict=True)
        ]
        automaton = problem.automaton
        self._part_state = (
            automaton.part_state if isinstance(automaton, ProductAutomaton) else None
        )
        for chain, mates in enumerate(chains.chains):
            for place, i in enumerate(mates[:-1]):
                cls = problem.classes[i]
                made = self._made[cls]
                if view.kind[cls] in {KIND_READ, KIND_CAS}:
                    sought = self._value(cls, view.a[cls]).seekers
                    sought.setdefault(chain, []).append(place)
                if made is not None:
                    makers = self._value(cls, made).makers
                    makers.setdefault(chain, []).append(place)
        for cls, opens in chains.opens.items():
            made = self._made[cls]
            assert made is not None, "pure open operations are left out"
            for one in opens:
                self._value(cls, made).open_makers |= one.bit
                if view.kind[cls] == KIND_CAS:
                    self._value(cls, view.a[cls]).open_seekers |= one.bit
        watched = {
            key_of[cls] for cls in range(count) if view.kind[cls] == KIND_FAILED_CAS
        }
        self.unseen = [
            view.kind[cls] == KIND_WRITE
            and key_of[cls] not in watched
            and not self._value(cls, view.a[cls]).has_seekers()
            for cls in range(count)
        ]

    def is_idle(self, cls: int, state: int, fronts: list[int], used: int) -> bool:
        """Return whether a write of a value that nobody sees replaces one like that."""
        if not self.unseen[cls]:
            return False
        there = state if self._part_state is None else self._part_state(state, cls)
        value = self._values_of[cls].get(there)
        return value is None or not value.is_sought(fronts, used)

    def takes_away(self, cls: int, state: int, fronts: list[int], used: int) -> bool:
        """Return whether an operation takes away what must be found and cannot come.

        Fronts and used operations are those after it, the state is that before it.
        """
        made = self._made[cls]
        there = state if self._part_state is None else self._part_state(state, cls)
        if made is None or made == there:
            return False
        value = self._values_of[cls].get(there)
        return value is not None and not value.can_be_found(fronts, used)

    def _value(self, cls: int, value: int) -> _Value:
        return self._values_of[cls].setdefault(value, _Value())
