"""The structure of the project, held."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nodes import BUNDLED


if TYPE_CHECKING:
    from collections.abc import Iterator


ROOT = Path(__file__).resolve().parent.parent
ORDER = ("nodes", "histories", "checkers", "reports", "harness")
"""Packages, lowest first; each may import those before it."""

THIRD_PARTY = {
    "nodes": set(),
    "histories": {"msgspec", "polars"},
    "checkers": {"msgspec", "networkx"},
    "reports": {"msgspec", "polars"},
    "harness": {"click", "msgspec", "polars", "pytest"},  # pytest: its plugin alone
}
LAZY = {"polars", "networkx", "asyncio"}
ALLOWED = {
    "nodes": set(),
    "histories": {"histories"},
    "checkers": {"histories", "checkers"},
    "reports": {"histories", "checkers", "reports"},
    "harness": set(ORDER),
}


def modules(package: str) -> Iterator[Path]:
    """Yield the files of a package."""
    return (path for path in sorted((ROOT / package).rglob("*.py")))


def imports(path: Path, *, top_level: bool = False) -> Iterator[str]:
    """Yield the first names of all absolute imports that run at run time."""
    tree = ast.parse(path.read_text())
    guarded = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for node in ast.walk(block)
    }
    nodes = tree.body if top_level else ast.walk(tree)
    for node in nodes:
        if id(node) in guarded:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("package", ORDER)
def test_a_package_imports_only_what_is_below_it(package: str) -> None:
    """Packages form a chain, and third parties are those that the design names."""
    allowed = ALLOWED[package] | THIRD_PARTY[package] | {package}
    allowed |= set(sys.stdlib_module_names)
    found = {
        (str(path.relative_to(ROOT)), name)
        for path in modules(package)
        for name in imports(path)
        if name not in allowed
    }
    assert not found


@pytest.mark.parametrize("package", ORDER)
def test_heavy_libraries_are_imported_inside_functions(package: str) -> None:
    """No module imports a heavy library when it is itself imported."""
    found = {
        (str(path.relative_to(ROOT)), name)
        for path in modules(package)
        for name in imports(path, top_level=True)
        if name in LAZY
    }
    assert not found


@pytest.mark.parametrize("package", ["checkers", "histories", "reports"])
def test_the_public_names_are_sorted_and_exist(package: str) -> None:
    """`__all__` is complete, sorted, and every name in it can be had."""
    module = importlib.import_module(package)
    public = module.__all__
    assert public == sorted(public, key=lambda n: (not n.isupper(), n.islower(), n))
    assert all(hasattr(module, name) for name in public)


@pytest.mark.parametrize("package", ORDER)
def test_modules_are_small_and_named_for_what_they_hold(package: str) -> None:
    """No module has more than 400 lines or a name that says nothing."""
    vague = {"util", "utils", "common", "helpers", "base", "manager", "misc"}
    for path in modules(package):
        assert len(path.read_text().splitlines()) <= 400, path
        assert path.stem.strip("_") not in vague, path


MANY_ALIKE = {
    "nodes": "|".join(module.rpartition(".")[2] for module in BUNDLED.values()),
    "nodes/faulty": r"[a-z]\w+|_\w+_bugs",
    "harness/cli": r"\w+_command",
    "harness/workloads": r"[a-z]\w+",
}
"""Modules that tables have, by package: a reading order need not."""


@pytest.mark.parametrize(
    "package",
    [
        str(path.parent.relative_to(ROOT))
        for name in ORDER
        for path in (ROOT / name).rglob("__init__.py")
    ],
)
def test_the_reading_order_names_all_modules_there_are_and_no_others(
    package: str,
) -> None:
    """A package's docstring names each module but those of which there are many alike."""
    folder = ROOT / package
    there = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    there |= {path.parent.name for path in folder.glob("*/__init__.py")}
    docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or ""
    named = set(re.findall(r"`([a-z_]+)`", docstring))
    alike = MANY_ALIKE.get(package, "")
    assert not {name for name in there - named if not re.fullmatch(alike, name)}
    assert {name for name in named if name.startswith("_")} <= there


def test_help_imports_next_to_nothing() -> None:
    """`harness --help` loads click and the standard library, no package of ours."""
    program = (
        "import sys; sys.argv = ['harness', '--help']\n"
        "from harness.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sorted({n.partition('.')[0] for n in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    heavy = {"msgspec", "polars", "networkx", "asyncio", "subprocess", "checkers"}
    heavy |= {"histories", "reports", "nodes", "json", "importlib.metadata"}
    loaded = set(done.stderr.split())
    assert "Commands:" in done.stdout
    assert not loaded & heavy
