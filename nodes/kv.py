"""A key-value service of the harness (`lin-kv`, `seq-kv`, `lww-kv`), seen by a node.

What to do when the service does not answer in time depends on the step.

* A `read` changes nothing, so it fails with code 11, *temporarily unavailable*: a
  client may count on nothing having happened.
* A `write` or `cas` that got no answer may have taken effect, may take effect later,
  or never. It raises `RpcTimeout`, which a handler had better let through: the client
  then gets code 0, which says that nobody knows. Repeating the step is no way out,
  because then it can happen twice.
"""

from __future__ import annotations

from .errors import (
    KEY_DOES_NOT_EXIST,
    PRECONDITION_FAILED,
    TEMPORARILY_UNAVAILABLE,
    RpcError,
    RpcTimeout,
)


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .runtime import Node

TIMEOUT_S = 2.0


class KV:
    """Reads and writes keys of one service on behalf of one node."""

    def __init__(self, node: Node, service: str, timeout_s: float = TIMEOUT_S) -> None:
        self._node = node
        self._service = service
        self._timeout_s = timeout_s

    async def read(self, key: str, default: Any) -> Any:
        """Return the value of a key, or the default if there is no such key."""
        return (await self.read_all([key], default))[0]

    async def read_all(self, keys: Iterable[str], default: Any) -> list[Any]:
        """Read several keys at the same time, though not at one instant."""
        promises = [
            self._node.rpc(self._service, {"type": "read", "key": key}, self._timeout_s)
            for key in keys
        ]
        values = []
        for promise in promises:
            try:
                values.append((await promise)["value"])
            except RpcTimeout:
                text = f"{self._service} did not answer a read"
                raise RpcError(TEMPORARILY_UNAVAILABLE, text) from None
            except RpcError as error:
                if error.code != KEY_DOES_NOT_EXIST:
                    raise
                values.append(default)
        return values

    async def write(self, key: str, value: Any) -> None:
        """Give a key a value, whatever it was."""
        body = {"type": "write", "key": key, "value": value}
        await self._node.rpc(self._service, body, self._timeout_s)

    async def cas(self, key: str, old: Any, new: Any) -> bool:
        """Swap the old value for the new; False if the key has another value.

        A key that does not exist yet is created with the new value.
        """
        body = {"type": "cas", "key": key, "from": old, "to": new}
        body["create_if_not_exists"] = True
        try:
            await self._node.rpc(self._service, body, self._timeout_s)
        except RpcError as error:
            if error.code != PRECONDITION_FAILED:
                raise
            return False
        return True
