"""The formats of histories, and what is meant by what is ambiguous in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec


if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._loaded import FailedCas, NilRead


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """A format of histories.

    Attributes:
        doc: What it is, in a few words.
        nil_read: What a read that returned nil says in it.
        failed_cas: What a failed cas says in it.
        initial: What every object holds at first.
        leaves_initial: Whether tests that write it start several registers with values
            that it does not tell.
    """

    doc: str
    nil_read: NilRead = "unknown"
    failed_cas: FailedCas = "drop"
    initial: Any = None
    leaves_initial: bool = False


FORMATS: Mapping[str, Format] = {
    "jsonl": Format(doc="JSON lines, an event each", nil_read="value"),
    "jepsen-edn": Format(doc="EDN maps, an event each", leaves_initial=True),
    "jepsen-json": Format(
        doc="JSON objects, an event each, as elle-cli takes them", leaves_initial=True
    ),
    "knossos-edn": Format(
        doc="EDN tuples [process type f value], an event each", leaves_initial=True
    ),
    "porcupine-jepsen-log": Format(
        doc="log lines of Jepsen, an event each, as Porcupine reads them",
        nil_read="value",
        failed_cas="assert",
    ),
    "porcupine-kv-log": Format(
        doc="EDN maps with a key, an event each, as Porcupine reads them",
        nil_read="value",
        initial="",
    ),
    "awdit": Format(doc="sessions of transactions as text"),
}
"""Formats by name."""
