"""Finds saved runs and history files."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from harness.errors import UsageError
from harness.workloads import WORKLOADS
from histories import HistoryError, Run, looks_like_history


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from harness.workloads import Workload

HISTORY = "history.jsonl"
_JEPSEN = "history.edn"
_NAMES = re.compile(
    r"[^.].*\.(jsonl|json|edn|log|txt|hist)(\.(gz|bz2|xz))?", re.IGNORECASE
)
_FOREIGN = re.compile(r"[^.].*\.(jsonl|edn)\.(zst|zip|lz4|7z)", re.IGNORECASE)
"""Names of histories that are packed so that they cannot be read."""

_CASE = re.compile(rb'\s*\{\s*"case"\s*:\s*\d')
_HEAD_BYTES = 256


class _Demands(msgspec.Struct):
    """What of a saved spec decides how its history is judged."""

    nodes: tuple[str, ...] = ()
    strict: bool = False
    availability: float | None = None
    assertions: tuple[str, ...] = ()
    consistency_models: tuple[str, ...] = ()
    client_view: bool = False


def find_saved(path: Path) -> Iterator[Path]:
    """Yield the folders of runs and the history files that a path stands for.

    A run's folder and a file stand for themselves, a folder with a `history.jsonl` and
    no more of a run for that; any other folder for everything below it, in order of
    name, links not followed: runs, those of Jepsen by their `history.edn`, and files
    that look like histories, or cannot be read.

    Raises:
        UsageError: There is nothing at the path, or nothing to check below it.
    """
    if (path / HISTORY).is_file():
        yield run_or_history(path)
        return
    if path.exists() and not path.is_dir():
        yield path
        return
    if not path.is_dir():
        raise UsageError(f"{path} does not exist: give a run, a history or a folder")
    found = False
    for folder, folders, files in os.walk(path):
        folders.sort()
        whole = next((name for name in (HISTORY, _JEPSEN) if name in files), None)
        if whole is not None:
            folders.clear()
            found = True
            file = Path(folder, whole)
            yield run_or_history(file.parent) if whole == HISTORY else file
            continue
        for name in sorted(files):
            file = Path(folder, name)
            if _is_history(file):
                found = True
                yield file
    if not found:
        raise UsageError(
            f"nothing to check in {path}: no run, no history and no case below it. "
            "Name a file itself if it is one"
        )


def run_or_history(folder: Path) -> Path:
    """Return the folder of a run; or the history in it, if it is no more than that."""
    run = Run(folder)
    parts = (run.spec_path, run.outcome_path, run.journal_path)
    return folder if any(part.exists() for part in parts) else folder / HISTORY


def is_case(path: Path) -> bool:
    """Whether a file is a case, such as `harness keep` makes."""
    if not path.is_file():  # A pipe can be read but once.
        return False
    try:
        with path.open("rb") as file:
            return _CASE.match(file.read(_HEAD_BYTES)) is not None
    except OSError:
        return False


def _is_history(path: Path) -> bool:
    """Whether a file in a folder is meant: by its name, and what is in it."""
    if not path.is_file():
        return False
    if _FOREIGN.fullmatch(path.name):  # To be told, rather than passed over.
        return True
    return _NAMES.fullmatch(path.name) is not None and (
        path.suffix.lower() == ".jsonl" or looks_like_history(path)
    )


def spec_of(run: Run) -> dict[str, Any]:
    """Return the spec of a run, empty if it has none.

    Raises:
        UsageError: It is not what the harness writes.
    """
    if not run.spec_path.exists():
        return {}
    try:
        spec = run.spec()
        msgspec.convert(spec, _Demands)
    except HistoryError as error:
        raise UsageError(str(error)) from error
    except msgspec.ValidationError as error:
        raise UsageError(f"{run.spec_path}: {error}") from error
    return spec


def workload_of(spec: Mapping[str, Any], where: object) -> Workload:
    """Return the workload that a saved spec names.

    Raises:
        UsageError: It names none, or one that this version does not know.
    """
    name = spec.get("workload")
    workload = WORKLOADS.get(name) if isinstance(name, str) else None
    if workload is None:
        raise UsageError(
            f"{where}: its spec names the workload {name!r}; known are "
            f"{', '.join(sorted(WORKLOADS))}; give one with --workload"
        )
    return workload
