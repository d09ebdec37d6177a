"""Leaves out what checkers may report, a name at a time: which bugs are missed then?

    python -P tests/leave_out_clauses.py [NAMES...]

A clause that no faulty node needs is one that nothing shows to work. For every anomaly
that can fail a run, the faulty nodes known for it run until they are found out by it,
and the same runs, and a few more, again while no checker may report it: those that
survive need it. The others are found out by something else, which is told. Some clauses
are for recorded histories of what no workload has, and are left out of the check of one.
Ends with 1 if there is a name without which all is found as before, unless it is told why.

Run by hand; it takes some minutes. What nodes do to the protocol is not left out here:
`tests/harness/test_misbehaviour.py` has a program for each of that.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

import msgspec

from checkers import ANOMALIES
from checkers._findings import Findings
from checkers._verdict import Reason
from checkers.ladder import _judge, check_models
from checkers.ladder._found import fails
from checkers.ladder._levels import Level
from checkers.ladder.sessions import judge_sessions
from harness.hunting import attempt
from harness.hunting._mutants import mutant_specs
from harness.hunting._trial import failing_anomalies
from histories import PROBLEM_KINDS, Event, History
from nodes.faulty import FAULTY


if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from checkers._verdict import Anomaly


LEAST_RUNS = 4
"""Runs of a node without a clause, where the table of faulty nodes allows as many."""

NOTES = {"backward-interleaving", "ineffective-fault", "overwritten-concurrently"}
"""Facts that are told, and fail nothing."""

PROTOCOL = {*PROBLEM_KINDS, "node-crash", "protocol-violation"}
"""What nodes do to the protocol."""

SAME = {"order-cycle": "order-inversion"}
"""What is the same clause as another one: a circle of more than two reads."""

IMPLIED = {
    "duplicate-character": (
        ("order-inversion", "order-cycle", "intention-violation"),
        "a text that has a character twice has it before itself, which is a circle",
    ),
    "lost-write": (
        ("forgotten-write", "divergence"),
        "its own node lacks it, too, unless the disk is lost: then nobody owes it",
    ),
    "long-fork": (
        ("non-sequential",),
        "it is a small reason for that, which is found without a search",
    ),
    **dict.fromkeys(
        ("non-associative", "non-commutative", "non-idempotent"),
        (
            ("dropped-key", "wrong-maximum"),
            "it says which law a merge breaks, all of which the maximum obeys",
        ),
    ),
    "stale-read": (
        ("non-linearizable",),
        "it is told beside that, and says by how much",
    ),
}
"""What is always found by something else as well: by what, and what it is for."""


class Recorded(NamedTuple):
    """A history that no workload makes, and that fails by one anomaly.

    Attributes:
        model: What its operations mean.
        declared: The consistency model that it fails.
        operations: Process, function, argument and result of each, one after the other.
    """

    model: str
    declared: str
    operations: tuple[tuple[int, str, Any, Any], ...]


RECORDED = {
    "causality-violation": Recorded(
        "register",
        "causal",
        (
            (0, "write", 1, 1),
            (1, "read", None, 1),
            (1, "write", 2, 2),
            (2, "read", None, 2),
            (2, "read", None, 1),
        ),
    ),
    "pram-violation": Recorded(
        "register",
        "pram",
        (
            (0, "write", ["x", 1], ["x", 1]),
            (0, "write", ["x", 2], ["x", 2]),
            (0, "write", ["y", 3], ["y", 3]),
            (1, "read", ["y", None], ["y", 3]),
            (1, "read", ["x", None], ["x", 1]),
        ),
    ),
    "unexplained": Recorded(
        "fifo-queue",
        "pram",
        ((0, "enqueue", 1, 1), (1, "dequeue", None, 7)),
    ),
}
"""Histories that fail by what no run does.

Reads of sets and counters tell all that they saw, and then the session guarantees say as
much; and there is no workload of queues.
"""


class Muted(ExitStack):
    """Has no checker report anomalies of some names, as long as it is entered."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self._names = names

    def __enter__(self) -> Self:
        """Leave the names out of all findings, and out of what models are judged by."""
        super().__enter__()
        names, add = self._names, Findings.add

        def heard(self: Findings, name: str, /, *rest: Any, **more: Any) -> None:
            if name not in names:
                add(self, name, *rest, **more)

        def judged(*arguments: Any) -> list[Level]:
            return [
                level
                for level in judge_sessions(*arguments)
                if level.anomaly is None or level.anomaly.name not in names
            ]

        def failing(level: str, anomaly: Anomaly) -> Level:
            if anomaly.name not in names:
                return fails(level, anomaly)
            why = "This is left out."
            return Level(
                name=level, verdict="unknown", why=why, reason=Reason.UNSUPPORTED
            )

        self.enter_context(patch.object(Findings, "add", heard))
        self.enter_context(patch.object(_judge, "judge_sessions", judged))
        self.enter_context(patch.object(_judge, "fails", failing))
        searches = {
            "long-fork": ("find_long_fork", "is_long_fork"),
            "stale-read": ("stale",),
            "unexplained": ("find_unexplained",),
        }
        for name in names:
            for search in searches.get(name, ()):
                nothing = patch.object(_judge, search, lambda *_, **__: None)
                self.enter_context(nothing)
        return self


