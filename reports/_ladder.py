"""What a check of consistency models has found, as text and page tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ._format import count, plural


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from checkers import Anomaly, Result

    from ._view import View


CHECKER = "models"
STALE = "stale-read"
"""The anomaly that says how stale clients are."""

KEEPS = {
    "real-time": "real time",
    "program": "the order of each process",
    "relaxed": "real time as far as it matters",
}


class Rung(msgspec.Struct, frozen=True):
    """The verdict on one consistency model.

    Attributes:
        name: Its name.
        verdict: yes, no or unknown.
        why: What makes sure of it, or what is missing.
        follows_from: The model whose verdict settled it; None if it was judged.
    """

    name: str
    verdict: str
    why: str
    follows_from: str | None = None


class Act(msgspec.Struct, frozen=True, rename="kebab"):
    """An operation of a witness.

    Attributes:
        operation: Its index in the history, the place of its call among all events.
        process: Who made it.
        does: What it did, in a few words.
        call_ns: When it was called.
        return_ns: When it returned; None if that is not known.
        node: Where it was made.
        returned: The place of its return among all events; None if it has none.
    """

    operation: int
    process: int
    does: str
    call_ns: int
    return_ns: int | None = None
    node: str | None = None
    returned: int | None = None


class Candidate(msgspec.Struct, frozen=True):
    """An operation that could come next and cannot."""

    operation: int
    does: str
    why: str


class DeadEnd(msgspec.Struct, frozen=True):
    """An order that cannot go on: its operations, the state, what could come next."""

    prefix: tuple[int, ...]
    state: str
    candidates: tuple[Candidate, ...]


class Witness(msgspec.Struct, frozen=True, rename="kebab"):
    """Operations that contradict a model.

    Attributes:
        operations: The operations.
        keeps: What an order of them has to keep; None if it is not about an order.
        key: The key that they are about; None for all.
        operations_before: How many operations there were to look at.
        operations_after: How many are left.
        is_minimal: Whether none of them can be left out.
        dead_ends: Where orders end, the deepest first.
    """

    operations: tuple[Act, ...]
    keeps: str | None = None
    key: str | None = None
    operations_before: int = 0
    operations_after: int = 0
    is_minimal: bool = False
    dead_ends: tuple[DeadEnd, ...] = ()

    @property
    def deepest(self) -> DeadEnd | None:
        """The order that comes furthest; None if none was looked for."""
        return self.dead_ends[0] if self.dead_ends else None

    @property
    def size(self) -> str:
        """How many operations show it, and of how many.

        >>> Witness(operations=(), operations_after=2, operations_before=9).size
        '2 of 9 operations'
        """
        after = max(self.operations_after, len(self.operations))
        before = self.operations_before
        if after >= before:
            return plural(after, "operation")
        return f"{count(after)} of {plural(before, 'operation')}"

    @property
    def place(self) -> str:
        """On which key they are, if they are on one."""
        return "" if self.key is None else f" on key {self.key}"


def models_result(view: View) -> Result | None:
    """Return the result of the check of consistency models, wherever it is composed."""
    for _, result in view.leaves:
        if result.checker == CHECKER and rungs(result):
            return result
    return None


def rungs(result: Result) -> list[Rung]:
    """Return the verdict on each model, the strongest model first."""
    models = result.statistics.get("models")
    if not isinstance(models, dict):
        return []
    # Only now: a report of a run without models needs none of the algorithms.
    from checkers.ladder import LEVELS

    rank = {name: at for at, name in enumerate(LEVELS)}
    return [
        Rung(
            name,
            str(data.get("verdict")),
            str(data.get("why", "")),
            None if (source := data.get("follows-from")) is None else str(source),
        )
        for name, data in sorted(
            models.items(), key=lambda each: (rank.get(each[0], len(rank)), each[0])
        )
        if isinstance(data, dict)
    ]


def groups(result: Result) -> list[list[Rung]]:
    """Return models that have one verdict for one reason together, in their order."""
    found: dict[tuple[str, str | None, str], list[Rung]] = {}
    for rung in rungs(result):
        reason = "" if rung.follows_from else rung.why
        found.setdefault((rung.verdict, rung.follows_from, reason), []).append(rung)
    return list(found.values())


def because(group: Sequence[Rung], result: Result) -> str:
    """Return why models of a group have their verdict, in a clause if one will do."""
    first, s = group[0], "" if len(group) > 1 else "s"
    if first.follows_from is None:
        return _why(first, result)
    if first.verdict == "yes":
        return f"follow{s} from {first.follows_from}"
    return f"need{s} {first.follows_from}"


def witness(anomaly: Anomaly) -> Witness | None:
    """Return what can be drawn of an anomaly; None if its data says too little."""
    try:
        found = msgspec.convert(_known(anomaly.data), Witness)
    except msgspec.ValidationError:
        return None
    return found if found.operations else None


def _known(data: Mapping[str, Any]) -> dict[str, Any]:
    # As decoded from JSON, where a tuple is a list.
    found: dict[str, Any] = msgspec.to_builtins(data)
    return found


def deciding(view: View) -> Anomaly | None:
    """Return the anomaly to draw: the summary's, else the first that can be drawn."""
    result = models_result(view)
    if result is None:
        return None
    drawn = [each for each in result.anomalies if witness(each) is not None]
    drawn.sort(
        key=lambda each: (
            not _says(result.summary, each.sentence),
            not each.fails,
            each.name == STALE,
        )
    )
    return drawn[0] if drawn else None


def clause(anomaly: Anomaly) -> str:
    """Return what an anomaly says, without what its drawing tells."""
    found = witness(anomaly)
    if found is None or found.keeps is None or len(found.operations) == 1:
        return anomaly.sentence
    keeps = KEEPS.get(found.keeps, found.keeps)
    number = plural(found.operations_after, "operation")
    return f"No order that keeps {keeps} explains {number}{found.place}."


def _why(rung: Rung, result: Result) -> str:
    for anomaly in result.anomalies:
        if anomaly.sentence == rung.why:
            return clause(anomaly)
    return rung.why


def shortened(view: View, text: str) -> str:
    """Return text with an anomaly that is drawn told in a clause."""
    anomaly = deciding(view)
    if anomaly is None or not anomaly.sentence:
        return text
    told = clause(anomaly)
    return text.replace(anomaly.sentence, told).replace(
        _capital(anomaly.sentence), _capital(told)
    )


def _says(text: str, sentence: str) -> bool:
    """Whether a text has a sentence, or a sentence of its own that is the same."""
    return sentence in text or _capital(sentence) in text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def is_told(anomaly: Anomaly, view: View) -> bool:
    """Return whether ladder and drawing together have told an anomaly."""
    result, drawn = models_result(view), deciding(view)
    if result is None or drawn is None or anomaly not in result.anomalies:
        return False
    same = witness(anomaly) is not None and anomaly.operations == drawn.operations
    in_full = clause(anomaly) == anomaly.sentence and any(
        rung.why == anomaly.sentence for rung in rungs(result)
    )
    return same or in_full or anomaly.name == STALE
