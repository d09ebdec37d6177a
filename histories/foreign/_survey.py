"""What is in a history, so far as that tells what data type it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from histories._columns import FAIL, INVOKE, OK

from ._loose import is_transaction


if TYPE_CHECKING:
    from collections.abc import Iterable

    from histories._columns import Columns


_SAMPLE = 200
_READING = ("read", "get")
_WRITING = ("write", "add", "append", "enqueue", "push")


class Function:
    """What the clients of a history do with one function.

    Attributes:
        inputs: The first invoked values that are not nil.
        nil_inputs: How many invocations have no value.
        outputs: The first results that are not nil.
        nil_results: How many completions with `ok` have no result.
        keyed_nils: How many have `[key, nil]` as their result.
        failures: How many completions are `fail`.
    """

    __slots__ = (
        "failures",
        "inputs",
        "keyed_nils",
        "nil_inputs",
        "nil_results",
        "outputs",
    )

    def __init__(self) -> None:
        self.inputs: list[Any] = []
        self.nil_inputs = 0
        self.outputs: list[Any] = []
        self.nil_results = 0
        self.keyed_nils = 0
        self.failures = 0


class Guess(NamedTuple):
    """A data type, and what suggests it."""

    model: str
    reason: str


def survey(columns: Columns) -> dict[str, Function]:
    """Return what clients do, by function. One pass."""
    functions: dict[int, Function] = {}
    names: dict[str, Function] = {}
    for position, (type_, process, f, value) in enumerate(
        zip(columns.type, columns.process, columns.f, columns.value, strict=True)
    ):
        if process < 0:
            continue
        function = functions.get(f)
        if function is None:
            function = functions[f] = names[columns.f_at(position)] = Function()
        if type_ == INVOKE:
            if value is None:
                function.nil_inputs += 1
            elif len(function.inputs) < _SAMPLE:
                function.inputs.append(value)
        elif type_ == OK:
            if value is None:
                function.nil_results += 1
                continue
            if len(function.outputs) < _SAMPLE:
                function.outputs.append(value)
            if type(value) is list and len(value) == 2 and value[1] is None:
                function.keyed_nils += 1
        elif type_ == FAIL:
            function.failures += 1
    return names


def guess_model(functions: dict[str, Function]) -> Guess | None:
    """Return the data type that functions and values suggest; None if they do not."""
    names = functions.keys()
    if not names:
        return None
    inputs = [value for function in functions.values() for value in function.inputs]
    outputs = [value for function in functions.values() for value in function.outputs]
    named = (
        f"the functions {_listed(names)}"
        if len(names) > 1
        else f"the function {_listed(names)}"
    )
    if names & {"send", "poll"} and names <= _OF_LOGS:
        return Guess("kafka", f"{named}, which send to logs and poll them")
    if any(map(is_transaction, inputs)) and all(map(is_transaction, inputs)):
        return _guess_transactions(names, [*inputs, *outputs])
    if names <= {"read", "transfer"} and _all(outputs, dict):
        return Guess("bank", f"{named}, and balances by account")
    if names <= {"read", "write", "cas", "append"}:
        return _guess_register(functions, named)
    if names <= {"get", "put", "cas", "append"}:
        return _guess_keyed(functions, named)
    if names <= {"add", "remove", "read", "broadcast"}:
        return _guess_collection(functions, named)
    for known, model, others in _BY_FUNCTIONS:
        if names <= known:
            return Guess(model, named + others)
    return None


_OF_LOGS = frozenset({"send", "poll", "txn", "assign", "subscribe", "crash"})
_BY_FUNCTIONS = (
    ({"acquire", "release"}, "mutex", ""),
    (
        {"enqueue", "dequeue"},
        "fifo-queue",
        "; unordered-queue and priority-queue have the same",
    ),
    ({"push", "pop"}, "stack", ""),
)


def are_maybe_keyed(functions: dict[str, Function]) -> bool:
    """Whether all that is written are pairs, of which the first may be a key."""
    written = [
        value
        for name in _WRITING
        if name in functions
        for value in functions[name].inputs
    ]
    return bool(written) and all(map(_is_pair, written))


def _guess_transactions(names: Iterable[str], values: list[Any]) -> Guess:
    every = [step for value in values if is_transaction(value) for step in value]
    steps = {step[0] for step in every}
    reason = f"transactions of {_listed(steps)}"
    if "append" in steps or any(isinstance(step[-1], list) for step in every):
        return Guess("list-append", reason)
    if steps & {"read", "write"}:
        return Guess("multi-register", reason)
    if "read" in names:
        return Guess("long-fork", f"{reason}, called read")
    return Guess("rw-register", reason)


def _guess_register(functions: dict[str, Function], named: str) -> Guess | None:
    guess = _guess_keyed(functions, named)
    if guess is not None or asks_for_keys(functions):
        return guess
    outputs = functions["read"].outputs if "read" in functions else []
    written = functions["write"].inputs if "write" in functions else []
    if "append" in functions:
        return Guess("append-list", named)
    if (
        outputs
        and _all(outputs, list)
        and not any(isinstance(v, list) for v in written)
    ):
        return None  # Lists that nobody wrote are not the value of a register.
    return Guess("cas-register" if "cas" in functions else "register", named)


def _guess_keyed(functions: dict[str, Function], named: str) -> Guess | None:
    """Return the guess of a store of keys, if every call says which key it is about."""
    reads = [functions[name] for name in _READING if name in functions]
    asked = [value for function in reads for value in function.inputs]
    written = [
        value
        for name, function in functions.items()
        if name not in _READING
        for value in function.inputs
    ]
    if not asked or not all(map(_is_pair, written)):
        return None
    if all(map(_is_pair, asked)):
        found = [value[-1] for f in reads for value in f.outputs if _is_pair(value)]
        if _all(found, list) and not any(isinstance(v[1], list) for v in written):
            return None  # Lists that nobody wrote are not the value of a key.
        return Guess("kv", f"{named}, and pairs of a key and a value")
    keys = {value[0] for value in written if _is_key(value[0])}
    if any(function.nil_inputs for function in reads) or not all(map(_is_key, asked)):
        return None
    if keys.isdisjoint(asked):
        return None
    return Guess(
        "kv", f"{named}, pairs of a key and a value, and reads that name a key"
    )


def unkeyed(functions: dict[str, Function]) -> dict[str, Function] | None:
    """Return functions without the keys that all their values begin with.

    None if they do not: keys are sure only where a call that asks says `[key, nil]`,
    and every result has a key too.
    """
    values = [
        value
        for function in functions.values()
        for value in (*function.inputs, *function.outputs)
    ]
    asks = [value for function in functions.values() for value in function.inputs]
    nils = sum(
        function.nil_inputs + function.nil_results for function in functions.values()
    )
    if nils or not all(map(_is_pair, values)) or not _has_question(asks):
        return None
    return without_keys(functions)


def without_keys(functions: dict[str, Function]) -> dict[str, Function]:
    """Return functions with the second parts of all values that are pairs."""
    plain = {}
    for name, function in functions.items():
        plain[name] = part = Function()
        part.inputs = _seconds(function.inputs)
        part.outputs = _seconds(function.outputs)
    return plain


def _seconds(values: list[Any]) -> list[Any]:
    return [value[1] for value in values if _is_pair(value) and value[1] is not None]


def asks_for_keys(functions: dict[str, Function]) -> bool:
    """Whether all that is called is a pair, and some of them ask `[key, nil]`."""
    asks = [value for function in functions.values() for value in function.inputs]
    nils = any(function.nil_inputs for function in functions.values())
    return not nils and all(map(_is_pair, asks)) and _has_question(asks)


def _has_question(asks: list[Any]) -> bool:
    return any(_is_pair(value) and value[1] is None for value in asks)


def _guess_collection(functions: dict[str, Function], named: str) -> Guess | None:
    outputs = functions["read"].outputs if "read" in functions else []
    if outputs and _all(outputs, list):
        return Guess("set", f"{named}, and reads of lists")
    if outputs and _all(outputs, int) and functions.keys() <= {"add", "read"}:
        added = functions["add"].inputs if "add" in functions else []
        if any(isinstance(delta, int) and delta < 0 for delta in added):
            return Guess("pn-counter", f"{named}, reads of numbers, and negative adds")
        return Guess("g-counter", f"{named}, and reads of numbers")
    return None


def _all(values: list[Any], kind: type) -> bool:
    return bool(values) and all(isinstance(value, kind) for value in values)


def _is_key(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2


def _listed(names: Iterable[str]) -> str:
    *others, last = sorted(names)
    return f"{', '.join(others)} and {last}" if others else last
