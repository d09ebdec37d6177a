"""Random small histories of registers and of sets, whose reads reveal what they saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .scripts import Step


if TYPE_CHECKING:
    from random import Random


def draw_lists(rng: Random) -> list[Step]:
    """Return operations on one list, whose reads nearly agree on its order."""
    steps = []
    order: list[int] = []
    count, processes = rng.randint(2, 8), rng.randint(1, 4)
    puts = [number for number in range(1, count + 1) if rng.random() < 0.5]
    agreed = rng.sample(puts, len(puts))
    for number in range(1, count + 1):
        process = rng.randrange(processes)
        if number in puts:
            returns = rng.random() > 0.12
            steps.append(Step(process, "+", "x", None, number, returns))
            continue
        order = agreed[: rng.randint(0, len(agreed))]
        if rng.random() < 0.2:
            rng.shuffle(order)
        elif rng.random() < 0.2:
            order = [value for value in order if rng.random() < 0.7]
        steps.append(Step(process, "{", "x", order))
    return steps


def draw_steps(rng: Random, *, exact: bool) -> list[Step]:
    """Return operations of up to four processes, whose reads saw whatever there is.

    Values are written once, and only what is written is read. Some writes and swaps
    never return, and their processes may go on.
    """
    count = rng.randint(2, 8)
    processes, keys = rng.randint(1, 4), "xyz"[: rng.randint(1, 3)]
    plan = [
        (rng.randrange(processes), rng.choice(keys), rng.random()) for _ in range(count)
    ]
    puts: dict[str, list[int]] = {key: [] for key in keys}
    for number, (_, key, kind) in enumerate(plan, 1):
        if kind < 0.45 or (kind > 0.9 and not exact):
            puts[key].append(number)
    steps = []
    for number, (process, key, kind) in enumerate(plan, 1):
        returns = rng.random() > 0.12
        others = [value for value in puts[key] if value != number]
        if kind < 0.45:
            put = "+" if exact else "="
            steps.append(Step(process, put, key, None, number, returns))
        elif exact:
            found = [value for value in others if rng.random() < 0.5]
            steps.append(Step(process, "{", key, found))
        elif kind > 0.9:
            if others:
                old = rng.choice(others)
                steps.append(Step(process, "cas", key, old, number, returns))
            else:
                steps.append(Step(process, "=", key, None, number, returns))
        else:
            steps.append(Step(process, ":", key, rng.choice([*others, None])))
    return steps
