"""The programs that are compared: Porcupine, our kernel, and our Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from .measurement import Measurement


if TYPE_CHECKING:
    from collections.abc import Mapping


BENCHMARKS = Path(__file__).resolve().parent.parent
GO_PROGRAM = BENCHMARKS / "porcupine"
SLACK_S = 120
"""Seconds to read a history and prepare it, which the limit does not count."""

OUT_OF_MEMORY = ("MemoryError", "out of memory", "cannot allocate memory")


class Limits(msgspec.Struct, frozen=True):
    """What a side may spend on a history.

    Attributes:
        check_s: Seconds to check it.
        memory_mb: Address space of its process.
    """

    check_s: float
    memory_mb: int


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """A program that checks histories.

    Attributes:
        name: What it is called in the table.
        arguments: Its command, to which format, model and paths are added.
        environment: What is added to the environment.
    """

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = {}

    def check(
        self, format_: str, model: str, paths: list[Path], limits: Limits
    ) -> list[Measurement]:
        """Check histories in a process of its own."""
        try:
            done = subprocess.run(
                [*self.arguments, format_, model, *map(str, paths)],
                cwd=BENCHMARKS,
                env=os.environ | self.environment,
                capture_output=True,
                timeout=(limits.check_s + SLACK_S) * len(paths),
                check=False,
            )
            output, errors = done.stdout, done.stderr.decode()
        except subprocess.TimeoutExpired as expired:
            output, errors = expired.stdout or b"", ""
        decoder = msgspec.json.Decoder(Measurement)
        found = decoder.decode_lines(output)
        if len(found) < len(paths):
            lack = _lack(errors, limits)
            found += [Measurement(verdict="unknown", lack=lack)] * (
                len(paths) - len(found)
            )
        return found


def in_a_process(kernel: str, *command: str, timeout_s: float) -> Measurement:
    """Return what a Python program with these arguments prints, run with a kernel."""
    done = subprocess.run(
        [sys.executable, *command],
        env=os.environ | {"HARNESS_KERNEL": kernel},
        capture_output=True,
        timeout=timeout_s,
        check=False,
    )
    if done.returncode:
        print(done.stderr.decode().strip().splitlines()[-1], file=sys.stderr)
        return Measurement(verdict="unknown", lack="crashed")
    return msgspec.json.decode(done.stdout, type=Measurement)


def _lack(errors: str, limits: Limits) -> str:
    """Return why a process ended early, in a few words."""
    if not errors:
        return f">{limits.check_s + SLACK_S:g} s"
    if any(text in errors for text in OUT_OF_MEMORY):
        return f">{limits.memory_mb / 1024:g} GB"
    print(errors.strip().splitlines()[-1], file=sys.stderr)
    return "crashed"


def ours(kernel: str, limits: Limits) -> Side:
    """Return our program on the `native` kernel or in plain `python`."""
    return Side(
        name=kernel,
        arguments=(
            sys.executable,
            "-m",
            "checking.ours",
            f"{limits.check_s}",
            f"{limits.memory_mb}",
        ),
        environment={"HARNESS_KERNEL": kernel},
    )


def porcupine(folder: Path, limits: Limits) -> Side | str:
    """Build Porcupine's program in a folder; a sentence where that is impossible."""
    if shutil.which("go") is None:
        return "Porcupine is left out: there is no `go` here to build it with."
    program = folder / "porcupine"
    command = ["go", "build", "-buildvcs=false", "-o", str(program), "."]
    built = subprocess.run(
        command,
        cwd=GO_PROGRAM,
        capture_output=True,
        check=False,
        env=os.environ | {"GOTOOLCHAIN": "local"},
    )
    if built.returncode:
        reason = built.stderr.decode().strip().splitlines()[-1:]
        return f"Porcupine is left out: it cannot be built here. {''.join(reason)}"
    bounds = ("-limit", f"{limits.check_s}s", "-memory", str(limits.memory_mb))
    return Side(name="Porcupine", arguments=(str(program), *bounds))


def versions() -> str:
    """Return what is compared, to the version."""
    from checkers.kernel import available

    go = (
        subprocess.run(
            ["go", "version"], capture_output=True, text=True, check=False
        ).stdout
        if shutil.which("go")
        else "no go"
    )
    module = next(
        line.split("porcupine ")[1]
        for line in (GO_PROGRAM / "go.mod").read_text().splitlines()
        if line.startswith("require")
    )
    kernel = "with" if available() else "without"
    return (
        f"Porcupine {module} ({go.removeprefix('go version ').strip()}); ours on Python "
        f"{sys.version.split()[0]}, {kernel} the native kernel"
    )
