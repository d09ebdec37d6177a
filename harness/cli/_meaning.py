"""What the operations of a file mean, as users say it or as it was guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from checkers import Reason, Result, Verdict
from checkers._wording import listed
from checkers.models import MODELS, ModelError
from harness.errors import UsageError
from harness.workloads import WORKLOADS


if TYPE_CHECKING:
    from histories import History, Loaded


_TRANSACTIONS = frozenset({"list-append", "rw-register", "long-fork", "bank", "kafka"})
"""What transactions are called that are not judged yet; of `multi-register`, they are."""

_UPDATES = frozenset({"add", "remove", "broadcast", "read"})
"""What sets and counters have, of which only a read tells which it is."""


def has_keys(loaded: Loaded, model: str | None) -> bool:
    """Whether every value has a key: as the file says, or guessed with its model."""
    return loaded.independent and (loaded.has_tuples or model is None)


def unjudged(loaded: Loaded, model: str | None) -> Result | None:
    """Return why a history cannot be judged by a model; None if it can.

    Args:
        loaded: The history.
        model: The model that was asked for; None: what its operations look like.
    """
    name = model or loaded.model
    if not any(True for _ in loaded.history.operations()):
        return unknown("models", Reason.VACUOUS, _nothing(loaded.history))
    if name is None:
        operations = list(loaded.history.operations())
        return _meaningless(
            {operation.f for operation in operations},
            is_silent=not any(
                operation.f == "read" and operation.output is not None
                for operation in operations
            ),
        )
    if name in MODELS:
        return None
    why = (
        f"This is a history of transactions ({name}), which are read and not judged yet: "
        "nothing is said of it."
        if name in _TRANSACTIONS
        else f"Histories of {name} cannot be judged yet."
    )
    return unknown(
        "models",
        Reason.UNSUPPORTED,
        f"{why} If this is another kind of history, say so with --model: "
        f"{', '.join(MODELS)}.",
    )


def _nothing(history: History) -> str:
    """Return why there is nothing to judge."""
    why = "There is nothing to judge: the file has no operation of a client."
    event = next(iter(history.nemesis()), None)
    if event is None:
        return why
    return (
        f"{why} Processes such as {event.process!r} are no clients: number those that "
        "are from 0 on."
    )


def _meaningless(functions: set[str], *, is_silent: bool) -> Result:
    """Return the result of operations that do not tell what they mean."""
    named = listed(sorted(functions))
    if "txn" in functions:
        return unknown(
            "models",
            Reason.UNSUPPORTED,
            f"Calls of {named} are transactions, which are read and not judged yet: "
            "nothing is said of them.",
        )
    if is_silent and functions <= _UPDATES:
        return unknown(
            "models",
            Reason.VACUOUS,
            f"This history cannot tell: clients called {named}, and no read returned "
            "anything.",
        )
    return unknown(
        "models",
        Reason.UNSUPPORTED,
        f"Calls of {named} do not tell what they mean: say it with --model "
        f"({', '.join(MODELS)}) or --workload ({', '.join(sorted(WORKLOADS))}).",
    )


def _initial(loaded: Loaded, name: str) -> Any:
    """Return what objects hold at first, unless that was guessed for another model."""
    guessed = isinstance(loaded.initial, dict)
    return None if guessed and name != loaded.model else loaded.initial


def initial_of(loaded: Loaded, name: str, init: str | None) -> Any:
    """Return what objects of a model hold at first, as was asked for, or the format says.

    What the format says is about its own data type, and may fit no other.

    Raises:
        UsageError: Objects of that model cannot hold it.
    """
    try:
        initial = _initial(loaded, name) if init is None else msgspec.json.decode(init)
        if initial is not None or init is not None:
            MODELS[name](init=initial)
    except (ModelError, msgspec.DecodeError, RecursionError, TypeError) as error:
        if init is None:
            return None
        raise UsageError(f"--init {init!r} for {name}: {error}") from error
    return initial


def model_of(name: str, initial: Any) -> Any:
    """Return a model that starts so; for None, as it does by itself."""
    return MODELS[name]() if initial is None else MODELS[name](init=initial)


def unknown(checker: str, reason: Reason, why: str) -> Result:
    """Return that a history cannot be judged, and why."""
    return Result(checker=checker, verdict=Verdict.UNKNOWN, reason=reason, summary=why)
