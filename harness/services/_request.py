"""What a key-value request is, and what it does to one key.

Keys and values are any JSON. Two are the same if their canonical JSON text is: object
keys in any order, but `1`, `1.0`, `true` and `"1"` are four different values. A stored
null is a present value.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from nodes.errors import (
    KEY_DOES_NOT_EXIST,
    MALFORMED_REQUEST,
    NOT_SUPPORTED,
    PRECONDITION_FAILED,
)

from .errors import error


_ENCODER: Final = msgspec.json.Encoder(order="deterministic")

_FIELDS: Final = {
    "read": ("key",),
    "write": ("key", "value"),
    "cas": ("key", "from", "to"),
}


class Value(msgspec.Struct, frozen=True):
    """A JSON value with what makes it equal to others.

    Attributes:
        json: The value.
        identity: Hashable, and equal for two values exactly if they are the same.
    """

    json: Any
    identity: str | int | bytes


class Request(msgspec.Struct, frozen=True):
    """A well-formed request of a key-value store.

    Attributes:
        type: `read`, `write` or `cas`.
        key: The key.
        value: What to store; None for a read.
        expected: What a cas demands to find; None for other types.
        create: Whether a cas on an absent key stores `value` instead of failing.
    """

    type: str
    key: Value
    value: Value | None = None
    expected: Value | None = None
    create: bool = False


def identify(json: Any) -> Value:
    """Return the value with its identity."""
    # Nearly all keys and values are strings and small integers, which are their own
    # identity; the exact type test keeps `true` (a bool is an int) out.
    if type(json) is str or type(json) is int:
        return Value(json, json)
    return Value(json, _ENCODER.encode(json))


def parse_request(service: str, body: dict[str, Any]) -> Request | dict[str, Any]:
    """Return the request in `body`, or the error reply that it deserves."""
    kind = body.get("type")
    if not isinstance(kind, str):
        return error(MALFORMED_REQUEST, "a request needs a field type, a string")
    fields = _FIELDS.get(kind)
    if fields is None:
        known = "read, write and cas"
        return error(NOT_SUPPORTED, f"{service} knows {known}, not {kind!r}")
    for field in fields:
        if field not in body:
            return error(MALFORMED_REQUEST, f"a {kind} needs a field {field}")
    create = body.get("create_if_not_exists")
    if create is not None and not isinstance(create, bool):
        return error(MALFORMED_REQUEST, "create_if_not_exists is true or false")
    try:
        key = identify(body["key"])
        if kind == "read":
            return Request(kind, key)
        if kind == "write":
            return Request(kind, key, identify(body["value"]))
        to, expected = identify(body["to"]), identify(body["from"])
    except RecursionError:
        return error(MALFORMED_REQUEST, "a key or value is nested too deep")
    return Request(kind, key, to, expected, create is True)


def execute(
    request: Request, stored: Value | None
) -> tuple[dict[str, Any], Value | None]:
    """Execute a request on a key that holds `stored`, or is absent if that is None.

    Returns:
        The reply, and the value to store under the key; None to leave it alone.
    """
    if request.type == "write":
        return {"type": "write_ok"}, request.value
    if stored is None:
        if request.create:
            return {"type": "cas_ok"}, request.value
        return error(KEY_DOES_NOT_EXIST, "key does not exist"), None
    if request.type == "read":
        return {"type": "read_ok", "value": stored.json}, None
    expected = request.expected
    assert expected is not None, "a parsed cas has what it expects"
    if stored.identity != expected.identity:
        found, wanted = _text(stored), _text(expected)
        return error(PRECONDITION_FAILED, f"expected {wanted}, but had {found}"), None
    return {"type": "cas_ok"}, request.value


def _text(value: Value) -> str:
    return _ENCODER.encode(value.json).decode()
