"""Exit codes."""

from __future__ import annotations

from checkers import Verdict


EXIT_CODES = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.UNKNOWN: 2}
"""The exit code of every verdict, as Maelstrom's."""
