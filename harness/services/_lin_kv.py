"""A linearizable key-value store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._request import Value, execute, parse_request


if TYPE_CHECKING:
    from random import Random


class LinKv:
    """A linearizable store: every request executes on the newest state."""

    def __init__(self) -> None:
        self._values: dict[str | int | bytes, Value] = {}

    def handle(self, src: str, body: dict[str, Any], rng: Random) -> dict[str, Any]:
        """Execute one request; `src` and `rng` make no difference."""
        del src, rng
        request = parse_request("lin-kv", body)
        if isinstance(request, dict):
            return request
        key = request.key.identity
        reply, written = execute(request, self._values.get(key))
        if written is not None:
            self._values[key] = written
        return reply
