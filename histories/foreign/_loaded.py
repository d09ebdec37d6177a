"""A history that was loaded, and what had to be chosen on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec


if TYPE_CHECKING:
    from collections.abc import Sequence

    from histories._columns import Columns
    from histories._history import History


NilRead = Literal["unknown", "value"]
"""What a read that returned nil says: nothing, or that the value was nil."""

FailedCas = Literal["drop", "assert"]
"""What a failed cas says: nothing, or that the value was another than expected."""


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """A history, what was assumed in reading it, and what seems to be asked of it.

    Attributes:
        history: The history.
        format: The name of the format, as in `FORMATS`.
        notes: What was chosen or assumed: a sentence each, for users to read.
        model: The name of the data type that the file says, or that the functions
            suggest; None if they suggest none. Notes say what it rests on.
        initial: What that data type holds at first, so far as the format says or the
            content leaves no choice.
        independent: Whether every value is a pair of a key and a value, and each key an
            object of its own. A guess, too, unless `has_tuples`.
        has_tuples: Whether the file itself marks values as a key with its value.
        nil_read: What a read that returned nil says in this format.
        failed_cas: What a failed cas says in this format.
        has_times: Whether times were recorded. If not they are 0 or the same
            throughout, and neither latency nor staleness can be told from them.
        has_real_time: Whether the order of events tells which operation ended
            before which began. If not only the order within a process counts.
        has_sessions: Whether a process is a client. If not every operation is a
            process of its own, and all are concurrent.
    """

    history: History
    format: str
    notes: tuple[str, ...] = ()
    model: str | None = None
    initial: Any = None
    independent: bool = False
    has_tuples: bool = False
    nil_read: NilRead = "value"
    failed_cas: FailedCas = "drop"
    has_times: bool = True
    has_real_time: bool = True
    has_sessions: bool = True


class Parsed(NamedTuple):
    """What the reader of one format returns.

    Attributes:
        columns: The events, with their lines.
        notes: What the reader has assumed.
        warnings: What it has dropped.
        has_real_time: See `Loaded`.
        has_sessions: See `Loaded`.
        model: The data type, where the file says it.
        initial: What that holds at first.
        has_tuples: See `Loaded`.
    """

    columns: Columns
    notes: Sequence[str] = ()
    warnings: tuple[str, ...] = ()
    has_real_time: bool = True
    has_sessions: bool = True
    model: str | None = None
    initial: Any = None
    has_tuples: bool = False
