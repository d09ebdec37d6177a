"""Histories as integers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.models import (
    ANYTHING,
    MODELS,
    TRUTH,
    CasRegister,
    Function,
    KeyValue,
    Model,
    ModelError,
    MultiRegister,
    Register,
    Set,
    freeze,
)
from checkers.search import NEVER, OPEN, problems
from histories import Event, History

from .oracle import linearization, sequentialization


if TYPE_CHECKING:
    from checkers.models import Call
    from checkers.search import Problem


Line = tuple[int, str, str, Any]


def history_of(*lines: Line) -> History:
    """Return the history of events (process, type, f, value), ten ns apart."""
    return History.from_events(
        Event(index=i, time=i * 10, type=type_, process=process, f=f, value=value)
        for i, (process, type_, f, value) in enumerate(lines)
    )


def one_by_one(*operations: tuple[Any, ...]) -> History:
    """Return the history of operations (f, input, output), each by itself."""
    lines: list[Line] = []
    for f, given_, *output in operations:
        lines += [
            (0, "invoke", f, given_),
            (0, "ok", f, output[0] if output else given_),
        ]
    return history_of(*lines)


def told(problem: Problem) -> list[str]:
    """Return what the operations of a problem do."""
    return [problem.automaton.describe_class(cls) for cls in problem.classes]


def holds(found: list[Problem]) -> bool:
    return all(linearization(problem) is not None for problem in found)


class TestNumbers:
    def test_a_history_becomes_integers(self) -> None:
        """What failed and what has no effect is left out, and events have no gaps."""
        history = history_of(
            (5, "invoke", "write", 3),
            (1, "invoke", "read", None),
            (2, "invoke", "cas", [3, 4]),
            (1, "ok", "read", 3),
            (5, "ok", "write", 3),
            (3, "invoke", "write", 9),
            (3, "fail", "write", 9),
            (2, "info", "cas", [3, 4]),
            (4, "invoke", "read", None),
            (5, "invoke", "cas", [1, 1]),
            (1, "invoke", "read", None),
            (1, "ok", "read", 4),
        )
        [problem] = problems(history, CasRegister())
        assert len(problem) == 4
        assert problem.key is None
        assert list(problem.operations) == [0, 1, 2, 10]
        assert list(problem.calls) == [0, 1, 2, 5]
        assert list(problem.returns) == [4, 3, OPEN, 6]
        assert list(problem.call_times) == [0, 10, 20, 100]
        assert list(problem.return_times) == [40, 30, NEVER, 110]
        assert list(problem.processes) == [0, 1, 2, 1]
        assert told(problem) == ["write 3", "read → 3", "cas 3 → 4", "read → 4"]
        assert problem.table is None
        assert problem.register is not None
        assert problem.register.values == [None, 3, 4]
        assert list(problem.register.kind) == [1, 0, 2, 0]
        assert list(problem.register.a) == [1, 1, 1, 2]
        assert list(problem.register.b) == [0, 0, 2, 0]
        assert problem.automaton.pure == [False, True, False, True]

    def test_equal_operations_share_a_class_open_ones_too(self) -> None:
        """Whether a write returned makes no difference to what it does."""
        history = history_of(
            (0, "invoke", "write", 3),
            (1, "invoke", "write", 3),
            (1, "ok", "write", None),
            (2, "invoke", "write", 3.0),
            (2, "ok", "write", 3.0),
        )
        [problem] = problems(history, Register())
        assert list(problem.classes) == [0, 0, 1]
        queue = history_of(
            (0, "invoke", "enqueue", 3),
            (1, "invoke", "enqueue", 3),
            (1, "ok", "enqueue", "done"),
            (2, "invoke", "dequeue", None),
            (3, "invoke", "dequeue", "any"),
            (4, "invoke", "dequeue", None),
            (4, "ok", "dequeue", None),
        )
        [problem] = problems(queue, MODELS["fifo-queue"]())
        assert list(problem.classes) == [0, 0, 1, 1, 2]
        assert problem.automaton.pure == [False, False, True]
        assert told(problem)[2:] == ["dequeue → ?", "dequeue → ?", "dequeue → empty"]

    def test_other_models_have_a_table(self) -> None:
        """Functions, inputs and outputs are numbers there."""
        history = one_by_one(("enqueue", "a"), ("dequeue", None, "a"))
        [problem] = problems(history, MODELS["fifo-queue"]())
        table = problem.table
        assert table is not None
        assert problem.register is None
        assert len(table) == 2
        assert [table.functions[f] for f in table.f] == ["enqueue", "dequeue"]
        assert (table.input[0], table.output[0]) == (table.output[1], -1)
        assert table.values[table.input[0]] == "a"
        assert list(table.mark) == [0, 0]

    def test_an_empty_history_is_one_problem_without_operations(self) -> None:
        """Nothing to judge is not nothing said."""
        for name in MODELS:
            found = problems(history_of(), MODELS[name]())
            assert [len(problem) for problem in found] == (
                [] if MODELS[name].keyed else [0]
            )
            [joint] = problems(history_of(), MODELS[name](), partition=False)
            assert len(joint) == 0

    def test_who_calls_makes_a_class_only_where_it_matters(self) -> None:
        """An owner's lock knows its owners, any other lock does not."""
        history = history_of(
            (7, "invoke", "acquire", None),
            (7, "ok", "acquire", None),
            (8, "invoke", "release", None),
            (8, "ok", "release", None),
        )
        assert holds(problems(history, MODELS["mutex"]()))
        [owned] = problems(history, MODELS["owned-mutex"]())
        assert linearization(owned) is None
        assert told(owned) == ["acquire by process 7", "release by process 8"]


