"""Nodes of other languages, and the command that runs them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest


if TYPE_CHECKING:
    from collections.abc import Callable


HERE = Path(__file__).resolve().parent
COMMAND = (sys.executable, "-c", "from harness.cli import main; main()", "run")
GO_LIBRARY = "github.com/jepsen-io/maelstrom/demo/go"


class Trial(msgspec.Struct, frozen=True):
    """What came of a command."""

    code: int
    verdict: str
    spec: dict[str, Any]
    outcome: dict[str, Any]
    diagnosis: str

    def assert_flawless(self) -> None:
        """The run is valid, and no node did anything against the protocol."""
        assert self.outcome["problems"] == [], self.diagnosis
        assert (self.code, self.verdict) == (0, "valid"), self.diagnosis
        assert all(node["expected"] for node in self.outcome["nodes"])


@pytest.fixture
def harness_run(tmp_path: Path) -> Callable[..., Trial]:
    """Return a function that gives `harness run` these arguments."""

    def attempt(*arguments: str | Path, folder: Path = HERE) -> Trial:
        process = subprocess.run(
            [*COMMAND, "--json", "--store", tmp_path / "store", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(HERE.parent.parent)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert process.stdout, process.stderr
        document = json.loads(process.stdout)
        run = Path(document["run"])
        return Trial(
            code=process.returncode,
            verdict=document["result"]["verdict"],
            spec=json.loads((run / "spec.json").read_bytes()),
            outcome=json.loads((run / "outcome.json").read_bytes()),
            diagnosis=process.stdout + process.stderr,
        )

    return attempt


@pytest.fixture(scope="session")
def go_nodes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the nodes in Go, built on Maelstrom's Go library."""
    if shutil.which("go") is None:
        pytest.skip("there is no go command")
    environment = {**os.environ, "GOTOOLCHAIN": "local"}

    def go(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["go", *arguments],
            cwd=HERE / "go",
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    download = go("mod", "download")
    if download.returncode != 0:
        pytest.skip(f"go can't have {GO_LIBRARY}: {download.stderr.strip()}")
    folder = tmp_path_factory.mktemp("go")
    build = go("build", "-buildvcs=false", "-o", folder, "./...")
    assert build.returncode == 0, build.stderr
    return folder
