"""What a case is, and how it stands in a file.

A file is one JSON object: a line for each fact and for each event, so that what changes
shows in a diff. As it has its events under `history`, `harness check` reads it too.
Where what is found rests on the journal of messages, `journal` has that in short, a
line a message, as `checkers.evidence` explains.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

import histories
from checkers import ANOMALIES, Reason, Verdict
from checkers.evidence import Line, MismatchError, recall
from checkers.ladder import LEVELS
from checkers.models import MODELS
from harness.errors import UsageError
from harness.workloads import WORKLOADS
from histories import Event, History, HistoryError, Outcome, load_history


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

VERSION, VERSION_WITH_JOURNAL = 1, 2
"""The version of the format, in every file as `case`: the least that it needs, so that
what knows no journals refuses those cases alone that have one."""

CORPUS = Path(histories.__file__).parent / "corpus"
"""The cases that come with the harness."""

SUFFIX = ".json"


class CaseError(UsageError):
    """A file is no case: it says what is wrong, and what to do.

    Attributes:
        line: The line at which that shows, if there is one.
    """

    line: int | None = None


class Found(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is found in a history, so far as a case remembers it.

    Attributes:
        verdict: The verdict.
        reason: Why it is UNKNOWN.
        anomalies: Names of the anomalies that fail it, sorted.
        noted: Names of those that do not, sorted.
        models: Whether each consistency model holds, if that was asked.
    """

    verdict: Verdict
    reason: Reason | None = None
    anomalies: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()
    models: dict[str, Literal["yes", "no", "unknown"]] = {}


class HowChecked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a history is judged: by a workload, or by a model of its operations.

    Attributes:
        workload: The workload whose checker is asked.
        nodes: All nodes, each of which owes a final read.
        strict: Whether what Maelstrom rejects fails.
        availability: Fraction of operations that must be `ok`.
        assertions: Conditions on measures.
        demanded_faults: Faults of which one must have changed something.
        consistency_models: Models that must hold.
        model: What operations mean.
        init: What objects hold at first, where the model does not say.
        independent: Whether every value is a pair of a key and a value.
        nil_read: What a read of nil says.
        failed_cas: What a failed cas says.
        has_times: Whether times were recorded.
        has_real_time: Whether it is known what ended before what began.
        has_sessions: Whether a process is a client.
    """

    workload: str | None = None
    nodes: tuple[str, ...] = ()
    strict: bool = False
    availability: float | None = None
    assertions: tuple[str, ...] = ()
    demanded_faults: tuple[str, ...] = ()
    consistency_models: tuple[str, ...] = ()
    model: str | None = None
    init: Any = None
    independent: bool = False
    nil_read: Literal["unknown", "value"] | None = None
    failed_cas: Literal["drop", "assert"] | None = None
    has_times: bool = True
    has_real_time: bool = True
    has_sessions: bool = True


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A history with what is found in it.

    Attributes:
        about: What was found, in a sentence, for readers; it is not compared.
        found: What was found.
        check: How that was found.
        origin: Where the history comes from: facts by name, for readers.
        history: The events in order, by the keys of JSON lines. Their indices are those
            that they had, as values may refer to them.
        outcome: How nodes and network behaved, if that counts.
        journal: What messages say, if that counts.
    """

    about: str
    found: Found
    check: HowChecked
    origin: dict[str, Any]
    history: tuple[dict[str, Any], ...]
    outcome: Outcome | None = None
    journal: tuple[Line, ...] = ()

    def events(self) -> History:
        """Return the history.

        Raises:
            HistoryError: Its events are none, or cannot be one history.
        """
        lines = msgspec.json.Encoder().encode_lines(self.history)
        return load_history(io.BytesIO(lines), format="jsonl").history

    def text(self) -> str:
        """Return the file: equal cases have equal text."""
        fields: dict[str, Any] = {
            "case": VERSION_WITH_JOURNAL if self.journal else VERSION,
            "about": self.about,
            "found": _without_empty(msgspec.to_builtins(self.found)),
            "check": msgspec.to_builtins(self.check),
            "origin": self.origin,
        }
        if self.outcome is not None:
            fields["outcome"] = _without_empty(msgspec.to_builtins(self.outcome))
        parts = [
            f"  {_json(name)}: {_indented(value)}" for name, value in fields.items()
        ]
        parts.append(_listed("history", self.history))
        if self.journal:
            parts.append(_listed("journal", self.journal))
        return "{\n" + ",\n".join(parts) + "\n}\n"


