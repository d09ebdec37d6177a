"""What the error codes of the protocol mean, as data; `nodes.errors` has the codes.

An error is *definite* if it says that the request did not take effect and never
will. After any other error, as after silence, the request may have taken effect.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from nodes.errors import (
    ABORT,
    CRASH,
    KEY_ALREADY_EXISTS,
    KEY_DOES_NOT_EXIST,
    MALFORMED_REQUEST,
    NODE_NOT_FOUND,
    NOT_SUPPORTED,
    PRECONDITION_FAILED,
    TEMPORARILY_UNAVAILABLE,
    TIMEOUT,
    TXN_CONFLICT,
)


if TYPE_CHECKING:
    from collections.abc import Mapping


class ErrorKind(msgspec.Struct, frozen=True):
    """One error code.

    Attributes:
        code: The number in the message.
        name: Its name in histories and reports.
        definite: Whether the request certainly did not take effect.
        doc: What it means, in a sentence.
    """

    code: int
    name: str
    definite: bool
    doc: str


ERRORS: Mapping[int, ErrorKind] = MappingProxyType(
    {
        kind.code: kind
        for kind in (
            ErrorKind(
                TIMEOUT,
                "timeout",
                definite=False,
                doc="The request did not complete in time; it may have taken effect.",
            ),
            ErrorKind(
                NODE_NOT_FOUND,
                "node-not-found",
                definite=True,
                doc="The request was sent to a node that does not exist.",
            ),
            ErrorKind(
                NOT_SUPPORTED,
                "not-supported",
                definite=True,
                doc="The receiver does not know this type of request.",
            ),
            ErrorKind(
                TEMPORARILY_UNAVAILABLE,
                "temporarily-unavailable",
                definite=True,
                doc="The receiver cannot execute the request now; a retry may succeed.",
            ),
            ErrorKind(
                MALFORMED_REQUEST,
                "malformed-request",
                definite=True,
                doc="A field of the request is missing or of the wrong type.",
            ),
            ErrorKind(
                CRASH,
                "crash",
                definite=False,
                doc="The receiver failed while it executed the request.",
            ),
            ErrorKind(
                ABORT,
                "abort",
                definite=True,
                doc="The receiver gave the request up, without any effect.",
            ),
            ErrorKind(
                KEY_DOES_NOT_EXIST,
                "key-does-not-exist",
                definite=True,
                doc="The request needs a key that is absent.",
            ),
            ErrorKind(
                KEY_ALREADY_EXISTS,
                "key-already-exists",
                definite=True,
                doc="The request creates a key that is present.",
            ),
            ErrorKind(
                PRECONDITION_FAILED,
                "precondition-failed",
                definite=True,
                doc="The state is not the one that the request demands.",
            ),
            ErrorKind(
                TXN_CONFLICT,
                "txn-conflict",
                definite=True,
                doc="The transaction conflicts with another one and was aborted.",
            ),
        )
    }
)
"""Every code that the protocol defines; 1000 and above are free for users."""


def error(code: int, text: str) -> dict[str, Any]:
    """Return the body of an error reply, without `in_reply_to`."""
    return {"type": "error", "code": code, "text": text}


def is_definite(code: object) -> bool:
    """Tell whether a reply with this code means that nothing happened.

    Only a code of `ERRORS` can: an unknown or missing one leaves it open.
    """
    kind = ERRORS.get(code) if type(code) is int else None
    return kind is not None and kind.definite
