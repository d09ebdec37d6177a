"""`harness doctor`: what this machine has."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from importlib import metadata

import click

from checkers import kernel
from harness.documents import DoctorDocument, Finding, encode
from nodes import command as node_command

from ._output import put


@click.command(
    name="doctor",
    epilog="Exit codes: 0 the harness can do its work here, 1 it cannot, 254 usage.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def command(*, as_json: bool) -> int:
    """Tell what this machine has and what would help."""
    findings = [
        _python(),
        *(_package(name) for name in ("click", "msgspec", "polars", "networkx")),
        _node(),
        _kernel(),
        *(
            _tool(name, use)
            for name, use in (
                ("cargo", "builds the fast kernel of the checkers"),
                ("chromium", "runs the browser tests"),
                ("go", "runs the tests with nodes in Go"),
                ("node", "runs the tests with nodes in JavaScript"),
            )
        ),
        Finding("processors", str(os.cpu_count())),
    ]
    good = all(finding.good for finding in findings)
    if as_json:
        put(encode(DoctorDocument(good=good, findings=tuple(findings))))
    else:
        for finding in findings:
            mark = "ok" if finding.good else "!!"
            advice = f" ({finding.advice})" if finding.advice else ""
            put(f"{mark}  {finding.name}: {finding.state}{advice}")
    return 0 if good else 1


def _python() -> Finding:
    good = sys.version_info >= (3, 11)
    state = f"{platform.python_version()} on {platform.system()}"
    return Finding("python", state, good, "" if good else "3.11 or later is needed")


def _package(name: str) -> Finding:
    try:
        return Finding(name, metadata.version(name))
    except metadata.PackageNotFoundError:
        return Finding(name, "missing", good=False, advice=f"pip install {name}")


def _node() -> Finding:
    """Start a bundled node and see whether it ends well."""
    argv, environment = node_command("echo")
    try:
        done = subprocess.run(
            argv,
            env={**os.environ, **environment},
            input=b"",
            capture_output=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding("bundled nodes", str(error), good=False)
    good = done.returncode == 0
    advice = "" if good else done.stderr.decode(errors="backslashreplace")[-300:]
    state = "start and stop" if good else f"exit with {done.returncode}"
    return Finding("bundled nodes", state, good, advice)


def _kernel() -> Finding:
    """Tell which implementation of the searches is in use."""
    try:
        description = kernel.describe()
    except kernel.KernelError as error:
        return Finding("kernel", str(error), good=False)
    return Finding("kernel", description.sentence, advice=description.advice)


def _tool(name: str, use: str) -> Finding:
    path = shutil.which(name)
    return Finding(name, "found" if path else "not found", advice="" if path else use)
