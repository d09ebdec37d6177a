"""The catalogue is complete, and every entry of it can happen."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import checkers
from checkers import (
    ANOMALIES,
    Measure,
    check_assertions,
    check_availability,
    check_counter,
    check_echo,
    check_faults,
    check_merge_claims,
    check_models,
    check_protocol,
    check_set,
    check_unique_ids,
)
from checkers.evidence import gather
from histories import (
    NEMESIS,
    PROBLEM_KINDS,
    Event,
    History,
    Message,
    MessageKind,
    NodeOutcome,
    Outcome,
    Problem,
)

from .cart_tales import CARTS
from .set_tales import OR_SETS
from .tales import SIBLINGS
from .text_tales import TEXTS


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers import Result

    from .conftest import Story


def _counter(*script: str) -> Callable[[Story], Result]:
    """Return a check of a growing counter: `+3` adds, `x3` fails to, `3@n1` reads.

    The reads at the end of the script are final.
    """

    def check(story: Story) -> Result:
        ops = []
        final = len(script) - next(
            number for number, word in enumerate(script[::-1]) if word[0] in "+x"
        )
        for number, word in enumerate(script):
            value, _, node = word.lstrip("+x").partition("@")
            node = node or "n0"
            if word[0] in "+x":
                status = "ok" if word[0] == "+" else "fail"
                ops.append(story.add(int(value), status=status, node=node, process=1))
            else:
                read = story.read(
                    float(value) if "." in value else int(value),
                    node=node,
                    final=number >= final,
                    process=1,
                )
                ops.append(read)
        return check_counter(story.history(ops), grow_only=True)

    return check


def _models(*script: str) -> Callable[[Story], Result]:
    """Return a check of a set or a register: `0+3` adds 3, `0=3` writes it, by process 0.

    `1:3` reads 3 from the register, `1:` nothing, `1{3,4}` reads 3 and 4 from the set.
    """

    def check(story: Story) -> Result:
        ops = []
        for word in script:
            process, kind, value = int(word[0]), word[1], word[2:]
            if kind == "+":
                ops.append(story.add(int(value), process=process))
            elif kind == "=":
                ops.append(story.op("write", int(value), process=process))
            elif kind == ":":
                ops.append(story.read(int(value) if value else None, process=process))
            else:
                elements = [int(item) for item in value.strip("}").split(",") if item]
                ops.append(story.read(elements, process=process))
        is_set = any(word[1] == "+" for word in script)
        return check_models(story.history(ops), "set" if is_set else "register")

    return check


def _merges(*rows: tuple[Any, ...]) -> Callable[[Story], Result]:
    """Return a check of merges: two states, the outcomes, and a claim to commute."""

    def check(story: Story) -> Result:
        ops = []
        for a, b, ab, ba, *claims in rows:
            given = {"state_a": a, "state_b": b}
            told = dict(zip(("commutative",), claims, strict=False))
            answer = {**given, "merge_ab": ab, "merge_ba": ba, **told}
            ops.append(story.op("verify", given, answer))
        return check_merge_claims(story.history(ops))

    return check


def _told(tell: Callable[[], Result], _: Story) -> Result:
    return tell()


EXAMPLES: dict[str, Callable[[Story], Result]] = {
    "type-error": _counter("+1", "1.0"),
    "aborted-effect": _counter("+1", "x2", "3"),
    "thin-air": _counter("1", "+1", "1"),
    "over-count": _counter("+1", "2"),
    "negative-value": _counter("-1", "+1", "1"),
    "impossible-value": _counter("+4", "+4", "6"),
    "lost-update": _counter("+1", "+1", "1"),
    "stale-final-read": _counter("+1", "1", "0@n1"),
    "divergence": _counter("+1", "+2", "1", "2@n1"),
    "regress": _counter("+1", "1", "0", "+1", "2"),
    "read-your-writes": _counter("+1", "0", "+1", "2"),
    "phantom-element": lambda story: check_set(
        story.history(story.add(1), story.final([1, 2]))
    ),
    "lost-element": lambda story: check_set(
        story.history(story.add(1), story.final([]))
    ),
    "missing-on-node": lambda story: check_set(
        story.history(story.add(1), story.final([]), story.final([1], "n1"))
    ),
    "duplicate-element": lambda story: check_set(
        story.history(story.add(1), story.final([1, 1]))
    ),
    "duplicate-id": lambda story: check_unique_ids(
        story.history(story.op("generate", None, 1), story.op("generate", None, 1))
    ),
    "echo-mismatch": lambda story: check_echo(story.history(story.op("echo", 1, 2))),
    "wrong-maximum": _merges(({"a": 1}, {"a": 2}, {"a": 3}, {"a": 3})),
    "dropped-key": _merges(({"a": 1}, {"b": 2}, {"a": 1}, {"b": 2})),
    "non-commutative": _merges(({"a": 1}, {"b": 2}, {"a": 1}, {"b": 2})),
    "non-idempotent": _merges(({"a": 1}, {"a": 1}, {"a": 2}, {"a": 2})),
    "non-associative": _merges(
        ({"a": 1}, {"a": 2}, {"a": 3}, {"a": 3}),
        ({"a": 3}, {"a": 3, "b": 1}, {"a": 3, "b": 1}, {"a": 3, "b": 1}),
        ({"a": 2}, {"a": 3, "b": 1}, {"a": 3, "b": 1}, {"a": 3, "b": 1}),
        ({"a": 1}, {"a": 3, "b": 1}, {"a": 4, "b": 1}, {"a": 4, "b": 1}),
    ),
    "false-claim": _merges(({"a": 1}, {"a": 2}, {"a": 2}, {"a": 2}, False)),
    "unavailable": lambda story: check_availability(
        story.history(story.add(1, status="info")), required=1.0
    ),
    "assertion-failed": lambda _: check_assertions({"a": Measure(1)}, ["a > 1"]),
    "monotonic-reads": _models("0=1", "1:1", "1:"),
    "monotonic-writes": _models("0+1", "0+2", "1{2}"),
    "writes-follow-reads": _models("0+1", "1{1}", "1+2", "2{2}"),
    "pram-violation": _models("0=1", "0=2", "1:2", "1:1"),
    "causality-violation": _models("0=1", "1:1", "1=2", "2:2", "2:1"),
    "long-fork": _models("0+1", "1+2", "2{1}", "3{2}"),
    "unexplained": lambda story: check_models(
        story.history(
            story.op("enqueue", 1),
            story.op("dequeue", None, 1),
            story.op("dequeue", None, 1),
        ),
        "fifo-queue",
    ),
    "non-sequential": _models("0=1", "1=2", "0:2", "1:1"),
    "non-linearizable": _models("0=1", "1:"),
    "stale-read": _models("0=1", "1:"),
    "node-crash": lambda _: check_protocol(
        Outcome(nodes=(NodeOutcome(name="n0", exit_code=1, expected=False),)),
        strict=False,
    ),
}


def _idle_fault() -> Result:
    begin, end = ("start-kill", None), ("stop-kill", {"killed": 0})
    events = [
        Event(index=index, time=index, type="info", process=NEMESIS, f=f, value=value)
        for index, (f, value) in enumerate([begin, begin, end, end])
    ]
    return check_faults(History.from_events(events))


def _without_messages(story: Story) -> Result:
    """Check a read on n1 of what was added on n0, when no message went to n1."""
    history = story.history(
        story.add(1, process=0, node="n0"),
        story.read(1, process=1, node="n1", final=True),
    )
    journal = []
    for operation in history.operations():
        client, node = f"c{operation.process}", str(operation.node)
        asked = f'{{"type": "{operation.f}", "msg_id": 1}}'.encode()
        told = f'{{"type": "{operation.f}_ok", "in_reply_to": 1}}'.encode()
        request, reply = 2 * operation.process, 2 * operation.process + 1
        time = operation.start_time
        for kind, id_, src, dest, body in (
            (MessageKind.SEND, request, client, node, asked),
            (MessageKind.DELIVER, request, client, node, b""),
            (MessageKind.SEND, reply, node, client, told),
            (MessageKind.DELIVER, reply, node, client, b""),
        ):
            journal.append(Message(len(journal), int(kind), time, id_, src, dest, body))
    evidence = gather(
        history, journal, nodes=("n0", "n1"), updates=lambda f: f == "add"
    )
    return check_counter(history, grow_only=True, evidence=evidence)


EXAMPLES["impossible-knowledge"] = _without_messages
EXAMPLES["ineffective-fault"] = lambda _: _idle_fault()
EXAMPLES |= {
    name: partial(_told, tell)
    for name, tell in (SIBLINGS | OR_SETS | CARTS | TEXTS).items()
}


def _protocol(kind: str) -> Callable[[Story], Result]:
    problem = Problem(kind=kind, node="n0", sentence=f"n0 did {kind}.")
    return lambda _: check_protocol(Outcome(problems=(problem,)), strict=True)


EXAMPLES |= {
    kind: _protocol(kind)
    for kind in [*PROBLEM_KINDS, "protocol-violation"]
    if kind not in {"exited", "killed"}
}


@pytest.mark.parametrize("name", ANOMALIES)
def test_every_anomaly_of_the_catalogue_can_happen(story: Story, name: str) -> None:
    """Each entry is reported for some history, by its name."""
    result = EXAMPLES[name](story)
    assert name in {anomaly.name for anomaly in result.anomalies}


def test_every_name_in_the_source_is_in_the_catalogue() -> None:
    """A name that is reported and not explained would be a riddle."""
    source = Path(checkers.__file__).parent
    reported = {
        name
        for module in source.rglob("_*.py")
        for name in re.findall(
            r'findings\.(?:add|note)\(\s*"([a-z-]+)"', module.read_text("utf-8")
        )
    }
    assert len(reported) > 10
    assert reported <= set(ANOMALIES)


def test_entries_are_complete_and_named_by_their_keys() -> None:
    """Title and meaning are there, the meaning in sentences."""
    for name, kind in ANOMALIES.items():
        assert kind.name == name
        assert kind.title
        assert kind.meaning.endswith(".")


def test_the_public_names_are_sorted() -> None:
    """`__all__` is sorted and everything in it exists."""
    assert checkers.__all__ == sorted(checkers.__all__)
    assert all(hasattr(checkers, name) for name in checkers.__all__)
