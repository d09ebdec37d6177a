"""The journal of messages as evidence: what nodes could know, and what became of whom.

Reading order: `_knowledge` (the upper bound on what a node knows, and why it is one),
`_survival` (what is gone with lost disks) and `_shown` (what is not), `_requests` (which request is which
operation), `_gather` (the pass over the journal), `_evidence` (what it answers),
`_refine` (indeterminate operations that the journal decides), `_late` (those that were
not over), `_paths` (how a missing update could have arrived), `_excerpt` (the journal
in short, which a case keeps).
"""

from __future__ import annotations

from ._evidence import Evidence, Path, Reply
from ._excerpt import Line, excerpt, needed, recall, spare
from ._gather import gather
from ._knowledge import ASSUMED
from ._late import under_way
from ._paths import Unreached, path_sentences, unreached
from ._refine import NEVER_DELIVERED, Refined, notes_of_disks, refine
from ._requests import MismatchError
from ._shown import Marks


__all__ = [
    "ASSUMED",
    "NEVER_DELIVERED",
    "Evidence",
    "Line",
    "Marks",
    "MismatchError",
    "Path",
    "Refined",
    "Reply",
    "Unreached",
    "excerpt",
    "gather",
    "needed",
    "notes_of_disks",
    "path_sentences",
    "recall",
    "refine",
    "spare",
    "under_way",
    "unreached",
]
