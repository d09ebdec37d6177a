"""What happened, in sentences: lapses and contradictions for a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers._wording import SHOWN_MAX, cite, listed, listed_some, shown

from ._visibility import NO_ACT


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from histories import History, Operation

    from ._lapse import Lapse
    from ._reasons import Contradiction, Step
    from ._visibility import Sights


class Teller:
    """Knows how to cite the acts of sights."""

    def __init__(self, history: History, sights: Sights) -> None:
        self._history = history
        self._sights = sights

    def operation(self, act: int) -> Operation:
        """Return the operation behind an act."""
        columns = self._sights.columns
        return self._history.operation(columns.index[self._sights.acts[act].position])

    def indices(self, acts: Sequence[int]) -> tuple[int, ...]:
        """Return the indices of acts, in order and each once."""
        return tuple(sorted({self.operation(act).index for act in acts}))

    def cite(self, act: int) -> str:
        """Return how a sentence first refers to an act: with what it did or saw."""
        operation = self.operation(act)
        if self._sights.updates(act):
            return f"{cite(operation)} of {_given(operation)}"
        if self._is_long(act):
            return cite(operation)
        return f"{cite(operation)}, which returned {_answered(operation)},"

    def does(self, acts: Sequence[int]) -> dict[int, str]:
        """Return what acts do whose values take too much room, by their indices.

        What reads of many elements do is what they have to do with the other acts.
        """
        found = {}
        for act in acts:
            operation = self.operation(act)
            if self._is_long(act):
                found[operation.index] = self._has_and_lacks(act, acts)
            elif isinstance(operation.input, dict) or isinstance(
                operation.output, dict
            ):
                told = _given if self._sights.updates(act) else _answered
                found[operation.index] = f"{operation.f} {told(operation)}"
        return found

    def _has_and_lacks(self, act: int, acts: Sequence[int]) -> str:
        sights = self._sights
        updates = [
            other
            for other in acts
            if sights.updates(other) and sights.key(other) == sights.key(act)
        ]
        has = [other for other in updates if sights.has_seen(act, other)]
        told = [
            f"{verb} {listed(_given(self.operation(other)) for other in some)}"
            for verb, some in (
                ("has", has),
                ("lacks", [other for other in updates if other not in has]),
            )
            if some
        ]
        return f"{self.operation(act).f}: {', '.join(told)}"

    def _is_long(self, act: int) -> bool:
        """Whether a read returned more elements than a sentence can take."""
        if act not in self._sights.seen:
            return False
        output = self.operation(act).output
        if isinstance(output, dict):
            output = output.get("text")
        return isinstance(output, list | str) and len(shown(output)) == SHOWN_MAX

    def name(self, act: int) -> str:
        """Return how a sentence refers to an act again."""
        operation = self.operation(act)
        return f"{operation.f} {operation.index}"

    def process(self, act: int) -> str:
        """Return how a sentence refers to the process of an act."""
        return f"process {self.operation(act).process}"


def _given(operation: Operation) -> str:
    """Return what an update was asked to do, without contexts and positions."""
    given = operation.input
    if isinstance(given, dict) and given.keys() == {"position", "char"}:
        return shown(given["char"])
    if isinstance(given, dict) and given.keys() >= {"key", "value"}:
        return f"{shown(given['value'])} to {shown(given['key'])}"
    return shown(given)


def _answered(operation: Operation) -> str:
    """Return what a read returned; of a register with siblings the values alone."""
    given, answer = operation.input, operation.output
    if isinstance(answer, dict) and "text" in answer:
        return shown(answer["text"])
    if not isinstance(given, dict) or not isinstance(answer, dict):
        return shown(answer)
    if "key" not in given or not isinstance(answer.get("values"), list):
        return shown(answer)
    values = [shown(entry["value"]) for entry in answer["values"]]
    return f"{listed_some(values) or 'nothing'} for {shown(given['key'])}"


def tell_lapse(lapse: Lapse, teller: Teller) -> str:
    """Return a sentence about a lapse that one look at the acts shows."""
    return _TELLERS[lapse.pattern](teller, *lapse.acts)


def _own_write_missing(teller: Teller, write: int, read: int) -> str:
    return (
        f"{teller.cite(read)} misses {teller.cite(write)}, which the same process had "
        "made before."
    )


def _own_older_write(teller: Teller, older: int, newer: int, read: int) -> str:
    return (
        f"{teller.cite(read)} goes back to {teller.name(older)}, although the same "
        f"process had written over it with {teller.cite(newer)}."
    )


def _back_to_what_it_read(teller: Teller, first: int, write: int, read: int) -> str:
    return (
        f"{teller.cite(read)} goes back to what was there before "
        f"{teller.cite(write)}: the same process had read that, or what came after "
        f"it, in {teller.name(first)}, and then written over it."
    )


def _update_missing(teller: Teller, update: int, first: int, read: int) -> str:
    return (
        f"{teller.cite(read)} misses {teller.cite(update)}, which {teller.name(first)} "
        "by the same process had seen before."
    )


def _initial_again(teller: Teller, first: int, read: int) -> str:
    return (
        f"{teller.cite(read)} goes back to the initial value, although the same "
        f"process had made {teller.cite(first)} before."
    )


def _older_write(teller: Teller, older: int, newer: int, first: int, read: int) -> str:
    return (
        f"{teller.cite(read)} goes back to {teller.name(older)}, although the same "
        f"process had seen {teller.cite(newer)} in {teller.name(first)}, and "
        f"{teller.process(older)} had issued {teller.name(older)} before that."
    )


def _back_and_forth(teller: Teller, first: int, other: int, read: int) -> str:
    return (
        f"{teller.cite(read)} goes back to what the same process had read in "
        f"{teller.name(first)}, although it had read something else since, in "
        f"{teller.name(other)}."
    )


def _back_to_own_write(teller: Teller, write: int, other: int, read: int) -> str:
    return (
        f"{teller.cite(read)} goes back to {teller.cite(write)} by the same process, "
        f"which had read something else since, in {teller.name(other)}."
    )


def _earlier_write_missing(teller: Teller, earlier: int, later: int, read: int) -> str:
    return (
        f"{teller.cite(read)} shows {teller.cite(later)} and misses "
        f"{teller.cite(earlier)}, which the same process had issued before."
    )


def _cause_missing(
    teller: Teller, cause: int, seen: int, update: int, read: int
) -> str:
    return (
        f"{teller.cite(read)} shows {teller.cite(update)} and misses "
        f"{teller.cite(cause)}, which {teller.process(update)} had seen in "
        f"{teller.name(seen)} when it issued {teller.name(update)}."
    )


def _order_changed(teller: Teller, first: int, read: int) -> str:
    return (
        f"{teller.cite(read)} does not begin with what {teller.name(first)} by the same "
        "process had returned, although a list only grows at its end."
    )


def _later_write_first(teller: Teller, earlier: int, later: int, read: int) -> str:
    return (
        f"{teller.cite(read)} has {teller.cite(later)} before {teller.cite(earlier)}, "
        "which the same process had issued first."
    )


def _effect_first(teller: Teller, cause: int, seen: int, update: int, read: int) -> str:
    return (
        f"{teller.cite(read)} has {teller.cite(update)} before {teller.cite(cause)}, "
        f"which {teller.process(update)} had seen in {teller.name(seen)} when it issued "
        f"{teller.name(update)}."
    )


_TELLERS: dict[str, Callable[..., str]] = {
    "own-write-missing": _own_write_missing,
    "own-older-write": _own_older_write,
    "back-to-what-it-read": _back_to_what_it_read,
    "update-missing": _update_missing,
    "initial-again": _initial_again,
    "older-write": _older_write,
    "back-and-forth": _back_and_forth,
    "back-to-own-write": _back_to_own_write,
    "earlier-write-missing": _earlier_write_missing,
    "cause-missing": _cause_missing,
    "order-changed": _order_changed,
    "later-write-first": _later_write_first,
    "effect-first": _effect_first,
}


def tell_contradiction(found: Contradiction, teller: Teller) -> str:
    """Return a sentence about why a process has no view, and the steps that lead there."""
    steps = listed(_tell_step(step, teller) for step in found.steps)
    if found.pattern == "circular":
        return f"{teller.cite(found.update)} comes before itself: {steps}."
    did = {
        "missing": "misses",
        "initial-value": "returned the initial value and misses",
        "overwritten-value": "returned what had been overwritten by",
    }[found.pattern]
    read = teller.operation(found.read)
    return (
        f"{cite(read)} {did} {teller.cite(found.update)}, which comes before it: "
        f"{steps}."
    )


def _tell_step(step: Step, teller: Teller) -> str:
    first, second = teller.name(step.first), teller.name(step.second)
    who = teller.process(step.second)
    if step.because == "seen":
        return f"{second} saw {first}"
    if step.because == "cause":
        where = "" if step.by == step.second else f", in {teller.name(step.by)},"
        return f"{who} had seen {first}{where} when it issued {second}"
    if step.because == "overwritten":
        by = teller.name(step.by)
        return f"{by} saw {second} last although {first} came before, so that {first} came before {second}"
    verb = "issued" if step.because == "issue" else "made"
    return f"{who} {verb} {first} before {second}"


def step_data(step: Step, teller: Teller) -> dict[str, Any]:
    """Return a step as facts."""
    facts: dict[str, Any] = {
        "before": teller.operation(step.first).index,
        "after": teller.operation(step.second).index,
        "because": step.because,
    }
    if step.by != NO_ACT:
        facts["by"] = teller.operation(step.by).index
    return facts
