"""Judges a history file, whatever its format."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from checkers import Reason, Result
from checkers.ladder import LEVELS, check_models
from harness.analysis import analyse_history
from harness.cases import CaseError, differences, found_in, judge, read_case
from harness.errors import UsageError
from harness.workloads import WORKLOADS
from histories import HistoryError, UnsupportedError, load_history

from ._meaning import has_keys, initial_of, model_of, unjudged, unknown
from ._saved import is_case


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from histories import History, Loaded, Run


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a run or in a file.

    Attributes:
        result: The result.
        run: The run, if it is one's.
        notes: What was assumed in reading the file, a sentence each.
        history: What is in it; None for a run, and for what cannot be read.
        line: The line at which a file could not be read.
        is_case: Whether it is a case.
    """

    result: Result
    run: Run | None = None
    notes: tuple[str, ...] = ()
    history: History | None = None
    line: int | None = None
    is_case: bool = False


_NO_REAL_TIME = (
    "Only the order within each process counts, as --no-real-time says: which "
    "operation ended before which began is not known."
)


class FileOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is to be read, and judged by consistency models.

    Attributes:
        model: What its operations mean; None: what they look like.
        init: What the objects hold at first, as JSON; None: what the format says.
        independent: Whether every value is a pair of a key and a value.
        nil_read: What a read of nil says; None: what the format says.
        failed_cas: What a failed cas says; None: what the format says.
        real_time: Whether the order of events tells what ended before what began.
        file_format: The format; None: what the content tells.
        timeout_s: Seconds after which what is undecided is unknown.
    """

    model: str | None
    init: str | None
    independent: bool
    nil_read: Literal["unknown", "value"] | None
    failed_cas: Literal["drop", "assert"] | None
    real_time: bool
    file_format: str | None
    timeout_s: float

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> FileOptions:
        """Return these of the options of a command."""
        return cls(**{name: options[name] for name in cls.__struct_fields__})


def parse_levels(text: str) -> tuple[str, ...]:
    """Return the consistency models of a comma-separated list.

    Raises:
        UsageError: One of them is unknown.
    """
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if name not in LEVELS:
            raise UsageError(
                f"--consistency-models {name!r}: expected some of {', '.join(LEVELS)}"
            )
    return names


def load_file(
    path: Path | None,
    *,
    file_format: str | None = None,
    nil_read: Literal["unknown", "value"] | None = None,
    failed_cas: Literal["drop", "assert"] | None = None,
) -> Loaded:
    """Load a history from a file or, for None, from standard input.

    Raises:
        HistoryError: There is none.
    """
    return load_history(
        path if path is not None else sys.stdin.buffer,
        format=file_format,
        nil_read=nil_read,
        failed_cas=failed_cas,
    )


def judge_file(
    path: Path | None,
    workload: str | None,
    demands: Mapping[str, Any],
    options: FileOptions,
) -> Judged:
    """Judge a file or, for None, standard input.

    A case is judged as it says, unless a workload or a model is asked for.

    Raises:
        UsageError: It is not clear what to judge it by.
    """
    if path is not None and is_case(path) and workload is None is options.model:
        return _judge_case(path, demands)
    try:
        loaded = load_file(
            path,
            file_format=options.file_format,
            nil_read=options.nil_read,
            failed_cas=options.failed_cas,
        )
        with following(loaded.history, path):
            return _judge_loaded(loaded, workload, demands, options)
    except HistoryError as error:
        is_known = isinstance(error, UnsupportedError)
        reason = Reason.UNSUPPORTED if is_known else Reason.MALFORMED
        why = unknown(workload or "models", reason, str(error))
        return Judged(result=why, line=error.line)


def _judge_loaded(
    loaded: Loaded,
    workload: str | None,
    demands: Mapping[str, Any],
    options: FileOptions,
) -> Judged:
    """Judge a history by a workload or, for None, by models."""
    if workload is not None:
        result = analyse_history(loaded.history, WORKLOADS[workload], **demands)
        notes = loaded.history.warnings
    else:
        result = _judge_by_models(loaded, demands, options)
        notes = (*loaded.history.warnings, *loaded.notes)
        if not options.real_time:
            notes += (_NO_REAL_TIME,)
    return Judged(result=result, notes=notes, history=loaded.history)


@contextmanager
def following(history: History, path: Path | None) -> Iterator[None]:
    """Refuse values that are nested too deeply for what the block does with them.

    Raises:
        HistoryError: There is one; it has the line of the deepest.
    """
    try:
        yield
    except RecursionError as error:
        depth, index = max(
            (_depth(event.value), event.index) for event in history.events()
        )
        raise HistoryError(
            f"a value that is nested {depth:,} levels deep",
            "a few hundred levels at most",
            "Record it in some flatter form.",
            path=path or "standard input",
            line=history.line(index) or None,
        ) from error


def _depth(value: Any) -> int:
    """Return how many levels a value has, however many they are."""
    depth, level = 0, [value]
    while level := [part for part in level if isinstance(part, list | dict)]:
        depth += 1
        level = [
            inner
            for part in level
            for inner in (part.values() if isinstance(part, dict) else part)
        ]
    return depth


def _judge_case(path: Path, demands: Mapping[str, Any]) -> Judged:
    """Judge a case as it says, and say what has changed."""
    try:
        case = read_case(path)
    except CaseError as error:
        why = unknown("case", Reason.MALFORMED, str(error))
        return Judged(result=why, is_case=True, line=error.line)
    check = msgspec.structs.replace(case.check, **demands)
    history = case.events()
    result = judge(history, check, case.outcome, case.journal)
    by = (
        f"the model {check.model}"
        if check.workload is None
        else f"the workload {check.workload}"
    )
    notes = [f"A case, judged by {by} as it says."]
    if check == case.check:
        changed = [
            f"{one.what} was {one.expected} and is {one.found}"
            for one in differences(case.found, found_in(result))
        ]
        verdict = case.found.verdict.value.upper()
        told = "; ".join(changed) or "nothing has changed"
        notes.append(f"It was kept as {verdict}: {told}.")
    return Judged(result=result, notes=tuple(notes), is_case=True)


def _judge_by_models(
    loaded: Loaded, demands: Mapping[str, Any], options: FileOptions
) -> Result:
    """Return which consistency models a history satisfies."""
    unfit = unjudged(loaded, options.model)
    if unfit is not None:
        return unfit
    name = str(options.model or loaded.model)
    return check_models(
        loaded.history,
        model_of(name, initial_of(loaded, name, options.init)),
        declared=demands.get("consistency_models", "linearizable"),
        independent=options.independent or has_keys(loaded, options.model),
        nil_read=loaded.nil_read,
        failed_cas=loaded.failed_cas == "assert",
        has_times=loaded.has_times,
        has_real_time=loaded.has_real_time and options.real_time,
        has_sessions=loaded.has_sessions,
        timeout_s=options.timeout_s,
    )