def found_by(node: str, runs: int, names: Sequence[str] = ()) -> tuple[int, set[str]]:
    """Return in how many runs a node is found out, and by what.

    Args:
        node: The node.
        runs: How many runs there are at the most.
        names: What it is to be found out by; anything without them.
    """
    specs = mutant_specs(node, FAULTY[node], seed=1, transport="simulated")
    number = 0
    for number, spec in enumerate(islice(specs, runs), start=1):
        found = set(attempt(spec).anomalies)
        if found and (not names or found & set(names)):
            return number, found
    return number, set()


def recorded_fails(recorded: Recorded) -> set[str]:
    """Return by what a recorded history fails."""
    events: list[Event] = []
    for process, f, argument, result in recorded.operations:
        index = len(events)
        invoke = Event(
            index=index,
            time=1_000 * index,
            process=process,
            f=f,
            type="invoke",
            value=argument,
        )
        ok = msgspec.structs.replace(
            invoke, index=index + 1, time=1_000 * (index + 1), type="ok", value=result
        )
        events += [invoke, ok]
    checked = check_models(
        History.from_events(events),
        recorded.model,
        declared=recorded.declared,
        independent=isinstance(recorded.operations[0][2], list),
    )
    return set(failing_anomalies(checked))


class Outcome(NamedTuple):
    """What becomes of all that is known for a name without it.

    Attributes:
        survivors: What is not found out any more.
        others: What is found out all the same, and by what.
    """

    survivors: list[str]
    others: dict[str, set[str]]


def without(name: str) -> Outcome:
    """Return what becomes of nodes, and of a history, without a name."""
    names = (name, *(other for other in SAME if SAME[other] == name))
    known = [node for node in FAULTY if FAULTY[node].anomaly == name] or [
        node for node in FAULTY if name in FAULTY[node].anomalies
    ]
    outcome = Outcome([], {})
    for node in known:
        runs, found = found_by(node, FAULTY[node].runs, names)
        if not found:
            # Its runs show what the table has as another proof of the same bug.
            outcome.others[node] = set()
            continue
        with Muted(*names):
            _, found = found_by(node, max(runs, min(LEAST_RUNS, FAULTY[node].runs)))
        if found:
            outcome.others[node] = found
        else:
            outcome.survivors.append(node)
    recorded = RECORDED.get(name)
    if recorded is not None and name in recorded_fails(recorded):
        with Muted(*names):
            found = recorded_fails(recorded)
        if found:
            outcome.others["a recorded history"] = found
        else:
            outcome.survivors.append("a recorded history")
    return outcome


def judge(name: str, outcome: Outcome) -> str:
    """Tell what came of it, in a row or two; return a word for it."""
    by, what_for = IMPLIED.get(name, ((), ""))
    others = outcome.others
    if outcome.survivors:
        word = "needed"
        tell(f"{name}: survive {', '.join(outcome.survivors)}")
    elif by and others and all(found & {*by} for found in others.values()):
        word = "implied"
        tell(f"{name}: implied by {' or '.join(by)}; {what_for}")
    else:
        word = "idle"
        tell(f"{name}: none survives")
    if others:
        told = [
            f"{node} ({', '.join(sorted(others[node])) or 'never by this'})"
            for node in others
        ]
        tell(f"    found all the same: {', '.join(told)}")
    return word


def tell(line: str) -> None:
    """Print a line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Print a row for each name."""
    asked = sys.argv[1:] or [name for name in ANOMALIES if name not in PROTOCOL]
    words = dict.fromkeys(("needed", "implied", "idle"), 0)
    for name in asked:
        if name in NOTES:
            tell(f"{name}: a note, which fails nothing")
        elif name in SAME:
            tell(f"{name}: the same clause as {SAME[name]}, by another name")
        else:
            words[judge(name, without(name))] += 1
    tell(
        f"Of {sum(words.values())} clauses {words['needed']} are needed, "
        f"{words['implied']} are implied by others, and {words['idle']} are idle."
    )
    return 1 if words["idle"] else 0


if __name__ == "__main__":
    sys.exit(main())
