"""Histories as tables, for statistics and for other programs."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ._files import replacing
from ._operation import Operation


if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from ._history import History


_BATCH = 100_000
_NS_PER_MS = 1e6
_ENCODER = msgspec.json.Encoder()


def operations_frame(history: History) -> pl.DataFrame:
    """Return what `History.frame` promises."""
    import polars as pl

    schema = {
        "index": pl.Int64(),
        "process": pl.Int64(),
        "node": pl.String(),
        "f": pl.String(),
        "input": pl.String(),
        "output": pl.String(),
        "status": pl.Enum(["ok", "fail", "info"]),
        "end": pl.Int64(),
        "start_time": pl.Int64(),
        "end_time": pl.Int64(),
        "error": pl.String(),
        "final": pl.Boolean(),
    }
    frames = [pl.DataFrame(schema=schema)]
    operations = history.operations()
    while batch := list(islice(operations, _BATCH)):  # Only so many are ever objects.
        frames.append(pl.DataFrame(_as_columns(batch), schema=schema))
    return pl.concat(frames).with_columns(
        latency_ms=(pl.col("end_time") - pl.col("start_time")) / _NS_PER_MS
    )


def write_parquet(history: History, path: Path | str) -> None:
    """Write the operations as a Parquet file, replacing it at once when complete."""
    with replacing(Path(path)) as draft:
        history.frame().write_parquet(draft)


def _as_columns(operations: list[Operation]) -> dict[str, Sequence[Any]]:
    rows = map(msgspec.structs.astuple, operations)
    columns: dict[str, Sequence[Any]] = dict(
        zip(Operation.__struct_fields__, zip(*rows, strict=True), strict=True)
    )
    del columns["start"]
    for name, as_text in (("input", _json), ("output", _json), ("error", _text)):
        columns[name] = list(map(as_text, columns[name]))
    return columns


def _json(value: Any) -> str | None:
    return None if value is None else _ENCODER.encode(value).decode()


def _text(error: Any) -> str | None:
    return error if isinstance(error, str) else _json(error)
