"""Requests as data: declared once, they make clients, validation and documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec


if TYPE_CHECKING:
    from collections.abc import Mapping

FieldType = Literal["any", "integer", "string", "list", "object"]


class Field(msgspec.Struct, frozen=True):
    """A field of a body.

    Attributes:
        type: What it holds. An `integer` is told, not enforced: a reply with another
            value is recorded as it came, for the checker to judge.
        doc: What it means.
        optional: Whether a reply may go without it.
    """

    type: FieldType
    doc: str = ""
    optional: bool = False


class Rpc(msgspec.Struct, frozen=True):
    """A request type and its reply, whose type is the request's with `_ok`.

    Attributes:
        name: The request's `type`.
        doc: What it asks for.
        request: Fields of the request besides `type` and `msg_id`.
        reply: Fields of the reply besides `type`, `in_reply_to` and `msg_id`.
    """

    name: str
    doc: str
    request: Mapping[str, Field] = {}
    reply: Mapping[str, Field] = {}

    @property
    def reply_name(self) -> str:
        """The reply's `type`."""
        return f"{self.name}_ok"


class Call(msgspec.Struct, frozen=True):
    """How an operation is carried out by one request.

    Attributes:
        rpc: The request.
        argument: The request's field that carries the operation's value, if any.
        arguments: The request's fields that are taken from the operation's value,
            which then is an object; what else it holds stays in the history.
        result: The reply's field that becomes the value of the completion; without
            one the invoked value stands.
        beside: The reply's fields that go with the result; if a reply has any, the value
            of the completion is an object of the result and of these.
        results: The reply's fields that are added to the operation's value, which
            then is an object or null; without those that a reply may go without.
        idempotent: Whether an operation without a known outcome may be called failed,
            because it has no effect.
    """

    rpc: Rpc
    argument: str | None = None
    arguments: tuple[str, ...] = ()
    result: str | None = None
    beside: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    idempotent: bool = False

    def body(
        self, number: int, value: Any, fields: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the body of the request that carries out an operation.

        Args:
            number: The `msg_id`.
            value: The value of the operation.
            fields: Further fields.
        """
        body = {"type": self.rpc.name, "msg_id": number, **fields}
        if self.argument is not None:
            body[self.argument] = value
        for name in self.arguments:
            body[name] = value[name]
        return body

    def completed(self, value: Any, body: Mapping[str, Any]) -> Any:
        """Return the value of the completion that a proper reply means."""
        if self.result is not None:
            beside = {name: body[name] for name in self.beside if name in body}
            result = body[self.result]
            return {self.result: result, **beside} if beside else result
        if self.results:
            given = value if isinstance(value, dict) else {}
            return {
                **given,
                **{name: body[name] for name in self.results if name in body},
            }
        return value


class MalformedBodyError(Exception):
    """A body that is not what the protocol asks for; the message says how."""


_decode = msgspec.json.Decoder().decode


def decode_body(body: bytes) -> dict[str, Any]:
    """Return a body as it was decoded.

    Raises:
        MalformedBodyError: It is no JSON object, or none that can be represented.
    """
    try:
        value = _decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedBodyError(f"a body that cannot be read ({error})") from error
    if not isinstance(value, dict):
        raise MalformedBodyError("a body that is not an object")
    return value


_ENVELOPE_FIELDS = frozenset({"type", "in_reply_to", "msg_id"})
_PYTHON_TYPES: Mapping[FieldType, type] = {"string": str, "list": list, "object": dict}


class ReplyReader:
    """Reads replies to one kind of call.

    Attributes:
        call: The call.
    """

    def __init__(self, call: Call) -> None:
        self.call = call
        self._allowed = _ENVELOPE_FIELDS | call.rpc.reply.keys()
        self._typed = tuple(
            (name, _PYTHON_TYPES.get(field.type))
            for name, field in call.rpc.reply.items()
        )

    def read(self, invoked: Any, body: dict[str, Any]) -> Any:
        """Return the value of the completion.

        Raises:
            MalformedBodyError: The type is wrong or a field is missing or ill-typed.
        """
        rpc = self.call.rpc
        if body.get("type") != rpc.reply_name:
            raise MalformedBodyError(
                f"type {body.get('type')!r}, expected {rpc.reply_name!r}"
            )
        for name, expected in self._typed:
            if name not in body:
                if rpc.reply[name].optional:
                    continue
                raise MalformedBodyError(f"no field {name!r}")
            if expected is not None and not isinstance(body[name], expected):
                raise MalformedBodyError(
                    f"field {name!r} is {body[name]!r}, "
                    f"expected a JSON {rpc.reply[name].type}"
                )
        return self.call.completed(invoked, body)

    def extra_fields(self, body: dict[str, Any]) -> list[str]:
        """Return the fields that the reply should not have."""
        return sorted(body.keys() - self._allowed)
