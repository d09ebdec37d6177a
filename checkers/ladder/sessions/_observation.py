"""From a history and a model to sights, as far as its reads reveal what they saw."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from checkers.models import AppendList, Container, shown

from ._assembly import assemble, that_happened
from ._revealed import Impossible, Revealed
from ._seen_counters import counter_acts
from ._seen_lists import list_acts
from ._seen_registers import register_acts
from ._seen_sets import set_acts
from ._seen_siblings import sibling_acts
from ._seen_texts import text_acts
from ._taken import removals


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from checkers.search import Problem
    from histories import History, OperationColumns

    from ._visibility import Act, Sights


class Observation(NamedTuple):
    """What the reads of a history reveal.

    Attributes:
        sights: What they saw; None if none of them reveals it.
        lacking: Why there may be more to see, a clause; None if there is not. What is
            left out are constraints, so that a violation is one all the same.
        impossible: A read that no choice of updates explains, whatever the model.
        parts: The problems, if there are no sights.
    """

    sights: Sights | None
    lacking: str | None
    impossible: Impossible | None = None
    parts: Sequence[Problem] = ()


def observe(columns: OperationColumns, parts: Sequence[Problem]) -> Observation:
    """Return what the reads of a history reveal, given its problems by key."""
    places = dict(zip(columns.index, range(len(columns)), strict=True))
    acts: list[Act] = []
    lacking = None
    exact = not any(part.register for part in parts)
    lists = [isinstance(part.automaton.model, AppendList) for part in parts]
    for key, part in enumerate(parts):
        revealed = _reveal(columns, part, key, places, exact=exact)
        if revealed.impossible is not None:
            return Observation(None, None, revealed.impossible)
        acts += revealed.acts
        lacking = lacking or revealed.lacking
    keys = ["" if part.key is None else shown(part.key) for part in parts]
    happened = that_happened(acts, columns)
    ordered = any(lists)
    sights = assemble(happened, columns, keys, exact=exact, ordered=ordered)
    if ordered and len(parts) > 1:
        lacking = lacking or "orders of several lists were not compared"
    found = _observation(sights, lacking)
    return found if found.sights else found._replace(parts=parts)


def observe_shown(history: History, data: str) -> Observation:
    """Return what reads reveal of data that no sequential model describes.

    Args:
        history: The history.
        data: What it is about; one of `SHOWN`.

    Raises:
        UnfitError: It is about something else, or updates cannot be told apart.
    """
    revealed, keys = SHOWN[data](history)
    columns = history.columns()
    happened = that_happened(revealed.acts, columns)
    sights = assemble(happened, columns, keys, exact=True)
    found = _observation(sights, revealed.lacking)
    return found._replace(impossible=revealed.impossible or found.impossible)


SHOWN: Mapping[str, Callable[[History], tuple[Revealed, list[str]]]] = MappingProxyType(
    {"siblings": sibling_acts, "text": text_acts}
)
"""By kind of data, what its reads reveal, and its keys."""


def _observation(sights: Sights, lacking: str | None) -> Observation:
    if not (sights.sources or sights.seen):
        return Observation(None, lacking or "no read reveals what it saw")
    return Observation(sights, lacking, _read_before_write(sights))


def _reveal(
    columns: OperationColumns,
    part: Problem,
    key: int,
    places: Mapping[int, int],
    *,
    exact: bool,
) -> Revealed:
    positions = [places[index] for index in part.operations]
    if part.register is not None:
        return register_acts(part, part.register, key, positions, columns)
    model = part.automaton.model
    if isinstance(model, Container):
        return removals(part, model, positions)
    name = model.name
    if not exact or name not in {
        "set",
        "g-counter",
        "pn-counter",
        "append-list",
    }:
        return Revealed(lacking=f"reads of a {name} do not tell what they saw")
    if name == "set":
        return set_acts(part, key, positions)
    if name == "append-list":
        return list_acts(part, key, positions)
    return counter_acts(part, key, positions, columns)


def _read_before_write(sights: Sights) -> Impossible | None:
    """Return a read that saw what its own process did only afterwards."""
    for session in sights.sessions:
        for read in session:
            for update in sights.shown(read):
                is_own = sights.process[update] == sights.process[read]
                if is_own and update >= read:
                    return Impossible(
                        "thin-air",
                        sights.acts[read].position,
                        (sights.acts[update].position,),
                        "saw what its own process did only later",
                    )
    return None
