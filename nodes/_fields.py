"""The fields of a request, taken for no more than they are."""

from __future__ import annotations

from .errors import MALFORMED_REQUEST, RpcError


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from .runtime import Body

    T = TypeVar("T")


def require(body: Body, name: str, kind: type[T]) -> T:
    """Return a field of a request; answer error 12 if it is absent or ill-typed.

    The kind `object` takes any value. An `int` is a whole number: not true, not 1.0.
    """
    value = body.get(name)
    is_whole = kind is not int or type(value) is int
    if name in body and isinstance(value, kind) and is_whole:
        return value
    found = repr(value) if name in body else "nothing"
    text = f"{body.get('type')} needs {name!r} of type {kind.__name__}, found {found}"
    raise RpcError(MALFORMED_REQUEST, text)


def decoded(
    body: Body, name: str, decode: Callable[[Any], T], default: object = None
) -> T:
    """Return what a field is decoded to; answer error 12 if that raises ValueError.

    What is decoded of a field that is absent is the default.
    """
    try:
        return decode(body.get(name, default))
    except ValueError as error:
        raise RpcError(MALFORMED_REQUEST, f"{name}: {error}") from None
