"""What is left of a history of registers where operations are left out of it.

A write can be left out if no read that is kept shows it: to all that is kept, it might
as well have been replaced. Then a write whose client had seen it has seen what the
client of that one had. A read can be left out although a client wrote after it: what it
showed is then what the client has seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from histories import Event

    from ._keeping import Group


class Registers:
    """Knows the writes and reads of a history."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._writes: dict[bytes, Group] = {}
        self._reads: list[Group] = []
        self._ended: dict[int, Group] = {}
        for group in groups:
            if group[0].f == "write" and isinstance(group[0].value, dict):
                self._writes[_name(group[0].value, group[0].value.get("value"))] = group
            elif group[0].f == "read" and group[-1].type == "ok":
                self._reads.append(group)
            self._ended[group[-1].index] = group

    def part(self, groups: Sequence[Group]) -> list[Group] | None:
        """Return a part of the history that stands by itself; None if it does not."""
        kept = {group[0].index for group in groups}
        for read in self._reads:
            if read[0].index in kept:
                shown = map(self._writes.get, _shown(read))
                if any(
                    write is not None and write[0].index not in kept for write in shown
                ):
                    return None
        return [tuple(self._retold(event, kept) for event in group) for group in groups]

    def _retold(self, event: Event, kept: set[int]) -> Event:
        """Return an event whose client has seen what is kept."""
        value = event.value
        if event.f != "write" or not isinstance(value, dict) or "seen" not in value:
            return event
        told = list(dict.fromkeys(self._stand_for(value["seen"], kept, set())))
        if told == value["seen"]:
            return event
        return msgspec.structs.replace(event, value={**value, "seen": told})

    def _stand_for(
        self, seen: Iterable[int], kept: set[int], met: set[int]
    ) -> Iterator[int]:
        """Yield the replies that tell what others told that are left out.

        Of a write without an ok reply nothing but a read can tell: then what is left is
        malformed, and fails by nothing.
        """
        for index in seen:
            group = self._ended.get(index)
            if group is None or group[0].index in kept:
                yield index
            elif index not in met:
                met.add(index)
                yield from self._stand_for(self._told(group), kept, met)

    def _told(self, group: Group) -> list[int]:
        """Return the replies that together tell what a reply told, but for itself."""
        if group[0].f == "write":
            return list(group[0].value.get("seen", ()))
        writes = [self._writes.get(name) for name in _shown(group)]
        return [write[-1].index for write in writes if write is not None]


def _shown(read: Group) -> list[bytes]:
    """Return the names of the writes that a read shows."""
    told = read[-1].value
    values = told.get("values") if isinstance(told, dict) else None
    if not isinstance(values, list):
        return []
    return [
        _name(told, entry.get("value")) for entry in values if isinstance(entry, dict)
    ]


def _name(about: Mapping[str, Any], value: Any) -> bytes:
    return msgspec.json.encode((about.get("key"), value), order="deterministic")
