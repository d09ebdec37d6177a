"""Makes the cases of `histories/corpus/` anew, from nodes of this project.

    python benchmarks/corpus.py                     all that is simulated
    python benchmarks/corpus.py --only lost-update  what some nodes give
    python benchmarks/corpus.py --real              what needs processes

Simulated cases come out the same, byte for byte, as long as nodes, simulator and
checkers are the same. What processes give depends on the moment: these cases are made
only where they are missing, unless the old ones are deleted first.

Each faulty node runs in ever longer runs until it is found out; that run is shrunk, and
its history too. Each node that is right runs under faults, and is kept in full.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from corpus_families import FAMILIES, picks
from corpus_programs import PRELUDE, PROGRAMS
from corpus_simulated import Ran, spec_of
from corpus_special import special

from checkers import ANOMALIES, Verdict
from checkers.ladder import LEVELS
from harness.cases import CORPUS, Case, find_cases, read_case
from harness.hunting import Bench, Shrinker, explicit
from harness.nemesis import NEMESES
from harness.workloads import WORKLOADS
from nodes.faulty import FAULTY


if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.spec import RunSpec

LENGTHS = ((10.0, 1.0), (30.0, 1.0), (30.0, 3.0), (100.0, 6.0))
"""Operations a second and seconds, the small first."""

SEEDS = 3
ATTEMPTS = 80
TRIES = 2
"""Runs that are shrunk for an anomaly, until one is small enough to keep."""

LARGEST = 20_000
"""Bytes of a case that are worth keeping."""


def main() -> None:
    """Make the cases that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=CORPUS)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--only", action="append", metavar="NODE")
    options = parser.parse_args()
    started = time.monotonic()
    made = {}
    for name, case in (real if options.real else simulated)(options.only):
        path = options.to / f"{name}.json"
        if options.real and path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(case.text(), encoding="utf-8")
        made[name] = case
        told = ", ".join(case.found.anomalies) or case.found.verdict.value
        print(f"{time.monotonic() - started:6.0f} s  {name}: {told}", flush=True)
    cases = [read_case(path) for path in find_cases(options.to)]
    if not options.real and not options.only:
        tell_of_others(options.to, set(made))
    seen = {
        name for case in cases for name in (*case.found.anomalies, *case.found.noted)
    }
    print(f"{len(made)} made, {len(cases)} cases, {len(seen)} anomalies; none of:")
    print(" ", ", ".join(name for name in ANOMALIES if name not in seen))


def tell_of_others(folder: Path, made: set[str]) -> None:
    """Say which simulated cases are there that nothing makes any more."""
    for path in find_cases(folder):
        name = path.relative_to(folder).with_suffix("").as_posix()
        by_process = read_case(path).origin.get("transport") == "processes"
        if name not in made and not by_process:
            print(f"{name} is not made any more: delete it")


def simulated(only: list[str] | None) -> Iterator[tuple[str, Case]]:
    """Yield the name and the case of all that the simulator gives."""
    yield from right(only)
    yield from by_model(only)
    for node in FAULTY:
        if not only or node in only:
            yield from wrong(node)
    for name, case in (*special(), *picked()):
        if not only or case.origin.get("node", case.origin.get("object")) in only:
            yield name, case


def picked() -> Iterator[tuple[str, Case]]:
    """Yield what `corpus_search.py` has picked."""
    for family, name, seed in picks():
        _, make = FAMILIES[family]
        case = make(name, seed)
        if case is not None:
            told = case.found.verdict.value
            yield f"{family}/{name}-{told}-{seed}", case


def wrong(node: str) -> Iterator[tuple[str, Case]]:
    """Yield a case for each anomaly that a faulty node shows."""
    faulty = FAULTY[node]
    seen: set[str] = set()
    tried: dict[str, int] = {}
    for rate, length_s in dict.fromkeys((*LENGTHS, (faulty.rate, 6.0))):
        for seed in range(1, SEEDS + 1):
            spec = spec_of(
                node,
                faulty.workload,
                seed=seed,
                rate=rate,
                length_s=length_s,
                nemesis=(faulty.fault,) if faulty.fault else (),
                latency_ms=faulty.latency_ms,
                disk="lost" if faulty.disk == "lost" else "kept",
                consistency_models=faulty.models,
                assertions=faulty.assertions,
            )
            trial, whole = explicit(spec)
            for anomaly in trial.anomalies:
                tried[anomaly] = tried.get(anomaly, 0) + 1
                if anomaly in seen or tried[anomaly] > TRIES:
                    continue
                case = smallest(whole, anomaly, node)
                if case is not None:
                    seen.add(anomaly)
                    yield f"{faulty.workload}/{node}-{anomaly}", case
        if faulty.anomaly in seen:
            return


