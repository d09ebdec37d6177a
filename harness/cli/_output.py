"""Prints what a command found, to whoever still listens."""

from __future__ import annotations

import os
import sys

import click


def shows_color() -> bool:
    """Return whether standard output is a terminal; it may not be open at all."""
    return bool(sys.stdout) and sys.stdout.isatty()


def put(text: str, *, nl: bool = True) -> None:
    """Print a text; a reader who left early changes nothing about the exit code."""
    try:
        click.echo(text, nl=nl)
    except BrokenPipeError:
        # What is still buffered goes nowhere, else the interpreter fails at its end.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
