"""Events of which nothing says which process they belong to.

Papers and bug reports show histories as a list of invocations and completions
without processes. Which of them belong together can be told by what they say, but
not who came after whom. So every operation becomes a process of its own, and all
invocations come before all completions: then all operations are concurrent, and no
checker finds an order that nobody has recorded.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

import msgspec


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from histories._operation import Event


_READS = frozenset({"r", "read"})
_ASKING = frozenset({"r", "read", "get", "dequeue", "pop"})
"""Functions whose completions say what was found, and not what was asked."""


def is_transaction(value: Any) -> bool:
    """Whether a value is a list of micro-operations, such as ["append", 1, 2]."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(
            isinstance(step, list) and len(step) in {2, 3} and isinstance(step[0], str)
            for step in value
        )
    )


def asked(value: Any) -> Any:
    """Return what was invoked if this came of it: reads have no results yet."""
    if not is_transaction(value):
        return value
    return [[*step[:2], None] if step[0] in _READS else list(step) for step in value]


def arrange(
    events: Iterable[tuple[int, Event]], *, has_tuples: bool
) -> Iterator[tuple[int, Event]]:
    """Yield events with their lines, renumbered so that all are concurrent.

    A completion belongs to the first open invocation that asks the same, or asks for
    the same key, or asks nothing. One to which none belongs gets an invocation of its
    own. With tuples, every value is a pair of a key and a value.
    """
    invocations: list[tuple[int, Event]] = []
    completions: list[tuple[int, Event]] = []
    others: list[tuple[int, Event]] = []
    running: dict[tuple[str, bytes], deque[int]] = defaultdict(deque)
    for line, event in events:
        if isinstance(event.process, str):
            others.append((line, event))
        elif event.type == "invoke":
            running[_key(event.f, asked(event.value))].append(len(invocations))
            invocations.append((line, event))
        else:
            question = asked(event.value)
            likely = (running[_key(event.f, one)] for one in _questions(question))
            matching = next(filter(None, likely), None)
            if event.f in _ASKING and question is event.value:  # Of no transaction.
                keyed = has_tuples and _is_pair(question)
                question = [question[0], None] if keyed else None
            if matching:
                process = matching.popleft()
            else:
                process = len(invocations)
                invoked = {"type": "invoke", "value": question, "error": None}
                invocations.append((line, msgspec.structs.replace(event, **invoked)))
            completed = {"process": process}
            completions.append((line, msgspec.structs.replace(event, **completed)))
    invocations = [
        (line, msgspec.structs.replace(event, process=process))
        for process, (line, event) in enumerate(invocations)
    ]
    for index, (line, event) in enumerate((*invocations, *others, *completions)):
        yield line, msgspec.structs.replace(event, index=index, time=0)


def _questions(question: Any) -> Iterator[Any]:
    """Yield what may have been asked, the likeliest first."""
    yield question
    if _is_pair(question):
        yield [question[0], None]
    yield None


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2


def _key(f: str, question: Any) -> tuple[str, bytes]:
    try:
        return f, msgspec.json.encode(question, order="deterministic")
    except RecursionError:
        return f, b"a value that nests too deeply to be compared"