class TestDialects:
    def test_null_is_a_value_where_it_is_the_initial_one(self) -> None:
        """Else a read of null has an unknown result, if nobody says otherwise."""
        history = one_by_one(("write", 1), ("read", None, None))
        assert not holds(problems(history, Register()))
        assert holds(problems(history, Register(), nil_read="unknown"))
        assert holds(problems(history, Register(0)))
        assert not holds(problems(history, Register(0), nil_read="value"))

    def test_null_inside_of_a_transaction_is_understood_alike(self) -> None:
        """The steps that read null say nothing, the others do."""
        history = one_by_one(("txn", None, [["r", "x", None], ["r", "y", 1]]))
        [problem] = problems(history, MultiRegister({"y": 1}), nil_read="unknown")
        assert told(problem) == ["read → 1"]
        assert holds([problem])
        strict = problems(history, MultiRegister({"x": 0, "y": 1}), nil_read="value")
        assert not holds(strict)

    def test_a_failed_cas_says_something_on_request(self) -> None:
        """It is left out, or says that the value was not the expected one."""
        history = history_of(
            (0, "invoke", "cas", [0, 1]),
            (0, "fail", "cas", [0, 1]),
            (0, "invoke", "cas", [5, 0]),
            (0, "fail", "cas", [5, 0]),
        )
        [problem] = problems(history, CasRegister(0))
        assert len(problem) == 0
        [problem] = problems(history, CasRegister(0), failed_cas=True)
        assert told(problem) == ["cas 0 → 1 (failed)", "cas 5 → 0 (failed)"]
        assert problem.automaton.pure == [True, True]
        assert problem.automaton.step(0, 0) == -1
        assert problem.automaton.step(0, 1) == 0

    def test_what_reads_give_is_unknown_until_they_return(self) -> None:
        """Reads that never returned are left out, whatever the model."""
        history = history_of((0, "invoke", "read", None), (1, "invoke", "read", None))
        for model in MODELS.values():
            if "read" in model.functions and not model.keyed:
                [problem] = problems(history, model())
                assert len(problem) == 0


