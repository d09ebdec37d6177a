"""Breaks the checkers a clause at a time: does `harness regress` notice?

    python -P tests/flip_clauses.py [--every N] [--jobs N] [MODULES...]

A clause is flipped in the source of a module as it is imported: a comparison is turned
into its opposite or gains or loses its equality, `and` becomes `or`, `not` is dropped,
and what a condition guards is never done. After each flip all cases are judged again,
in a process of its own, until one has changed. What only words a sentence is left
alone: cases remember names, not sentences.

A flip that nothing notices may be no mistake at all, such as a bound that is taken
twice or a short cut; the table names all of them, to be looked at. Ends with 1 if there
are any. Every twentieth clause takes a few minutes. Run by hand.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.util
import multiprocessing
import os
import resource
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = (
    "counters",
    "sets",
    "or_sets",
    "registers",
    "carts",
    "sequences",
    "merges",
    "evidence",
    "ladder",
    "search/polynomial",
)
"""Folders of `checkers/` whose modules have the rules."""

TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
LIMIT_S = 20
"""How long the cases may take before a flip counts as noticed: it runs in a circle."""

MEMORY = 4 << 30
"""Bytes that a process may take before a flip counts as noticed."""

WORDING = ("explain", "tell", "describe", "summary")
"""What the names of functions begin with that only word what was found."""

UNNOTICED = "not noticed"


class Flipper(ast.NodeTransformer):
    """Flips the clause of a number, and counts all.

    Attributes:
        places: Line and kind of each clause, in order.
    """

    def __init__(self, chosen: int = -1) -> None:
        self.places: list[tuple[int, str]] = []
        self._chosen = chosen

    def _is_next(self, node: Any, kind: str) -> bool:
        self.places.append((node.lineno, kind))
        return len(self.places) - 1 == self._chosen

    def visit_Compare(self, node: ast.Compare) -> ast.AST:  # as `ast` has it
        """Turn the first operator of a comparison."""
        self.generic_visit(node)
        operator = type(node.ops[0])
        turned = TURNED[operator]
        if self._is_next(node, f"{operator.__name__} → {turned.__name__}"):
            node.ops[0] = turned()
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        """Take `and` for `or`, and the other way round."""
        self.generic_visit(node)
        both = isinstance(node.op, ast.And)
        if self._is_next(node, "and → or" if both else "or → and"):
            node.op = ast.Or() if both else ast.And()
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        """Drop a `not`."""
        self.generic_visit(node)
        if isinstance(node.op, ast.Not) and self._is_next(node, "not dropped"):
            return node.operand
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        """Never do what a condition guards."""
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return node
        self.generic_visit(node)
        if self._is_next(node, "never done"):
            node.test = ast.Constant(value=False)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Pass over those that only word what was found."""
        if node.name.lstrip("_").startswith(WORDING):
            return node
        return self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        """Leave assertions alone."""
        return node


class Broken(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module with a clause flipped."""

    def __init__(self, name: str, path: Path, chosen: int) -> None:
        self._name, self._path, self._chosen = name, path, chosen

    def find_spec(self, name: str, *_: Any) -> Any:
        """Take charge of the module."""
        if name != self._name:
            return None
        return importlib.util.spec_from_loader(name, self, origin=str(self._path))

    def create_module(self, spec: Any) -> None:
        """Leave that to the machinery."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the flipped source."""
        tree = Flipper(self._chosen).visit(ast.parse(self._path.read_text()))
        module.__file__ = str(self._path)
        exec(
            compile(ast.fix_missing_locations(tree), self._path, "exec"), vars(module)
        )  # our own source


def clauses(modules: Sequence[str]) -> Iterator[tuple[Path, int, int, str]]:
    """Yield the module, the number, the line and the kind of each clause."""
    for package in PACKAGES:
        for path in sorted((ROOT / "checkers" / package).rglob("*.py")):
            named = path.relative_to(ROOT).as_posix()
            if modules and not any(one in named for one in modules):
                continue
            flipper = Flipper()
            flipper.visit(ast.parse(path.read_text()))
            for number, (line, kind) in enumerate(flipper.places):
                yield path, number, line, kind


def noticed(task: tuple[Path, int, int, str]) -> tuple[str, int, str, str]:
    """Return the module, the line, the kind, and the first case that has changed."""
    path, number, line, kind = task
    named = path.relative_to(ROOT).as_posix()
    name = named.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    sys.meta_path.insert(0, Broken(name, path, number))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(LIMIT_S)
    try:
        found = _first_changed()
    except BaseException as error:  # noqa: BLE001 # whatever it is, it is noticed
        found = f"{type(error).__name__}: {error}"
    signal.alarm(0)
    return named, line, kind, found


class TooLongError(BaseException):
    """The cases take too long; nobody on the way may catch it."""


def _too_long(*_: object) -> None:
    raise TooLongError(f"after {LIMIT_S} s")


def _first_changed() -> str:
    from harness.cases import CORPUS, find_cases, regress

    for outcome in regress(list(find_cases(CORPUS)), jobs=1):
        if not outcome.passed:
            return Path(outcome.path).relative_to(CORPUS).as_posix()
    return UNNOTICED


def main() -> int:
    """Print a row for each flip, and how many of a module were noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="parts of names of modules")
    parser.add_argument("--every", type=int, default=20, help="flip each N-th clause")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    os.environ["HARNESS_KERNEL"] = "python"  # else nobody asks what is flipped here
    tasks = list(clauses(args.modules))[:: args.every]
    caught: Counter[str] = Counter()
    total: Counter[str] = Counter()
    context = multiprocessing.get_context("spawn")
    with context.Pool(args.jobs, maxtasksperchild=1) as pool:
        for module, line, kind, case in pool.imap(noticed, tasks):
            total[module] += 1
            caught[module] += case != UNNOTICED
            print(f"{module}:{line}  {kind}  {case}", flush=True)  # noqa: T201 # its table
    for module, number in sorted(total.items()):
        print(f"{caught[module]:4} of {number:4}  {module}")  # noqa: T201
    print(f"{sum(caught.values())} of {sum(total.values())} flips were noticed.")  # noqa: T201
    return int(caught != total)


if __name__ == "__main__":
    sys.exit(main())
