"""Random small histories, most of them nearly right, and what must be true of answers.

A `Thing` is a data type as a program would have it. `draw` runs clients against one:
every operation takes effect somewhere between its call and its return, some returns
get lost, and then a few results are changed. So both answers come up often.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers.search import PROGRAM, REAL_TIME, problems, verify
from histories import Event, History

from ..oracle import (  # noqa: TID252 # tests are no package that could be named
    linearization,
    sequentialization,
)


if TYPE_CHECKING:
    from random import Random

    from checkers.models import Model
    from checkers.search import Answer, Order, Problem


class Blocked(Exception):  # noqa: N818 # no error: the operation waits
    """The operation cannot take effect now."""


class Failed(Exception):  # noqa: N818 # no error: an outcome
    """The operation has taken no effect, and says so."""


class Thing:
    """A data type under test."""

    def ask(self, rng: Random, process: int) -> tuple[str, Any]:
        """Return the function and the value of the next invocation."""
        raise NotImplementedError

    def do(self, f: str, value: Any, process: int) -> Any:
        """Take effect, and return the result."""
        raise NotImplementedError

    def other(self, rng: Random, f: str, value: Any) -> Any:
        """Return another result than this one, or the same."""
        return value


class Client:
    """One client and where it is: idle, called, or done."""

    def __init__(self, process: int) -> None:
        self.process = process
        self.phase = "idle"
        self.f = ""
        self.value: Any = None
        self.result: Any = None


def draw(
    rng: Random,
    thing: Thing,
    *,
    operations: int,
    clients: int,
    lost: float = 0.1,
    wrong: int = 1,
    real_time: bool = True,
) -> History:
    """Return the history of a run.

    Args:
        rng: Decides everything.
        thing: What the clients use.
        operations: How many of them.
        clients: How many at a time.
        lost: How often a return gets lost.
        wrong: How many results are changed.
        real_time: Whether operations take effect between call and return. If not,
            only the order of each client is kept.
    """
    lines = _run(rng, thing, operations, clients, lost)
    if not real_time:
        lines = _shuffled(rng, lines)
    changeable = [i for i, line in enumerate(lines) if line[1] == "ok"]
    for _ in range(wrong if changeable else 0):
        i = rng.choice(changeable)
        process, type_, f, value = lines[i]
        lines[i] = (process, type_, f, thing.other(rng, f, value))
    now = 0
    events = []
    for i, (process, type_, f, value) in enumerate(lines):
        now += rng.randrange(1, 4)
        events.append(
            Event(index=i, time=now, type=type_, process=process, f=f, value=value)
        )
    return History.from_events(events)


def _run(
    rng: Random, thing: Thing, operations: int, clients: int, lost: float
) -> list[tuple[int, str, str, Any]]:
    team = [Client(process) for process in range(clients)]
    lines: list[tuple[int, str, str, Any]] = []
    late: list[Client] = []
    asked = idle_turns = 0
    while asked < operations or any(client.phase != "idle" for client in team):
        if late and rng.random() < 0.1:
            _take_effect(thing, late.pop(rng.randrange(len(late))))
        at = rng.randrange(clients)
        client = team[at]
        idle_turns += 1
        if client.phase == "idle":
            if asked < operations:
                client.f, client.value = thing.ask(rng, client.process)
                client.phase = "called"
                lines.append((client.process, "invoke", client.f, client.value))
                asked += 1
                idle_turns = 0
            continue
        if rng.random() < lost or idle_turns > 50 * clients:
            lines.append((client.process, "info", client.f, client.value))
            if client.phase == "called" and rng.random() < 0.5:
                late.append(client)
            stays = rng.random() < 0.2
            team[at] = Client(client.process if stays else client.process + clients)
            continue
        if client.phase == "called":
            if _take_effect(thing, client):
                idle_turns = 0
            continue
        type_ = "fail" if isinstance(client.result, Failed) else "ok"
        value = client.value if type_ == "fail" else client.result
        lines.append((client.process, type_, client.f, value))
        client.phase = "idle"
    return lines


def _take_effect(thing: Thing, client: Client) -> bool:
    try:
        client.result = thing.do(client.f, client.value, client.process)
    except Failed as failure:
        client.result = failure
    except Blocked:
        return False
    client.phase = "done"
    return True


def _shuffled(
    rng: Random, lines: list[tuple[int, str, str, Any]]
) -> list[tuple[int, str, str, Any]]:
    """Return the lines of each process in their order, and no other order kept."""
    of_process: dict[int, list[tuple[int, str, str, Any]]] = {}
    for line in lines:
        of_process.setdefault(line[0], []).append(line)
    queues = [queue[::-1] for queue in of_process.values()]
    found = []
    while queues:
        queue = rng.choice(queues)
        found.append(queue.pop())
        if not queue:
            queues.remove(queue)
    return found


def problem_of(history: History, model: Model[Any], **options: Any) -> Problem:
    """Return the one problem of a history."""
    [problem] = problems(history, model, **options)
    return problem


def truth(problem: Problem, order: Order) -> bool:
    """Return, by brute force, whether a problem has a witness."""
    if order == REAL_TIME:
        return linearization(problem) is not None
    if order == PROGRAM:
        return sequentialization(problem) is not None
    return linearization(problem, delay_ns=order.delay_ns) is not None


def confirm(problem: Problem, order: Order, answer: Answer) -> str:
    """Return the outcome of an answer, which must be the right one, and proven."""
    assert answer.outcome == ("yes" if truth(problem, order) else "no"), answer
    if answer.outcome == "yes":
        assert verify(problem, order, answer.order), answer
    else:
        assert answer.explanation["violation"]
        assert all(-1 <= i < len(problem) for i in answer.explanation["operations"])
    return answer.outcome