class TestKeys:
    HISTORY = one_by_one(
        ("write", ["x", 1]),
        ("write", [["y"], 2]),
        ("read", ["x", None], ["x", 1]),
        ("cas", [["y"], [2, 3]]),
    )

    def test_keys_are_problems_of_their_own(self) -> None:
        """Each has the operations on one key, numbered from 0."""
        for found in (
            problems(self.HISTORY, KeyValue()),
            problems(self.HISTORY, CasRegister(), independent=True),
        ):
            assert [problem.key for problem in found] == ["x", ("y",)]
            assert [list(problem.operations) for problem in found] == [[0, 4], [2, 6]]
            assert [list(problem.calls) for problem in found] == [[0, 2], [0, 2]]
            assert told(found[0]) == ["write 1", "read → 1"]
            assert told(found[1]) == ["write 2", "cas 2 → 3"]

    def test_keys_can_be_judged_together(self) -> None:
        """One automaton knows the states of all keys."""
        [problem] = problems(self.HISTORY, KeyValue(), partition=False)
        assert told(problem) == [
            '"x": write 1',
            '["y"]: write 2',
            '"x": read → 1',
            '["y"]: cas 2 → 3',
        ]
        view = problem.registers
        assert view is not None
        assert problem.register is None
        assert view.keys == ["x", ("y",)]
        assert view.values == [[None, 1], [None, 2, 3]]
        key_of = [view.key[cls] for cls in problem.classes]
        assert key_of == [0, 1, 0, 1]
        assert [view.kind[cls] for cls in problem.classes] == [1, 1, 0, 2]
        state = 0
        for cls in problem.classes:
            assert problem.automaton.can_lead(state, cls)
            state = problem.automaton.step(state, cls)
        assert problem.automaton.describe_state(state) == '{"x": 1, ["y"]: 3}'
        assert problem.automaton.call(problem.classes[2]).output == 1
        assert problem.automaton.step(0, problem.classes[2]) == -1

    def test_a_key_alone_reads(self) -> None:
        """A read may name its key only, and give its value only."""
        history = one_by_one(
            ("put", ["x", "a"]), ("append", ["x", "b"]), ("get", "x", "ab")
        )
        [problem] = problems(history, KeyValue(""))
        assert told(problem) == ['put "a"', 'append "b"', 'get → "ab"']
        # What was appended is known to have been found and left.
        assert problem.register is not None
        assert holds([problem])

    def test_parts_have_parts(self) -> None:
        """The elements of independent sets are judged one by one."""
        history = one_by_one(
            ("add", ["s", 1], ["s", True]),
            ("add", ["t", 1], ["t", True]),
            ("contains", ["s", 2], ["s", False]),
        )
        found = problems(history, Set(), independent=True)
        assert [problem.key for problem in found] == [("s", 1), ("s", 2), ("t", 1)]
        [joint] = problems(history, Set(), independent=True, partition=False)
        assert told(joint)[2] == '"s": contains 2 → false'
        assert joint.registers is None
        assert joint.table is None

    def test_what_reads_the_whole_keeps_a_set_whole(self) -> None:
        """Elements are judged alone only if nothing is about all of them."""
        history = one_by_one(("add", 1), ("add", 2), ("read", None, [2, 1]))
        [problem] = problems(history, Set())
        assert (problem.key, len(problem)) == (None, 3)
        assert len(problems(one_by_one(("add", 1), ("add", 2)), Set())) == 2

    def test_single_steps_make_registers_of_a_multi_register(self) -> None:
        """Together they are registers, a key each; alone, one register each."""
        history = one_by_one(
            ("txn", [["w", "x", 1]]), ("txn", [["r", "y", None]], [["r", "y", 5]])
        )
        model = MultiRegister({"y": 5})
        found = problems(history, model)
        assert [problem.key for problem in found] == ["x", "y"]
        assert all(problem.register for problem in found)
        [joint] = problems(history, model, partition=False)
        assert joint.registers is not None
        assert holds([*found, joint])
        whole = one_by_one(("txn", [["w", "x", 1], ["w", "y", 2]]))
        [problem] = problems(whole, model)
        assert problem.table is not None

    def test_store_buffering_needs_both_keys(self) -> None:
        """Each key alone is sequential, the two together are not."""
        history = history_of(
            (0, "invoke", "write", ["x", 1]),
            (0, "ok", "write", ["x", 1]),
            (1, "invoke", "write", ["y", 1]),
            (1, "ok", "write", ["y", 1]),
            (0, "invoke", "read", ["y", None]),
            (1, "invoke", "read", ["x", None]),
            (0, "ok", "read", ["y", None]),
            (1, "ok", "read", ["x", None]),
        )
        for problem in problems(history, KeyValue()):
            assert sequentialization(problem) is not None
            assert linearization(problem) is None
        [joint] = problems(history, KeyValue(), partition=False)
        assert sequentialization(joint) is None


