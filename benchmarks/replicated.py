"""Times checkers of replicated counters, sets, registers, carts and texts, in CPU seconds.

    python benchmarks/replicated.py [--operations N] [WORDS...]

The histories are valid ones of five nodes; with words, only those checkers whose name
has one of them. Each runs in a process of its own, so that its peak of memory is its
own; the history in columns is in it, and is told beside it. The baseline is a plain pass
over `History.operations()`, which bounds what any checker of it could reach. Against a
naive checker of sets: `checks.py`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from checks import counter_history, set_history

from checkers import (
    Verdict,
    check_cart,
    check_counter,
    check_or_set,
    check_sequence,
    check_set,
    check_siblings,
)
from histories import Event, History


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checkers import Result
    from histories import EventType

NODES = ["n0", "n1", "n2", "n3", "n4"]
LENGTH = 200
"""Characters that a text is kept at."""


class Script:
    """Writes events, an operation after the other."""

    def __init__(self) -> None:
        self.count = 0

    def operation(
        self, client: int, f: str, value: Any, output: Any, *, final: bool = False
    ) -> Iterator[Event]:
        """Yield an invocation and its acknowledgement."""
        both: tuple[tuple[EventType, Any], ...] = (("invoke", value), ("ok", output))
        for type_, what in both:
            yield Event(
                index=self.count,
                time=self.count * 1000,
                type=type_,
                process=client,
                f=f,
                value=what,
                node=NODES[client],
                final=final,
            )
            self.count += 1


def registers(operations: int) -> Iterator[Event]:
    """Yield rounds in which all clients read a register and write over what they saw."""
    script, rng, value = Script(), Random(1), 0
    keys = [f"k{number}" for number in range(10)]
    siblings: dict[str, list[int]] = {key: [] for key in keys}
    for _ in range(operations // (2 * len(NODES))):
        key = rng.choice(keys)
        shown = {"key": key, "values": [{"value": one} for one in siblings[key]]}
        seen = []
        for client in range(len(NODES)):
            yield from script.operation(client, "read", {"key": key}, shown)
            seen.append(script.count - 1)
        fresh = []
        for client in range(len(NODES)):
            value += 1
            written = {"key": key, "value": value, "context": {"x": 1}}
            written["seen"] = [seen[client]]
            yield from script.operation(client, "write", written, written)
            fresh.append(value)
        siblings[key] = fresh
    for key in keys:
        shown = {"key": key, "values": [{"value": one} for one in siblings[key]]}
        for client in range(len(NODES)):
            asked = {"key": key}
            yield from script.operation(client, "read", asked, shown, final=True)


def clocked_registers(operations: int) -> Iterator[Event]:
    """Yield the same with clocks of clients, which contexts are taken from."""
    script, rng, value = Script(), Random(1), 0
    keys = [f"k{number}" for number in range(10)]
    siblings: dict[str, list[tuple[int, dict[str, int]]]] = {key: [] for key in keys}

    def shown(key: str) -> dict[str, Any]:
        values = [{"value": one, "vc": {**clock}} for one, clock in siblings[key]]
        return {"key": key, "values": values, "conflict": len(values) > 1}

    for _ in range(operations // (2 * len(NODES))):
        key = rng.choice(keys)
        for client in range(len(NODES)):
            yield from script.operation(client, "read", {"key": key}, shown(key))
        context: dict[str, int] = {}
        for _, clock in siblings[key]:
            for actor, count in clock.items():
                context[actor] = max(count, context.get(actor, 0))
        siblings[key] = []
        for client in range(len(NODES)):
            value += 1
            clock = {**context, f"c{client}": context.get(f"c{client}", 0) + 1}
            written = {"key": key, "value": value, "context": {**context}}
            answer = {**written, "vc": clock}
            yield from script.operation(client, "write", written, answer)
            siblings[key].append((value, clock))
    for key in keys:
        for client in range(len(NODES)):
            asked = {"key": key}
            yield from script.operation(client, "read", asked, shown(key), final=True)


def sets(operations: int) -> Iterator[Event]:
    """Yield adds and removes of a thousand elements, and a read for each thousand."""
    script, rng = Script(), Random(1)
    members: set[int] = set()
    for number in range(operations):
        client = number % len(NODES)
        if number % 1000 == 999:
            yield from script.operation(client, "read", None, sorted(members))
            continue
        element = {"element": rng.randrange(1000)}
        if rng.random() < 0.6:
            members.add(element["element"])
            yield from script.operation(client, "add", element, element)
        else:
            members.discard(element["element"])
            yield from script.operation(client, "remove", element, element)
    for client in range(len(NODES)):
        shown = sorted(members)
        yield from script.operation(client, "read", None, shown, final=True)


def carts(operations: int) -> Iterator[Event]:
    """Yield adds of items, 25 times each, removes, and views of the last items."""
    script, rng = Script(), Random(1)
    amounts: dict[str, int] = {}
    added = 0

    def view() -> dict[str, Any]:
        items = [{"item": item, "qty": n} for item, n in amounts.items()]
        return {"items": items, "total_items": len(items)}

    for number in range(operations):
        client = number % len(NODES)
        item = f"i{added // 25}"
        what = rng.random()
        if what < 0.6:
            put = {"item": item, "qty": 4 ** (added % 25)}
            added += 1
            amounts[item] = amounts.get(item, 0) + put["qty"]
            yield from script.operation(client, "add", put, put)
        elif what < 0.8 and amounts:
            gone = {"item": rng.choice(list(amounts))}
            del amounts[gone["item"]]
            yield from script.operation(client, "remove", gone, gone)
        else:
            yield from script.operation(client, "view", None, view())
    # An item that is back, however few operations there are.
    for f, more in (("add", {"qty": 1}), ("remove", {}), ("add", {"qty": 4})):
        value = {"item": "last", **more}
        yield from script.operation(0, f, value, value)
    amounts["last"] = 4
    for client in range(len(NODES)):
        yield from script.operation(client, "view", None, view(), final=True)


def texts(operations: int) -> Iterator[Event]:
    """Yield edits of a text of some length, a third of them reads."""
    script, rng, code = Script(), Random(1), 0x4E00
    text: list[str] = []

    def shown() -> dict[str, Any]:
        return {"text": "".join(text), "length": len(text)}

    for number in range(operations):
        client = number % len(NODES)
        if number % 3 == 2:
            yield from script.operation(client, "read", None, shown())
        elif len(text) > LENGTH:
            at = {"position": rng.randrange(len(text))}
            del text[at["position"]]
            yield from script.operation(client, "delete", at, at)
        else:
            code = 0xE000 if code == 0xD7FF else code + 1
            position, char = rng.randrange(len(text) + 1), chr(code)
            text.insert(position, char)
            put = {"position": position, "char": char}
            yield from script.operation(client, "insert", put, put)
    for client in range(len(NODES)):
        yield from script.operation(client, "read", None, shown(), final=True)


class Load(NamedTuple):
    """What is measured.

    Attributes:
        make: Makes a history of so many operations.
        check: Checks it.
        less: By how much less of them there is.
    """

    make: Callable[[int], History]
    check: Callable[..., Result]
    less: int = 1


def of(events: Callable[[int], Iterator[Event]]) -> Callable[[int], History]:
    """Return what makes a history of these events."""
    return lambda operations: History.from_events(events(operations))


LOADS = {
    "counters": Load(counter_history, partial(check_counter, grow_only=True)),
    "sets without removals": Load(partial(set_history, reads=64), check_set),
    "sets with removals": Load(of(sets), check_or_set),
    "registers with siblings": Load(of(registers), check_siblings),
    "registers with clocks": Load(of(clocked_registers), check_siblings),
    "carts": Load(of(carts), check_cart),
    "texts": Load(of(texts), check_sequence, 10),
}


def measure(name: str, operations: int) -> tuple[float, float, float, float]:
    """Return CPU seconds of a pass and of the check, and MB before and at the peak."""
    make, check, _ = LOADS[name]
    history = make(operations)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.process_time()
    count = sum(operation.status == "ok" for operation in history.operations())
    passed = time.process_time() - start
    start = time.process_time()
    result = check(history, nodes=NODES)
    checked = time.process_time() - start
    assert count, "there are operations"
    assert result.verdict is Verdict.VALID, result.summary
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return passed, checked, before, peak


def main() -> None:
    """Print a row for each checker."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operations", type=int, default=1_000_000)
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    print(
        "checker                   operations     pass    check   ratio    history   peak"
    )
    spawn = multiprocessing.get_context("spawn")
    for name, load in LOADS.items():
        if options.words and not any(word in name for word in options.words):
            continue
        operations = options.operations // load.less
        with spawn.Pool(1) as pool:
            passed, checked, before, peak = pool.apply(measure, (name, operations))
        print(
            f"{name:24}  {operations:10,}  {passed:5.2f} s  {checked:5.2f} s  "
            f"{checked / passed:5.1f}x  {before:6.0f} MB  {peak:4.0f} MB"
        )


if __name__ == "__main__":
    main()
