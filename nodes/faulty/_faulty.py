"""What is wrong with a node, and what shows it."""

from __future__ import annotations


class Faulty:
    """What is wrong with a node, and what shows it.

    Attributes:
        workload: The workload that it is a node for.
        fault: The fault that reveals it, as `--nemesis` names it; empty if none is
            needed.
        anomaly: What the checker finds then, most of the time.
        anomalies: The same, and what it may find instead.
        bug: What it does wrong, as a sentence.
        disk: What the fault `kill` leaves of its disk: `kept` or `lost`.
        assertions: Conditions on measures that have to be demanded for it to be wrong.
        availability: Fraction of operations that has to be demanded for it to be wrong.
        models: Consistency models that have to be declared for it to be wrong.
        latency_ms: Mean delay between servers that it takes.
        rate: Operations a second that it takes.
        runs: In how many runs it is to be found at the latest.
    """

    __slots__ = (
        "anomalies",
        "anomaly",
        "assertions",
        "availability",
        "bug",
        "disk",
        "fault",
        "latency_ms",
        "models",
        "rate",
        "runs",
        "workload",
    )

    def __init__(
        self,
        workload: str,
        fault: str,
        anomaly: str,
        bug: str,
        *,
        instead: tuple[str, ...] = (),
        disk: str = "kept",
        models: tuple[str, ...] = (),
        assertions: tuple[str, ...] = (),
        availability: float | None = None,
        latency_ms: float = 0.0,
        rate: float = 100.0,
        runs: int = 20,
    ) -> None:
        self.workload = workload
        self.fault = fault
        self.anomaly = anomaly
        self.anomalies = (anomaly, *instead)
        self.bug = bug
        self.disk = disk
        self.models = models
        self.assertions = assertions
        self.availability = availability
        self.latency_ms = latency_ms
        self.rate = rate
        self.runs = runs