class TestErrors:
    @pytest.mark.parametrize(
        ("model", "operation", "options", "words"),
        [
            (
                Register(),
                ("cas", [1, 2]),
                {},
                "operation 2: found the function 'cas'; expected one of 'read', 'write'",
            ),
            (CasRegister(), ("cas", 3), {}, "found the value 3 of 'cas'; expected a p"),
            (MODELS["g-counter"](), ("add", -1), {}, "the value -1 of 'add'"),
            (MODELS["pn-counter"](), ("add", 1.0), {}, "the value 1.0 of 'add'"),
            (MODELS["g-counter"](), ("read", None, "1"), {}, 'the output "1" of'),
            (MODELS["fifo-queue"](), ("enqueue", None), {}, "the value null of"),
            (MODELS["semaphore"](), ("acquire", 0), {}, "a positive integer or null"),
            (MODELS["priority-queue"](), ("insert", "a"), {}, "begins with one"),
            (Set(), ("read", None, 1), {}, "expected a list"),
            (MultiRegister(), ("txn", [["x", 1]]), {}, 'expected a list of ["read",'),
            (MultiRegister(), ("txn", 7), {}, "found the value 7 of 'txn'"),
            (KeyValue(), ("append", ["x", 1]), {}, "expected a string"),
            (KeyValue(), ("write", 3), {}, "expected a pair [key, value]"),
            (KeyValue(), ("read", ["x", None], ["y", 1]), {}, "with the key 'x'"),
            (KeyValue(), ("read", [1, None], [True, 1]), {}, "with the key 1"),
            (Register(), ("read", None, 1), {"independent": True}, "a pair [key, v"),
        ],
    )
    def test_what_a_model_cannot_read_is_an_error(
        self, model: Model[Any], operation: Any, options: Any, words: str
    ) -> None:
        """It says where, what was found, what was expected, and what to do."""
        first = {"cas-register": "read", "register": "read"}
        legal = {
            "kv": ("read", [0, None], [0, None]),
            "g-counter": ("add", 1),
            "pn-counter": ("add", 1),
            "fifo-queue": ("enqueue", 1),
            "semaphore": ("acquire", None),
            "priority-queue": ("insert", 1),
            "set": ("add", 1),
            "multi-register": ("txn", None),
        }.get(model.name, (first.get(model.name), None))
        if options:
            legal = ("read", [0, None], [0, None])
        with pytest.raises(ModelError) as raised:
            problems(one_by_one(legal, operation), model, **options)
        assert raised.value.index == 2
        assert words in str(raised.value)
        assert raised.value.advice in str(raised.value)

    def test_a_value_that_is_no_json_is_an_error(self) -> None:
        """Histories made in a program may hold anything."""
        with pytest.raises(TypeError, match="expected JSON"):
            problems(one_by_one(("write", {1})), Register())


class Light(Model[bool]):
    """A light that anyone can switch on, and nobody off."""

    initial = False
    functions = {  # noqa: RUF012 # as a user would write it
        "light": Function(),
        "lit": Function(gives=TRUTH, pure=True),
        "name": Function(takes=ANYTHING, gives=ANYTHING, pure=None),
    }

    def step(self, state: bool, call: Call) -> bool | None:  # noqa: FBT001 # a state
        if call.f == "lit":
            return state if call.output == freeze(state) else None
        return True


class Bare(Model[int]):
    """A model that declares nothing."""

    initial = 0

    def step(self, state: int, call: Call) -> int | None:
        if call.f == "up":
            return state + 1
        return state if not call.known or call.output == state else None


class TestOwnModels:
    def test_a_model_of_ones_own_is_as_good(self) -> None:
        """What it declares to be ignored makes no difference."""
        history = one_by_one(
            ("lit", "x", False), ("light", 1), ("light", 2), ("lit", None, True)
        )
        [problem] = problems(history, Light())
        assert list(problem.classes) == [0, 1, 1, 2]
        assert problem.automaton.pure == [True, False, True]
        assert holds([problem])
        assert problem.automaton.describe_state(1) == "True"

    def test_a_model_that_declares_nothing_sees_all(self) -> None:
        """Calls come as they were recorded, open ones with an unknown output."""
        history = history_of(
            (0, "invoke", "up", 1),
            (1, "invoke", "look", None),
            (1, "ok", "look", 0),
            (2, "invoke", "look", None),
        )
        [problem] = problems(history, Bare())
        assert told(problem) == ["up 1 → ?", "look → 0", "look → ?"]
        assert holds([problem])


VALUES = st.sampled_from([None, 1, 2])
REGISTER_MOVES = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["read", "write", "cas"]),
        st.sampled_from(["x", "y"]),
        VALUES,
        VALUES,
        st.sampled_from(["ok", "ok", "ok", "fail", "info"]),
    ),
    max_size=14,
)


def keyed_history(moves: list[Any], *, single: bool = False) -> History:
    """Let processes invoke and complete in turn, with any result."""
    running: dict[int, tuple[int, str, Any, Any]] = {}
    epoch = [0, 10, 20]
    lines: list[Line] = []
    for slot, f, key, value, other, status in moves:
        if slot not in running:
            own = [value, other] if f == "cas" else value if f == "write" else None
            running[slot] = (epoch[slot], f, key, own)
            line = (epoch[slot], "invoke", f, own if single else [key, own])
        else:
            process, f, key, own = running.pop(slot)  # noqa: PLW2901 # as invoked
            got = value if f == "read" and status == "ok" else own
            line = (process, status, f, got if single else [key, got])
            epoch[slot] += status == "info"
        lines.append(line)
    return history_of(*lines)


