from __future__ import annotations

import doctest
import os
from typing import TYPE_CHECKING

import pytest

from nodes import _disk
from nodes._disk import FileDisk, MemoryDisk


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(name="reopen", params=["memory", "file"])
def _reopen(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Callable[[], MemoryDisk | FileDisk]:
    """Return what gives the next process of a node the disk of the last one."""
    kept = MemoryDisk()
    return lambda: kept if request.param == "memory" else FileDisk(str(tmp_path))


@pytest.mark.parametrize("value", [0, None, -1.5, "é\n\u2028", [], {"a": [True, "1"]}])
def test_a_value_outlives_the_process(
    reopen: Callable[[], MemoryDisk], value: object
) -> None:
    """Any JSON value comes back as it went in, the last one written."""
    reopen().write("it", "older")
    reopen().write("it", value)
    assert repr(reopen().read("it")) == repr(value)


def test_a_log_outlives_the_process(reopen: Callable[[], MemoryDisk]) -> None:
    """Each process adds to the end of what the ones before it have left."""
    reopen().append("log", 1, "a\nb")
    reopen().append("log")
    disk = reopen()
    disk.append("log", [2])
    disk.append("log", None)
    assert disk.lines("log") == reopen().lines("log") == [1, "a\nb", [2], None]


def test_a_new_disk_is_empty(reopen: Callable[[], MemoryDisk]) -> None:
    """What was never written is None, or no lines, and has no name."""
    disk = reopen()
    assert disk.read("it") is None
    assert disk.lines("log") == []
    assert disk.names() == []


def test_values_and_logs_have_names_of_their_own(
    reopen: Callable[[], MemoryDisk],
) -> None:
    """A value and a log may have the same name, and all names are told in order."""
    disk = reopen()
    disk.write("n2", 1)
    disk.append("n2", 2)
    disk.append("n1", 3)
    disk.write("a-B_3", 4)
    assert disk.names() == ["a-B_3", "n1", "n2"]
    assert disk.read("n2") == 1
    assert disk.lines("n2") == [2]


def test_what_was_read_is_nobody_elses(reopen: Callable[[], MemoryDisk]) -> None:
    """Changing a value after it was written or read changes nothing on disk."""
    value = [1]
    disk = reopen()
    disk.write("it", value)
    disk.append("log", value)
    value.append(2)
    disk.read("it").append(3)
    disk.lines("log")[0].append(3)
    assert disk.read("it") == [1]
    assert disk.lines("log") == [[1]]


def test_what_is_no_json_is_refused(reopen: Callable[[], MemoryDisk]) -> None:
    """The value from before stays, and nothing is appended."""
    disk = reopen()
    disk.write("it", 1)
    disk.append("log", 1)
    with pytest.raises(TypeError):
        disk.write("it", {1, 2})
    with pytest.raises(ValueError, match="Out of range"):
        disk.append("log", 2, float("nan"))
    assert reopen().read("it") == 1
    assert reopen().lines("log") == [1]


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../x", "a.json", "a b"])
def test_names_stay_in_the_folder(reopen: Callable[[], MemoryDisk], name: str) -> None:
    """A name that means another place in a file system is refused by either disk."""
    disk = reopen()
    for use in (disk.read, disk.lines, disk.append, lambda name: disk.write(name, 1)):
        with pytest.raises(ValueError, match="letters, digits"):
            use(name)


@pytest.mark.parametrize("torn", [b"3", b'{"half', b"\xc3", b""])
def test_a_torn_last_line_is_left_out(tmp_path: Path, torn: bytes) -> None:
    """A process that was killed while it appended takes back that line alone."""
    FileDisk(str(tmp_path)).append("log", 1, 2)
    path = tmp_path / "log.log"
    path.write_bytes(path.read_bytes() + torn)
    assert FileDisk(str(tmp_path)).lines("log") == [1, 2]
    reborn = FileDisk(str(tmp_path))
    reborn.append("log", 4)
    reborn.append("log", 5)
    assert FileDisk(str(tmp_path)).lines("log") == [1, 2, 4, 5]


def test_a_log_torn_at_its_first_line_is_empty(tmp_path: Path) -> None:
    """Nothing was acknowledged yet, so nothing is lost."""
    (tmp_path / "log.log").write_bytes(b'{"half')
    disk = FileDisk(str(tmp_path))
    assert disk.lines("log") == []
    disk.append("log", 1)
    assert disk.lines("log") == [1]


@pytest.mark.parametrize("torn", [b"3", b'{"half', b"\xc3", b""])
def test_a_torn_value_is_the_one_before(tmp_path: Path, torn: bytes) -> None:
    """A process that was killed while it wrote a value keeps the old one."""
    FileDisk(str(tmp_path)).write("it", 1)
    path = tmp_path / "it.value"
    path.write_bytes(path.read_bytes() + torn)
    assert FileDisk(str(tmp_path)).read("it") == 1
    FileDisk(str(tmp_path)).write("it", 2)
    assert FileDisk(str(tmp_path)).read("it") == 2


@pytest.mark.parametrize("length", [10, 1000, 100_000])
def test_the_file_of_a_value_stays_short(tmp_path: Path, length: int) -> None:
    """It is replaced now and then, so that it has no more than a few old values."""
    disk = FileDisk(str(tmp_path))
    for number in range(400):
        disk.write("it", [number, "x" * length])
    assert FileDisk(str(tmp_path)).read("it")[0] == 399
    assert (tmp_path / "it.value").stat().st_size <= max(65_536, 9 * length)


def test_a_write_that_failed_leaves_the_lines_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk takes back the line that did not fit, and what follows is whole."""
    disk = FileDisk(str(tmp_path))
    disk.append("log", "old")
    real = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda file, data: real(file, data[:2]) // 0)
        with pytest.raises(ZeroDivisionError):
            disk.append("log", "new")
    disk.append("log", "newer")
    assert disk.lines("log") == FileDisk(str(tmp_path)).lines("log") == ["old", "newer"]


def test_a_write_that_was_cut_short_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is killed before the new file is in its place keeps the old."""

    def killed(*_: object) -> None:
        raise SystemExit

    disk = FileDisk(str(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        patch.setattr(_disk, "MOST_BYTES", 0)
        for _ in range(8):
            disk.write("it", "old")
        with pytest.raises(SystemExit):
            disk.write("it", "new")
    assert FileDisk(str(tmp_path)).read("it") == "old"
    assert FileDisk(str(tmp_path)).names() == ["it"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """The folder is the harness's to make; without it nothing pretends to be kept."""
    disk = FileDisk(str(tmp_path / "none"))
    with pytest.raises(FileNotFoundError):
        disk.write("it", 1)
    with pytest.raises(FileNotFoundError):
        disk.append("log", 1)


def test_examples_of_disks_hold() -> None:
    """The example in the docstring gives what it shows."""
    results = doctest.testmod(_disk)
    assert results.attempted
    assert not results.failed
