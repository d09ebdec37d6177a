"""What can go wrong for a user of the harness.

HarnessError            exit code 255: the harness could not do its work
└── UsageError          exit code 254: the command or its arguments are wrong
"""

from __future__ import annotations


class HarnessError(Exception):
    """The harness could not go on; the message says what to do."""

    exit_code = 255


class UsageError(HarnessError):
    """The user asked for something that cannot be; the message says what can."""

    exit_code = 254
