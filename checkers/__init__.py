"""From a history to a verdict with its anomalies and witnesses."""

from __future__ import annotations

from ._verdict import Anomaly, Measure, Reason, Result, Verdict, merge_verdicts


__all__ = [
    "Anomaly",
    "Measure",
    "Reason",
    "Result",
    "Verdict",
    "merge_verdicts",
]
