"""The services that nodes may call: key-value stores and a timestamp oracle.

Reading order: `_service` (what a service is), `errors` (the codes of the protocol, as
data), `_request` (what a key-value request is and what it does to one key), then one
store a module: `_lin_kv`, `_seq_kv`, `_lww_kv`, and the oracle `_lin_tso`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from ._lin_kv import LinKv
from ._lin_tso import LinTso
from ._lww_kv import LwwKv
from ._seq_kv import SeqKv
from ._service import Service
from .errors import ERRORS, ErrorKind, error, is_definite


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


__all__ = [
    "ERRORS",
    "SERVICES",
    "ErrorKind",
    "LinKv",
    "LinTso",
    "LwwKv",
    "SeqKv",
    "Service",
    "error",
    "is_definite",
]

SERVICES: Mapping[str, Callable[[], Service]] = MappingProxyType(
    {
        "lin-kv": LinKv,
        "lin-tso": LinTso,
        "lww-kv": LwwKv,
        "seq-kv": SeqKv,
    }
)
"""Makes a fresh service, by the address under which nodes reach it."""
