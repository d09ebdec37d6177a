"""A history becomes a table for statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

import histories._frame
from histories import NEMESIS, Event, History, write_parquet


if TYPE_CHECKING:
    from pathlib import Path

    import pytest


HISTORY = History.from_events(
    [
        Event(index=0, time=0, type="invoke", process=0, f="add", value=1, node="n1"),
        Event(index=1, time=500_000, type="invoke", process=1, f="read", final=True),
        Event(index=2, time=600_000, type="info", process=NEMESIS, f="cut"),
        Event(index=3, time=2_500_000, type="info", process=0, f="add", error="lost"),
        Event(
            index=4, time=2_500_000, type="ok", process=1, f="read", value={"a": "b"}
        ),
        Event(index=5, time=3_000_000, type="invoke", process=1, f="add", value="1"),
        Event(index=6, time=4_000_000, type="fail", process=1, f="add", error=[1]),
        Event(index=7, time=5_000_000, type="invoke", process=1, f="read"),
    ]
)

ROWS = [
    (0, 0, "n1", "add", "1", None, "info", None, 0, 2_500_000, "lost", False, 2.5),
    (
        1,
        1,
        None,
        "read",
        None,
        '{"a":"b"}',
        "ok",
        4,
        500_000,
        2_500_000,
        None,
        True,
        2.0,
    ),
    (
        5,
        1,
        None,
        "add",
        '"1"',
        None,
        "fail",
        6,
        3_000_000,
        4_000_000,
        "[1]",
        False,
        1.0,
    ),
    (7, 1, None, "read", None, None, "info", None, 5_000_000, None, None, False, None),
]


def test_a_row_an_operation() -> None:
    """Operations of clients are rows, with values as JSON text and a latency."""
    frame = HISTORY.frame()
    assert frame.rows() == ROWS
    assert frame["status"].dtype == pl.Enum(["ok", "fail", "info"])


def test_batches_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """However operations are divided, the table is the same."""
    monkeypatch.setattr(histories._frame, "_BATCH", 3)
    assert HISTORY.frame().rows() == ROWS


def test_no_operations_give_an_empty_table() -> None:
    """A history without operations has a table with all columns and no row."""
    empty = History.from_events([]).frame()
    assert empty.schema == HISTORY.frame().schema
    assert empty.height == 0


def test_parquet_carries_the_table(tmp_path: Path) -> None:
    """The table is the same after a visit to a Parquet file."""
    write_parquet(HISTORY, tmp_path / "h.parquet")
    assert pl.read_parquet(tmp_path / "h.parquet").equals(HISTORY.frame())
