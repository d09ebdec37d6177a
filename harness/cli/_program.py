"""Finds the program that `--bin` names."""

from __future__ import annotations

import difflib
import shlex
import shutil
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING

import msgspec

from harness.errors import UsageError
from nodes import BUNDLED, command
from nodes.faulty import FAULTY


if TYPE_CHECKING:
    from collections.abc import Sequence


class Program(msgspec.Struct, frozen=True):
    """How a node is started.

    Attributes:
        argv: Its argument vector, with an absolute path to the program.
        environment: Variables that it gets besides those of the harness.
    """

    argv: tuple[str, ...]
    environment: dict[str, str] = {}


def bundled_program(name: str, arguments: Sequence[str] = ()) -> Program:
    """Return a bundled node, whatever files there are."""
    argv, environment = command(name)
    return Program((*argv, *arguments), environment)


def find_program(text: str, arguments: Sequence[str] = ()) -> Program:
    """Return the program that a user means by `text`.

    In this order: the name of a bundled node, a path, a command on PATH; each may be
    followed by arguments, quoted as in a shell, which no shell sees.

    Raises:
        UsageError: There is no such program.
    """
    try:
        words = [text] if S_ISREG(_mode(text)) else shlex.split(text)
    except ValueError as error:
        raise UsageError(f"--bin {text!r} cannot be read: {error}") from error
    if not words:
        raise UsageError("--bin is empty: give a path, a command or a bundled node")
    name, *rest = words
    mode = _mode(name)
    if name in BUNDLED:
        if S_ISREG(mode):
            raise UsageError(
                f"--bin {name!r} is both a bundled node and a file here: write "
                f"./{name} for the file, or run elsewhere for the bundled node"
            )
        return bundled_program(name, (*rest, *arguments))
    if S_ISDIR(mode):
        raise UsageError(f"--bin {name!r} is a folder, not a program")
    found = str(Path(name).absolute()) if S_ISREG(mode) else shutil.which(name)
    if found is None:
        near = difflib.get_close_matches(name, BUNDLED, n=1)
        hint = f": did you mean {near[0]!r}?" if near else "."
        right = sorted(BUNDLED.keys() - FAULTY.keys())
        raise UsageError(
            f"--bin {name!r} is no file, no command on PATH and no bundled node{hint} "
            f"Bundled: {', '.join(right)}; and {len(FAULTY)} with a bug each, which "
            "`harness list` tells"
        )
    return Program((found, *rest, *arguments))


def _mode(text: str) -> int:
    """Return the mode of what is at a path; 0 if it is none, or no path at all.

    A command with its arguments can be too long for a path.
    """
    try:
        return Path(text).stat().st_mode
    except (OSError, ValueError):
        return 0
