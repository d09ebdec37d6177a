"""Finds saved runs and history files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.errors import UsageError
from harness.workloads import WORKLOADS


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from harness.workloads import Workload

HISTORY = "history.jsonl"


def find_saved(path: Path) -> Iterator[Path]:
    """Yield the folders of runs and the history files that a path stands for.

    A run's folder and a file stand for themselves; any other folder for everything
    below it, in order of name, links not followed.

    Raises:
        UsageError: There is nothing at the path, or nothing to check below it.
    """
    if path.is_file() or (path / HISTORY).is_file():
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
                if name.endswith(".jsonl"):
                    found = True
                    yield Path(folder, name)
    if not found:
        raise UsageError(f"nothing to check in {path}: no run and no *.jsonl below it")


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
