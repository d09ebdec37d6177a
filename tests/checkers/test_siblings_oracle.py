"""Final reads of a register against the specification itself, by brute force."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.registers import check_siblings
from histories import Event, History


def drawn(rng: Random) -> tuple[History, bool]:
    """Return writes with contexts and one final read, and whether it can be."""
    count = rng.randrange(1, 7)
    events: list[Event] = []
    status: list[str] = []
    above: list[set[int]] = []
    told: list[int] = []
    for row in range(count):
        sources = [other for other in range(row) if rng.random() < 0.35]
        sources = [other for other in sources if status[other] != "fail"]
        status.append(rng.choice(("ok", "ok", "ok", "info", "fail")))
        above.append({row}.union(*(above[other] for other in sources)))
        value = {
            "key": "k",
            "value": row,
            "context": {"x": 1},
            "seen": [told[other] for other in sources],
        }
        put(events, row, "write", value, value, status[row])
        if status[row] == "info":  # whoever has seen it was told by a read
            answer = {"key": "k", "values": [{"value": row}]}
            put(events, 50 + row, "read", {"key": "k"}, answer, "ok")
        told.append(len(events) - 1)
    shown = [row for row in range(count) if rng.random() < 0.5]
    answer = {"key": "k", "values": [{"value": row} for row in shown]}
    put(events, count, "read", {"key": "k"}, answer, "ok", final=True)
    return History.from_events(events), explained(shown, status, above)


def put(
    events: list[Event],
    process: int,
    f: str,
    value: Any,
    output: Any,
    status: Any,
    *,
    final: bool = False,
) -> None:
    """Append an operation on a node of its own."""
    for type_, what in (("invoke", value), (status, output)):
        events.append(
            Event(
                index=len(events),
                time=len(events),
                type=type_,
                process=process,
                f=f,
                value=what,
                node=f"n{process}",
                final=final,
            )
        )


def explained(shown: list[int], status: list[str], above: list[set[int]]) -> bool:
    """Whether some of the indeterminate writes, with the others, leave just these."""
    certain = [row for row, one in enumerate(status) if one == "ok"]
    possible = [row for row, one in enumerate(status) if one == "info"]
    for size in range(len(possible) + 1):
        for chosen in combinations(possible, size):
            present = {*certain, *chosen}
            left = {
                row
                for row in present
                if not any(row in above[other] for other in present if other != row)
            }
            if left == set(shown):
                return True
    return False


@given(seed=st.integers(min_value=0, max_value=2**64))
@settings(max_examples=600, deadline=None)
def test_final_reads_are_judged_as_by_the_specification(seed: int) -> None:
    """Sound and complete: an antichain that covers what was acknowledged, or not."""
    compare(Random(seed))


def compare(rng: Random) -> bool:
    """Judge a drawn history both ways; return the verdict."""
    history, expected = drawn(rng)
    result = check_siblings(history)
    failing = [anomaly for anomaly in result.anomalies if anomaly.fails]
    assert (not failing) == expected, (expected, result.anomalies)
    return expected


def test_both_verdicts_come_up() -> None:
    """What is drawn is worth being drawn."""
    verdicts = [compare(Random(seed)) for seed in range(400)]
    assert 40 < sum(verdicts) < 360
