"""Histories as tables, for statistics and for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ._files import replacing


if TYPE_CHECKING:
    import polars as pl

    from ._history import History


_NS_PER_MS = 1e6


def operations_frame(history: History) -> pl.DataFrame:
    """Return one row for each operation, in the order of invocations.

    Columns are the fields of `Operation`, with these differences: `status` is an
    enumeration; `latency_ms` is added, null without a completion; `input`, `output`
    and `error` are JSON text, because values of one history have many types.
    An error that is a string stands as it is.
    """
    import polars as pl

    operations = list(history.operations())
    return pl.DataFrame(
        {
            "index": [operation.index for operation in operations],
            "process": [operation.process for operation in operations],
            "node": [operation.node for operation in operations],
            "f": [operation.f for operation in operations],
            "input": [_json(operation.input) for operation in operations],
            "output": [_json(operation.output) for operation in operations],
            "status": [operation.status for operation in operations],
            "end": [operation.end for operation in operations],
            "start_time": [operation.start_time for operation in operations],
            "end_time": [operation.end_time for operation in operations],
            "error": [_text(operation.error) for operation in operations],
            "final": [operation.final for operation in operations],
        },
        schema={
            "index": pl.Int64,
            "process": pl.Int64,
            "node": pl.String,
            "f": pl.String,
            "input": pl.String,
            "output": pl.String,
            "status": pl.Enum(["ok", "fail", "info"]),
            "end": pl.Int64,
            "start_time": pl.Int64,
            "end_time": pl.Int64,
            "error": pl.String,
            "final": pl.Boolean,
        },
    ).with_columns(
        latency_ms=(pl.col("end_time") - pl.col("start_time")) / _NS_PER_MS,
    )


def write_parquet(history: History, path: Path | str) -> None:
    """Write the operations as a Parquet file, replacing it at once when complete."""
    with replacing(Path(path)) as draft:
        history.frame().write_parquet(draft)


def _json(value: Any) -> str | None:
    return None if value is None else _ENCODER.encode(value).decode()


def _text(error: Any) -> str | None:
    return error if isinstance(error, str) else _json(error)


_ENCODER = msgspec.json.Encoder()
