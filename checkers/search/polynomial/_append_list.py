"""A list that grows at its end, with unique elements: exact and linear for any order.

Source: none; it is a register of lengths with unique values (see `_zones`), of which
all clusters but the last are one chain. Appends that were seen are what a read of the
whole list tells apart, as in Kingsbury and Alvaro, Elle, VLDB 2020.

The longest list that was read says in which order its elements were appended; every
other read has to be of a prefix of it. So the order of all of these is fixed: the reads
of the first list, an append, the reads of what it has led to, and so on. Behind them
come appends that nobody has seen, by call. Open ones of these are left out. What has no
choice is right if it keeps the order asked for.

Answers None for anything but an append list, and where an element that was read was
appended twice, or was in the list at first and was appended.

Violations, with their operations:

* `never-appended`: a read with an element that nobody appended, or with one twice;
* `disagree`: two reads, neither of which is a prefix of the other; or one that does not
  begin as the list did at first;
* `against-order`: two operations of which the first must come before the second, though
  what was read says the opposite; `reason` is `real-time` or `program-order`.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from checkers import kernel
from checkers.models import AppendList, shown
from checkers.search._order import Answer, openings
from checkers.search._problem import OPEN

from ._answers import no, yes
from ._insertion import insert_anywhere


if TYPE_CHECKING:
    from checkers.models import Call, Frozen
    from checkers.search._order import Order
    from checkers.search._problem import Problem


METHOD = "append-list"

LEFT_OUT = -1

AGAINST = {"against-time": "real-time", "against-program": "program-order"}
"""Violations of the kernel, and what they are here."""


def test(problem: Problem, order: Order) -> Answer | None:
    """Return whether a list of unique elements has a witness; see the module."""
    automaton, table = problem.automaton, problem.table
    if table is None or not isinstance(automaton.model, AppendList):
        return None
    calls = {cls: automaton.call(cls) for cls in sorted(set(problem.classes))}
    initial = automaton.model.initial
    longest = initial
    for call in calls.values():
        if call.f == "read" and call.known and len(call.output) > len(longest):
            longest = call.output
    if kernel.native():
        return _in_kernel(problem, order, calls, longest)
    appends = _appends(problem, calls, initial, longest)
    if appends is None:
        return None
    # By class of reads: the length, or -1 for a list that cannot be.
    lengths = {
        cls: _length(call, initial, longest) if call.f == "read" else 0
        for cls, call in calls.items()
    }
    wrong = _wrong_read(problem, calls, lengths, longest, appends)
    if wrong:
        return wrong
    ranks = [
        appends.get(i, LEFT_OUT) if calls[cls].f == "append" else 2 * lengths[cls]
        for i, cls in enumerate(problem.classes)
    ]
    line = [
        i
        for i, cls in enumerate(problem.classes)
        if ranks[i] != LEFT_OUT and calls[cls].known
    ]
    line.sort(key=ranks.__getitem__)
    wrong = _against_order(problem, order, line)
    if wrong:
        return wrong
    idle = [i for i, cls in enumerate(problem.classes) if not calls[cls].known]
    return yes(METHOD, insert_anywhere(problem, order, line, idle))


def _in_kernel(
    problem: Problem, order: Order, calls: dict[int, Call], longest: tuple[Frozen, ...]
) -> Answer | None:
    initial = problem.automaton.model.initial
    number_of = {element: number for number, element in enumerate(longest, 1)}
    roles = bytearray(len(problem.automaton.pure))
    numbers = array("i", bytes(4 * len(roles)))
    for cls, call in calls.items():
        if call.f == "append":
            numbers[cls] = number_of.get(call.input, 0)
        else:
            roles[cls] = 3 if not call.known else 1 + (call.output == longest)
            numbers[cls] = _length(call, initial, longest)
    said = kernel.Roles(
        roles=roles,
        a=numbers,
        first=array("I", (number_of.get(element, 0) for element in initial)),
        values=len(longest),
    )
    verdict = kernel.decide_by(METHOD, problem, order, said)
    if verdict is None or verdict.outcome == "unfit":
        return None
    if verdict.outcome == "yes":
        return yes(METHOD, verdict.operations)
    facts: dict[str, Any] = {}
    violation = verdict.violation
    if violation == "never-appended":
        facts["element"] = shown(longest[verdict.facts[0] - 1])
    elif violation in AGAINST:
        violation, facts["reason"] = "against-order", AGAINST[violation]
    return no(METHOD, violation, verdict.operations, **facts)


def _appends(
    problem: Problem,
    calls: dict[int, Call],
    initial: tuple[Frozen, ...],
    longest: tuple[Frozen, ...],
) -> dict[int, int] | None:
    """Return, by append, its rank: 2n - 1 for the one to length n, the highest if unseen.

    Reads of length n have the rank 2n. None if an element that was seen is not unique.
    """
    number_of = {element: number for number, element in enumerate(longest, 1)}
    seen = set(initial)
    found = {}
    for i, cls in enumerate(problem.classes):
        if calls[cls].f != "append":
            continue
        element = calls[cls].input
        if element in number_of:
            if element in seen:
                return None
            seen.add(element)
            found[i] = 2 * number_of[element] - 1
        elif problem.returns[i] != OPEN:
            found[i] = 2 * len(longest) + 1
    return found


def _length(
    call: Call, initial: tuple[Frozen, ...], longest: tuple[Frozen, ...]
) -> int:
    """Return the length of the list that was read; -1 if it cannot be a list."""
    if not call.known:
        return 0
    seen = call.output
    is_prefix = seen == longest[: len(seen)]
    return len(seen) if is_prefix and initial == seen[: len(initial)] else -1


def _wrong_read(
    problem: Problem,
    calls: dict[int, Call],
    lengths: dict[int, int],
    longest: tuple[Frozen, ...],
    appends: dict[int, int],
) -> Answer | None:
    """Return a no if reads disagree, or saw what nobody has appended."""
    longest_reads = (
        i
        for i, cls in enumerate(problem.classes)
        if calls[cls].f == "read" and calls[cls].output == longest
    )
    longest_read = next(longest_reads, None)
    for i, cls in enumerate(problem.classes):
        if lengths[cls] < 0:
            both = {i, i if longest_read is None else longest_read}
            return no(METHOD, "disagree", sorted(both))
    seen = {(rank + 1) // 2 for rank in appends.values() if rank < 2 * len(longest)}
    initial = problem.automaton.model.initial
    for number, element in enumerate(longest, 1):
        if number > len(initial) and number not in seen:
            assert longest_read is not None, "only a read has more than was there"
            return no(METHOD, "never-appended", (longest_read,), element=shown(element))
    return None


def _against_order(problem: Problem, order: Order, line: list[int]) -> Answer | None:
    """Return a no if something in an order comes after what it must precede.

    From the end on, whoever returned first stands for all behind, and for all of its
    process.
    """
    opening, returns = openings(problem, order), problem.returns
    first: int | None = None
    first_of: dict[int, int] = {}
    for i in reversed(line):
        if first is not None and returns[first] < opening[i]:
            return no(METHOD, "against-order", (first, i), reason="real-time")
        process = problem.processes[i]
        other = first_of.get(process)
        if (
            order.kind != "real-time"
            and other is not None
            and returns[other] < problem.calls[i]
        ):
            return no(METHOD, "against-order", (other, i), reason="program-order")
        if first is None or returns[i] < returns[first]:
            first = i
        if other is None or returns[i] < returns[other]:
            first_of[process] = i
    return None
