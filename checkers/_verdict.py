"""Verdicts, anomalies and results: what every checker returns."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, Literal

import msgspec


if TYPE_CHECKING:
    from collections.abc import Iterable


class Verdict(enum.Enum):
    """Three-valued: VALID is earned, INVALID is proven, the rest is UNKNOWN."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class Reason(enum.Enum):
    """Why a verdict is UNKNOWN."""

    TIMEOUT = "timeout"
    MEMORY = "memory"
    VACUOUS = "vacuous"
    UNSUPPORTED = "unsupported"
    MALFORMED = "malformed"
    CRASHED = "crashed"


class Measure(msgspec.Struct, frozen=True):
    """A number that `--assert` can compare.

    Attributes:
        value: The number; None where there was nothing to measure.
        unit: `ms` for durations, `/s` for rates, empty for counts and ratios.
    """

    value: float | int | None
    unit: Literal["", "ms", "/s"] = ""


class Anomaly(msgspec.Struct, frozen=True, kw_only=True):
    """One violation, or one remarkable fact, with its witness.

    Attributes:
        name: A key of `checkers.ANOMALIES`.
        sentence: What happened, with operations and values, in plain English.
        operations: Invocation indices of the operations that show it.
        data: The facts of the sentence, for other renderings.
        fails: False for a fact that is reported without failing the check.
    """

    name: str
    sentence: str
    operations: tuple[int, ...] = ()
    data: dict[str, Any] = {}
    fails: bool = True


class Result(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a checker found.

    Attributes:
        checker: Name of the checker.
        verdict: The verdict.
        summary: One plain sentence that says what was found.
        reason: Why the verdict is UNKNOWN; None otherwise.
        anomalies: Found anomalies; a bounded number of examples of each name.
        measures: Numbers that assertions may use, by kebab-case name.
        statistics: Facts for the report: JSON values, by kebab-case name.
        assumes: Contracts that the verdict relies on, a sentence each.
        complete: Whether VALID means that no violation of what is checked exists.
        parts: Results of composed checkers, by name.
    """

    checker: str
    verdict: Verdict
    summary: str
    reason: Reason | None = None
    anomalies: tuple[Anomaly, ...] = ()
    measures: dict[str, Measure] = {}
    statistics: dict[str, Any] = {}
    assumes: tuple[str, ...] = ()
    complete: bool = False
    parts: dict[str, Result] = {}


_PRIORITY = (Verdict.VALID, Verdict.UNKNOWN, Verdict.INVALID)


def merge_verdicts(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst verdict: INVALID over UNKNOWN over VALID.

    Nothing to merge is UNKNOWN: VALID is never a default.
    """
    return max(verdicts, key=_PRIORITY.index, default=Verdict.UNKNOWN)
