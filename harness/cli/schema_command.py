"""`harness schema`: the JSON Schema of what `--json` prints."""

from __future__ import annotations

import click
import msgspec

from harness.documents import DOCUMENTS
from harness.schema import json_schema, tag_of

from ._output import put


@click.command(name="schema", epilog="Exit codes: 0 printed, 254 usage.")
@click.argument(
    "name",
    metavar="[COMMAND]",
    required=False,
    type=click.Choice([tag_of(document) for document in DOCUMENTS]),
)
def command(name: str | None) -> None:
    """Print the JSON Schema of what COMMAND prints with --json; of all without.

    Every document names its command and the version of the schema. Within a version
    fields are added, and none is taken away or changes its meaning.
    """
    text = msgspec.json.format(msgspec.json.encode(json_schema(name)), indent=2)
    put(text.decode())
