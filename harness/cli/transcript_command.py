"""`harness transcript`: scripted messages, compared replies."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from harness.errors import UsageError
from harness.transcript import TranscriptError, load_transcript, run_transcript

from ._program import find_program


@click.command(name="transcript")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@click.option(
    "--bin",
    "program",
    required=True,
    metavar="CMD",
    help="The node: a path, a command with arguments, or a bundled node's name.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a case.")
def command(*, files: tuple[Path, ...], program: str, as_json: bool) -> int:
    """Feed scripted messages to a node and compare its replies, case by case.

    Exits with 0 if every reply was as expected, else with 1.
    """
    node = find_program(program)
    passed = failed = 0
    for file in files:
        try:
            cases = load_transcript(file)
        except TranscriptError as error:
            raise UsageError(str(error)) from error
        for case in cases:
            mismatch = run_transcript(case, node.argv, node.environment)
            passed, failed = passed + (not mismatch), failed + bool(mismatch)
            if as_json:
                document = {
                    "file": str(file),
                    "case": case.name,
                    "passed": not mismatch,
                    "mismatch": mismatch,
                }
                click.echo(msgspec.json.encode(document).decode())
            else:
                click.echo(
                    f"{'FAIL' if mismatch else 'ok  '}  {file.name}: {case.name}"
                )
                if mismatch:
                    click.echo(f"      {mismatch}")
    if not as_json:
        click.echo(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
