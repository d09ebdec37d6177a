"""Flips of the clauses of checkers: what there is to flip, and modules with all flips.

A comparison is turned into its opposite or gains or loses its equality, `and` becomes
`or`, `not` is dropped, and what a condition guards is never done. What only words a
sentence is left alone: cases remember names, not sentences.

All flips are in the modules from the start, each behind a number, and a process chooses
one by setting that.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.util
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple


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

WORDING = ("explain", "tell", "describe", "summary")
"""What the names of functions begin with that only word what was found."""

ONLY_TOLD = {
    "ladder/_dead_ends.py": "It words why no order is left.",
    "ladder/_cited.py": "It adds what drawings need.",
    "ladder/_limits.py": "It shares out time, of which cases need little.",
    "polynomial/_cycles.py": "It chooses a short circle of those that show a no.",
}
"""Modules no clause of which can change a verdict or a name, and why."""

CHOSEN, PASSED = "_flipped", "_passed"
"""The name in a module of the number of the flip that is chosen, and of what notes
that a clause is passed."""


class Flip(NamedTuple):
    """A clause that can be flipped.

    Attributes:
        module: The file, from the root.
        number: Which of its clauses.
        line: Where it is.
        kind: What becomes of it.
        source: The clause itself.
    """

    module: str
    number: int
    line: int
    kind: str
    source: str

    @property
    def name(self) -> str:
        """The name of the module."""
        return name_of(self.module)

    @property
    def package(self) -> str:
        """The folder of `PACKAGES` that it is in."""
        return next(one for one in PACKAGES if f"checkers/{one}/" in self.module)


def name_of(module: str) -> str:
    """Return the name of a module, by its file from the root."""
    return module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


class Flipper(ast.NodeTransformer):
    """Puts the flips of all clauses into a module, behind their numbers.

    Attributes:
        places: Line, kind and source of each clause, in order.
    """

    def __init__(self, *, noting: bool = False) -> None:
        self.places: list[tuple[int, str, str]] = []
        self._noting = noting

    def visit_Compare(self, node: ast.Compare) -> ast.AST:  # as `ast` has it
        """Turn the first operator of a comparison."""
        source = ast.unparse(node)
        self.generic_visit(node)
        operator = type(node.ops[0])
        turned = deepcopy(node)
        turned.ops[0] = TURNED[operator]()
        kind = f"{operator.__name__} → {TURNED[operator].__name__}"
        return self._either(node, turned, kind, source)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        """Take `and` for `or`, and the other way round."""
        source = ast.unparse(node)
        self.generic_visit(node)
        both = isinstance(node.op, ast.And)
        turned = deepcopy(node)
        turned.op = ast.Or() if both else ast.And()
        kind = "and → or" if both else "or → and"
        return self._either(node, turned, kind, source)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        """Drop a `not`."""
        source = ast.unparse(node)
        self.generic_visit(node)
        if not isinstance(node.op, ast.Not):
            return node
        return self._either(node, deepcopy(node.operand), "not dropped", source)

    def visit_If(self, node: ast.If) -> ast.AST:
        """Never do what a condition guards."""
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return node
        source = f"if {ast.unparse(node.test)}"
        self.generic_visit(node)
        never = ast.Constant(value=False)
        node.test = self._either(node.test, never, "never done", source, node.lineno)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Pass over those that only word what was found."""
        if node.name.lstrip("_").startswith(WORDING):
            return node
        return self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        """Leave assertions alone."""
        return node

    def _either(
        self, node: Any, turned: ast.expr, kind: str, source: str, line: int = 0
    ) -> ast.expr:
        number = ast.Constant(value=len(self.places))
        self.places.append((line or node.lineno, kind, source))
        if self._noting:
            name = ast.Name(id=PASSED, ctx=ast.Load())
            both = [] if _has_effects(node) else [_later(node), _later(turned)]
            test = ast.Call(func=name, args=[number, *both], keywords=[])
            found = test if both else ast.IfExp(test=test, body=node, orelse=node)
            return ast.copy_location(found, node)
        chosen = ast.Name(id=CHOSEN, ctx=ast.Load())
        other = ast.Compare(left=chosen, ops=[ast.NotEq()], comparators=[number])
        return ast.copy_location(ast.IfExp(test=other, body=node, orelse=turned), node)


