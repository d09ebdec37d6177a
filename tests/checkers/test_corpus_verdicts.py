"""Cases of the corpus that are short enough are what enumeration says they are.

Nothing of the checkers has a part in it but the models, which say what one operation
does: all orders are tried, as definitions have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from checkers.ladder.removals import REMOVED
from checkers.ladder.sessions import Impossible
from checkers.models import MODELS, Call, freeze
from harness.cases import CORPUS, find_cases, read_case
from harness.workloads import WORKLOADS

from .ladder.oracle import verdicts
from .ladder.removal_oracle import verdicts as removing_verdicts
from .ladder.scripts import Step


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checkers.models import Model
    from harness.cases import Case
    from histories import Operation

MOST = 11
"""Operations of a history all of whose orders are tried."""


def _model_of(case: Case) -> str | None:
    """Return the model that a case is judged by, if that is all that it is judged by."""
    if case.check.model is not None:
        return case.check.model
    modelled = WORKLOADS[case.check.workload or ""].modelled
    if not case.found.models or modelled is None or case.journal:
        return None
    return modelled.model if isinstance(modelled.model, str) else None


MOST_REMOVING = 9
"""The same where things are removed, as there is more to try."""

CASES = {
    path.relative_to(CORPUS).as_posix(): case
    for path in find_cases(CORPUS)
    for case in [read_case(path)]
    if _model_of(case) is not None and len(case.history) <= 2 * MOST
}


class Item(NamedTuple):
    """An operation that may have happened."""

    operation: Operation
    key: Any
    call: Call

    @property
    def returned(self) -> bool:
        return self.operation.status != "info"


def _items(case: Case, model: Model[Any]) -> list[Item]:
    check = case.check
    nil_is_value = (
        model.nil_is_value if check.nil_read is None else check.nil_read == "value"
    )
    found = []
    for operation in case.events().operations():
        failed = operation.status == "fail"
        if failed and not (operation.f == "cas" and check.failed_cas == "assert"):
            continue
        given, got, key = operation.input, operation.output, None
        if check.independent or model.keyed:
            key, given = given
            got = got[1] if operation.status == "ok" else None
            if check.independent and model.keyed:
                inner, given = given
                got = got[1] if operation.status == "ok" else None
                key = f"{key}/{inner}"
        if got is None and operation.f in {"read", "get"} and not nil_is_value:
            continue
        call = Call(
            operation.f,
            freeze(given),
            freeze(got) if operation.status == "ok" else None,
            known=operation.status == "ok",
            failed=failed,
            process=operation.process if model.uses_process else None,
        )
        prepared = model.prepare(call, nil_is_value=nil_is_value)
        if prepared is not None:
            found.append(Item(operation, key, prepared))
    return found


def _is_explained(
    items: list[Item], model: Model[Any], before: Callable[[Operation, Operation], bool]
) -> bool:
    """Whether an order of all that returned, and some of the rest, is allowed."""
    count = range(len(items))
    earlier = [
        {a for a in count if before(items[a].operation, items[b].operation)}
        for b in count
    ]
    needed = {i for i in count if items[i].returned}
    tried = set()

    def extend(done: frozenset[int], states: dict[Any, Any]) -> bool:
        if needed <= done:
            return True
        seen = done, frozenset(states.items())
        if seen in tried:
            return False
        tried.add(seen)
        for one in count:
            if one in done or not earlier[one] <= done:
                continue
            key, call = items[one].key, items[one].call
            state = model.step(states.get(key, model.initial), call)
            if state is not None and extend(done | {one}, {**states, key: state}):
                return True
        return False

    return extend(frozenset(), {})


def _in_time(first: Operation, second: Operation) -> bool:
    return first.end is not None and first.end < second.start


def _in_process(first: Operation, second: Operation) -> bool:
    return first.process == second.process and _in_time(first, second)


@pytest.mark.parametrize("name", sorted(CASES))
def test_orders_exist_where_the_case_says_so(name: str) -> None:
    """Linearizability, sequential consistency and PRAM are what all orders say."""
    case = CASES[name]
    kind = MODELS[_model_of(case) or ""]
    model = kind() if case.check.init is None else kind(init=case.check.init)
    items = _items(case, model)
    expected = {
        "linearizable": _is_explained(items, model, _in_time),
        "sequential": _is_explained(items, model, _in_process),
    }
    if all(item.call.f in BLIND or model.is_pure(item.call) for item in items):
        expected["pram"] = all(
            _is_explained(view, model, _in_process) for view in _views(items, model)
        )
    for level, holds in expected.items():
        found = case.found.models.get(level, "unknown")
        assert found == "unknown" or (found == "yes") == holds, level
    declared = case.check.consistency_models or ("linearizable",)
    if case.found.verdict.value in {"valid", "invalid"} and case.check.model:
        promised = {expected[one] for one in declared if one in expected}
        assert case.found.verdict.value == "invalid" or False not in promised


BLIND = {"write", "put", "append", "add", "broadcast"}
"""Functions that change something whatever there was, and whose output says nothing."""


def _views(items: list[Item], model: Model[Any]) -> Iterator[list[Item]]:
    """Yield all updates with what one process has found, for each process."""
    for process in {item.operation.process for item in items}:
        yield [
            item
            for item in items
            if item.operation.process == process or not model.is_pure(item.call)
        ]


GUARANTEED = sorted(
    name
    for name, case in CASES.items()
    if _model_of(case) in {"register", "kv", "set", "append-list", "g-counter"}
)


@pytest.mark.parametrize("name", GUARANTEED)
def test_guarantees_hold_where_the_case_says_so(name: str) -> None:
    """What sessions are promised is what all views say, where reads tell what they saw."""
    case = CASES[name]
    exact = _model_of(case) not in {"register", "kv"}
    steps = _steps(case, exact=exact)
    if steps is None:
        return
    expected = verdicts(steps, exact=exact, ordered=_model_of(case) == "append-list")
    for level, holds in expected.items():
        found = case.found.models.get(level, "unknown")
        assert found == "unknown" or (found == "yes") == holds, level


def _steps(case: Case, *, exact: bool) -> list[Step] | None:
    """Return a case as a script, where it can be one: each value is put in once."""
    steps: list[Step] = []
    keyed = case.check.independent or _model_of(case) == "kv"
    put: set[Any] = set()
    for operation in case.events().operations():
        if operation.status == "fail":
            continue
        (key, given), got = ("x", operation.input), operation.output
        if keyed:
            key, given = operation.input
            got = None if got is None else got[1]
        returned = operation.status == "ok"
        if operation.f in {"write", "append", "add"}:
            value = given
            if (key, value) in put or not isinstance(value, int) or not value:
                return None
            put.add((key, value))
            kind = "+" if exact else "="
            steps.append(Step(operation.process, kind, key, None, value, returned))
        elif operation.f in {"read", "get"}:
            if not returned:
                continue
            found = _elements(case, got, put) if exact else got
            if exact and found is None:
                return None
            if exact and any((key, one) not in put for one in found):
                return None
            if not exact and found is not None and (key, found) not in put:
                return None
            if not exact and found is None and case.check.nil_read == "unknown":
                return None
            steps.append(Step(operation.process, "{" if exact else ":", key, found))
        else:
            return None
    return steps


def _elements(case: Case, got: Any, put: set[Any]) -> Any:
    """Return what a read of a set, a list or a counter has seen; None if it is unclear."""
    if _model_of(case) == "append-list":
        return tuple(got) if len(set(got)) == len(got) else None
    if _model_of(case) == "set":
        return list(got)
    powers = [1 << bit for bit in range(got.bit_length()) if got >> bit & 1]
    return powers if all(value & -value == value for _, value in put) else None


REMOVING = {
    path.relative_to(CORPUS).as_posix(): case
    for path in find_cases(CORPUS)
    for case in [read_case(path)]
    if case.check.workload in {"or-set", "shopping-cart"}
    and case.found.models
    and not case.journal
    and len(case.history) <= 2 * MOST_REMOVING
}


@pytest.mark.parametrize("name", sorted(REMOVING))
def test_guarantees_hold_where_something_is_removed(name: str) -> None:
    """What sessions are promised is what all choices of what removals saw say."""
    case = REMOVING[name]
    data = {"or-set": "or-set", "shopping-cart": "cart"}[case.check.workload or ""]
    try:
        scene = REMOVED[data](case.events()).scene()
    except Impossible:
        assert "yes" not in case.found.models.values()
        return
    for level, holds in removing_verdicts(scene).items():
        found = case.found.models.get(level, "unknown")
        assert found == "unknown" or (found == "yes") == holds, level
