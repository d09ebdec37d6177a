"""Runs of the corpus whose history alone counts are what naive renderings say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from harness.cases import CORPUS, find_cases, read_case

from .test_counter_oracle import Oracle as Counters
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


CASES = {
    path.relative_to(CORPUS).as_posix(): case
    for path in find_cases(CORPUS)
    for case in [read_case(path)]
    if case.check.workload in {*COUNTERS, *SETS} and _is_plain(case)
}


def _operations(case: Case) -> list[Operation]:
    found = list(case.events().operations())
    return [
        msgspec.structs.replace(one, f="add") if one.f == "broadcast" else one
        for one in found
    ]


@pytest.mark.parametrize("name", sorted(CASES))
def test_anomalies_are_those_of_the_naive_rendering(name: str) -> None:
    """Each name is one of an enumeration, and all of these are there."""
    case = CASES[name]
    operations = _operations(case)
    failing, noted = set(case.found.anomalies), set(case.found.noted)
    if case.check.workload in SETS:
        sets = Sets(operations)
        assert sets.names() <= failing | noted <= sets.names() | sets.also()
        return
    if sum(each.f == "add" for each in operations) > MOST:
        return
    grow_only = COUNTERS[case.check.workload or ""]
    assert failing == Counters(operations, grow_only=grow_only).names()
