"""What goes wrong with the kernel; a kernel that is missing is no error unless forced.

KernelError
├── KernelMissing    HARNESS_KERNEL=native, and there is no library that fits
└── KernelFault      the library refused its arguments, or failed
"""

from __future__ import annotations


class KernelError(Exception):
    """Base class; also raised for a value of HARNESS_KERNEL that means nothing."""


class KernelMissing(KernelError):  # noqa: N818 # says what is the matter
    """The native kernel is asked for by name, and cannot be had."""


class KernelFault(KernelError):  # noqa: N818 # says what is the matter
    """The library refused its arguments, or failed: an error in this project."""
