"""Finds saved runs and history files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from harness.errors import UsageError
from harness.workloads import WORKLOADS
from histories import HistoryError


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from harness.workloads import Workload
    from histories import Run

HISTORY = "history.jsonl"


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

    A run's folder and a file stand for themselves; any other folder for everything
    below it, in order of name, links not followed.

    Raises:
        UsageError: There is nothing at the path, or nothing to check below it.
    """
    if (path / HISTORY).is_file() or (path.exists() and not path.is_dir()):
        yield path
        return
    if not path.is_dir():
        raise UsageError(f"{path} does not exist: give a run, a history or a folder")
    found = False
    for folder, folders, files in os.walk(path):
        folders.sort()
        if HISTORY in files:
            folders.clear()
            found = True
            yield Path(folder)
        else:
            for name in sorted(files):
                file = Path(folder, name)
                if name.endswith(".jsonl") and file.is_file():
                    found = True
                    yield file
    if not found:
        raise UsageError(f"nothing to check in {path}: no run and no *.jsonl below it")


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
