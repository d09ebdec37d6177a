"""What reads of a text reveal: which insertions they saw, of what nobody deletes.

Each character is inserted once, so that a text shows whose insertions it has. If it
lacks one, that may be deleted: what a deletion hits is not told, as it names a position
in a text that only its node knows. So an insertion counts if no deletion can have hit
it, which is one that was over before the insertion began. Of the others nothing is
said; and nothing of the order of characters, of which texts have to agree on one anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers._unfit import UnfitError
from checkers._verdict import Reason
from checkers._wording import cite, count_of, shown
from histories._operation_columns import STATUS_FAIL, STATUS_OK

from ._revealed import Revealed
from ._visibility import NO_END, Act


if TYPE_CHECKING:
    from histories import History, OperationColumns


MOST_SHOWN = 5_000_000
"""How many insertions all different texts together may show: they are written out."""

NEVER = 2**62
"""The end of a deletion that may take effect at any time."""


def text_acts(history: History) -> tuple[Revealed, list[str]]:
    """Return insertions and reads as acts, and the only key. Linear in all texts.

    Raises:
        UnfitError: These are no operations on a text, or a character comes twice.
    """
    columns = history.columns()
    inserts, hidden = _inserts(history, columns)
    acts = [Act(position, 0, updates=True) for position in inserts.values()]
    lacking = None
    if hidden:
        lacking = f"deletions can have hit {count_of(len(hidden), 'character')}"
    seen: dict[str, list[int]] = {}
    total = 0
    for position, f in enumerate(columns.f):
        if f != "read" or columns.status[position] != STATUS_OK:
            continue
        text = _text(columns.output[position])
        if text is None:
            read = history.operation(columns.index[position])
            lacking = f"{cite(read)} returned no text"
            continue
        if text not in seen:
            strange = set(text).difference(inserts, hidden)
            if strange:
                read = history.operation(columns.index[position])
                lacking = (
                    f"{cite(read)} shows {shown(min(strange))}, which nobody inserted"
                )
            found = dict.fromkeys(text)
            seen[text] = [inserts[char] for char in found if char in inserts]
            total += len(text)
        if total > MOST_SHOWN:
            lacking = "texts together are too long for all to be looked at"
            break
        acts.append(Act(position, 0, shown=seen[text]))
    return Revealed(acts, lacking), [""]


def _inserts(
    history: History, columns: OperationColumns
) -> tuple[dict[str, int], set[str]]:
    """Return where characters are inserted that stay, and those that may be deleted."""

    def cited(position: int) -> str:
        return cite(history.operation(columns.index[position]))

    inserts: dict[str, int] = {}
    quiet_from = -1
    for position, f in enumerate(columns.f):
        if columns.status[position] == STATUS_FAIL:
            continue
        if f == "insert":
            given = columns.input[position]
            char = given.get("char") if isinstance(given, dict) else None
            if not isinstance(char, str) or len(char) != 1:
                raise UnfitError(
                    Reason.UNSUPPORTED,
                    f"{cited(position)} has the value {shown(given)}, expected an object "
                    "with a character.",
                )
            if char in inserts:
                raise UnfitError(
                    Reason.UNSUPPORTED,
                    f"{cited(position)} inserts {shown(char)} once more: texts tell "
                    "only insertions of different characters apart.",
                )
            inserts[char] = position
        elif f == "delete":
            end = columns.end[position]
            quiet_from = max(quiet_from, NEVER if end == NO_END else end)
        elif f != "read":
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"{cited(position)} is no operation on a text.",
            )
    hidden = {char for char, at in inserts.items() if columns.start[at] <= quiet_from}
    return {char: at for char, at in inserts.items() if char not in hidden}, hidden


def _text(output: Any) -> str | None:
    """Return the text that a read returned; None if it is none."""
    text = output.get("text") if isinstance(output, dict) else output
    return text if isinstance(text, str) else None
