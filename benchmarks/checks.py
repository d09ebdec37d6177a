"""Times checkers of counters and sets on a million operations each, in CPU seconds.

    python benchmarks/checks.py [--operations N]

The histories are valid ones of five nodes with gossip. Baselines, where they finish in
reasonable time, run on a smaller history of the same shape together with the checker:
for the counter a plain pass over `History.operations()`, which bounds what any checker
could reach; for the set the naive set-full, which asks every read about every element.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from random import Random
from typing import TYPE_CHECKING, Any

from checkers import Verdict, check_counter, check_set
from histories import Event, History


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


NODES = ["n0", "n1", "n2", "n3", "n4"]


def script(operations: int, update: Callable[[int], Any], reads: int) -> Iterator[Any]:
    """Yield the events of a run: five clients in lockstep, gossip every 50 turns."""
    rng = Random(1)
    updates: list[Any] = []
    known = [0] * len(NODES)
    index = 0

    def event(type_: Any, client: int, f: str, value: Any, *, final: bool) -> Event:
        nonlocal index
        index += 1
        return Event(
            index=index - 1,
            time=index * 1000,
            type=type_,
            process=client,
            f=f,
            value=value,
            node=NODES[client],
            final=final,
        )

    every = max(1, operations // reads)
    turns = operations // len(NODES)
    for turn in range(turns):
        final = turn == turns - 1
        for client in range(len(NODES)):
            number = turn * len(NODES) + client
            if final or turn % 50 == client:
                known[client] = len(updates)
            reading = final or (
                number % 2 if every <= 2 else number % every == every - 1
            )
            f = "read" if reading else "add"
            value = None if reading else update(rng.randrange(1 << 30))
            yield event("invoke", client, f, value, final=final)
            if not reading:
                updates.append(value)
            yield event(
                "ok",
                client,
                f,
                (known[client], updates) if reading else value,
                final=final,
            )


def counter_history(operations: int) -> History:
    """Return a valid history of a G-Counter, half of it reads."""
    sums = [0]

    def fill(event: Event) -> Event:
        if event.type != "ok":
            return event
        if event.f == "add":
            sums.append(sums[-1] + event.value)
            return event
        return _replaced(event, sums[event.value[0]])

    return History.from_events(
        map(fill, script(operations, lambda number: number % 5, operations // 2))
    )


def set_history(operations: int, reads: int) -> History:
    """Return a valid history of a G-Set with this many reads of the whole set."""
    numbers = iter(range(operations))

    def fill(event: Event) -> Event:
        if event.type != "ok" or event.f == "add":
            return event
        known, updates = event.value
        return _replaced(event, updates[:known])

    return History.from_events(
        map(fill, script(operations, lambda _: next(numbers), reads))
    )


def _replaced(event: Event, value: Any) -> Event:
    return Event(
        index=event.index,
        time=event.time,
        type=event.type,
        process=event.process,
        f=event.f,
        value=value,
        node=event.node,
        final=event.final,
    )


def iterate(history: History) -> int:
    """Visit every operation: the least that a checker could do."""
    return sum(operation.status == "ok" for operation in history.operations())


def naive_set_full(history: History) -> dict[Any, str]:
    """Classify elements as the original does: every read is asked about each."""
    elements: dict[Any, list[Any]] = {}
    for operation in history.operations():
        if operation.f == "add":
            elements[operation.input] = [operation.start, operation.end, None, None]
    for read in history.operations():
        if read.f != "read" or read.status != "ok" or read.end is None:
            continue
        shown = set(read.output)
        for element, fate in elements.items():
            if element in shown:
                fate[2] = read.start
            elif read.end > fate[0]:
                fate[3] = read.start
    return {
        element: "stable"
        if shown is not None and (lacked is None or shown > lacked)
        else "lost"
        for element, (_, _, shown, lacked) in elements.items()
    }


def timed(work: Callable[[], Any]) -> float:
    """Return the seconds of processor time that it takes."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def peak_mb() -> float:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print one line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operations", type=int, default=1_000_000)
    operations = parser.parse_args().operations
    history = counter_history(operations)
    before = peak_mb()
    seconds = timed(lambda: _valid(check_counter(history, nodes=NODES, grow_only=True)))
    baseline = timed(lambda: iterate(history))
    print(
        f"counter: {operations:,} operations in {seconds:.2f} s, "
        f"{seconds / baseline:.1f} times a plain pass over them ({baseline:.2f} s), "
        f"peak {peak_mb():.0f} MB ({before:.0f} MB with the history alone)"
    )
    small = max(1000, operations // 100)
    history = set_history(small, reads=small // 2)
    ours = timed(lambda: _valid(check_set(history, nodes=NODES)))
    naive = timed(lambda: naive_set_full(history))
    print(
        f"set: {small:,} operations, {small // 2:,} of them reads, in {ours:.2f} s; "
        f"naive set-full, which checks less, {naive:.2f} s, {naive / ours:.1f} times as "
        f"long"
    )
    history = set_history(operations, reads=64)
    elements = sum(len(o.output) for o in history.operations() if o.f == "read")
    before = peak_mb()
    ours = timed(lambda: _valid(check_set(history, nodes=NODES)))
    naive = timed(lambda: naive_set_full(history))
    print(
        f"set: {operations:,} operations, {elements:,} elements in reads, in "
        f"{ours:.2f} s; naive set-full, which checks less, {naive:.2f} s, "
        f"{naive / ours:.1f} times as long; peak {peak_mb():.0f} MB ({before:.0f} MB with the history alone)"
    )


def _valid(result: Any) -> None:
    if result.verdict is not Verdict.VALID:
        sys.exit(f"the benchmark's own history is {result.verdict}: {result.summary}")


if __name__ == "__main__":
    main()
