"""The fields of a request, taken for no more than they are."""

from __future__ import annotations

from .errors import MALFORMED_REQUEST, RpcError


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import TypeVar

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
