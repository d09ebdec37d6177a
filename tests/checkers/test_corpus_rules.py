"""Runs of the corpus whose history alone counts are what naive renderings say of them.

Counters and sets that grow in every respect; sets with removals and carts by their final
reads, for which all is tried that removals may have observed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from harness.cases import CORPUS, find_cases, read_case

from .test_cart_oracle import Deed as CartDeed
from .test_cart_oracle import possible as cart_possible
from .test_counter_oracle import Oracle as Counters
from .test_or_set_oracle import Deed, possible
from .test_set_oracle import Oracle as Sets


if TYPE_CHECKING:
    from harness.cases import Case
    from histories import Operation

MOST = 12
"""Additions whose sums are enumerated."""

COUNTERS = {"g-counter": True, "pn-counter": False}
"""Whether a counter only grows, by workload."""

SETS = {"g-set", "broadcast"}


def _is_plain(case: Case) -> bool:
    """Whether nothing counts but what clients have seen, all of it of the right type."""
    check = case.check
    return not (
        case.journal
        or "type-error" in case.found.anomalies
        or case.outcome
        or check.consistency_models
        or check.assertions
        or case.found.reason is not None
        or any(event["process"] == "nemesis" for event in case.history)
    )


PLAIN = {
    path.relative_to(CORPUS).as_posix(): case
    for path in find_cases(CORPUS)
    for case in [read_case(path)]
    if case.check.workload is not None and _is_plain(case)
}
CASES = [
    name for name, case in PLAIN.items() if case.check.workload in {*COUNTERS, *SETS}
]
GUARANTEES = {"read-your-writes", "monotonic-reads"}
"""What sessions are promised, of which these renderings know nothing."""

REMOVING = {"or-set": "element", "shopping-cart": "item"}
"""What is added and removed, by workload."""

ENDS = [name for name, case in PLAIN.items() if case.check.workload in REMOVING]


def _operations(case: Case) -> list[Operation]:
    found = list(case.events().operations())
    return [
        msgspec.structs.replace(one, f="add") if one.f == "broadcast" else one
        for one in found
    ]


@pytest.mark.parametrize("name", CASES)
def test_anomalies_are_those_of_the_naive_rendering(name: str) -> None:
    """Each name is one of an enumeration, and all of these are there."""
    case = PLAIN[name]
    operations = _operations(case)
    failing, noted = set(case.found.anomalies), set(case.found.noted) - GUARANTEES
    if case.check.workload in SETS:
        failing -= GUARANTEES
        sets = Sets(operations)
        assert sets.names() <= failing | noted <= sets.names() | sets.also()
        return
    if sum(each.f == "add" for each in operations) > MOST:
        return
    grow_only = COUNTERS[case.check.workload or ""]
    assert failing == Counters(operations, grow_only=grow_only).names()


@pytest.mark.parametrize("name", ENDS)
def test_what_is_left_in_the_end_can_be(name: str) -> None:
    """If not, the case fails. Tags and earlier reads may show more than that."""
    case = PLAIN[name]
    operations = list(case.events().operations())
    finals = [each for each in operations if each.final and each.status == "ok"]
    if case.check.workload == "or-set":
        wrong = any(_is_wrong_set(operations, read) for read in finals)
    else:
        wrong = any(_is_wrong_cart(operations, read) for read in finals)
    assert case.found.anomalies or not wrong


def _ends(operations: list[Operation], part: str, one: object) -> list[tuple[Any, ...]]:
    """Return adds and removes of something as deeds of the oracles."""
    return [
        (
            each.f,
            each.node,
            each.start,
            10**6 if each.end is None else each.end,
            each.status,
            each.input,
        )
        for each in operations
        if each.f in {"add", "remove"} and each.input[part] == one
    ]


def _is_wrong_set(operations: list[Operation], read: Operation) -> bool:
    elements = {each.input["element"] for each in operations if each.f == "add"}
    return any(
        (element in read.output)
        not in possible(
            [Deed(*deed[:5]) for deed in _ends(operations, "element", element)]
        )
        for element in elements
    )


def _is_wrong_cart(operations: list[Operation], read: Operation) -> bool:
    shown = {one["item"]: one["qty"] for one in read.output["items"]}
    for item in {each.input["item"] for each in operations if each.f == "add"}:
        deeds = []
        for f, node, begin, end, status, value in _ends(operations, "item", item):
            power = (value.get("qty", 1).bit_length() - 1) // 2
            deeds.append(CartDeed(f, item, power, node, begin, end, status))
        left = shown.get(item, 0)
        for add, there in cart_possible(deeds, by_journal=False):
            if bool(left >> 2 * add.power & 1) not in there:
                return True
    return False
