"""Judges a history file, whatever its format."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from checkers import Reason, Result, Verdict
from checkers.ladder import LEVELS, check_models
from checkers.models import MODELS, ModelError
from harness.analysis import analyse_history
from harness.errors import UsageError
from harness.workloads import WORKLOADS
from histories import HistoryError, load_history


if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from histories import Loaded


class FileOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is to be read, and judged by consistency models.

    Attributes:
        model: What its operations mean; None: what they look like.
        init: What the objects hold at first, as JSON; None: what the format says.
        independent: Whether every value is a pair of a key and a value.
        nil_read: What a read of nil says; None: what the format says.
        failed_cas: What a failed cas says; None: what the format says.
        file_format: The format; None: what the content tells.
        timeout_s: Seconds after which what is undecided is unknown.
    """

    model: str | None
    init: str | None
    independent: bool
    nil_read: Literal["unknown", "value"] | None
    failed_cas: Literal["drop", "assert"] | None
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
) -> tuple[Result, None, tuple[str, ...]]:
    """Judge a file or, for None, standard input.

    Returns:
        The result; no run, as it is none; and what was assumed in reading the file.

    Raises:
        UsageError: It is not clear what to judge it by.
    """
    try:
        loaded = load_file(
            path,
            file_format=options.file_format,
            nil_read=options.nil_read,
            failed_cas=options.failed_cas,
        )
    except HistoryError as error:
        return _unknown(workload or "models", Reason.MALFORMED, str(error)), None, ()
    if workload is not None:
        result = analyse_history(loaded.history, WORKLOADS[workload], **demands)
        return result, None, loaded.history.warnings
    notes = (*loaded.history.warnings, *loaded.notes)
    return _judge_by_models(loaded, demands, options), None, notes


def _judge_by_models(
    loaded: Loaded, demands: Mapping[str, Any], options: FileOptions
) -> Result:
    """Return which consistency models a history satisfies."""
    name = options.model or loaded.model
    if not any(True for _ in loaded.history.operations()):
        return _unknown(
            "models",
            Reason.VACUOUS,
            "There is nothing to judge: the file has no operation of a client.",
        )
    if name is None:
        raise UsageError(
            "the operations do not tell what they mean: say it with --model "
            f"({', '.join(MODELS)}) or --workload ({', '.join(sorted(WORKLOADS))})"
        )
    if name not in MODELS:
        return _unknown(
            "models",
            Reason.UNSUPPORTED,
            f"Histories of {name} cannot be judged yet. If this is another kind of "
            f"history, say so with --model: {', '.join(MODELS)}.",
        )
    return check_models(
        loaded.history,
        _model(name, options.init, loaded.initial),
        declared=demands.get("consistency_models", "linearizable"),
        independent=options.independent,
        nil_read=loaded.nil_read,
        failed_cas=loaded.failed_cas == "assert",
        has_times=loaded.has_times,
        timeout_s=options.timeout_s,
    )


def _model(name: str, init: str | None, initial: Any) -> Any:
    """Return a model that starts as was asked for, or as the format has it.

    What the format says is about its own data type, and may fit no other.
    """
    if init is None:
        try:
            return MODELS[name]() if initial is None else MODELS[name](init=initial)
        except ModelError:
            return MODELS[name]()
    try:
        return MODELS[name](init=msgspec.json.decode(init))
    except (ModelError, msgspec.DecodeError, RecursionError, TypeError) as error:
        raise UsageError(f"--init {init!r} for {name}: {error}") from error


def _unknown(checker: str, reason: Reason, why: str) -> Result:
    return Result(checker=checker, verdict=Verdict.UNKNOWN, reason=reason, summary=why)
