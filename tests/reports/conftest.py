"""Runs that never ran: stores filled by hand, the same bytes each time."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from checkers import Anomaly, Measure, Reason, Result, Verdict
from histories import (
    NEMESIS,
    Event,
    MessageCounts,
    NodeOutcome,
    Outcome,
    Problem,
    Recorder,
    Run,
    Store,
)


if TYPE_CHECKING:
    from collections.abc import Callable


STARTED = datetime(2026, 11, 20, 21, 48, 59, 123000, tzinfo=UTC)
GOLDS = Path(__file__).with_name("golds")
NODES = ("n0", "n1", "n2", "n3", "n4")
MS = 1_000_000
HOSTILE = '</script><script>alert("owned")</script>\x1b[31m\u2028\u202e<img src=x onerror=alert(1)>'


class Drill:
    """Writes down what concurrent clients might have done; each client is sequential."""

    def __init__(self, *, concurrency: int, seed: int = 7) -> None:
        self.concurrency = concurrency
        self.rng = Random(seed)
        self.events: list[dict[str, Any]] = []
        self._processes = list(range(concurrency))

    def operation(
        self, worker: int, start: int, f: str, value: Any = None, **more: Any
    ) -> int:
        """Add an operation of a worker, and return the time of its end."""
        end = start + more.pop("latency", MS)
        process, node = self._processes[worker], NODES[worker % len(NODES)]
        common = {"process": process, "f": f, "node": node}
        if more.pop("final", False):
            common["final"] = True
        self.events.append({"time": start, "type": "invoke", "value": value} | common)
        status = more.pop("status", "ok")
        if status != "dangling":
            answer = more.pop("result", value)
            completion = {"time": end, "type": status, "value": answer} | common | more
            self.events.append(completion)
        if status in {"info", "dangling"}:
            self._processes[worker] += self.concurrency
        return end

    def fault(self, start: int, end: int, sentence: str) -> None:
        """Add a partition, asked for and done, and its repair."""
        value = {"shape": "one", "sentence": sentence, "blocked": [["n0", "n1"]]}
        for time, f, content in (
            (start, "start-partition", {"shape": "one"}),
            (start, "start-partition", value),
            (end, "stop-partition", None),
            (end, "stop-partition", {"dropped": 41}),
        ):
            self.events.append(
                {
                    "time": time,
                    "type": "info",
                    "process": NEMESIS,
                    "f": f,
                    "value": content,
                }
            )

    def record(self, run: Run) -> dict[tuple[int, int], int]:
        """Write the history; return the index of each (process, time) of an invocation."""
        found = {}
        self.events.sort(key=lambda event: event["time"])
        with Recorder(run.history_path) as recorder:
            for index, event in enumerate(self.events):
                recorder.record(Event(index=index, **event))
                if event["type"] == "invoke":
                    found[event["process"], event["time"]] = index
        return found


def spec(**changes: Any) -> dict[str, Any]:
    """Return what `spec.json` holds of a run."""
    return {
        "workload": "g-counter",
        "bin": ["g-counter"],
        "nodes": list(NODES),
        "concurrency": 10,
        "rate": 200.0,
        "time_limit_s": 10.0,
        "seed": 4217,
        "latency": {"kind": "constant", "mean_ms": 0.0},
        "loss": 0.0,
        "nemesis": ["partition"],
        "nemesis_interval_s": 3.0,
        "recovery_s": 5.0,
        "topology": "grid",
        "strict": False,
        "assertions": [],
        "availability": None,
        "command": ["harness", "run", "--workload", "g-counter"],
        "version": "0.1.0",
        "started": "2026-11-20T21:48:59.123Z",
    } | changes


def outcome(end: int, **changes: Any) -> Outcome:
    """Return how five nodes behaved that did nothing wrong."""
    whole = {
        "phases": {
            "setup": 0,
            "main": 40 * MS,
            "recovery": int(end * 0.8),
            "final": int(end * 0.93),
            "teardown": int(end * 0.97),
            "end": end,
        },
        "nodes": tuple(NodeOutcome(name=name, exit_code=0) for name in NODES),
        "messages": {
            "all": MessageCounts(sent=9100, received=9018, dropped={"partition": 82}),
            "clients": MessageCounts(sent=4000, received=4000),
            "servers": MessageCounts(
                sent=5100, received=5018, dropped={"partition": 82}
            ),
        },
    }
    return Outcome(**(whole | changes))


def drive(drill: Drill, *, rate: float, end: int, faults: bool = True) -> int:
    """Let clients add and read at a rate; return the sum that was acknowledged."""
    rng, total = drill.rng, 0
    free = [40 * MS] * drill.concurrency
    spans = [(end // 5, end // 3), (end // 2, end * 3 // 5)] if faults else []
    for start, stop in spans:
        drill.fault(start, stop, "n0 is cut off from n1, n2, n3 and n4.")
    time = 40 * MS
    while time < end * 3 // 4:
        time += int(rng.expovariate(rate) * 1e9)
        worker = min(range(drill.concurrency), key=free.__getitem__)
        begin = max(time, free[worker] + 1000)
        slow = any(start <= begin <= stop for start, stop in spans)
        latency = int(rng.lognormvariate(0, 0.8) * (6 if slow else 1) * MS) + 80_000
        status = rng.choices(
            ["ok", "info", "fail"], [90, 7, 3] if slow else [999, 0, 1]
        )[0]
        error = {} if status == "ok" else {"error": [0, "timeout"]}
        if rng.random() < 0.5:
            value = rng.randrange(1, 6)
            total += value if status == "ok" else 0
            latency = 900 * MS if status == "info" else latency
            free[worker] = drill.operation(
                worker, begin, "add", value, latency=latency, status=status, **error
            )
        else:
            status = "fail" if status == "info" else status
            more = {"result": total} if status == "ok" else error
            free[worker] = drill.operation(
                worker, begin, "read", latency=latency, status=status, **more
            )
    for worker in range(len(NODES)):
        begin = max(int(end * 0.94), free[worker] + 1000)
        drill.operation(worker, begin, "read", final=True, result=total)
    return total


def statistics_part() -> Result:
    """Return what the statistics of a run look like."""
    return Result(
        checker="statistics",
        verdict=Verdict.VALID,
        summary="Every kind of operation succeeded at least once.",
        measures={
            "latency-p50": Measure(1.08, "ms"),
            "latency-p95": Measure(6.41, "ms"),
            "latency-p99": Measure(18.2, "ms"),
            "latency-max": Measure(61.0, "ms"),
            "msgs-per-op": Measure(4.55),
            "server-msgs-per-op": Measure(2.55),
            "ok-rate": Measure(0.991),
        },
        statistics={
            "count": 2000,
            "by-f": {
                "add": {"count": 1003, "ok": 990, "fail": 3, "info": 10},
                "read": {"count": 997, "ok": 992, "fail": 5, "info": 0},
            },
        },
    )


def valid_result(total: int) -> Result:
    """Return the result of a run that kept the contract."""
    parts = {
        "workload": Result(
            checker="g-counter",
            verdict=Verdict.VALID,
            summary=f"All 5 nodes agree on {total:,}, which is the sum of every acknowledged add.",
            measures={"convergence-time": Measure(212.0, "ms")},
            statistics={
                "acknowledged-sum": total,
                "finals": {"value": total, "nodes": 5},
            },
            assumes=("Each final read is answered by the node that it was sent to.",),
            complete=True,
        ),
        "statistics": statistics_part(),
        "protocol": Result(
            checker="protocol",
            verdict=Verdict.VALID,
            summary="No node broke the protocol.",
            complete=True,
        ),
    }
    return Result(
        checker="g-counter",
        verdict=Verdict.VALID,
        summary=parts["workload"].summary,
        measures=parts["statistics"].measures,
        assumes=parts["workload"].assumes,
        parts=parts,
    )


def keep(store: Store, drill: Drill, told: Outcome, **changes: Any) -> Run:
    """Put a run into a store."""
    content = spec(concurrency=drill.concurrency, **changes)
    run = store.create(content["workload"], STARTED)
    run.write_json(run.spec_path, content)
    run.write_json(run.outcome_path, told)
    drill.record(run)
    return run


def good(
    store: Store, *, rate: float = 200.0, end: int = 10_000 * MS, concurrency: int = 10
) -> tuple[Run, Result]:
    """Return a run in which nothing went wrong but the network."""
    drill = Drill(concurrency=concurrency)
    total = drive(drill, rate=rate, end=end)
    return keep(store, drill, outcome(end)), valid_result(total)


def bad(store: Store) -> tuple[Run, Result]:
    """Return a run in which adds were lost, and a node wrote hostile lines and died."""
    end = 10_000 * MS
    drill = Drill(concurrency=10)
    total = drive(drill, rate=120.0, end=end)
    problems = (
        Problem(
            kind="not-json",
            node="n2",
            sentence="n2 wrote a line to standard output that is not JSON; it was skipped.",
            evidence=f"DEBUG state={HOSTILE}",
            time=812 * MS,
            count=37,
        ),
        Problem(
            kind="exited",
            node="n4",
            sentence="n4 exited with status 3 while it was still needed.",
            evidence="Traceback (most recent call last):\n  File \"node.py\", line 12, in <module>\n    main()\nKeyError: 'delta'",
            time=6100 * MS,
        ),
    )
    told = outcome(
        end,
        problems=problems,
        nodes=(
            *(NodeOutcome(name=name, exit_code=0) for name in NODES[:2]),
            NodeOutcome(name="n2", exit_code=0, stderr_tail=(HOSTILE, "bye")),
            NodeOutcome(name="n3", signal="SIGKILL"),
            NodeOutcome(
                name="n4",
                exit_code=3,
                expected=False,
                stderr_tail=("Traceback (most recent call last):", "KeyError: 'delta'"),
            ),
        ),
    )
    run = keep(
        store, drill, told, workload="lost-update", bin=["python3", "my node.py"]
    )
    adds = [
        op for op in run.history().operations() if op.f == "add" and op.status == "ok"
    ]
    finals = [op for op in run.history().operations() if op.final]
    return run, invalid_result(
        total, [op.index for op in adds], [op.index for op in finals]
    )


def invalid_result(total: int, adds: list[int], finals: list[int]) -> Result:
    """Return the result of a run that lost updates, with several witnesses."""
    lost = [
        Anomaly(
            name="lost-update",
            sentence=f"Process {at} added {at % 5 + 1} and was told that it was done, yet no final read has it.",
            operations=(adds[at * 9], adds[at * 9 + 1], finals[at % len(finals)]),
        )
        for at in range(6)
    ]
    stale = Anomaly(
        name="stale-final-read",
        sentence=f"The final read of n3 returned {total - 12}, 12 less than what n0 has.",
        operations=tuple(finals),
    )
    thin = Anomaly(
        name="read-your-writes",
        sentence="Process 3 read 17 right after its own add of 4 that made it 21.",
        operations=tuple(adds[20:60]),
        fails=False,
    )
    crash = Anomaly(
        name="node-crash",
        sentence="n4 exited with status 3 while it was still needed.",
        data={"node": "n4", "kind": "exited"},
    )
    valid = valid_result(total)
    summary = f"31 of 480 acknowledged adds are missing from every final read: {total - 93} instead of {total}."
    parts = valid.parts | {
        "workload": Result(
            checker="counter",
            verdict=Verdict.INVALID,
            summary=summary,
            anomalies=(*lost, stale, thin),
            statistics={
                "anomaly-counts": {"lost-update": 31},
                "acknowledged-sum": total,
            },
            assumes=valid.assumes,
        ),
        "protocol": Result(
            checker="protocol",
            verdict=Verdict.INVALID,
            summary="n4 ended by itself.",
            anomalies=(crash,),
        ),
        "availability": Result(
            checker="availability",
            verdict=Verdict.UNKNOWN,
            reason=Reason.VACUOUS,
            summary="No availability was required.",
        ),
    }
    return Result(
        checker="lost-update", verdict=Verdict.INVALID, summary=summary, parts=parts
    )


def aborted(store: Store) -> tuple[Run, Result]:
    """Return a run that ended before any load, for a node that never spoke."""
    drill = Drill(concurrency=10)
    problem = Problem(
        kind="init-timeout",
        node="n1",
        sentence="n1 did not answer init within 10 s.",
        evidence="node.js:3\n  consle.log('ready')\nReferenceError: consle is not defined",
        time=10_000 * MS,
    )
    told = Outcome(
        aborted="n1 did not answer init within 10 s",
        phases={"setup": 0, "teardown": 10_000 * MS, "end": 10_020 * MS},
        problems=(problem,),
        nodes=tuple(NodeOutcome(name=name, signal="SIGTERM") for name in NODES),
    )
    result = Result(
        checker="echo",
        verdict=Verdict.UNKNOWN,
        reason=Reason.VACUOUS,
        summary="This run cannot tell: there was no operation.",
    )
    return keep(store, drill, told, workload="echo", bin=["./node.js"]), result


def small(store: Store) -> tuple[Run, Result]:
    """Return a run of a few operations that has something for every section."""
    drill = Drill(concurrency=2)
    drill.fault(30 * MS, 60 * MS, "n0 is cut off from n1.")
    drill.operation(0, 10 * MS, "add", 3)
    drill.operation(1, 12 * MS, "read", latency=500_000, result=0)
    drill.operation(0, 35 * MS, "add", 4, status="info", error=["timeout", HOSTILE])
    drill.operation(1, 40 * MS, "read", status="fail", error=["unavailable", ""])
    drill.operation(0, 70 * MS, "add", 5, status="dangling")
    drill.operation(1, 90 * MS, "read", final=True, result=4)
    told = outcome(
        100 * MS,
        problems=(
            Problem(
                kind="not-json",
                node="n1",
                sentence="n1 wrote a line that is not JSON; write logs to standard error.",
                evidence=HOSTILE,
                time=15 * MS,
            ),
        ),
        nodes=(
            NodeOutcome(name="n0", exit_code=0),
            NodeOutcome(name="n1", exit_code=1, expected=False, stderr_tail=(HOSTILE,)),
        ),
    )
    anomaly = Anomaly(
        name="lost-update",
        sentence=f"Process 0 added 3 to {HOSTILE} and the final read lacks it.",
        operations=(0, 13),
    )
    result = Result(
        checker="g-counter",
        verdict=Verdict.INVALID,
        summary="1 acknowledged add is missing from the final read.",
        parts={
            "workload": Result(
                checker="g-counter",
                verdict=Verdict.INVALID,
                summary="1 acknowledged add is missing from the final read.",
                anomalies=(anomaly,),
                assumes=("Each read is answered by the node that it was sent to.",),
                complete=True,
            ),
            "statistics": statistics_part(),
        },
    )
    return keep(store, drill, told, nodes=["n0", "n1"], rate=50.0), result


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return an empty store whose paths do not depend on the machine."""
    monkeypatch.chdir(tmp_path)
    return Store(Path("store"))


