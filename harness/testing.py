"""Judges what a test has recorded: assertions for any test framework.

>>> from harness.testing import Recording, assert_linearizable
>>> recording, value = Recording(), []
>>> with recording.operation("write", 3) as op:
...     value[:] = [3]
...     op.ok()
>>> with recording.operation("read") as op:
...     op.ok(value[0])
>>> assert_linearizable(recording, "register").verdict.value
'valid'

With pytest, the fixture `recording` is a new `Recording` for each test, and what a
failing test has recorded is left as HTML and as JSON lines in `.harness/`, or where
`--harness-reports` says. See `harness.pytest_plugin`.
"""

from __future__ import annotations

import shlex
from contextlib import suppress
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from histories import History, RecordedOperation, Recording, RecordingError

from .destination import Current, shown


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from checkers import Result
    from checkers.models import Model

    from .destination import Destination


__all__ = [
    "RecordedOperation",
    "Recording",
    "RecordingError",
    "assert_consistent",
    "assert_linearizable",
]


_REGISTERS = frozenset({"register", "cas-register", "kv"})
_UNWRITTEN = "thin-air"
"""The anomaly of a value that nobody has written."""


def assert_linearizable(
    history: History | Recording,
    model: str | Model[Any],
    *,
    independent: bool = False,
    nil_read: Literal["value", "unknown"] | None = None,
    failed_cas: bool = False,
    timeout_s: float | None = 60.0,
    allow_unknown: bool = False,
) -> Result:
    """Fail unless a history is linearizable; see `assert_consistent`.

    It is linearizable if each operation may have taken effect all at once, at some
    moment between its invocation and its completion.
    """
    __tracebackhide__ = True
    return assert_consistent(
        history,
        model,
        "linearizable",
        independent=independent,
        nil_read=nil_read,
        failed_cas=failed_cas,
        timeout_s=timeout_s,
        allow_unknown=allow_unknown,
    )


def assert_consistent(
    history: History | Recording,
    model: str | Model[Any],
    consistency: str | Sequence[str],
    *,
    independent: bool = False,
    nil_read: Literal["value", "unknown"] | None = None,
    failed_cas: bool = False,
    timeout_s: float | None = 60.0,
    allow_unknown: bool = False,
) -> Result:
    """Fail unless a history satisfies a consistency model, or several.

    Args:
        history: What was recorded, or any other history.
        model: What its operations mean: a name in `checkers.models.MODELS`, or a
            model, such as `Register(0)` for one that starts with 0.
        consistency: What is promised: `linearizable`, `sequential`, `causal`, `pram`,
            `writes-follow-reads`, `monotonic-writes`, `monotonic-reads`,
            `read-your-writes`.
        independent: Whether every value is a pair [key, value], and each key an object
            of the model.
        nil_read: Whether a read of None has found None, or is of an unknown result.
            None: as was recorded; for another history, what the model says.
        failed_cas: Whether a failed cas says that there was another value.
        timeout_s: Seconds for the check; None for as long as it takes.
        allow_unknown: Whether what cannot be decided passes: because of time, memory,
            or a model that is no match for the data type. A history that says nothing
            fails even so.

    Returns:
        The result of a history that passes: which models hold besides, and measures.

    Raises:
        AssertionError: The history does not, or nobody knows. The message is what
            `harness check` would tell, with a drawing of the few operations that
            show it.
        RecordingError: The recording was told too little, or too much.
        TypeError: The history or the model is none.
        ValueError: There is no model of this name, or nothing is promised.
    """
    __tracebackhide__ = True
    from checkers import Verdict, check_models

    _refuse(history, model, consistency, nil_read)
    destination = Current.destination
    if isinstance(history, Recording):
        history, nil_read = history.history(), nil_read or "value"
    result = check_models(
        history,
        model,
        declared=consistency,
        independent=independent,
        nil_read=nil_read,
        failed_cas=failed_cas,
        timeout_s=timeout_s,
    )
    place = None if destination is None else destination.next()
    if result.verdict is Verdict.VALID or (allow_unknown and _is_undecided(result)):
        _forget(place)
        return result
    options = _options(model, consistency, independent, nil_read, failed_cas)
    message = _message(history, result, options, destination, place)
    raise AssertionError(message + _hint(result, model))


