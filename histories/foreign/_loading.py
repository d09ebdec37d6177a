"""From a path or a stream to a history, whatever the format."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Final

from histories._errors import HistoryError, MalformedError
from histories._history import History

from ._formats import FORMATS
from ._loaded import FailedCas, Loaded, NilRead


if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from histories._columns import Columns

    from ._meaning import Meaning
    from ._survey import Function


_EVENT: Final = re.compile(
    rb""":type\s+:(?:invoke|ok)\b|"type"\s*:\s*":?(?:invoke|ok)"|[\s,]:(?:invoke|ok)\s"""
)


def load_history(
    place: Path | str | IO[bytes],
    *,
    format: str | None = None,  # noqa: A002 # what it is; nothing here formats
    nil_read: NilRead | None = None,
    failed_cas: FailedCas | None = None,
) -> Loaded:
    """Load a history from a file or a stream, in any of the formats in `FORMATS`.

    The format is told by the content, which gzip, bzip2 or xz may have packed; `format`
    overrides it where that guess is wrong. What a nil read and a failed cas say comes from the
    format; the arguments override it.

    Raises:
        MalformedError: The content is not of that format, or of none.
        UnsupportedError: It is of a format that is known and not read.
        PairingError: The events cannot be one history.
        HistoryError: There is nothing to read, or no such format.
    """
    from histories._collector import collector_paused

    from ._detection import detect_format
    from ._meaning import meaning_of, stated
    from ._readers import READERS
    from ._source import open_source
    from ._survey import survey
    from ._unread import refuse_unread

    if format is not None and format not in FORMATS:
        raise HistoryError(
            f"the format {format!r}",
            f"one of {', '.join(FORMATS)}",
            "Leave it out to have it told by the content.",
        )
    with open_source(place) as source, collector_paused():
        if format is None:
            refuse_unread(source)
        name = format or detect_format(source, FORMATS)
        chosen = FORMATS[name]
        parsed = READERS[name](source)
        nil_read = nil_read or chosen.nil_read
        failed_cas = failed_cas or chosen.failed_cas
        notes = [f"Format {name}: {chosen.doc}.", *parsed.notes]
        notes += _put_in_order(parsed.columns)
        history = History(parsed.columns, warnings=parsed.warnings)
        functions = survey(parsed.columns)
        meaning = (
            stated(parsed.model, parsed.initial)
            if parsed.model is not None
            else meaning_of(
                functions, parsed.columns, chosen, has_tuples=parsed.has_tuples
            )
        )
        return Loaded(
            history=history,
            format=name,
            notes=(
                *notes,
                *_notes_on_dialect(functions, meaning, nil_read, failed_cas),
                *meaning.notes,
            ),
            model=meaning.model,
            initial=meaning.initial,
            independent=meaning.independent or parsed.has_tuples,
            has_tuples=parsed.has_tuples,
            nil_read=nil_read,
            failed_cas=failed_cas,
            has_times=_has_times(parsed.columns),
            has_real_time=parsed.has_real_time,
            has_sessions=parsed.has_sessions,
        )


def looks_like_history(place: Path | str | IO[bytes]) -> bool:
    """Whether a file has events of a history, or steps of transactions, near its head.

    A guess, for folders in which there are other files too.
    """
    from ._detection import detect_format
    from ._source import open_source
    from ._unread import refuse_unread

    try:
        with open_source(place) as source:
            refuse_unread(source)
            is_text = detect_format(source, ()) == "awdit"
            return is_text or _EVENT.search(source.head) is not None
    except MalformedError:
        return False
    except HistoryError:  # It is one of a kind, or nobody knows: that is to be told.
        return True


def _put_in_order(columns: Columns) -> list[str]:
    """Sort events by index and renumber processes; return what there is to say."""
    from ._processes import renumber_ended

    notes = []
    if columns.sort():
        notes.append("The events were not in the order of their indices: sorted.")
    if renumbered := renumber_ended(columns):
        notes.append(
            f"Processes that go on after an operation of unknown outcome: {renumbered:,}; "
            "from there on they have new numbers."
        )
    return notes


def _notes_on_dialect(
    functions: Mapping[str, Function],
    meaning: Meaning,
    nil_read: NilRead,
    failed_cas: FailedCas,
) -> list[str]:
    notes = []
    keyed = meaning.independent or meaning.model == "kv"
    nils = sum(
        function.nil_results + (function.keyed_nils if keyed else 0)
        for name, function in functions.items()
        if name in {"read", "get"}
    )
    if nils:
        taken = "an unknown result" if nil_read == "unknown" else "the value nil"
        notes.append(f"Reads that returned nil: {nils:,}, taken as {taken}.")
    if "cas" in functions and (failures := functions["cas"].failures):
        taken = (
            "not having happened, and saying no more"
            if failed_cas == "drop"
            else "having found another value than expected"
        )
        notes.append(f"Failed cas: {failures:,}, taken as {taken}.")
    return notes


def _has_times(columns: Columns) -> bool:
    return len(columns) > 0 and min(columns.time) != max(columns.time)
