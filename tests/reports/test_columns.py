"""What the page's script is given to draw."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from histories import Operation
from reports._columns import (
    BUCKETS_MAX,
    bucket_width,
    operation_columns,
    quantiles,
    rates,
    timeline_rows,
)
from reports._survey import Survey, survey


MS = 1_000_000


def operation(
    index: int,
    process: int,
    start: int,
    end: int | None,
    *,
    status: str = "ok",
    node: str | None = None,
) -> Operation:
    """Return a read."""
    return Operation(
        index=index,
        process=process,
        node=node,
        f="read",
        input=None,
        output=index if status == "ok" else None,
        status=status,  # type: ignore[arg-type]  # any text that a test asks for
        start=index,
        end=None,
        start_time=start,
        end_time=end,
    )


def surveyed(*operations: Operation) -> Survey:
    """Return the survey of all operations."""
    return survey(operations)


def test_a_client_keeps_its_row_under_new_numbers() -> None:
    """Process 3 of two clients is the second client after a crash, at its node."""
    found = surveyed(
        operation(0, 0, 0, 1, node="n0"),
        operation(1, 1, 0, 1, node="n1"),
        operation(2, 3, 5, 6, node="n1"),
    )
    rows, row_of = timeline_rows(found, concurrency=2)
    assert [(row.label, row.node) for row in rows] == [("0", "n0"), ("1", "n1")]
    assert row_of == {0: 0, 1: 1, 3: 1}


def test_rows_of_a_node_stand_together() -> None:
    """Four clients of two nodes are ordered by node, then by number."""
    found = surveyed(
        *(operation(at, at, 0, 1, node=f"n{at % 2}") for at in range(4)),
    )
    rows, _ = timeline_rows(found, concurrency=4)
    assert [(row.label, row.node) for row in rows] == [
        ("0", "n0"),
        ("2", "n0"),
        ("1", "n1"),
        ("3", "n1"),
    ]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), max_size=30))
def test_processes_in_one_row_do_not_overlap(lives: list[tuple[int, int]]) -> None:
    """Where the concurrency is unknown, a row has one process at a time."""
    found = surveyed(
        *(
            operation(at, at, start, start + length)
            for at, (start, length) in enumerate(lives)
        ),
    )
    _, row_of = timeline_rows(found, concurrency=None)
    for row in set(row_of.values()):
        spans = sorted(
            (start, start + length)
            for at, (start, length) in enumerate(lives)
            if row_of[at] == row
        )
        assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_columns_are_ascending_differences() -> None:
    """Operations come by start, even where the order of the history differs."""
    found = surveyed(
        operation(0, 0, 9 * MS, 10 * MS),
        operation(2, 1, 4 * MS, None, status="info"),
    )
    columns = operation_columns(found, concurrency=2)
    assert columns["start"] == [4000, 5000]
    assert columns["index"] == [2, -2]
    assert columns["duration"] == [-1, 1000]
    assert columns["status"] == "io"


def test_rates_count_every_operation() -> None:
    """Completions are counted when they came, a dangling invocation when it was made."""
    found = surveyed(
        operation(0, 0, 0, 30 * MS),
        operation(2, 1, 0, 1 * MS, status="fail"),
        operation(4, 2, 100 * MS, None, status="info"),
    )
    told = rates(found)
    width = told["width"] * 1000
    assert told["ok"][30 * MS // width] == 1
    assert told["fail"][1 * MS // width] == 1
    assert told["info"][100 * MS // width] == 1
    assert sum(map(sum, (told["ok"], told["fail"], told["info"]))) == 3


def test_a_quantile_needs_enough_operations() -> None:
    """Ten operations have a median, and no 99th of a hundred."""
    found = surveyed(*(operation(at, 0, 0, (at + 1) * MS) for at in range(10)))
    told = quantiles(found)
    assert told["p50"][0] == 5000
    assert told["p99"][0] is None


def test_only_ok_operations_have_quantiles() -> None:
    """Latency of what failed or is unknown says nothing about the service."""
    found = surveyed(*(operation(at, 0, 0, MS, status="fail") for at in range(9)))
    assert set(quantiles(found)["p50"]) == {None}


@given(st.integers(0, 10**16))
def test_buckets_are_bounded(end: int) -> None:
    """However long a run, charts have a bounded number of spans."""
    assert 0 <= end // bucket_width(end) <= BUCKETS_MAX
