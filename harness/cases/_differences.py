"""What has changed between what a case says and what is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec


if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._case import Found


class Difference(msgspec.Struct, frozen=True):
    """One thing that is not as a case says.

    Attributes:
        what: `verdict`, `model …` or `anomaly …`; `case` for one that is unreadable.
        expected: What the case says.
        found: What is found now.
    """

    what: str
    expected: str
    found: str


def differences(expected: Found, found: Found) -> tuple[Difference, ...]:
    """Return what has changed, the verdict first; nothing if all is as it was."""
    return tuple(_differences(expected, found))


def _differences(expected: Found, found: Found) -> Iterator[Difference]:
    was, now = _verdict(expected), _verdict(found)
    if was != now:
        yield Difference("verdict", was, now)
    for name in expected.models | found.models:
        before = expected.models.get(name, "not judged")
        after = found.models.get(name, "not judged")
        if before != after:
            yield Difference(f"model {name}", before, after)
    names = (expected.anomalies, expected.noted, found.anomalies, found.noted)
    for name in sorted({name for some in names for name in some}):
        role, new_role = _role(name, expected), _role(name, found)
        if role != new_role:
            yield Difference(f"anomaly {name}", role, new_role)


def _verdict(found: Found) -> str:
    reason = f" ({found.reason.value})" if found.reason is not None else ""
    return found.verdict.value + reason


def _role(name: str, found: Found) -> str:
    if name in found.anomalies:
        return "fails"
    return "noted" if name in found.noted else "absent"
