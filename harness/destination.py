"""Where a test leaves what it found: the plugin says it, assertions ask for it."""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


_NAME_MAX = 120
_IGNORE = "# Reports of the last failures, made by harness.\n*\n"


class Destination:
    """The folder for reports, and how those of a test are called there.

    Attributes:
        test: The test, as its runner calls it.
    """

    def __init__(
        self, folder: Path, test: str, tell: Callable[[Path], None] | None = None
    ) -> None:
        """Name a place; nothing is there before `make`.

        Args:
            folder: The folder, for reports alone.
            test: The test, as its runner calls it.
            tell: Called with the path of each report.
        """
        self.test = test
        self._folder = folder
        self._tell = tell
        self._asked = 0

    def next(self) -> Path:
        """Return a path without suffix for the next assertion of the test.

        It is the same in the next session, so that a new report replaces an old one.
        """
        self._asked += 1
        number = f"-{self._asked}" if self._asked > 1 else ""
        return self._folder / f"{file_name(self.test)}{number}"

    def make(self) -> None:
        """Make the folder, out of sight of version control."""
        with suppress(FileExistsError):  # Another process may be making it.
            self._folder.mkdir(parents=True)
            (self._folder / ".gitignore").write_text(_IGNORE, encoding="utf-8")

    def tell(self, report: Path) -> None:
        """Say that there is a report."""
        if self._tell is not None:
            self._tell(report)


class Current:
    """The destination of the test that runs now in this process; None outside tests."""

    destination: Destination | None = None


def file_name(test: str) -> str:
    """Return the name of a test as that of a file, another one for each test.

    >>> file_name("tests/test_cache.py::test_add")
    'tests.test_cache.test_add'
    >>> file_name("test_cache.py::test_add[a/b]")
    'test_cache.test_add-a-b-e40189'
    """
    path, *names = test.split("::")
    plain = ".".join([path.removesuffix(".py").replace("/", "."), *names])
    name = re.sub(r"[^\w.-]+", "-", plain)[:_NAME_MAX].strip(".-")
    if name == plain:
        return name
    digest = hashlib.sha256(test.encode(errors="replace")).hexdigest()
    return f"{name}-{digest[:6]}"


def shown(path: Path) -> str:
    """Return a path as a reader in the current folder would write it."""
    here = os.getcwd()  # noqa: PTH109 # as text, to compare with
    return os.path.relpath(path, here) if path.is_relative_to(here) else str(path)