def smallest(whole: RunSpec, anomaly: str, node: str) -> Case | None:
    """Return the case of a failing run, shrunk; None if it would be no small one."""
    with Bench(1) as bench:
        small = Shrinker(
            whole, anomaly, bench, limit=ATTEMPTS, progress=lambda _: None
        ).shrink()
    case = recorded(small, node, full=False, anomaly=anomaly)
    if case.found.verdict is not Verdict.INVALID or len(case.text()) > LARGEST:
        return None
    return case if anomaly in case.found.anomalies else None


def right(only: list[str] | None) -> Iterator[tuple[str, Case]]:
    """Yield runs of nodes that are right, under faults."""
    for workload in WORKLOADS.values():
        if only and workload.node not in only:
            continue
        for seed in (1, 2, 3):
            rng = Random(f"corpus/{workload.name}/{seed}")
            spec = spec_of(
                workload.node,
                workload.name,
                seed=seed,
                rate=10.0,
                length_s=1.2,
                nemesis=tuple(sorted(rng.sample(sorted(NEMESES), seed - 1))),
                latency_ms=(0.0, 5.0, 50.0)[seed - 1],
            )
            case = recorded(spec, workload.node, full=True)
            told = case.found.verdict.value
            name = f"{workload.name}/{workload.node}-{told}-{seed}"
            if len(case.text()) <= LARGEST:
                yield name, case


def by_model(only: list[str] | None) -> Iterator[tuple[str, Case]]:
    """Yield runs of counters by the strongest consistency model that they satisfy."""
    nodes = (
        "g-counter",
        "sum-counter",
        "seq-kv-counter",
        "cas-counter",
        "fresh-cas-counter",
        "lost-update",
        "key-by-key-counter",
        "cached-read-counter",
        "last-received-counter",
        "lww-counter",
        "no-dedup-counter",
        "one-peer-counter",
    )
    for node in nodes:
        if only and node not in only:
            continue
        seen: set[tuple[str, ...]] = set()
        for level in LEVELS:
            for seed in (1, 2, 3):
                spec = spec_of(
                    node,
                    "g-counter",
                    seed=seed,
                    rate=20.0,
                    length_s=1.5,
                    latency_ms=20.0,
                    consistency_models=(level,),
                    poll=False,
                    recovery_s=0.2,
                )
                case = recorded(spec, node, full=True)
                models = case.found.models
                signature = (case.found.verdict.value, *models.values())
                if signature in seen or len(case.text()) > LARGEST:
                    continue
                seen.add(signature)
                holds = next(
                    (one for one in LEVELS if models.get(one) == "yes"), "none"
                )
                yield f"by-model/{holds}/{node}-{level}-{seed}", case


def recorded(
    spec: RunSpec, node: str, *, full: bool, anomaly: str | None = None
) -> Case:
    """Carry out a run and return its case, shrunk to an anomaly if one is given."""
    ran = Ran(spec)
    origin: dict[str, Any] = {"node": node, "transport": spec.transport}
    if spec.transport == "simulated":
        origin["seed"] = spec.seed
    if spec.nemesis:
        origin["nemesis"] = list(spec.nemesis)
    return ran.kept(origin, full=full, anomaly=anomaly)


def real(only: list[str] | None) -> Iterator[tuple[str, Case]]:
    """Yield runs of real processes: of nodes that are right, and of bad programs."""
    for workload in WORKLOADS.values():
        if only and workload.node not in only:
            continue
        spec = spec_of(
            workload.node,
            workload.name,
            seed=1,
            rate=10.0,
            length_s=1.0,
            latency_ms=5.0,
            transport="processes",
            recovery_s=2.0,
        )
        case = recorded(spec, workload.node, full=True)
        told = case.found.verdict.value
        yield f"{workload.name}/{workload.node}-{told}-processes", case
    with tempfile.TemporaryDirectory(prefix="harness-") as folder:
        for name, program in PROGRAMS.items():
            if only and name not in only:
                continue
            path = Path(folder) / f"{name}.py"
            path.write_text(PRELUDE + program.text)
            spec = spec_of(
                "echo",
                program.workload,
                **{
                    "seed": 1,
                    "rate": 20.0,
                    "length_s": 0.5,
                    "latency_ms": 0.0,
                    "transport": "processes",
                    "nodes": ("n1",),
                    "concurrency": 1,
                    "recovery_s": 0.3,
                    "bin": (sys.executable, "-S", "-E", str(path)),
                    **program.options,
                },
            )
            case = recorded(spec, name, full=False)
            yield f"programs/{name}", case


if __name__ == "__main__":
    main()
