"""Results that no order of all operations explains, found by counting.

Nothing here knows of real time or of processes: what is counted is what came from
where, and how often. So what is found contradicts sequential consistency and all above
it, however long a search for an order would take.

* A read of a register found what nobody wrote.
* A read of a counter is the sum of no choice of adds.
* More was taken out of a queue than was put in, or a lock was acquired more often than
  it was released.
* A set had what nobody added, or lacked what nobody removed.
* Two reads of a list are not the beginning of one another.

Sound, and not complete: nothing found says nothing. Linear, but for sums.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from checkers.counters import subset_sums
from checkers.models import (
    FALSE,
    TRUE,
    AppendList,
    Container,
    GCounter,
    MultiRegister,
    Mutex,
    PnCounter,
    Semaphore,
    Set,
    clipped,
    shown,
)
from checkers.search import OPEN

from ._causes import impossible


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from checkers.models import Call, Frozen
    from checkers.search import Problem


class Unexplained(NamedTuple):
    """Operations whose results no order explains.

    Attributes:
        operations: The operations that returned what cannot be; few of them.
        why: Why: what a sentence goes on with that has cited them.
        is_whole: Whether it is a sentence by itself instead.
    """

    operations: Sequence[int]
    why: str
    is_whole: bool = False


class _Deed(NamedTuple):
    """An operation, what it did, and whether it returned."""

    i: int
    call: Call
    returned: bool


def find_unexplained(problem: Problem) -> Unexplained | None:
    """Return operations that no order explains; None if counting finds none.

    Of several keys as one problem, nothing is found: ask about each.
    """
    if problem.register is not None:
        return _never_written(problem)
    if problem.table is None:
        return None
    model = problem.automaton.model
    for kinds, rule in _RULES:
        if isinstance(model, kinds):
            call = problem.automaton.call
            deeds = [
                _Deed(i, call(cls), end != OPEN)
                for i, (cls, end) in enumerate(
                    zip(problem.classes, problem.returns, strict=True)
                )
            ]
            return rule(problem, deeds)
    return None


def _never_written(problem: Problem) -> Unexplained | None:
    i = impossible(problem)
    if i is None:
        return None
    call = problem.automaton.call(problem.classes[i])
    value = call.input[0] if call.f == "cas" else call.output
    verb = "found" if call.f == "cas" else "returned"
    text = clipped(shown(value))
    return Unexplained((i,), f"{verb} {text}, which nobody had written")


def _no_sum(problem: Problem, deeds: list[_Deed]) -> Unexplained | None:
    initial = problem.automaton.model.initial
    adds = [deed.call.input for deed in deeds if deed.call.f == "add"]
    sums = subset_sums(adds, base=initial)
    for i, call, returned in deeds:
        if call.f == "read" and returned and call.known and call.output not in sums:
            clause = f"returned {call.output}, which is the sum of no choice of adds"
            return Unexplained((i,), clause)
    return None


def _more_taken_than_put(problem: Problem, deeds: list[_Deed]) -> Unexplained | None:
    model = problem.automaton.model
    assert isinstance(model, Container), "that is what the rule is for"
    put = Counter(model.initial)
    taken: dict[Frozen, list[int]] = {}
    for i, call, returned in deeds:
        if call.f == model.inserting:
            put[call.input] += 1
        elif call.known and returned and call.output is not None:
            taken.setdefault(call.output, []).append(i)
    for element, removals in taken.items():
        count = put[element]
        if len(removals) > count:
            text = clipped(shown(element))
            put_in = "never put in" if not count else f"put in {_times(count)}"
            if len(removals) == 1:
                return Unexplained(removals, f"gave {text}, which was {put_in}")
            few = removals[: count + 1]
            return Unexplained(few, f"gave {text}, which was {put_in}")
    return None


def _more_held_than_free(problem: Problem, deeds: list[_Deed]) -> Unexplained | None:
    model = problem.automaton.model
    if isinstance(model, Mutex):
        free, all_of_it = (0 if model.initial else 1), 1
    else:
        free = all_of_it = model.initial
    of: dict[str, list[_Deed]] = {"acquire": [], "release": []}
    for deed in deeds:
        of[deed.call.f].append(deed)
    for f, other, spare in (
        ("acquire", "release", free),
        ("release", "acquire", all_of_it - free),
    ):
        done = [deed for deed in of[f] if deed.returned]
        least = sum(_permits(deed.call) for deed in done)
        most = sum(_permits(deed.call) for deed in of[other])
        if least > most + spare:
            why = (
                f"In all, {f} returned for {least}, and {other} was called for {most} "
                f"at most: as this begins, the former can be {spare} more."
            )
            return Unexplained((done[-1].i,), why, is_whole=True)
    return None


def _permits(call: Call) -> int:
    return 1 if call.input is None else int(call.input)


def _unaccounted_elements(problem: Problem, deeds: list[_Deed]) -> Unexplained | None:
    """Look for elements of a set that came from nowhere, or went there."""
    initial: frozenset[Frozen] = problem.automaton.model.initial
    added = initial.union(
        call.input
        for _, call, _ in deeds
        if call.f not in {"read", "contains", "remove"}
    )
    removed = {call.input for _, call, _ in deeds if call.f == "remove"}
    kept = initial.difference(removed)
    for i, call, returned in deeds:
        if not returned or not call.known:
            continue
        if call.f == "read":
            strange = next((e for e in call.output if e not in added), None)
            if not added.issuperset(call.output):
                text = clipped(shown(strange))
                return Unexplained((i,), f"returned {text}, which nobody added")
            if not kept.issubset(call.output):
                text = clipped(shown(min(kept.difference(call.output), key=shown)))
                return Unexplained((i,), f"lacks {text}, which nobody removed")
        elif call.f == "contains":
            text = clipped(shown(call.input))
            if call.output == TRUE and call.input not in added:
                return Unexplained((i,), f"found {text}, which nobody added")
            if call.output == FALSE and call.input in kept:
                return Unexplained((i,), f"missed {text}, which nobody removed")
    return _changed_too_often(initial, deeds)


def _changed_too_often(
    initial: frozenset[Frozen], deeds: list[_Deed]
) -> Unexplained | None:
    """Look for elements that were added, or removed, more often in a row than once."""
    changed: dict[tuple[Frozen, bool], list[int]] = {}
    possible: Counter[tuple[Frozen, bool]] = Counter()
    for i, call, returned in deeds:
        if call.f in {"read", "contains"} or (call.known and call.output == FALSE):
            continue
        change = call.input, call.f != "remove"
        possible[change] += 1
        if returned and call.known:
            changed.setdefault(change, []).append(i)
    for (element, adds), operations in changed.items():
        spare = int((element in initial) is not adds)
        most = possible[element, not adds] + spare
        if len(operations) > most:
            did, undone = ("added", "removed") if adds else ("removed", "added")
            text = clipped(shown(element))
            clause = (
                f"says that {text} was {did}, as {len(operations)} did in all, and it "
                f"was {undone} {_times(possible[element, not adds])}"
            )
            return Unexplained((operations[-1],), clause)
    return None


def _no_one_list(problem: Problem, deeds: list[_Deed]) -> Unexplained | None:
    initial: tuple[Frozen, ...] = problem.automaton.model.initial
    appended = Counter(initial)
    reads: list[tuple[tuple[Frozen, ...], int]] = []
    for i, call, returned in deeds:
        if call.f == "append":
            appended[call.input] += 1
        elif returned and call.known:
            reads.append((call.output, i))
    reads.sort(key=lambda read: (len(read[0]), read[1]))
    if not reads:
        return None
    longest, last = reads[-1]
    shortest, first = reads[0]
    if shortest[: len(initial)] != initial:
        return Unexplained((first,), "does not begin with what was there at first")
    for (one, i), (other, j) in pairwise(reads):
        if other[: len(one)] != one:
            place = next(
                at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b
            )
            values = clipped(shown(one[place])), clipped(shown(other[place]))
            clause = (
                f"have {values[0]} and {values[1]} in the same place, number "
                f"{place + 1} of a list that only grows"
            )
            return Unexplained((i, j), clause)
    for element, count in Counter(longest).items():
        if count > appended[element]:
            text = clipped(shown(element))
            clause = (
                f"returned {text} {_times(count)}, which was appended "
                f"{_times(appended[element])}"
            )
            return Unexplained((last,), clause)
    return None


def _never_set(problem: Problem, deeds: list[_Deed]) -> Unexplained | None:
    model = problem.automaton.model
    assert isinstance(model, MultiRegister), "that is what the rule is for"
    written = {
        (key, value)
        for _, call, _ in deeds
        for f, key, value in call.input
        if f == "write"
    }
    for i, call, returned in deeds:
        for f, key, value in call.input if returned else ():
            if (
                f == "read"
                and (key, value) not in written
                and value != model.first(key)
            ):
                text = clipped(shown(value))
                clause = f"found {text} in {key}, which nobody had written there"
                return Unexplained((i,), clause)
    return None


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


_RULES: tuple[
    tuple[
        tuple[type, ...],
        Callable[[Problem, list[_Deed]], Unexplained | None],
    ],
    ...,
] = (
    ((GCounter, PnCounter), _no_sum),
    ((Container,), _more_taken_than_put),
    ((Mutex, Semaphore), _more_held_than_free),
    ((Set,), _unaccounted_elements),
    ((AppendList,), _no_one_list),
    ((MultiRegister,), _never_set),
)
