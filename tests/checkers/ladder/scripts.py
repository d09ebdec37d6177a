"""Small histories from scripts.

A script is a text of operations, in the order in which they happen, one after the
other: who does what.

    0 x=1      process 0 writes 1 to the register x
    1 x:1      process 1 reads 1 from x; `x:-` is the initial value, null
    2 x:1>2    process 2 finds 1 in x and sets 2
    0 x+1      process 0 adds 1 to the set or counter x
    1 x{1,2}   process 1 reads the elements 1 and 2 from the set x
    1 x#3      process 1 reads 3 from the counter x
    0 x=1?     what this does never returns
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from histories import Event, History


class Step(NamedTuple):
    """One operation; of its kind: what it found, and what it wrote or added."""

    process: int
    kind: str
    key: str
    found: Any = None
    put: Any = None
    returned: bool = True


_FORM = re.compile(
    r"(?P<process>\d+) (?P<key>\w)(?P<kind>=|:|\+|\{|#)(?P<rest>[^?]*)(?P<open>\??)"
)


def parse(script: str) -> list[Step]:
    """Return the operations of a script; a comma and a space, or a line, divide them."""
    steps = []
    for word in re.split(r", |\n", script.strip()):
        form = _FORM.fullmatch(word.strip())
        assert form, f"not an operation: {word!r}"
        kind, rest = form["kind"], form["rest"]
        found = put = None
        if kind in "=+":
            put = int(rest)
        elif kind == ":" and ">" in rest:
            found, put = map(int, rest.split(">"))
            kind = "cas"
        elif kind == "{":
            found = [int(item) for item in rest.strip("}").split(",") if item]
        else:
            found = None if rest == "-" else int(rest)
        steps.append(
            Step(int(form["process"]), kind, form["key"], found, put, not form["open"])
        )
    return steps


def history_of(steps: list[Step], *, keyed: bool) -> History:
    """Return a history of operations that do not overlap, a millisecond each."""
    events: list[Event] = []

    def record(type_: str, step: Step, f: str, value: Any) -> None:
        events.append(
            Event(
                index=len(events),
                time=len(events) * 500_000,
                type=type_,  # type: ignore[arg-type] # one of the four
                process=step.process,
                f=f,
                value=[step.key, value] if keyed else value,
            )
        )

    for step in steps:
        f = {"=": "write", "+": "add", "cas": "cas"}.get(step.kind, "read")
        given = [step.found, step.put] if f == "cas" else step.put
        record("invoke", step, f, given)
        if step.returned:
            record("ok", step, f, step.found if f == "read" else given)
        else:
            record("info", step, f, given)
    return History.from_events(events)
