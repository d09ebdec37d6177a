"""Finds the library, and chooses between it and Python."""

from __future__ import annotations

import os
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

import msgspec

from ._errors import KernelError, KernelMissing


if TYPE_CHECKING:
    import ctypes


VARIABLE = "HARNESS_KERNEL"
"""Environment variable that chooses: auto, python or native."""

Choice: TypeAlias = Literal["auto", "python", "native"]

CHOICES: tuple[Choice, ...] = get_args(Choice)

ADVICE = (
    "Install Rust (https://rustup.rs), then this package again with `pip install`: "
    "the kernel is built on the way, in seconds and offline."
)


class Found(NamedTuple):
    """What is there: a library, or the reason why there is none."""

    library: ctypes.CDLL | None
    path: Path | None
    lack: str


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """Which kernel is in use, and why.

    Attributes:
        kernel: The one in use.
        choice: What the environment says.
        path: The library; None if none was found.
        lack: Why the library cannot be used; empty if it can.
        sentence: All this in a sentence.
        advice: What would help; empty if nothing has to.
    """

    kernel: Literal["python", "native"]
    choice: Choice
    path: Path | None
    lack: str
    sentence: str
    advice: str


def choice() -> Choice:
    """Return what the environment says.

    Raises:
        KernelError: It says something else.
    """
    said = os.environ.get(VARIABLE) or "auto"
    for known in CHOICES:
        if said == known:
            return known
    raise KernelError(
        f"found {VARIABLE}={said!r}; expected auto, python or native. "
        "Unset it to use the native kernel where there is one."
    )


@cache
def find(folder: Path = Path(__file__).parent) -> Found:
    """Look for the library in a folder and load it; once, as it never moves."""
    suffixes = (*EXTENSION_SUFFIXES, ".so", ".dylib", ".dll")
    paths = [folder / f"_kernel{suffix}" for suffix in suffixes]
    path = next((path for path in paths if path.exists()), None)
    if path is None:
        return Found(None, None, "the package was installed without it")
    from . import _abi

    try:
        library = _abi.load(path)
        version = library.kernel_version()
    except (OSError, AttributeError) as error:
        return Found(None, path, f"{path} cannot be loaded: {error}")
    if version != _abi.VERSION:
        lack = f"{path} has version {version} of the interface, not {_abi.VERSION}"
        return Found(None, path, lack)
    return Found(library, path, "")


def available() -> bool:
    """Whether there is a native kernel that works, whatever is chosen."""
    return find().library is not None


def native() -> ctypes.CDLL | None:
    """Return the library if it is to be used; None to go on in Python.

    Raises:
        KernelError: It is chosen and missing, or the choice means nothing.
    """
    chosen = choice()
    if chosen == "python":
        return None
    found = find()
    if chosen == "native" and found.library is None:
        raise KernelMissing(
            f"{VARIABLE}=native, but there is no native kernel: {found.lack}. {ADVICE} "
            f"Or unset {VARIABLE} to do the same in Python, which is slower."
        )
    return found.library


def describe() -> Description:
    """Say which kernel is in use, and why; for people.

    Raises:
        KernelError: As of `native`.
    """
    chosen = choice()
    in_use = native() is not None
    found = find()
    if in_use:
        sentence = f"The native kernel is in use: {found.path}."
    elif chosen == "python":
        sentence = f"Searches run in Python, as {VARIABLE} says."
    else:
        sentence = f"Searches run in Python: no native kernel, as {found.lack}."
    return Description(
        kernel="native" if in_use else "python",
        choice=chosen,
        path=found.path,
        lack=found.lack,
        sentence=sentence,
        advice=ADVICE if found.library is None else "",
    )
