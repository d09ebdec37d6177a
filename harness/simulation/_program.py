"""Programs of nodes, run inside this process up to the point where they serve.

A program is run as `python FILE` or `python -m MODULE` runs it: as `__main__`, with
its arguments, with its folder on the import path. When it calls `nodes.runtime.run`
it hands over its class, and that is where it ends here.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import sys
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from harness.errors import UsageError
from nodes import _stdio


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nodes.runtime import Node

_WITH_VALUE = frozenset({"-W", "-X", "--check-hash-based-pycs"})


class NotSimulatedError(UsageError):
    """A program that cannot run inside the harness; the message says what to do."""


class Source(msgspec.Struct, frozen=True):
    """A program that was found and compiled.

    Attributes:
        path: Its file.
        package: The package that its relative imports start from, if any.
        arguments: Its command line arguments.
        code: What it does.
        mentions_nodes: Whether its text has the name of the runtime's package.
    """

    path: str
    package: str | None
    arguments: tuple[str, ...]
    code: CodeType | SyntaxError
    mentions_nodes: bool


class Loaded(msgspec.Struct, frozen=True):
    """What a program handed over.

    Attributes:
        node_class: The class of its node.
        arguments: What the node gets.
    """

    node_class: type[Node]
    arguments: Sequence[str]


class _Taken(BaseException):
    """Ends a program that has handed over its class."""

    def __init__(self, loaded: Loaded) -> None:
        super().__init__()
        self.loaded = loaded


def find_source(argv: Sequence[str]) -> Source:
    """Return the Python program that an argument vector starts.

    Raises:
        NotSimulatedError: It starts something else.
    """
    words = list(argv)
    if re.fullmatch(r"python[0-9.]*", Path(words[0]).name):
        del words[0]
        while words and words[0].startswith("-"):
            option = words.pop(0)
            if option == "-m" and words:
                return _module(words[0], tuple(words[1:]))
            if option in _WITH_VALUE and words:
                del words[0]
            elif option in {"-", "-c"}:
                words.clear()
    elif not _is_python(Path(words[0])):
        words.clear()
    if not words:
        raise _refusal(argv, "it starts no file and no module of Python")
    return _compiled(Path(words[0]), None, tuple(words[1:]))


def load(source: Source) -> Loaded:
    """Run a program until it hands over its class, in a namespace of its own.

    Whatever it raises passes through, `SystemExit` included.

    Raises:
        NotSimulatedError: It came to its end without handing over a class.
    """

    def take(node_class: type[Node], arguments: Sequence[str]) -> NoReturn:
        raise _Taken(Loaded(node_class, list(arguments)))

    if isinstance(source.code, SyntaxError):
        raise source.code
    module = ModuleType("__main__")
    module.__file__ = source.path
    module.__package__ = source.package
    try:
        with _alone(source, module):
            _stdio.taker = take
            exec(source.code, module.__dict__)  # noqa: S102 - as a process would
    except _Taken as taken:
        return taken.loaded
    except BaseException as error:
        if not source.mentions_nodes:
            raise _refusal((source.path,), "it is not written on nodes.runtime") from (
                error
            )
        raise
    finally:
        _stdio.taker = None
    raise _refusal((source.path,), "it never calls nodes.runtime.run")


def check_program(argv: Sequence[str]) -> None:
    """Find out whether a program can be simulated.

    One that fails as it would fail as a process passes: its run shows how.

    Raises:
        NotSimulatedError: It cannot.
    """
    source = find_source(argv)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - no path
        try:
            with (
                contextlib.redirect_stdout(nowhere),
                contextlib.redirect_stderr(nowhere),
            ):
                load(source)
        except (Exception, SystemExit) as error:
            if isinstance(error, NotSimulatedError):
                raise


def _module(name: str, arguments: tuple[str, ...]) -> Source:
    """Return a module as a program."""
    try:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations is not None:
            spec = importlib.util.find_spec(f"{name}.__main__")
    except ImportError:
        spec = None
    if spec is None or spec.origin is None:
        raise NotSimulatedError(f"the simulator finds no module {name!r}")
    return _compiled(Path(spec.origin), spec.parent, arguments)


def _compiled(path: Path, package: str | None, arguments: tuple[str, ...]) -> Source:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise NotSimulatedError(f"{path} cannot be read: {error.strerror}") from error
    code: CodeType | SyntaxError
    try:
        code = compile(text, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        code = error if isinstance(error, SyntaxError) else SyntaxError(str(error))
    return Source(
        path=str(path),
        package=package,
        arguments=arguments,
        code=code,
        mentions_nodes=b"nodes" in text,
    )


def _is_python(path: Path) -> bool:
    """Return whether a file would be run by Python."""
    if path.suffix == ".py":
        return True
    try:
        with path.open("rb") as file:
            first = file.readline(200)
    except OSError:
        return False
    return first.startswith(b"#!") and b"python" in first


@contextlib.contextmanager
def _alone(source: Source, module: ModuleType) -> Iterator[None]:
    """Let a program see what it would see as a process of its own.

    What it imports from its own folder is forgotten afterwards, so that the next
    node gets modules of its own too.
    """
    folder = str(Path(source.path).resolve().parent)
    known = frozenset(sys.modules)
    before: dict[str, Any] = {
        "argv": sys.argv,
        "stdin": sys.stdin,
        "path": sys.path,
    }
    main = sys.modules["__main__"]
    with open(os.devnull, encoding="utf-8") as nothing, _no_input(nothing.fileno()):  # noqa: PTH123 - no path
        sys.argv = [source.path, *source.arguments]
        sys.stdin = nothing
        if source.package is None:
            sys.path = [folder, *sys.path]
        sys.modules["__main__"] = module
        try:
            yield
        finally:
            sys.modules["__main__"] = main
            for name, value in before.items():
                setattr(sys, name, value)
            for name in sys.modules.keys() - known:
                if _lies_in(sys.modules[name], folder) and source.package is None:
                    del sys.modules[name]


@contextlib.contextmanager
def _no_input(nothing: int) -> Iterator[None]:
    """Have the standard input of this process end at once."""
    try:
        saved = os.dup(0)
    except OSError:  # it is closed
        yield
        return
    os.dup2(nothing, 0)
    try:
        yield
    finally:
        os.dup2(saved, 0)
        os.close(saved)


def _lies_in(module: ModuleType, folder: str) -> bool:
    path = getattr(module, "__file__", None)
    return isinstance(path, str) and path.startswith(folder + os.sep)


def _refusal(argv: Sequence[str], why: str) -> NotSimulatedError:
    return NotSimulatedError(
        f"{' '.join(argv)} cannot be simulated: {why}. The simulator runs Python "
        "programs that subclass nodes.runtime.Node and end in run(TheClass), as "
        "nodes/echo.py does; others run with --transport processes."
    )
