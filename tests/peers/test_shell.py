"""A node in the shell: any language will do."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest


if TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = pytest.mark.peers


def test_echo_in_the_shell_runs(harness_run: Callable[..., Any]) -> None:
    """Twenty lines of POSIX shell are a node."""
    harness_run(
        "-w", "echo", "--bin", "sh/echo.sh", "--time-limit", "1", "--strict"
    ).assert_flawless()


def test_a_path_may_hold_a_space(
    tmp_path: Path, harness_run: Callable[..., Any]
) -> None:
    """A path to a program is taken as it is; no quotes are needed."""
    shutil.copy(Path(__file__).parent / "sh" / "echo.sh", tmp_path / "my node")
    trial = harness_run(
        "-w", "echo", "--bin", "my node", "--time-limit", "0.2", folder=tmp_path
    )
    trial.assert_flawless()
    assert trial.spec["bin"] == [str(tmp_path / "my node")]