class _File(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A file as it must be."""

    case: int
    about: str = ""
    found: Found
    check: HowChecked
    origin: dict[str, Any] = {}
    outcome: Outcome | None = None
    history: tuple[dict[str, Any], ...]
    journal: tuple[Line, ...] = ()


_FILE = msgspec.json.Decoder(_File)


def read_case(path: Path) -> Case:
    """Return the case in a file.

    Raises:
        CaseError: There is none, or one that this version cannot check.
    """
    try:
        file = _FILE.decode(path.read_bytes())
    except OSError as error:
        raise CaseError(f"{path} cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CaseError(
            f"{path} is no case: {error}. Make one with `harness keep`"
        ) from error
    if file.case not in {VERSION, VERSION_WITH_JOURNAL}:
        raise CaseError(
            f"{path} is a case of version {file.case}; this harness reads {VERSION} "
            f"and {VERSION_WITH_JOURNAL}"
        )
    _recognise(path, file)
    case = Case(
        about=file.about,
        found=file.found,
        check=file.check,
        origin=file.origin,
        history=file.history,
        outcome=file.outcome,
        journal=file.journal,
    )
    try:
        history = case.events()
    except HistoryError as error:
        wrong = CaseError(f"{path}: its history: {error}")
        try:
            case_history(path)
        except HistoryError as placed:  # The same, and where in the file it is.
            wrong = CaseError(f"{placed}")
            wrong.line = placed.line
        raise wrong from error
    try:
        recall(case.journal, history, updates_of(case.check))
    except MismatchError as error:
        raise CaseError(f"{path}: its journal: {error}") from error
    return case


def case_history(path: Path) -> History:
    """Return the history in the file of a case, which knows the lines of its events.

    Raises:
        HistoryError: It is none.
    """
    return load_history(path, format="jepsen-json").history


def find_cases(path: Path) -> Iterator[Path]:
    """Yield the files of cases that a path stands for, in order of name.

    Raises:
        CaseError: There is nothing at the path, or no case below it.
    """
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise CaseError(f"{path} does not exist: give a case or a folder of cases")
    found = False
    for folder, folders, files in os.walk(path):
        folders.sort()
        for name in sorted(files):
            if name.endswith(SUFFIX):
                found = True
                yield Path(folder, name)
    if not found:
        raise CaseError(f"no case in {path}: make one with `harness keep --to {path}`")


def updates_of(check: HowChecked) -> Callable[[str], bool]:
    """Return what tells of the name of a function whether it is one of an update."""
    workload = WORKLOADS[check.workload] if check.workload is not None else None
    return (workload.updates if workload is not None else ()).__contains__


def event_fields(event: Event) -> dict[str, Any]:
    """Return an event as it stands in a case."""
    fields: dict[str, Any] = msgspec.to_builtins(event)
    extra: dict[str, Any] = fields.pop("extra", {})
    return fields | extra


def _recognise(path: Path, file: _File) -> None:
    """Refuse what this version does not know.

    Raises:
        CaseError: A name in the file is unknown, or it does not say how to check.
    """
    check, found = file.check, file.found
    if (check.workload is None) == (check.model is None):
        raise CaseError(f"{path}: `check` must have either a workload or a model")
    named = (
        ("workload", (check.workload,) if check.workload else (), WORKLOADS),
        ("model", (check.model,) if check.model else (), MODELS),
        ("consistency model", (*check.consistency_models, *found.models), LEVELS),
        ("anomaly", (*found.anomalies, *found.noted), ANOMALIES),
    )
    for what, names, known in named:
        for name in names:
            if name not in known:
                raise CaseError(
                    f"{path}: this harness knows no {what} {name!r}; it knows "
                    f"{', '.join(sorted(known))}"
                )


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _listed(name: str, values: Iterable[Any]) -> str:
    """Return a member of the file with a line for each of its values."""
    lines = ",\n".join(f"    {_json(value)}" for value in values)
    return f"  {_json(name)}: [\n{lines}\n  ]"


def _indented(value: Any, margin: str = "  ") -> str:
    """Return JSON with a line for each member of objects, and lists of plain values whole."""
    if isinstance(value, dict) and value:
        inner = margin + "  "
        members = (
            f"{inner}{_json(name)}: {_indented(part, inner)}"
            for name, part in value.items()
        )
        return "{\n" + ",\n".join(members) + f"\n{margin}}}"
    if isinstance(value, list) and any(isinstance(part, dict) for part in value):
        inner = margin + "  "
        parts = (inner + _json(part) for part in value)
        return "[\n" + ",\n".join(parts) + f"\n{margin}]"
    return _json(value)


def _without_empty(value: Any) -> Any:
    """Leave out what says nothing, at any depth of objects."""
    if isinstance(value, dict):
        kept = {name: _without_empty(part) for name, part in value.items()}
        return {
            name: part for name, part in kept.items() if part not in (None, [], {}, "")
        }
    if isinstance(value, list | tuple):
        return [_without_empty(part) for part in value]
    return value
