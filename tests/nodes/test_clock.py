from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from nodes._clock import wall_clock_ns


if TYPE_CHECKING:
    from pathlib import Path

SECOND = 1_000_000_000


def test_without_a_file_it_is_the_clock_of_the_machine() -> None:
    """Nobody has named a file, so nobody moves the clock."""
    before = time.time_ns()
    assert before <= wall_clock_ns(None) <= time.time_ns()


@pytest.mark.parametrize(
    ("text", "offset_ns"),
    [
        ("+2.500000", 2_500_000_000),
        ("-0.3", -300_000_000),
        ("-3600\n", -3600 * SECOND),
        ("0", 0),
        ("", 0),
        ("+0.000000001", 1),
    ],
)
def test_the_file_says_by_how_much_it_is_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, offset_ns: int
) -> None:
    """The offset is in seconds, and holds from the next look at the clock on."""
    monkeypatch.setattr(time, "time_ns", lambda: 100 * SECOND)
    path = tmp_path / "clock"

    def clock() -> int:
        return wall_clock_ns(str(path))

    assert clock() == 100 * SECOND
    path.write_text(text)
    assert clock() == 100 * SECOND + offset_ns
    path.write_text("+1")
    assert clock() == 101 * SECOND
    path.unlink()
    assert clock() == 100 * SECOND


@pytest.mark.parametrize("text", ["soon", "+2d", "inf", "1 2", "nan"])
def test_another_text_is_an_error(tmp_path: Path, text: str) -> None:
    """A fault that had no effect would make a run prove nothing: it is told."""
    path = tmp_path / "clock"
    path.write_text(text)
    with pytest.raises(ValueError, match="must hold seconds with sign"):
        wall_clock_ns(str(path))
