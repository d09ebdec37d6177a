"""Which kernel is in use, and what is said where it cannot be had."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from checkers import kernel
from checkers.kernel import _abi, _library


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Forget what was found, before and after a test."""
    _library.find.cache_clear()
    yield
    _library.find.cache_clear()


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.delenv(kernel.VARIABLE, raising=False)
    return monkeypatch


@pytest.fixture
def missing(choose: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A package that was installed without the library."""
    nothing = _library.find(tmp_path)
    choose.setattr(_library, "find", lambda: nothing)
    return choose


native = pytest.mark.skipif(
    not kernel.available(), reason="the native kernel is not built"
)


def test_python_is_chosen(choose: pytest.MonkeyPatch) -> None:
    """HARNESS_KERNEL=python goes without the library, even where it is."""
    choose.setenv(kernel.VARIABLE, "python")
    assert _library.native() is None
    assert kernel.describe().kernel == "python"


@native
@pytest.mark.parametrize("value", ["", "auto", "native"])
def test_the_library_is_used_where_it_is(
    choose: pytest.MonkeyPatch, value: str
) -> None:
    """By default, and if it is asked for."""
    choose.setenv(kernel.VARIABLE, value)
    assert _library.native() is not None
    description = kernel.describe()
    assert description.kernel == "native"
    assert description.path is not None
    assert not description.advice


def test_a_missing_library_is_no_error(missing: pytest.MonkeyPatch) -> None:
    """Searches run in Python, and the description says why and what would help."""
    assert not kernel.available()
    description = kernel.describe()
    assert description.kernel == "python"
    assert "installed without it" in description.sentence
    assert "pip install" in description.advice


def test_a_forced_and_missing_library_is_an_error(missing: pytest.MonkeyPatch) -> None:
    """HARNESS_KERNEL=native and no library: an error that says what to do."""
    missing.setenv(kernel.VARIABLE, "native")
    with pytest.raises(
        kernel.KernelMissing, match=r"pip install.*unset HARNESS_KERNEL"
    ):
        _library.native()


def test_another_value_is_an_error(choose: pytest.MonkeyPatch) -> None:
    """A value that means nothing is not taken for another."""
    choose.setenv(kernel.VARIABLE, "rust")
    with pytest.raises(
        kernel.KernelError, match="'rust'; expected auto, python or nat"
    ):
        kernel.describe()


def test_a_file_that_is_no_library(choose: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that cannot be loaded is told, and not used."""
    (tmp_path / "_kernel.so").write_text("nothing")
    found = _library.find(tmp_path)
    assert found.library is None
    assert "cannot be loaded" in found.lack


@native
def test_a_library_of_another_version(
    choose: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A library that was built for another interface is told, and not used."""
    path = _library.find().path
    assert path is not None
    shutil.copy(path, tmp_path / path.name)
    choose.setattr(_abi, "VERSION", 0)
    found = _library.find(tmp_path)
    assert found.library is None
    assert "of the interface, not 0" in found.lack


def test_ctypes_is_not_imported_before_it_is_needed() -> None:
    """Importing the package costs nothing that only a loaded library needs."""
    script = "import sys, checkers.kernel; sys.exit('ctypes' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
