"""`harness convert`: write a history in another format."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness.errors import UsageError
from histories import (
    FORMATS,
    WRITABLE,
    HistoryError,
    Run,
    load_history,
    write_format,
)

from ._files import load_file
from ._output import put


if TYPE_CHECKING:
    from histories import Loaded


@click.command(
    name="convert",
    epilog="Exit codes: 0 converted, 254 usage, 255 crashed.",
)
@click.argument("source", metavar="RUN_OR_FILE")
@click.option(
    "--to",
    "target_format",
    required=True,
    type=click.Choice(list(WRITABLE)),
    help="The format to write.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write; packed if the name ends in .gz.  [default: standard output]",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(sorted(FORMATS)),
    help="The format to read.  [default: told by the content]",
)
@click.option("--quiet", is_flag=True, help="Do not say what was assumed.")
def command(**options: Any) -> int:
    """Write a history in another format.

    RUN_OR_FILE is the folder of a run, a history in any format that `harness check`
    reads, packed or not, or - for standard input. What is written is read again and
    must be the same.
    """
    place, target_format = options["source"], options["target_format"]
    path = None if place == "-" else Path(place)
    if path is not None and path.is_dir():
        run = Run(path)
        if not run.history_path.is_file():
            raise UsageError(
                f"{path} is no run: give a history, or the folder of a run"
            )
        path = run.history_path
    try:
        loaded = load_file(path, file_format=options["file_format"])
        written = _written(loaded, target_format)
    except HistoryError as error:
        raise UsageError(str(error)) from error
    if not options["quiet"]:
        for note in (*loaded.history.warnings, *_notes(loaded, target_format)):
            click.echo(f"harness: {note}", err=True)
    output: Path | None = options["output"]
    if output is None:
        put(written.decode(), nl=False)
    else:
        packed = output.suffix == ".gz"
        output.write_bytes(gzip.compress(written, mtime=0) if packed else written)
    if options["quiet"] or output is None:
        return 0
    click.echo(f"{output}: {len(loaded.history):,} events as {target_format}", err=True)
    return 0


def _written(loaded: Loaded, target_format: str) -> bytes:
    """Return a history in a format, in which it reads back the same.

    Raises:
        HistoryError: It cannot be written so.
    """
    file = io.BytesIO()
    write_format(loaded.history, target_format, file)
    file.seek(0)
    again = load_history(file, format=target_format).history
    if again.digest() != loaded.history.digest():
        pairs = zip(loaded.history.events(), again.events(), strict=False)
        first = next((old for old, new in pairs if old != new), None)
        where = "the last" if first is None else f"the event {first.index}"
        raise HistoryError(
            f"{where}, which would not read back the same",
            f"events that {target_format} can tell",
            f"Use another of {', '.join(WRITABLE)}.",
        )
    return file.getvalue()


def _notes(loaded: Loaded, target_format: str) -> list[str]:
    """Return what a reader of the new file has to be told besides."""
    target = FORMATS[target_format]
    notes = []
    functions = {
        operation.f: operation
        for operation in loaded.history.operations()
        if (
            operation.f == "read"
            and operation.status == "ok"
            and operation.output is None
        )
        or (operation.f == "cas" and operation.status == "fail")
    }
    if "read" in functions and target.nil_read != loaded.nil_read:
        notes.append(
            f"a read of nil is taken as {target.nil_read} in {target_format}: "
            f"check it with --nil-read {loaded.nil_read}"
        )
    if "cas" in functions and target.failed_cas != loaded.failed_cas:
        notes.append(
            f"a failed cas is taken as {target.failed_cas} in {target_format}: "
            f"check it with --failed-cas {loaded.failed_cas}"
        )
    if target.initial != loaded.initial:
        notes.append(
            f"objects hold {loaded.initial!r} at first, which {target_format} does not "
            "say: check it with --init"
        )
    if len(loaded.history) and not loaded.has_times:
        notes.append("no times were recorded: all events have the same")
    return notes
