"""What the operations of a history mean, so far as they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from ._first_values import first_values
from ._survey import (
    are_maybe_keyed,
    asks_for_keys,
    guess_model,
    unkeyed,
    without_keys,
)


if TYPE_CHECKING:
    from collections.abc import Mapping

    from histories._columns import Columns

    from ._formats import Format
    from ._survey import Function


_KNOWING_KEYS = frozenset({"kv", "list-append", "rw-register", "multi-register"})
_REGISTERS = frozenset({"register", "cas-register", "kv", "multi-register"})
_KEYED = "Every value is a pair of a key and a value: each key is an object of its own."
_KEYS_LOST = (
    "All calls have a key, [key, value], and their results have none: as it stands, "
    "what was written is not what was read. Take the keys out, or put them back."
)
_MAYBE_KEYED = (
    "All that is written are pairs: if the first of each is a key, as "
    "jepsen.independent prints it, say that keys are independent."
)


class Meaning(NamedTuple):
    """What is guessed of what operations mean; see `Loaded`."""

    model: str | None
    initial: Any
    independent: bool
    notes: list[str]


def stated(model: str, initial: Any) -> Meaning:
    """Return what a file itself says of its operations."""
    first = "" if initial is None else f", which holds {_json(initial)} at first"
    note = f"Model {model}{first}: the file says so."
    return Meaning(model, initial, independent=False, notes=[note])


def meaning_of(
    functions: dict[str, Function],
    columns: Columns,
    dialect: Format,
    *,
    has_tuples: bool,
) -> Meaning:
    """Return what operations seem to mean; with tuples, what they do to each key."""
    initial = dialect.initial
    notes: list[str] = []
    if has_tuples:
        guess = guess_model(without_keys(functions))
        if guess is None or guess.model == "kv":  # Keys of keys are nobody's model.
            return Meaning(None, initial, independent=True, notes=notes)
        notes.append(f"Model {guess.model}: guessed from {guess.reason}.")
        return Meaning(guess.model, initial, independent=True, notes=notes)
    guess, independent = guess_model(functions), False
    if guess is None or guess.model not in _KNOWING_KEYS:
        plain = unkeyed(functions)
        inner = None if plain is None else guess_model(plain)
        if inner is not None:
            guess, independent = inner, True
    if guess is None:
        return Meaning(None, initial, independent=False, notes=notes)
    notes.append(f"Model {guess.model}: guessed from {guess.reason}.")
    if independent:
        notes.append(_KEYED)
    elif guess.model not in _KNOWING_KEYS and are_maybe_keyed(functions):
        notes.append(_KEYS_LOST if asks_for_keys(functions) else _MAYBE_KEYED)
    if initial is None and guess.model in _REGISTERS and not independent:
        firsts = first_values(columns, guess.model)
        initial, told = _initially(firsts, guess.model, dialect)
        notes += told
    return Meaning(guess.model, initial, independent, notes)


def _initially(
    firsts: Mapping[Any, Any], model: str, dialect: Format
) -> tuple[Any, list[str]]:
    """Return what objects hold at first, and what to say about it.

    Registers hold nil at first; what else is read before it was written is thin air. Of
    several registers as Jepsen has them nothing says so: what the content leaves no
    choice about is taken, if it is the same for all.
    """
    texts = {_json(value) for value in firsts.values()}
    if len(texts) != 1:
        return None, []
    text = texts.pop()
    values = {str(key): firsts[key] for key in sorted(firsts, key=str)}
    several = model == "multi-register"
    if several and dialect.leaves_initial:
        hold = "hold" if len(values) > 1 else "holds"
        note = (
            f"At first {', '.join(values)} {hold} {text}: guessed, as that was read "
            "before anybody wrote it. --init says otherwise."
        )
        return values, [note]
    note = (
        f"{text} was read before anybody wrote it: if that is what was there at first, "
        f"say so with --init '{_json(values) if several else text}'."
    )
    return None, [note]


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