def _refuse(
    history: object, model: object, consistency: str | Sequence[str], nil_read: object
) -> None:
    """Refuse what cannot be asked, before it is judged.

    Raises:
        TypeError: The history or the model is none.
        ValueError: A name is unknown, or nothing is promised.
    """
    __tracebackhide__ = True
    from checkers.ladder import LEVELS
    from checkers.models import MODELS, Model

    if not isinstance(history, History | Recording):
        hint = "its `.history`" if hasattr(history, "history") else "a Recording"
        raise TypeError(f"found a history of {type(history)}; expected {hint}")
    if isinstance(model, str):
        _refuse_unknown("model", [model], MODELS)
    elif not isinstance(model, Model):
        hint = f"{model.__name__}()" if isinstance(model, type) else "a name"
        raise TypeError(
            f"found the model {model!r}; expected {hint}, where models of your own are "
            "subclasses of checkers.models.Model"
        )
    asked = [consistency] if isinstance(consistency, str) else list(consistency)
    if not asked:
        raise ValueError("found no consistency model; expected one, or several")
    _refuse_unknown("consistency model", asked, LEVELS)
    if nil_read not in {None, "value", "unknown"}:
        raise ValueError(f"found nil_read={nil_read!r}; expected 'value' or 'unknown'")


def _refuse_unknown(
    what: str, names: Iterable[str], known: Mapping[str, object]
) -> None:
    """Refuse a name that there is not.

    Raises:
        ValueError: There is one.
    """
    __tracebackhide__ = True
    import difflib

    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = (
                f"did you mean {near[0]!r}? There are: " if near else "expected one of "
            )
            raise ValueError(f"found the {what} {name!r}; {hint}{', '.join(known)}")


def _hint(result: Result, model: str | Model[Any]) -> str:
    """Return what else a value that nobody wrote may come from, or what to try."""
    from checkers import Reason
    from checkers.models import MODELS

    if result.reason is Reason.TIMEOUT:
        return "\n  or else     a longer timeout_s, or fewer operations at a time"
    names = {anomaly.name for anomaly in result.anomalies}
    if not isinstance(model, str) or model not in _REGISTERS or _UNWRITTEN not in names:
        return ""
    name = MODELS[model].__name__
    return (
        f"\n  or else     it was there at first: `from checkers.models import {name}`, and "
        f'ask for {name}(0), say, instead of "{model}"'
    )


def _is_undecided(result: Result) -> bool:
    """Whether it is the check that could not decide, and not the history's fault."""
    from checkers import Reason

    return result.reason in {Reason.TIMEOUT, Reason.MEMORY, Reason.UNSUPPORTED}


def _forget(place: Path | None) -> None:
    """Take away what the assertion left in an earlier session, when it failed."""
    if place is not None:
        for suffix in (".html", ".jsonl"):
            with suppress(OSError):  # Mostly, there is none.
                place.with_name(place.name + suffix).unlink()


def _options(
    model: str | Model[Any],
    consistency: str | Sequence[str],
    independent: bool,  # noqa: FBT001 # as it was given
    nil_read: str | None,
    failed_cas: bool,  # noqa: FBT001 # as it was given
) -> list[str] | None:
    """Return how `harness check` is asked the same; None for a model it cannot know."""
    if not isinstance(model, str):
        return None
    levels = consistency if isinstance(consistency, str) else ",".join(consistency)
    return [
        f"--model={model}",
        *([] if levels == "linearizable" else [f"--consistency-models={levels}"]),
        *(["--independent"] if independent else []),
        *([] if nil_read is None else [f"--nil-read={nil_read}"]),
        *(["--failed-cas=assert"] if failed_cas else []),
    ]


def _message(
    history: History,
    result: Result,
    options: list[str] | None,
    destination: Destination | None,
    place: Path | None,
) -> str:
    from reports import render_findings

    source, more = "this test", ""
    if destination is not None and place is not None:
        try:
            saved, report = _save(history, result, destination, place)
        except Exception as error:  # noqa: BLE001 # it must not hide what was found
            more = f"  report      could not be written: {error!r}"
        else:
            source, more = shown(saved), f"  report      {shown(report)}"
            if options is not None:
                command = shlex.join(["harness", "check", source, *options])
                more += f"\n  ask again   {command}"
            destination.tell(report)
    return render_findings(source, result, color=False) + more


def _save(
    history: History,
    result: Result,
    destination: Destination,
    place: Path,
) -> tuple[Path, Path]:
    """Leave a history and its report; return where."""
    from histories import Run, write_history
    from reports import page

    destination.make()
    saved = place.with_name(f"{place.name}.jsonl")
    write_history(history.events(), saved)
    # A report is of the folder of a run, of which a test has no more than this.
    with TemporaryDirectory() as folder:
        run = Run(saved.parent / folder)
        write_history(history.events(), run.history_path)
        spec = {
            "workload": destination.test,
            "consistency_models": result.statistics.get("declared", []),
            "history": shown(saved),
            "command": ["pytest", destination.test],
        }
        run.write_json(run.spec_path, spec)
        text = page(run, result)
    report = place.with_name(f"{place.name}.html")
    report.write_text(text, encoding="utf-8", newline="\n")
    return saved, report
