"""A register that is appended to, as one that is compared and set.

Where each string that is appended is unique, and what was read can be taken apart into
such strings in one way only, it is known what each append found and what it left: it is
a cas from the one to the other. An append that no read shows has left what was never
read, nor appended to by what was: it is a write of a value of its own. So all that is
known of registers applies, and a store that is appended to needs no search.

Source of the idea: Kingsbury and Alvaro, Elle, VLDB 2020 (lists that are appended to
are traceable); that it makes appends swaps is as described.

Proof. Take an order that the strings allow. A read is the result of the appends that it
shows, in the order in which it shows them; by uniqueness each of them found and left
what is said here. After an append that no read shows comes nothing that a read shows,
until a write: else that read would show it. So the same order is allowed here; and the
other way round, as an append is allowed everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers.models import PLAIN, Call, clipped, freeze, shown

from ._automata import RegisterAutomaton
from ._class_builder import LEFT_OUT
from ._classes import Classified, kept_of
from ._deeds import STATUS_FAIL, STATUS_OK
from ._problem import KIND_CAS, KIND_READ, KIND_WRITE, RegisterView
from ._register_classes import view_of


if TYPE_CHECKING:
    from checkers.models import Cell, Frozen, Model

    from ._deeds import Deeds, Dialect


MOST_CHARACTERS = 50_000_000
"""Of all strings that are taken apart together, which bounds time and memory."""


class AppendAutomaton(RegisterAutomaton):
    """A register whose swaps, and some of its writes, are appends."""

    __slots__ = ("appended", "left")

    def __init__(
        self,
        model: Model[Any],
        view: RegisterView,
        names: list[str],
        *,
        appended: dict[int, str],
        left: dict[int, str],
    ) -> None:
        """Take also what classes append, and which values unread appends have left."""
        super().__init__(model, view, names)
        self.appended = appended
        self.left = left

    def describe_class(self, cls: int) -> str:
        """Return what the operations of a class do, in a few words."""
        text = self.appended.get(cls)
        if text is None:
            return super().describe_class(cls)
        return self.model.describe(Call("append", text))

    def describe_state(self, state: int) -> str:
        """Return a value, or what is known of one that nobody read."""
        text = self.left.get(state)
        if text is None:
            return super().describe_state(state)
        return f"a string that ends in {clipped(shown(text))}"


def classify_appends(
    model: Model[Any], cell: Cell, deeds: Deeds, dialect: Dialect
) -> Classified | None:
    """Return the operations on one register that is appended to.

    None if strings cannot be taken apart in one way only, or something else is done.
    """
    if cell.swaps.intersection(deeds.f):
        return None
    steps = _steps(cell, deeds)
    if steps is None:
        return None
    values: dict[Frozen, int] = {cell.initial: 0}
    numbers: dict[tuple[int, int, int], int] = {}
    appended: dict[int, str] = {}
    left: dict[int, str] = {}
    classes: list[int] = []
    for _, f, given, got, status in zip(*deeds, strict=True):
        if status == STATUS_FAIL:
            classes.append(LEFT_OUT)
            continue
        if f in cell.reads:
            if status != STATUS_OK or (got is None and not dialect.nil_is_value):
                classes.append(LEFT_OUT)
                continue
            key = KIND_READ, values.setdefault(_frozen(got), len(values)), 0
        elif f in cell.writes:
            key = KIND_WRITE, values.setdefault(_frozen(given), len(values)), 0
        elif given in steps:
            found, made = steps[given]
            a = values.setdefault(found, len(values))
            key = KIND_CAS, a, values.setdefault(made, len(values))
        else:
            # No string is a list: this value is read by nobody.
            fresh = values.setdefault(("append", given), len(values))
            left[fresh] = given
            key = KIND_WRITE, fresh, 0
        cls = numbers.setdefault(key, len(numbers))
        if f in cell.appends:
            appended[cls] = given
        classes.append(cls)
    view = view_of(numbers, values)
    names = [min(cell.reads), min(cell.writes), "append", ""]
    for f in dict.fromkeys(deeds.f):
        names[KIND_READ if f in cell.reads else KIND_WRITE] = (
            f if f not in cell.appends else names[KIND_WRITE]
        )
    automaton = AppendAutomaton(model, view, names, appended=appended, left=left)
    return Classified(*kept_of(deeds.positions, classes), automaton, register=view)


def _frozen(value: Any) -> Frozen:
    return value if type(value) in PLAIN else freeze(value)


def _steps(cell: Cell, deeds: Deeds) -> dict[str, tuple[Frozen, str]] | None:
    """Return what appends found and left, by what they appended; None if that is unclear.

    Appends that no read shows are not in it.
    """
    appends: dict[str, int] = {}
    bases: set[Frozen] = {cell.initial}
    reads: set[str] = set()
    for _, f, given, got, status in zip(*deeds, strict=True):
        if status == STATUS_FAIL:
            continue
        if f in cell.appends:
            if type(given) is not str or not given or given in appends:
                return None
            appends[given] = len(given)
        elif f in cell.writes:
            if type(given) is not str:
                return None
            bases.add(given)
        elif status == STATUS_OK and type(got) is str:
            reads.add(got)
    if cell.initial is None and "" in bases:
        return None  # What an append to either leaves is the same.
    if cell.initial is not None and type(cell.initial) is not str:
        return None
    if sum(map(len, reads)) > MOST_CHARACTERS:
        return None
    return _taken_apart(appends, bases, reads)


def _taken_apart(
    appends: dict[str, int], bases: set[Frozen], reads: set[str]
) -> dict[str, tuple[Frozen, str]] | None:
    lengths = sorted(set(appends.values()))
    steps: dict[str, tuple[Frozen, str]] = {}
    known: set[str] = set()
    work = 0
    for read in reads:
        text = read
        while text not in known:
            known.add(text)
            work += len(text)
            if work > MOST_CHARACTERS:
                return None
            last = [text[-n:] for n in lengths if n <= len(text)]
            last = [end for end in last if end in appends]
            ways = len(last) + (text in bases)
            if ways > 1:
                return None
            if not last:
                break
            [end] = last
            if end in steps:
                return None
            before = text[: -len(end)]
            found = None if not before and None in bases else before
            steps[end] = found, text
            if found is None:
                break
            text = before
    return steps
