"""The JSON Schema of what `--json` prints, made of the documents themselves."""

from __future__ import annotations

import inspect
import re
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import msgspec

from .documents import DOCUMENTS, SCHEMA


if TYPE_CHECKING:
    from collections.abc import Mapping

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TITLE = f"What harness prints with --json, version {SCHEMA}"
_ATTRIBUTES = "Attributes:"
_ATTRIBUTE = re.compile(r"^(\w+): ", re.MULTILINE)
_IN_JSON = {"None": "null", "True": "true", "False": "false"}
_CONSTANT = re.compile(rf"\b({'|'.join(_IN_JSON)})\b")


def json_schema(command: str | None = None) -> dict[str, Any]:
    """Return the schema of the documents of a command; None: of any.

    A document may have more fields than the schema knows, as later releases add some.
    """
    documents: list[Any] = [
        document for document in DOCUMENTS if command in {None, tag_of(document)}
    ]
    assert documents, "the command has a document"
    schema = msgspec.json.schema(reduce(or_, documents))
    definitions = schema.pop("$defs")
    for definition in definitions.values():
        _describe(definition)
    for document in documents:
        definition = definitions[document.__name__]
        # It has a default for who writes a document, and is always there to read.
        definition["required"].insert(1, "schema")
        definition["properties"]["schema"]["description"] = "The version."
    head = {"$schema": _DIALECT, "title": _TITLE, "description": _promise()}
    return head | schema | {"$defs": dict(sorted(definitions.items()))}


def tag_of(document: type[msgspec.Struct]) -> str:
    """Return the name of the command that prints a document."""
    tag = document.__struct_config__.tag
    assert isinstance(tag, str), "every document names its command"
    return tag


def _promise() -> str:
    """Return what holds for all documents, as the module of them says it."""
    from . import documents

    assert documents.__doc__ is not None, "it says what it is"
    _, _, promise = documents.__doc__.partition("\n\n")
    return _told(promise)


def _describe(definition: dict[str, Any]) -> None:
    """Give fields the descriptions that their class has for them."""
    text = inspect.cleandoc(definition.get("description", ""))
    about, _, listed = text.partition(_ATTRIBUTES)
    properties: Mapping[str, dict[str, Any]] = definition.get("properties", {})
    _, *parts = _ATTRIBUTE.split(inspect.cleandoc(listed))
    for name, told in zip(parts[::2], parts[1::2], strict=True):
        if name in properties:
            properties[name]["description"] = _told(told)
    if text:
        definition["description"] = _told(about)


def _told(text: str) -> str:
    """Return a text as a line a paragraph, with constants as JSON has them."""
    lines = [" ".join(part.split()) for part in text.strip().split("\n\n")]
    return _CONSTANT.sub(lambda match: _IN_JSON[match[0]], "\n".join(lines))
