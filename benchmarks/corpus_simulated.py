"""Small runs of nodes in the simulator, as they are or with a reply altered.

A reply that is altered is one that a wrong node could have given: an element gone or
there twice, a number off by one, the reply to somebody else. Who draws many of them comes
close to all that a checker tells apart, as most are just beyond what is right, or not yet.
"""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec

from checkers.evidence import excerpt
from checkers.evidence import needed as needed_lines
from harness.cases import Case, CaseError, HowChecked, keep
from harness.nemesis import NEMESES
from harness.runner import execute
from harness.spec import LatencySpec, RunSpec
from harness.testimony import testify
from harness.workloads import WORKLOADS
from histories import HistoryError, Store, load_history
from nodes import command
from nodes.faulty import FAULTY


if TYPE_CHECKING:
    from checkers.evidence import Line
    from harness.runner import Status
    from histories import History, Outcome

NODES = ("n1", "n2", "n3")
CLOSE = frozenset(HowChecked.__struct_fields__) - {"model", "init"}

RUNS = (*WORKLOADS, *FAULTY)
"""Workloads, each of which has a node that is right, and nodes that are wrong."""

ALTERATIONS = 16
"""Histories that are made of a run: the first one as it is."""

LARGEST = 8_000
"""Bytes of a case that is worth keeping, one of so many."""


class Quiet:
    """A progress that tells nobody."""

    def update(self, status: Status) -> None:
        """Take note of nothing."""

    def log(self, node: str, line: str) -> None:
        """Show nothing."""


class Ran:
    """What a run has left.

    Attributes:
        history: What was recorded.
        check: How it is judged.
        whole: How nodes behaved.
        outcome: The same, if the verdict may rest on it; else None.
        journal: What messages say.
    """

    def __init__(self, spec: RunSpec) -> None:
        workload = WORKLOADS[spec.workload]
        self.journal: tuple[Line, ...] = ()
        with tempfile.TemporaryDirectory(prefix="harness-") as folder:
            run = Store(Path(folder)).create(spec.workload, dt.datetime.now(dt.UTC))
            execute(spec, workload, run, Quiet())
            saved = run.spec()
            self.history, self.whole = run.history(), run.outcome()
            if workload.updates:
                told = testify(run, self.history, self.whole, workload, saved)
                found = told.evidence
                if found is not None:
                    self.journal = excerpt(found, self.history)
        names = sorted(CLOSE & set(saved))
        self.check = msgspec.convert({name: saved[name] for name in names}, HowChecked)
        self.outcome = needed(spec, self.whole)

    def kept(
        self, origin: dict[str, Any], *, full: bool, anomaly: str | None = None
    ) -> Case:
        """Return its case, shrunk to an anomaly if one is given."""
        return keep(
            self.history,
            self.check,
            origin=origin,
            outcome=self.outcome,
            journal=self.journal,
            anomaly=anomaly,
            full=full,
        )


def needed(spec: RunSpec, outcome: Outcome | None) -> Outcome | None:
    """Return how nodes behaved if the verdict may rest on it."""
    if outcome is None or not (outcome.problems or spec.assertions or spec.strict):
        return None
    return outcome


def spec_of(
    node: str,
    workload: str,
    *,
    rate: float,
    length_s: float,
    latency_ms: float,
    **options: Any,
) -> RunSpec:
    """Return a small run."""
    argv, environment = command(node)
    return RunSpec(
        **{
            "workload": workload,
            "bin": tuple(argv),
            "environment": environment,
            "transport": "simulated",
            "nodes": NODES,
            "concurrency": len(NODES),
            "rate": rate,
            "time_limit_s": length_s,
            "timeout_ms": 500,
            "latency": LatencySpec("exponential", latency_ms),
            "nemesis_interval_s": length_s / 5,
            "recovery_s": 5.0,
            **options,
        }
    )


def run_case(name: str, seed: int) -> Case | None:
    """Return the case of a run, or of one with replies altered; None if it is large."""
    number, way = divmod(seed, ALTERATIONS)
    node, spec = small_spec(name, number)
    workload = spec.workload
    ran = _ran(name, number)
    origin: dict[str, Any] = {"node": node, "transport": "simulated", "seed": number}
    if spec.nemesis:
        origin["nemesis"] = list(spec.nemesis)
    history = ran.history
    if way:
        rng = Random(f"altered/{name}/{seed}")
        altered = Altered(history, rng)
        for _ in range(rng.choice((1, 1, 1, 2))):
            altered.alter()
        altered.leave_out(WORKLOADS[workload].updates)
        try:
            history = altered.history()
        except HistoryError:
            return None
        origin["altered"] = altered.told
    journal = ran.journal
    if journal and seed % 3:
        updates = WORKLOADS[workload].updates
        journal = needed_lines(journal, history, updates.__contains__)
    else:
        journal = ()
    try:
        case = keep(
            history,
            ran.check,
            origin=origin,
            outcome=ran.outcome,
            journal=journal,
            full=True,
        )
        text = case.text()
    except (CaseError, ValueError, AssertionError, KeyError, TypeError):
        return None
    return case if len(text) <= LARGEST else None


