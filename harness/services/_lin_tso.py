"""A linearizable timestamp oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nodes.errors import MALFORMED_REQUEST, NOT_SUPPORTED

from .errors import error


if TYPE_CHECKING:
    from random import Random


class LinTso:
    """A timestamp oracle: `ts` gives 0, then 1, 2, ... and no number twice."""

    def __init__(self) -> None:
        self._next = 0

    def handle(self, src: str, body: dict[str, Any], rng: Random) -> dict[str, Any]:
        """Execute one request; `src` and `rng` make no difference."""
        del src, rng
        kind = body.get("type")
        if not isinstance(kind, str):
            return error(MALFORMED_REQUEST, "a request needs a field type, a string")
        if kind != "ts":
            return error(NOT_SUPPORTED, f"lin-tso knows ts, not {kind!r}")
        timestamp = self._next
        self._next += 1
        return {"type": "ts_ok", "ts": timestamp}
