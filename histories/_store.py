"""The store: a folder for each run, and the latest of them."""

from __future__ import annotations

from datetime import UTC
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from ._errors import RunError
from ._files import replacing
from ._jsonl import read_history
from ._outcome import Outcome


if TYPE_CHECKING:
    from datetime import datetime

    from ._history import History


_Part = TypeVar("_Part")

_LATEST = "latest"
_ENCODER = msgspec.json.Encoder(order="deterministic")


class Run(msgspec.Struct, frozen=True):
    """A folder with everything about one run.

    To construct one is to name a folder, whatever is in it; see `open`.

    Attributes:
        path: The folder.
    """

    path: Path

    @classmethod
    def open(cls, path: Path | str) -> Run:
        """Return the run in a folder that exists; links such as `latest` are followed.

        Raises:
            RunError: There is no run.
        """
        folder = Path(path).resolve()
        run = cls(folder)
        if not run.spec_path.is_file():
            found = "a folder without spec.json" if folder.is_dir() else "no folder"
            raise RunError(
                found,
                "the folder of a run",
                "Runs are at store/<workload>/<time>; `store/latest` is the last one.",
                path=path,
            )
        return run

    @property
    def spec_path(self) -> Path:
        """Everything that defines the run, the seed too."""
        return self.path / "spec.json"

    @property
    def history_path(self) -> Path:
        """The events, in order."""
        return self.path / "history.jsonl"

    @property
    def journal_path(self) -> Path:
        """The messages, if they were recorded."""
        return self.path / "journal.bin"

    @property
    def outcome_path(self) -> Path:
        """How nodes and network behaved."""
        return self.path / "outcome.json"

    @property
    def results_path(self) -> Path:
        """The verdict, with all that led to it."""
        return self.path / "results.json"

    @property
    def report_path(self) -> Path:
        """The report, for the eye."""
        return self.path / "report.html"

    def log_path(self, node: str) -> Path:
        """Return where the standard error of a node is kept.

        Raises:
            RunError: The name of the node is not that of a file.
        """
        _confine(node, "a node")
        return self.path / "node-logs" / f"{node}.log"

    def disk_path(self, node: str) -> Path:
        """Return the private folder of a node, which survives its process.

        Raises:
            RunError: The name of the node is not that of a file.
        """
        _confine(node, "a node")
        return self.path / "node-disks" / node

    def clock_path(self, node: str) -> Path:
        """Return the file that tells by how much the clock of a node is wrong.

        Raises:
            RunError: The name of the node is not that of a file.
        """
        _confine(node, "a node")
        return self.path / "node-clocks" / node

    def spec(self) -> dict[str, Any]:
        """Read what defines the run.

        Raises:
            RunError: It is missing or unreadable.
        """
        return self._read(self.spec_path, dict[str, Any])

    def history(self) -> History:
        """Read the events.

        Raises:
            HistoryError: They are missing or malformed.
        """
        return read_history(self.history_path)

    def outcome(self) -> Outcome | None:
        """Read how nodes and network behaved; None if the run was killed before.

        Raises:
            RunError: It is unreadable.
        """
        if not self.outcome_path.exists():
            return None
        return self._read(self.outcome_path, Outcome)

    def write_json(self, path: Path, value: Any) -> None:
        """Write a value as indented JSON, replacing the file at once.

        Equal values give equal bytes: the keys of dictionaries are sorted.
        """
        text = msgspec.json.format(_ENCODER.encode(value), indent=2)
        with replacing(path) as draft:
            draft.write_bytes(text + b"\n")

    def _read(self, path: Path, type_: type[_Part]) -> _Part:
        try:
            return msgspec.json.decode(path.read_bytes(), type=type_)
        except OSError as error:
            raise RunError(
                f"no readable file ({error.strerror})",
                "a part of every run",
                "The run was stopped too early, or its folder was copied in part.",
                path=path,
            ) from error
        except msgspec.DecodeError as error:
            raise RunError(
                f"text that is not what the harness writes ({error})",
                "JSON as the harness wrote it",
                "Undo what was changed in the file, or run again.",
                path=path,
            ) from error


class Store(msgspec.Struct, frozen=True):
    """The folder of all runs: `<root>/<workload>/<time>`.

    `latest`, in the root and beside the runs of each workload, is a link to the
    run that was created last.

    Attributes:
        root: The folder; made when the first run is.
    """

    root: Path

    def create(self, workload: str, started: datetime) -> Run:
        """Make the folder of a new run, and make it the latest.

        Two runs never share a folder, not even when they start at once.

        Raises:
            RunError: The name of the workload is not that of a folder.
        """
        _confine(workload, "a workload")
        moment = started.astimezone(UTC)
        name = f"{moment:%Y%m%dT%H%M%S}.{moment.microsecond // 1000:03}Z"
        parent = self.root / workload
        parent.mkdir(parents=True, exist_ok=True)
        path = _make_folder(parent / name)
        (path / "node-logs").mkdir()
        _link(parent / _LATEST, Path(path.name))
        _link(self.root / _LATEST, Path(workload, path.name))
        return Run(path)

    def runs(self) -> tuple[Run, ...]:
        """Return all runs, the oldest first."""
        folders = [spec.parent for spec in self.root.glob("*/*/spec.json")]
        folders.sort(key=lambda folder: folder.name)
        return tuple(Run(folder) for folder in folders if not folder.is_symlink())

    def latest(self, workload: str | None = None) -> Run:
        """Return the run that was created last, of one workload or of all.

        Raises:
            RunError: There is none.
        """
        if workload is not None:
            _confine(workload, "a workload")
        folder = self.root if workload is None else self.root / workload
        if not (folder / _LATEST).exists():
            raise RunError(
                "no runs",
                "at least one",
                "Make one with `harness run`, or name another store.",
                path=folder,
            )
        return Run.open(folder / _LATEST)


def _make_folder(path: Path) -> Path:
    """Make a folder that was not there, with a number behind its name if need be."""
    folder, numbers = path, count(2)
    while True:
        try:
            folder.mkdir()
        except FileExistsError:
            folder = path.with_name(f"{path.name}-{next(numbers)}")
        else:
            return folder


def _link(link: Path, target: Path) -> None:
    with replacing(link) as draft:
        draft.symlink_to(target)


def _confine(name: str, what: str) -> None:
    """Reject a name that would lead elsewhere or into `latest`."""
    if name in {"", ".", "..", _LATEST} or "/" in name or "\0" in name:
        raise RunError(
            f"{name!r} as the name of {what}",
            "a plain name",
            "Use letters, digits, dots and dashes.",
        )
