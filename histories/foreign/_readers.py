"""What reads each of the formats. Imported when the first history is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from histories._jsonl import read_columns

from ._edn import read_keyed_operations, read_operations
from ._json import read_json
from ._loaded import Parsed
from ._log import read_log
from ._transactions import read_transactions


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._source import Source


def _read_json_lines(source: Source) -> Parsed:
    columns, warnings = read_columns(source.file, source.name)
    return Parsed(columns, warnings=warnings)


READERS: Mapping[str, Callable[[Source], Parsed]] = {
    "jsonl": _read_json_lines,
    "jepsen-edn": read_operations,
    "jepsen-json": read_json,
    "knossos-edn": read_operations,
    "porcupine-jepsen-log": read_log,
    "porcupine-kv-log": read_keyed_operations,
    "awdit": read_transactions,
}
"""Readers by the names in `FORMATS`."""
