"""The command line: a module a command, imported when the command is given.

Commands print and exit; nothing below them does. Exit codes (`_exit`): 0 valid,
1 invalid, 2 unknown, 254 usage, 255 crashed.

Reading order: `_group` has the commands, each a module `NAME_command`. They share options
(`_fault_options`, `_mix_option`, `_numbers`, `_program`, `_replay`), what they work on
(`_saved`, `_files` and their `_meaning`, `_cores`), what they do (`_carry_out`,
`_shrinking`) and what they show (`_output`, `_progress`, `_hunt_progress`,
`_annotations`).
"""

from __future__ import annotations

import sys
import traceback

from ._group import harness


__all__ = ["harness", "main"]


def main() -> None:
    """Run the command that the process was started with, and exit."""
    import click

    from harness.errors import HarnessError

    try:
        code = harness.main(prog_name="harness", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        sys.exit(254)
    except click.ClickException as error:
        error.show()
        sys.exit(255)
    except (click.Abort, KeyboardInterrupt):
        click.echo("aborted", err=True)
        sys.exit(255)
    except HarnessError as error:
        click.echo(f"harness: {error}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        place = f": {error.filename}" if error.filename is not None else ""
        click.echo(f"harness: {error.strerror or error}{place}", err=True)
        sys.exit(255)
    except Exception:  # noqa: BLE001 - the last resort, which only tells
        traceback.print_exc()
        click.echo("harness: this is a defect of the harness itself", err=True)
        sys.exit(255)
    sys.exit(code if isinstance(code, int) else 0)
