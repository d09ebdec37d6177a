"""Random small problems: of random automata, of registers, and of every model.

A schedule is drawn first: who calls and who returns, and what never returns. Then
operations take effect one after the other between their call and their return, each
seeing what a real object would show; and a share of them sees something else. So
about one in three problems has no witness.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

from checkers.models import Call, Register, freeze
from checkers.search import NEVER, OPEN, Problem, RegisterView
from histories import Event, History


if TYPE_CHECKING:
    from random import Random

    from checkers.models import Model


class Slot(NamedTuple):
    """An operation in a schedule: events of its call and return, times, process."""

    call: int
    answer: int
    call_time: int
    return_time: int
    process: int


def draw_schedule(
    rng: Random, *, operations: int, clients: int, lost: float, stays: float = 0.1
) -> tuple[list[Slot], list[int]]:
    """Return operations by call, and those that take effect in their order.

    Clients whose operation is lost go on as another process, as those of Jepsen do,
    or, in a share of cases, stay the same.
    """
    slots: list[list[int]] = []
    busy: dict[int, list[int]] = {}
    effects: list[int] = []
    process_of = list(range(clients))
    events = now = 0
    pace = rng.choice([0, 1, 3])
    while len(slots) < operations or busy:
        client = rng.randrange(clients)
        now += rng.randint(0, pace)
        if client not in busy:
            if len(slots) < operations:
                busy[client] = [len(slots), 0]
                slots.append([events, OPEN, now, NEVER, process_of[client]])
                events += 1
            continue
        number, has_effect = busy[client]
        if not has_effect:
            busy[client][1] = 1
            if rng.random() < lost:
                if rng.random() < 0.5:
                    effects.append(number)
                del busy[client]
                if rng.random() >= stays:
                    process_of[client] += clients
                continue
            effects.append(number)
        else:
            slots[number][1], slots[number][3] = events, now
            events += 1
            del busy[client]
    return [Slot(*slot) for slot in slots], effects


class Table:
    """An automaton that is a table, for a search to be asked about nothing else."""

    initial = 0
    model: Any = Register()

    def __init__(self, rows: list[list[int]]) -> None:
        self.rows = rows
        self.pure = [
            all(row[cls] in {-1, state} for state, row in enumerate(rows))
            for cls in range(len(rows[0]))
        ]

    def step(self, state: int, cls: int) -> int:
        return self.rows[state][cls]

    def can_lead(self, state: int, cls: int) -> bool:
        seen, new = {state}, [state]
        while new:
            row = self.rows[new.pop()]
            if row[cls] >= 0:
                return True
            new += [following for following in {*row} - seen if following >= 0]
            seen.update(new)
        return False

    def call(self, cls: int) -> Call:
        return Call(f"c{cls}")

    def describe_state(self, state: int) -> str:
        return f"s{state}"

    def describe_class(self, cls: int) -> str:
        return f"c{cls}"


class Foreseeing:
    """In place of a model that says of each state where it may lead."""

    def can_lead(self) -> None:
        """Be another function than that of `Model`."""


def draw_table(rng: Random) -> Table:
    """Return a random automaton, in half of which some classes are pure."""
    states, classes = rng.randint(1, 5), rng.randint(1, 6)
    legal = rng.random()
    rows = [
        [rng.randrange(states) if rng.random() < legal else -1 for _ in range(classes)]
        for _ in range(states)
    ]
    for cls in range(classes):
        if rng.random() < 0.4:
            for state, row in enumerate(rows):
                row[cls] = state if row[cls] >= 0 else -1
    table = Table(rows)
    if rng.random() < 0.5:
        table.model = Foreseeing()
    return table


def draw_table_problem(rng: Random, *, operations: int = 8) -> Problem:
    """Return a problem of a random automaton."""
    table = draw_table(rng)
    slots, effects = draw_schedule(
        rng,
        operations=rng.randint(0, operations),
        clients=rng.randint(1, 4),
        lost=rng.choice([0.0, 0.1, 0.4]),
    )
    wrong = rng.choice([0.0, 0.1, 0.5])
    classes = [rng.randrange(len(table.pure)) for _ in slots]
    state = 0
    for number in effects:
        legal = [cls for cls in range(len(table.pure)) if table.rows[state][cls] >= 0]
        if legal and rng.random() >= wrong:
            classes[number] = rng.choice(legal)
            state = table.rows[state][classes[number]]
    return _problem(slots, classes, table)


class RegisterTable(Table):
    """One register as an automaton."""

    def __init__(self, view: RegisterView) -> None:
        self.view = view
        self.pure = [
            kind in {0, 3} or (kind == 2 and a == b)
            for kind, a, b in zip(view.kind, view.a, view.b, strict=True)
        ]

    def step(self, state: int, cls: int) -> int:
        kind, a, b = self.view.kind[cls], self.view.a[cls], self.view.b[cls]
        if kind == 1:
            return a
        if kind == 3:
            return state if state != a else -1
        if state != a:
            return -1
        return state if kind == 0 else b

    def can_lead(self, state: int, cls: int) -> bool:
        return True


def draw_register_problem(
    rng: Random, *, operations: int = 9, clients: int = 5
) -> Problem:
    """Return a problem of one register, with cas, failed cas, duplicates and losses."""
    slots, effects = draw_schedule(
        rng,
        operations=rng.randint(1, operations),
        clients=rng.randint(1, clients),
        lost=rng.choice([0.0, 0.15, 0.4]),
    )
    kinds = rng.choice([(0, 1), (0, 1, 2), (0, 1, 2, 2), (1, 2), (0, 2, 2), (0, 0, 1)])
    values = rng.randint(1, 4)
    wrong = rng.choice([0.0, 0.1, 0.3, 0.5])
    fails = rng.random() < 0.7
    unique = rng.random() < 0.15
    deeds: list[tuple[int, int, int]] = []
    for number in range(len(slots)):
        kind = rng.choice(kinds)
        a, b = rng.randint(0, values), rng.randint(0, values)
        if unique:
            a, b = (
                (number + 1, 0) if kind == 1 else (rng.randint(0, number), number + 1)
            )
        deeds.append((kind, a, b if kind == 2 else 0))
    state = 0
    for number in effects:
        kind, a, b = deeds[number]
        if kind == 2 and rng.random() < 0.4:
            a = state
        if rng.random() < wrong:
            continue
        if kind == 0:
            deeds[number] = (0, state, 0)
        elif kind == 1:
            state = a
        elif a == state:
            deeds[number] = (2, a, b)
            state = b
        elif slots[number].answer != OPEN:
            deeds[number] = (3, a, 0) if fails else (0, state, 0)
    numbers: dict[tuple[int, int, int], int] = {}
    classes = [numbers.setdefault(deed, len(numbers)) for deed in deeds]
    view = RegisterView(
        bytearray(kind for kind, _, _ in numbers),
        array("i", [a for _, a, _ in numbers]),
        array("i", [b for _, _, b in numbers]),
        list(range(1 + max((max(a, b) for _, a, b in numbers), default=0))),
    )
    return _problem(slots, classes, RegisterTable(view), view)


def _problem(
    slots: list[Slot],
    classes: list[int],
    table: Table,
    register: RegisterView | None = None,
) -> Problem:
    """Return a problem without the open operations that are pure."""
    kept = [
        i
        for i, slot in enumerate(slots)
        if slot.answer != OPEN or not table.pure[classes[i]]
    ]
    events = sorted(
        event
        for i in kept
        for event in (slots[i].call, slots[i].answer)
        if event < OPEN
    )
    position = {event: at for at, event in enumerate(events)} | {OPEN: OPEN}
    processes: dict[int, int] = {}
    return Problem(
        key=None,
        operations=array("q", kept),
        calls=array("I", [position[slots[i].call] for i in kept]),
        returns=array("I", [position[slots[i].answer] for i in kept]),
        call_times=array("q", [slots[i].call_time for i in kept]),
        return_times=array("q", [slots[i].return_time for i in kept]),
        processes=array(
            "I",
            [processes.setdefault(slots[i].process, len(processes)) for i in kept],
        ),
        classes=array("I", [classes[i] for i in kept]),
        automaton=table,
        register=register,
    )


ALPHABETS: dict[str, list[tuple[str, list[Any], list[Any]]]] = {
    "register": [("read", [None], [None, 1, 2]), ("write", [1, 2], [None])],
    "cas-register": [
        ("read", [None], [None, 1, 2]),
        ("write", [1, 2], [None]),
        ("cas", [[1, 2], [2, 1], [None, 1]], [None]),
    ],
    "kv": [
        ("get", [None], ["", "a", "ab", "b", "ba", "aa"]),
        ("put", ["a", ""], [None]),
        ("append", ["a", "b"], [None]),
        ("cas", [["a", "b"], ["ab", "a"]], [None]),
    ],
    "multi-register": [
        ("txn", [None], [[["r", "x", 1]], [["w", "x", 1], ["r", "y", None]]]),
        ("txn", [None], [[["w", "x", 2]], [["w", "y", 2]], [["r", "y", 2]]]),
    ],
    "g-counter": [("add", [1, 2], [None]), ("read", [None], list(range(8)))],
    "pn-counter": [("add", [1, 2, -2], [None]), ("read", [None], list(range(-4, 6)))],
    "mutex": [("acquire", [None], [None]), ("release", [None], [None])],
    "owned-mutex": [("acquire", [None], [None]), ("release", [None], [None])],
    "semaphore": [("acquire", [None], [None]), ("release", [None], [None])],
    "set": [
        ("add", [1, 2], [None, True, False]),
        ("remove", [1], [None, True, False]),
        ("contains", [1], [True, False]),
        ("read", [None], [[], [1], [2], [1, 2]]),
    ],
    "fifo-queue": [("enqueue", [1, 2], [None]), ("dequeue", [None], [None, 1, 2])],
    "unordered-queue": [
        ("enqueue", [1, 2], [None]),
        ("dequeue", [None], [None, 1, 2]),
    ],
    "stack": [("push", [1, 2], [None]), ("pop", [None], [None, 1, 2])],
    "priority-queue": [("insert", [1, 2], [None]), ("poll", [None], [None, 1, 2])],
    "append-list": [
        ("append", [1, 2], [None]),
        ("read", [None], [[], [1], [2], [1, 2], [2, 1], [1, 1], [1, 2, 1]]),
    ],
}
"""By model: functions with inputs and outputs."""

REGISTERS: list[tuple[str, list[Any], list[Any]]] = [
    ("read", [None], [None, 1, 2, 3]),
    ("read", [None], [None, 1, 2, 3]),
    ("write", [1, 2, 3], [None]),
    ("cas", [[1, 2], [2, 3], [None, 1]], [None]),
]
"""Of a model with keys, what makes each of them a register."""


def draw_history(
    rng: Random,
    model: Model[Any],
    *,
    operations: int = 7,
    alphabet: list[tuple[str, list[Any], list[Any]]] | None = None,
) -> History:
    """Return a history of a model; of two keys, if it has keys."""
    alphabet = alphabet or ALPHABETS[model.name]
    slots, effects = draw_schedule(
        rng,
        operations=rng.randint(0, operations),
        clients=rng.randint(1, 4),
        lost=rng.choice([0.0, 0.1, 0.4]),
        stays=0.0,
    )
    wrong = rng.choice([0.0, 0.1, 0.4])
    keys = ["x", "y"] if model.keyed else [None]
    deeds = [_draw_deed(rng, alphabet) for _ in slots]
    key_of = [rng.choice(keys) for _ in slots]
    states: dict[Any, Any] = dict.fromkeys(keys, model.initial)
    for number in effects:
        key = key_of[number]
        for _ in range(0 if rng.random() < wrong else 20):
            deed = _draw_deed(rng, alphabet)
            call = _call(model, deed, slots[number].process)
            following = model.step(states[key], call) if call else None
            if following is not None:
                deeds[number] = deed
                states[key] = following
                break
    lines = [(slot.call, "invoke", number) for number, slot in enumerate(slots)]
    lines += [
        (slot.answer, "ok", number)
        for number, slot in enumerate(slots)
        if slot.answer != OPEN
    ]
    events = []
    for index, (_, type_, number) in enumerate(sorted(lines)):
        (f, given, got), slot, key = deeds[number], slots[number], key_of[number]
        value = given if type_ == "invoke" or got is None else got
        events.append(
            Event(
                index=index,
                time=slot.call_time if type_ == "invoke" else slot.return_time,
                type=type_,  # type: ignore[arg-type] # one of two that are
                process=slot.process,
                f=f,
                value=value if key is None else [key, value],
            )
        )
    return History.from_events(events)


def _draw_deed(
    rng: Random, alphabet: list[tuple[str, list[Any], list[Any]]]
) -> tuple[str, Any, Any]:
    f, inputs, outputs = rng.choice(alphabet)
    return f, rng.choice(inputs), rng.choice(outputs)


def _call(model: Model[Any], deed: tuple[str, Any, Any], process: int) -> Call | None:
    f, given, got = deed
    call = Call(
        f,
        freeze(given),
        freeze(got),
        process=process if model.uses_process else None,
    )
    return model.prepare(call, nil_is_value=True)
