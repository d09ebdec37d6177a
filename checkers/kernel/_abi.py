"""The C interface of the library, declared once: `src/abi.rs` in Python's words.

Only imported where a library is loaded, because ctypes costs some milliseconds.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, TypeAlias


if TYPE_CHECKING:
    from array import array
    from pathlib import Path


VERSION = 10
"""Of the interface that is declared here; the library has to say the same."""

MESSAGE_BYTES = 256

NONE = 2**32 - 1  # no operation

# Outcomes and reasons to stop, as `src/abi.rs` numbers them.
NO, YES, UNKNOWN, UNFIT = range(4)
STOP_NODES, STOP_MEMORY, STOP_DEADLINE, STOP_CANCELLED, STOP_FAILED, STOP_LEFT = range(
    1, 7
)

CIRCLE = 7  # in place of a reason to stop: why it is no
BY_UNIQUE, BY_OVERWRITTEN = 8, 9  # there too: what has decided instead of a search

# Returns the state after an operation of a class; -1: illegal; less: end the search.
# The state is in the upper half of the argument.
Step = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_uint64)
# Returns whether a state may lead to one where a class is legal; -1: end the search.
CanLead = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_uint64)
# Takes numbers, which are there until it returns.
Take = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
# Returns whether to stop.
Poll = ctypes.CFUNCTYPE(ctypes.c_uint32, ctypes.c_void_p)

Numbers: TypeAlias = "array[int] | bytes | bytearray"


class Slice(ctypes.Structure):
    """An array and its length. Whoever makes one keeps the array alive."""

    _fields_ = (("data", ctypes.c_void_p), ("length", ctypes.c_size_t))


class Problem(ctypes.Structure):
    """Operations, and what they do: to a register, or by a step function."""

    _fields_ = (
        ("openings", Slice),
        ("calls", Slice),
        ("returns", Slice),
        ("processes", Slice),
        ("classes", Slice),
        ("kinds", Slice),
        ("a", Slice),
        ("b", Slice),
        ("keys", Slice),
        ("pure", Slice),
        ("step", Step),
        ("can_lead", CanLead),
    )


class RegisterThreads(ctypes.Structure):
    """Operations on several registers, by thread."""

    _fields_ = (
        ("begins", Slice),
        ("operations", Slice),
        ("key", Slice),
        ("source", Slice),
        ("writes", Slice),
        ("behind", Slice),
        ("key_count", ctypes.c_size_t),
        ("take", Take),
        ("context", ctypes.c_void_p),
    )


class CounterThreads(ctypes.Structure):
    """Operations on a counter, by thread."""

    _fields_ = (
        ("begins", Slice),
        ("operations", Slice),
        ("waits", Slice),
        ("places", Slice),
        ("delta", Slice),
        ("read", Slice),
    )


class Test(ctypes.Structure):
    """A problem for a polynomial test, and room for what it finds."""

    _fields_ = (
        ("test", ctypes.c_uint32),
        ("nothing", ctypes.c_uint32),
        ("openings", Slice),
        ("calls", Slice),
        ("returns", Slice),
        ("processes", Slice),
        ("classes", Slice),
        ("roles", Slice),
        ("marks", Slice),
        ("a", Slice),
        ("b", Slice),
        ("first", Slice),
        ("ranks", Slice),
        ("value_count", ctypes.c_size_t),
        ("in_real_time", ctypes.c_uint32),
        ("numbers", ctypes.c_void_p),
        ("capacity", ctypes.c_size_t),
        ("operation_count", ctypes.c_size_t),
        ("fact_count", ctypes.c_size_t),
        ("outcome", ctypes.c_uint32),
        ("violation", ctypes.c_uint32),
    )


class Limits(ctypes.Structure):
    """What a search may spend."""

    _fields_ = (
        ("nodes", ctypes.c_uint64),
        ("entries", ctypes.c_uint64),
        ("nanoseconds", ctypes.c_uint64),
        ("strategy", ctypes.c_uint32),
        ("threads", ctypes.c_uint32),
        ("flag", ctypes.c_void_p),
        ("poll", Poll),
        ("context", ctypes.c_void_p),
    )


class Answer(ctypes.Structure):
    """What came out, and room for an order of all operations."""

    _fields_ = (
        ("order", ctypes.c_void_p),
        ("capacity", ctypes.c_size_t),
        ("length", ctypes.c_size_t),
        ("nodes", ctypes.c_uint64),
        ("state", ctypes.c_uint32),
        ("outcome", ctypes.c_uint32),
        ("stop", ctypes.c_uint32),
        ("stuck", ctypes.c_uint32),
        ("open", ctypes.c_uint64),
    )


def load(path: Path) -> ctypes.CDLL:
    """Load a library and declare its functions.

    Raises:
        OSError: It cannot be loaded.
        AttributeError: It lacks a function.
    """
    library = ctypes.CDLL(str(path))
    library.kernel_version.argtypes = ()
    library.kernel_version.restype = ctypes.c_uint32
    library.kernel_search.argtypes = (
        ctypes.POINTER(Problem),
        ctypes.POINTER(Answer),
        ctypes.c_size_t,
        ctypes.POINTER(Limits),
        ctypes.c_char_p,
        ctypes.c_size_t,
    )
    library.kernel_search.restype = ctypes.c_int32
    library.kernel_unique.argtypes = (
        ctypes.POINTER(Problem),
        ctypes.POINTER(Answer),
        ctypes.c_char_p,
        ctypes.c_size_t,
    )
    library.kernel_unique.restype = ctypes.c_int32
    library.kernel_test.argtypes = (
        ctypes.POINTER(Test),
        ctypes.c_char_p,
        ctypes.c_size_t,
    )
    library.kernel_test.restype = ctypes.c_int32
    library.kernel_decide.argtypes = (
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_size_t,
        ctypes.c_void_p,
        ctypes.c_uint64,
        ctypes.c_char_p,
        ctypes.c_size_t,
    )
    library.kernel_decide.restype = ctypes.c_int32
    for name, threads in (
        ("kernel_registers", RegisterThreads),
        ("kernel_counter", CounterThreads),
    ):
        function = getattr(library, name)
        function.argtypes = (
            ctypes.POINTER(threads),
            ctypes.POINTER(Answer),
            ctypes.POINTER(Limits),
            ctypes.c_char_p,
            ctypes.c_size_t,
        )
        function.restype = ctypes.c_int32
    return library


def sliced(numbers: Numbers) -> Slice:
    """Return where an array is. It must not grow, nor die, while that is in use."""
    if isinstance(numbers, bytes):
        address = ctypes.cast(ctypes.c_char_p(numbers), ctypes.c_void_p).value
        return Slice(address, len(numbers))
    if isinstance(numbers, bytearray):
        if not numbers:
            return Slice(None, 0)
        return Slice(ctypes.addressof(ctypes.c_char.from_buffer(numbers)), len(numbers))
    return Slice(*numbers.buffer_info())
