"""Errors of the protocol: the codes, and the exceptions that carry them.

    RpcError            an error reply, received or to be sent
    └── RpcTimeout      no reply came in time; code 0

Raised in a handler, an `RpcError` becomes the error reply to the request. A code
is *definite* when the request certainly did not take effect; `TIMEOUT` and `CRASH`
are not, so a client has to reckon with the effect at any later time.
"""

from __future__ import annotations


TIMEOUT = 0
NODE_NOT_FOUND = 1
NOT_SUPPORTED = 10
TEMPORARILY_UNAVAILABLE = 11
MALFORMED_REQUEST = 12
CRASH = 13
ABORT = 14
KEY_DOES_NOT_EXIST = 20
KEY_ALREADY_EXISTS = 21
PRECONDITION_FAILED = 22
TXN_CONFLICT = 30


class RpcError(Exception):
    """An error reply: raise it to send one, catch it when an RPC brought one.

    Attributes:
        code: One of the codes above, or 1000 and more for errors of your own.
        text: What happened, for a human reader.
    """

    def __init__(self, code: int, text: str = "") -> None:
        super().__init__(f"error {code}: {text}" if text else f"error {code}")
        self.code = code
        self.text = text


class RpcTimeout(RpcError):  # noqa: N818  a timeout is what it is called everywhere
    """No reply came in time, so whether the request took effect is unknown.

    Left uncaught in a handler it is passed on as code 0, which says just that.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__(TIMEOUT, text)
