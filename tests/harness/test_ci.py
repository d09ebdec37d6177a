"""The workflow of the README: its steps are run as they stand there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest


ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = Path(__file__).parent / "examples" / "consistency.yml"
README = ROOT / "README.md"
LEFT_OUT = "pip install ./harness"
NODES = {"right": "nodes.g_counter", "wrong": "nodes.faulty.local_reads_counter"}


def steps() -> list[str]:
    """Return the commands of the workflow, but for the installation."""
    found = re.findall(r"^ +(?:- )?run: (.*)$", WORKFLOW.read_text(), re.MULTILINE)
    assert found[0].startswith(LEFT_OUT)
    return found[1:]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A project with a node, a case that was kept, and the harness on the path."""
    (tmp_path / "bin").mkdir()
    program = "from harness.cli import main\nif __name__ == '__main__':\n    main()\n"
    (tmp_path / "bin" / "harness").write_text(f"#!{sys.executable}\n{program}")
    (tmp_path / "bin" / "harness").chmod(0o755)
    (tmp_path / "cases").mkdir()
    kept = min((ROOT / "histories" / "corpus" / "g-counter").glob("*.json"))
    shutil.copy(kept, tmp_path / "cases")
    return tmp_path


def carry_out(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a step as a workflow does."""
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", command],
        env={
            **os.environ,
            "PATH": path,
            "PYTHONPATH": str(ROOT),
            "GITHUB_WORKSPACE": str(folder),
        },
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("node", NODES)
def test_the_steps_do_what_they_say(checkout: Path, node: str) -> None:
    """A node that is right passes; a wrong one fails, with an annotation of its run."""
    script = f"#!/bin/sh\nexec {sys.executable} -m {NODES[node]}\n"
    (checkout / "counter").write_text(script)
    (checkout / "counter").chmod(0o755)
    run, regress = steps()
    sooner = " --recovery 1" if node == "wrong" else ""
    done = carry_out(run + sooner, checkout)
    assert done.returncode == (node == "wrong"), done.stdout + done.stderr
    annotations = [line for line in done.stdout.splitlines() if line[:2] == "::"]
    assert bool(annotations) == (node == "wrong")
    if node == "wrong":
        assert annotations[0].startswith("::error file=store/g-counter/20")
        return
    done = carry_out(regress, checkout)
    assert done.returncode == 0, done.stdout + done.stderr
    suite = ET.parse(checkout / "reports" / "harness.xml").getroot()
    cases = [case.get("classname") for case in suite.iter("testcase")]
    assert cases[-1] == "cases"
    assert [path.name for path in checkout.glob("store/*/*Z/report.html")]


def test_the_readme_shows_the_workflow() -> None:
    """Word for word."""
    text = README.read_text()
    if "## Use in CI" not in text:
        pytest.skip("the README has no section on CI")
    assert f"```yaml\n{WORKFLOW.read_text()}```" in text


def test_cases_of_the_project_are_judged_without_being_named(checkout: Path) -> None:
    """Those in `cases`, where they are kept; a report goes into a new folder."""
    done = carry_out("harness regress --no-corpus --junit a/b/c.xml", checkout)
    assert done.returncode == 0
    assert done.stdout.startswith("1 case in ")
    assert (checkout / "a" / "b" / "c.xml").is_file()
    shutil.rmtree(checkout / "cases")
    done = carry_out("harness regress --no-corpus", checkout)
    assert done.returncode == 254
    assert "no folder cases" in done.stderr
