"""What nodes do against the protocol, counted, with the first evidence of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from histories import Problem


if TYPE_CHECKING:
    from .agenda import Agenda

EVIDENCE_LIMIT = 2_000
"""Characters of evidence that are kept."""


def clip(text: str, limit: int = 120) -> str:
    """Return a text short enough to stand in a sentence."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


class ProblemLog:
    """Problems in order of first occurrence; memory bounded by kinds and nodes."""

    def __init__(self, agenda: Agenda) -> None:
        self._agenda = agenda
        self._problems: dict[tuple[str, str | None], Problem] = {}

    def note(
        self, kind: str, node: str | None, sentence: str, evidence: str = ""
    ) -> None:
        """Count an occurrence; the first of a kind and node keeps its evidence."""
        key = kind, node
        known = self._problems.get(key)
        if known is not None:
            self._problems[key] = msgspec.structs.replace(known, count=known.count + 1)
            return
        self._problems[key] = Problem(
            kind=kind,
            node=node,
            sentence=sentence,
            evidence=clip(evidence, EVIDENCE_LIMIT),
            time=self._agenda.now,
        )

    def has(self, kind: str, node: str) -> bool:
        """Return whether that kind was seen at that node."""
        return (kind, node) in self._problems

    def all(self) -> tuple[Problem, ...]:
        """Return every problem with its count."""
        return tuple(self._problems.values())