@given(REGISTER_MOVES, st.booleans())
def test_events_have_no_gaps(moves: list[Any], failed_cas: bool) -> None:  # noqa: FBT001 # drawn
    """Calls and returns are 0 to the last, in the order of the history."""
    history = keyed_history(moves)
    joint = problems(history, KeyValue(), partition=False, failed_cas=failed_cas)
    for problem in joint + problems(history, KeyValue(), failed_cas=failed_cas):
        events = [*problem.calls, *(end for end in problem.returns if end != OPEN)]
        assert sorted(events) == list(range(len(events)))
        assert list(problem.calls) == sorted(problem.calls)
        times = dict(zip(problem.calls, problem.call_times, strict=True))
        times |= dict(zip(problem.returns, problem.return_times, strict=True))
        times.pop(OPEN, None)
        assert [times[event] for event in sorted(times)] == sorted(times.values())
        for i, index in enumerate(problem.operations):
            operation = history.operation(index)
            assert (operation.end is None) is (problem.returns[i] == OPEN)


@given(REGISTER_MOVES, st.sampled_from([None, 1]), st.booleans())
def test_a_register_is_what_its_model_says(
    moves: list[Any],
    init: Any,
    failed_cas: bool,  # noqa: FBT001 # drawn
) -> None:
    """The automaton of values agrees with the model, asked step by step."""
    history = keyed_history(moves, single=True)
    [quick] = problems(history, CasRegister(init), failed_cas=failed_cas)
    model = CasRegister(init)
    model.cell = None
    [asked] = problems(history, model, failed_cas=failed_cas)
    assert quick.operations == asked.operations
    assert told(quick) == told(asked)
    assert asked.table is not None
    assert [quick.automaton.pure[cls] for cls in quick.classes] == [
        asked.automaton.pure[cls] for cls in asked.classes
    ]
    assert linearization(quick) == linearization(asked)
    assert sequentialization(quick) == sequentialization(asked)


@given(REGISTER_MOVES)
def test_keys_are_linearizable_together_if_each_is_alone(moves: list[Any]) -> None:
    """Linearizability is local: parts tell the truth of the whole."""
    history = keyed_history(moves)
    parts = problems(history, KeyValue())
    [joint] = problems(history, KeyValue(), partition=False)
    assert sum(map(len, parts)) == len(joint)
    assert holds(parts) is holds([joint])


@given(REGISTER_MOVES)
def test_a_multi_register_is_a_store_of_keys(moves: list[Any]) -> None:
    """Transactions of one step are operations on a key."""
    moves = [move for move in moves if move[1] != "cas"]
    history = keyed_history(moves)
    steps = History.from_events(
        Event(
            index=event.index,
            time=event.time,
            type=event.type,
            process=event.process,
            f="txn",
            value=[[event.f, *event.value]],
        )
        for event in history.events()
    )
    whole = MultiRegister()
    whole.partition = lambda call: None  # type: ignore[method-assign] # keeps it whole
    expected = holds(problems(history, KeyValue()))
    assert holds(problems(steps, MultiRegister())) is expected
    assert holds(problems(steps, MultiRegister(), partition=False)) is expected
    assert holds(problems(steps, whole)) is expected


SET_MOVES = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["add", "remove", "contains"]),
        st.sampled_from([1, 2, True]),
        st.booleans() | st.none(),
        st.sampled_from(["ok", "ok", "ok", "fail", "info"]),
    ),
    max_size=14,
)


def plain_history(moves: list[Any]) -> History:
    """Let processes invoke and complete in turn, with any result."""
    running: dict[int, tuple[int, str, Any]] = {}
    epoch = [0, 10, 20]
    lines: list[Line] = []
    for slot, f, own, got, status in moves:
        if slot not in running:
            running[slot] = (epoch[slot], f, own)
            lines.append((epoch[slot], "invoke", f, own))
        else:
            process, f, own = running.pop(slot)  # noqa: PLW2901 # as invoked
            lines.append((process, status, f, got))
            epoch[slot] += status == "info"
    return history_of(*lines)


@given(SET_MOVES)
def test_elements_are_linearizable_together_if_each_is_alone(moves: list[Any]) -> None:
    """The parts of a set tell the truth of the whole."""
    history = plain_history(moves)
    parts = problems(history, Set())
    [whole] = problems(history, Set(), partition=False)
    assert sum(map(len, parts)) == len(whole)
    assert holds(parts) is holds([whole])
