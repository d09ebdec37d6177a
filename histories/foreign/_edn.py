"""Histories in EDN: Jepsen's maps, Knossos' tuples, Porcupine's key-value logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from histories._columns import TYPES
from histories.edn import read_forms

from ._detection import is_wrapped
from ._records import Records


if TYPE_CHECKING:
    from collections.abc import Callable

    from ._loaded import Parsed
    from ._source import Source


_TUPLE_KEYS = ("process", "type", "f", "value", "error")
_TUPLE_LENGTHS = frozenset({3, 4, 5})
_OUR_NAMES = {"get": "read", "put": "write"}


def read_operations(source: Source) -> Parsed:
    """Read operation maps or tuples: one after the other, or in one vector or list."""
    return _read(source, _record)


def read_keyed_operations(source: Source) -> Parsed:
    """Read operation maps with a key each, as Porcupine's tests have them."""
    parsed = _read(source, _keyed_record)
    note = (
        "Every value is made a pair [key, value]; get and put are called read and "
        "write; every key is an empty string at first."
    )
    return parsed._replace(notes=[note, *parsed.notes])


def _read(source: Source, record: Callable[[Any], Any]) -> Parsed:
    records = Records(source.name)
    for forms in read_forms(source.file, source=source.name, unwrap=is_wrapped(source)):
        records.take(forms.lines, map(record, forms.values))
    return records.finish()


def _record(form: Any) -> Any:
    """Return the operation map that a form is, or that a tuple stands for."""
    if type(form) is list and len(form) in _TUPLE_LENGTHS and form[1] in TYPES:
        return dict(zip(_TUPLE_KEYS, form, strict=False))
    return form


def _keyed_record(form: Any) -> Any:
    if isinstance(form, dict) and "key" in form:
        form["value"] = [form.pop("key"), form.get("value")]
        if isinstance(f := form.get("f"), str):
            form["f"] = _OUR_NAMES.get(f, f)
    return form
