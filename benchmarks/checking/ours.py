"""Checks histories with this project and prints what each took, as a line of JSON.

Run as `python -m checking.ours LIMIT_S MEMORY_MB FORMAT MODEL PATH...` by `sides`,
which sets HARNESS_KERNEL. Every round makes the integers anew, so that none profits
from steps of a model that an earlier one has asked for.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

import msgspec

from checkers.ladder._decide import decide_all
from checkers.models import MODELS
from checkers.search import REAL_TIME, Budget, problems
from histories import load_history

from .measurement import Measurement


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from checkers.models import Model
    from checkers.search import Answer, Order, Problem
    from histories import History

    Arguments = ParamSpec("Arguments")
    Result = TypeVar("Result")


ENOUGH_S = 0.3
ROUNDS = 20
VERDICTS: Mapping[str, Literal["ok", "illegal", "unknown"]] = {
    "yes": "ok",
    "no": "illegal",
    "unknown": "unknown",
}


def measure(path: str, format_: str, model_name: str, limit_s: float) -> Measurement:
    """Read and check a history as often as it is quick; return the least times."""
    seconds, loaded = timed(load_history, path, format=format_)
    read = [seconds]
    while sum(read) < ENOUGH_S and len(read) < ROUNDS:
        seconds, loaded = timed(load_history, path, format=format_)
        read.append(seconds)
    found = measure_history(
        loaded.history,
        MODELS[model_name](loaded.initial),
        REAL_TIME,
        limit_s=limit_s,
        nil_read="value",
        failed_cas=True,
    )
    return msgspec.structs.replace(found, read_s=min(read))


def measure_history(
    history: History, model: Model[Any], order: Order, *, limit_s: float, **dialect: Any
) -> Measurement:
    """Check a history as often as it is quick; return the least times.

    Args:
        history: The history.
        model: What it is of.
        order: What its order has to keep.
        limit_s: Seconds that a check may take.
        dialect: What else `problems` takes.
    """
    prepare: list[float] = []
    check: list[float] = []
    while True:
        seconds, parts = timed(problems, history, model, **dialect)
        prepare.append(seconds)
        budget = Budget(deadline=time.monotonic() + limit_s)
        seconds, answer = timed(decide, parts, order, budget)
        check.append(seconds)
        if sum(prepare) + sum(check) >= ENOUGH_S or len(check) == ROUNDS:
            break
    lack = "" if answer.reason is None else answer.reason.value
    return Measurement(
        verdict=VERDICTS[answer.outcome],
        lack=f">{limit_s:g} s" if lack == "timeout" else lack,
        prepare_s=min(prepare),
        check_s=min(check),
        peak_mb=peak_mb(),
        method=answer.method,
        nodes=answer.nodes,
    )


def decide(parts: list[Problem], order: Order, budget: Budget) -> Answer:
    """Return the answer that settles all parts: a no, or else an unknown, or a yes."""
    answers = decide_all(parts, order, budget)
    outcomes = ("no", "unknown", "yes")
    return min(answers, key=lambda answer: outcomes.index(answer.outcome))


def timed(
    work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> tuple[float, Result]:
    """Return the seconds of work, of wall or processor, whichever is less; its result."""
    start, used = time.perf_counter(), time.process_time()
    result = work(*args, **kwargs)
    used, start = time.process_time() - used, time.perf_counter() - start
    return min(used, start), result


def peak_mb() -> float:
    """Return the most memory that this process has held.

    Linux also tells it by `getrusage`, but there the process that started this one
    counts as well.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure every path given."""
    limit_s, memory_mb, format_, model, *paths = sys.argv[1:]
    bound = int(memory_mb) << 20
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    for path in paths:
        found = measure(path, format_, model, float(limit_s))
        print(msgspec.json.encode(found).decode(), flush=True)


if __name__ == "__main__":
    main()