EFFECTS = {
    *("add", "append", "discard", "extend", "pop", "popleft", "popitem", "remove"),
    *("next", "send", "setdefault", "update", "go_on", "give_up", "super"),
}
"""Functions that may not be called twice."""


def _has_effects(node: ast.expr) -> bool:
    """Whether an expression may do something besides having a value."""
    for part in ast.walk(node):
        if isinstance(part, ast.NamedExpr | ast.Yield | ast.YieldFrom | ast.Await):
            return True
        if isinstance(part, ast.Call):
            called = part.func
            name = called.attr if isinstance(called, ast.Attribute) else ""
            name = called.id if isinstance(called, ast.Name) else name
            if name in EFFECTS:
                return True
    return False


def _later(node: ast.expr) -> ast.Lambda:
    """Return a function without arguments that evaluates an expression."""
    empty = ast.arguments(
        posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[]
    )
    return ast.Lambda(args=empty, body=deepcopy(node))


class Loader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads the modules that have rules with all flips in them.

    Attributes:
        reached: Name of the module and number of each clause that was passed.
        passed: Those of them of which the flip would have said something else.
    """

    def __init__(self, *, noting: bool, chosen: Flip | None = None) -> None:
        self.reached: set[tuple[str, int]] = set()
        self.passed: set[tuple[str, int]] = set()
        self._noting = noting
        self._chosen = chosen
        self._is_aside = False
        self._paths = {
            name_of(path.relative_to(ROOT).as_posix()): path for path in modules()
        }

    def find_spec(self, name: str, *_: Any) -> Any:
        """Take charge of a module."""
        if name not in self._paths:
            return None
        path = self._paths[name]
        return importlib.util.spec_from_file_location(
            name,
            path,
            loader=self,
            submodule_search_locations=[str(path.parent)]
            if path.name == "__init__.py"
            else None,
        )

    def create_module(self, spec: Any) -> None:
        """Leave that to the machinery."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the source with its flips."""
        name, path = module.__name__, self._paths[module.__name__]
        tree = Flipper(noting=self._noting).visit(ast.parse(path.read_text()))
        here = self._chosen is not None and self._chosen.name == name
        vars(module)[CHOSEN] = self._chosen.number if here and self._chosen else -1
        vars(module)[PASSED] = self._noter(name)
        code = compile(ast.fix_missing_locations(tree), path, "exec")
        exec(code, vars(module))  # our own source

    def _noter(self, name: str) -> Any:
        """Return what notes a clause of which the flip would say something else."""

        def note(number: int, right: Any = None, turned: Any = None) -> Any:
            self.reached.add((name, number))
            if right is None:
                self.passed.add((name, number))
                return True
            found = right()
            if not self._is_aside and (name, number) not in self.passed:
                self._is_aside = True
                try:
                    differs = bool(turned()) is not bool(found)
                except Exception:  # noqa: BLE001 # it fails then
                    differs = True
                self._is_aside = False
                if differs:
                    self.passed.add((name, number))
            return found

        return note


def modules() -> Iterator[Path]:
    """Yield the files that have rules."""
    for package in PACKAGES:
        yield from sorted((ROOT / "checkers" / package).rglob("*.py"))


def all_flips(parts: Sequence[str] = ()) -> list[Flip]:
    """Return the clauses of the modules whose names have one of these parts."""
    found = []
    for path in modules():
        module = path.relative_to(ROOT).as_posix()
        if parts and not any(part in module for part in parts):
            continue
        flipper = Flipper()
        flipper.visit(ast.parse(path.read_text()))
        for number, place in enumerate(flipper.places):
            found.append(Flip(module, number, *place))
    return found
