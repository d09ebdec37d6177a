"""`harness convert`: write a history in another format."""

from __future__ import annotations

import io
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from checkers.models import MODELS
from harness.documents import ConvertDocument, encode
from harness.errors import UsageError
from histories import (
    FORMATS,
    WRITABLE,
    HistoryError,
    Run,
    load_history,
    write_format,
)

from ._files import following, load_file
from ._output import put


if TYPE_CHECKING:
    from histories import History, Loaded

_READING = frozenset({"read", "get", "txn"})


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
    help="Where to write; packed if the name ends in .gz, .bz2 or .xz.  "
    "[default: standard output]",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(sorted(FORMATS)),
    help="The format to read.  [default: told by the content]",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print a JSON object; needs --output."
)
@click.option("--quiet", is_flag=True, help="Do not say what was assumed.")
def command(**options: Any) -> int:
    """Write a history in another format.

    RUN_OR_FILE is the folder of a run, a history in any format that `harness check`
    reads, packed or not, or - for standard input. What is written is read again and
    must be the same. What the new format cannot say of it is told, with the options
    of `harness check` that say so.
    """
    place, target_format = options["source"], options["target_format"]
    output: Path | None = options["output"]
    if options["as_json"] and output is None:
        raise UsageError("--json needs --output: both would be on standard output")
    try:
        path = _file(place)
        loaded = load_file(path, file_format=options["file_format"])
        with following(loaded.history, path):
            written = _write(loaded.history, target_format)
            again = _read(written, loaded.history, target_format)
    except HistoryError as error:
        raise UsageError(str(error)) from error
    document = ConvertDocument(
        source=place,
        format=loaded.format,
        output="-" if output is None else str(output),
        to=target_format,
        events=len(loaded.history),
        notes=_notes(loaded),
        options=tuple(_options(loaded, again)),
    )
    if output is not None:
        _save(written, output)
    if options["as_json"]:
        put(encode(document))
        return 0
    if output is None:
        put(written.decode(), nl=False)
    if not options["quiet"]:
        _tell(document)
    return 0


def _file(place: str) -> Path | None:
    """Return the file that is meant; None for standard input.

    Raises:
        UsageError: It is a folder, and no run.
    """
    path = None if place == "-" else Path(place)
    if path is None or not path.is_dir():
        return path
    run = Run(path)
    if not run.history_path.is_file():
        raise UsageError(f"{path} is no run: give a history, or the folder of a run")
    return run.history_path


def _write(history: History, target_format: str) -> bytes:
    """Return a history in a format.

    Raises:
        HistoryError: It cannot be written so.
    """
    file = io.BytesIO()
    write_format(history, target_format, file)
    return file.getvalue()


def _read(written: bytes, history: History, target_format: str) -> Loaded:
    """Return what was written, read again.

    Raises:
        HistoryError: It is not the same.
    """
    again = load_history(io.BytesIO(written), format=target_format)
    if again.history.digest() == history.digest():
        return again
    pairs = zip(history.events(), again.history.events(), strict=False)
    first = next((old for old, new in pairs if old != new), None)
    where = "the last" if first is None else f"the event {first.index}"
    raise HistoryError(
        f"{where}, which would not read back the same",
        f"events that {target_format} can tell",
        f"Use another of {', '.join(WRITABLE)}.",
    )


def _save(written: bytes, output: Path) -> None:
    """Write a file, packed as its name says.

    Raises:
        UsageError: It cannot be written.
    """
    if output.suffix == ".gz":
        import gzip

        written = gzip.compress(written, mtime=0)
    elif output.suffix == ".bz2":
        import bz2

        written = bz2.compress(written)
    elif output.suffix == ".xz":
        import lzma

        written = lzma.compress(written)
    try:
        output.write_bytes(written)
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}") from error


def _notes(loaded: Loaded) -> tuple[str, ...]:
    """Return what was assumed in reading, and what will not be known of it."""
    notes = [*loaded.history.warnings, *loaded.notes]
    if not loaded.has_sessions:
        notes.append(
            "No processes were recorded: each operation is given one of its own, which "
            "the new file does not tell."
        )
    return tuple(notes)


def _options(loaded: Loaded, again: Loaded) -> list[str]:
    """Return the options of `harness check` by which both files mean the same."""
    options = []
    is_known = loaded.model in MODELS
    names_model = is_known and again.model != loaded.model
    if names_model:
        options += ["--model", str(loaded.model)]
    if is_known and again.initial != loaded.initial:
        # Of several registers alone, nothing is said by an empty map.
        initial = {} if loaded.initial is None else loaded.initial
        options += ["--init", msgspec.json.encode(initial).decode()]
    if loaded.independent and (names_model or not again.independent):
        options += ["--independent"]
    if again.nil_read != loaded.nil_read and _has_nil_reads(loaded.history):
        options += ["--nil-read", loaded.nil_read]
    if again.failed_cas != loaded.failed_cas and _has_failed_cas(loaded.history):
        options += ["--failed-cas", loaded.failed_cas]
    if not loaded.has_real_time:
        options += ["--no-real-time"]
    return options


def _has_nil_reads(history: History) -> bool:
    return any(
        operation.f in _READING
        and operation.status == "ok"
        and b"null" in msgspec.json.encode(operation.output)
        for operation in history.operations()
    )


def _has_failed_cas(history: History) -> bool:
    return any(
        operation.f == "cas" and operation.status == "fail"
        for operation in history.operations()
    )


def _tell(document: ConvertDocument) -> None:
    """Say what there is to say, where it is not in the way of the history."""
    for note in document.notes:
        click.echo(f"harness: {note}", err=True)
    if document.options:
        place = "FILE" if document.output == "-" else document.output
        command = shlex.join(["harness", "check", place, *document.options])
        click.echo(
            f"harness: {document.to} does not say all of that: judge it alike by "
            f"`{command}`",
            err=True,
        )
    if document.output != "-":
        click.echo(
            f"{document.output}: {document.events:,} events as {document.to}", err=True
        )