@pytest.fixture
def good_run(store: Store) -> tuple[Run, Result]:
    """Return a run that is valid, with its result."""
    return good(store)


@pytest.fixture
def bad_run(store: Store) -> tuple[Run, Result]:
    """Return a run with anomalies and problems, with its result."""
    return bad(store)


@pytest.fixture
def aborted_run(store: Store) -> tuple[Run, Result]:
    """Return a run that ended before any load, with its result."""
    return aborted(store)


@pytest.fixture
def small_run(store: Store) -> tuple[Run, Result]:
    """Return a run of six operations with something for every section."""
    return small(store)


@pytest.fixture
def large_run(store: Store) -> tuple[Run, Result]:
    """Return a run of 100,000 operations, with its result."""
    return good(store, rate=3000.0, end=44_500 * MS, concurrency=20)


@pytest.fixture
def models() -> Result:
    """Return which consistency models a queue with a violation satisfies."""
    raw = Path(__file__).with_name("results") / "queue.json"
    return msgspec.json.decode(raw.read_bytes(), type=Result)


@pytest.fixture
def gold() -> Callable[[str, str], None]:
    """Return a function that compares a text with the gold file of a name.

    `REFRESH_GOLDS=1 pytest tests/reports` writes the files anew: look at the
    difference before it is committed.
    """

    def compare(name: str, text: str) -> None:
        path = GOLDS / name
        if os.environ.get("REFRESH_GOLDS"):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert text == path.read_text(encoding="utf-8"), (
            f"{path.name} differs; if it should, refresh with REFRESH_GOLDS=1"
        )

    return compare