def small_spec(name: str, number: int) -> tuple[str, RunSpec]:
    """Return the node of a workload, or a wrong one, and the spec of a small run."""
    rng = Random(f"run/{name}/{number}")
    faulty = FAULTY.get(name)
    workload = faulty.workload if faulty is not None else name
    node = name if faulty is not None else WORKLOADS[name].node
    faults = tuple(sorted(rng.sample(sorted(NEMESES), rng.choice((0, 0, 1, 1, 2)))))
    options: dict[str, Any] = {"nemesis": faults}
    if faulty is not None:
        if faulty.fault and rng.random() < 0.7:
            options["nemesis"] = (faulty.fault,)
        options["disk"] = "lost" if faulty.disk == "lost" else "kept"
        options["consistency_models"] = faulty.models
    elif rng.random() < 0.3:
        options["disk"] = "lost"
    modelled = WORKLOADS[workload].modelled
    if modelled is not None and rng.random() < 0.4:
        levels = ("linearizable", "sequential", "causal", "pram", "monotonic-reads")
        options["consistency_models"] = (rng.choice(levels),)
    return node, spec_of(
        node,
        workload,
        seed=number,
        rate=rng.choice((10.0, 20.0, 30.0)),
        length_s=rng.choice((0.3, 0.5, 0.8)),
        latency_ms=rng.choice((0.0, 5.0, 20.0, 100.0)),
        nodes=NODES[: rng.choice((2, 2, 3))],
        concurrency=rng.choice((2, 3)),
        poll=rng.random() < 0.3,
        recovery_s=rng.choice((0.3, 3.0)),
        **options,
    )


@lru_cache(maxsize=4)
def _ran(name: str, number: int) -> Ran:
    return Ran(small_spec(name, number)[1])


class Altered:
    """A history with some replies altered.

    Attributes:
        told: What was altered, a sentence each.
    """

    def __init__(self, history: History, rng: Random) -> None:
        self.told: list[str] = []
        self._rng = rng
        self._events = [msgspec.to_builtins(event) for event in history.events()]
        self._gone: set[int] = set()

    def alter(self) -> None:
        """Alter one reply."""
        replies = [
            event
            for event in self._events
            if event["type"] == "ok" and isinstance(event["process"], int)
        ]
        if not replies:
            return
        event = self._rng.choice(replies)
        what = self._rng.random()
        if what < 0.1:
            event["type"] = self._rng.choice(("info", "fail"))
            told = f"is {event['type']}"
        elif what < 0.25:
            alike = [one for one in replies if one["f"] == event["f"]]
            other = self._rng.choice(alike)
            event["value"], other["value"] = other["value"], event["value"]
            told = f"exchanged with {other['index']}"
        else:
            told, event["value"] = self._other(event["value"])
        self.told.append(f"reply {event['index']}: {told}")

    def leave_out(self, updates: Any) -> None:
        """Leave out some operations that are no updates."""
        share = self._rng.choice((0.0, 0.3, 0.7))
        open_: dict[Any, list[int]] = {}
        for place, event in enumerate(self._events):
            if not isinstance(event["process"], int):
                continue
            if event["type"] == "invoke":
                open_[event["process"]] = [place]
                continue
            places = [*open_.pop(event["process"]), place]
            spare = event["f"] not in updates or event["type"] == "fail"
            if (
                updates
                and spare
                and self._rng.random() < share / (1 + event.get("final", False))
            ):
                self._gone.update(places)
        if self._gone:
            self.told.append(f"{len(self._gone) // 2} operations left out")

    def history(self) -> History:
        """Return what there is now, as it is read from a file."""
        lines = msgspec.json.Encoder().encode_lines(
            event for place, event in enumerate(self._events) if place not in self._gone
        )
        return load_history(io.BytesIO(lines), format="jsonl").history

    def _other(self, value: Any) -> tuple[str, Any]:
        """Return a value with something in it altered, and how."""
        rng = self._rng
        if isinstance(value, dict) and value:
            name = rng.choice(sorted(value))
            told, part = self._other(value[name])
            return told, {**value, name: part}
        if isinstance(value, list):
            return self._other_list(value)
        if isinstance(value, bool):
            return "turned", not value
        if isinstance(value, int):
            off = rng.choice((-1, 1, -value, value, 3, -3))
            return f"off by {off}", value + off
        if isinstance(value, str) and value:
            told, letters = self._other_list(list(value))
            return told, "".join(map(str, letters))
        return "nothing", value

    def _other_list(self, value: list[Any]) -> tuple[str, list[Any]]:
        rng, value = self._rng, list(value)
        seen = [
            one
            for event in self._events
            if event["type"] == "ok"
            for one in _elements(event["value"])
            if not value or type(one) is type(value[0])
        ]
        what = rng.choice(
            ("gone", "gone", "twice", "swapped", "more", "more", "within")
        )
        if what == "more" and seen:
            value.insert(rng.randint(0, len(value)), rng.choice(seen))
            return "one more", value
        if not value:
            return "nothing", value
        place = rng.randrange(len(value))
        if what == "within" and isinstance(value[place], dict | list):
            told, value[place] = self._other(value[place])
            return told, value
        if what == "twice":
            value.insert(rng.randint(0, len(value)), value[place])
            return "one twice", value
        if what == "swapped" and len(value) > 1:
            other = (place + 1) % len(value)
            value[place], value[other] = value[other], value[place]
            return "two swapped", value
        del value[place]
        return "one gone", value


def _elements(value: Any) -> list[Any]:
    """Return the elements of lists in a value, and the members of objects in it."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return [part for one in value.values() for part in (*_elements(one), one)]
    return list(value) if isinstance(value, str) else []
