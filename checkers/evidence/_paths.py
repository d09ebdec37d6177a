"""How an update that a node does not show could have arrived there, or that it could not.

A path is only potential: a message went to the node from one that could know of the
update. If there was none, nothing was ever sent that could have carried it: a retry is
missing, or gossip with that node. If there was one, then what it brought was lost where
it was merged, or the update was not in the message, having been sent only once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ._evidence import Evidence, Path


class Unreached(msgspec.Struct, frozen=True):
    """Updates that a reply lacks, by whether they could have arrived before it.

    Attributes:
        node: Who replied.
        cut_off: The updates that nothing could have carried there.
        reached: The others, and how each could first have arrived.
    """

    node: str
    cut_off: tuple[int, ...]
    reached: dict[int, Path]

    def data(self) -> dict[str, Any]:
        """Return the same as JSON: for each update, whether it had a path."""
        return {
            "node": self.node,
            "no-path": list(self.cut_off),
            "path": {
                str(update): {"time-ns": path.time, "from": path.source}
                for update, path in self.reached.items()
            },
        }


def unreached(
    evidence: Evidence | None, operation: int, updates: Iterable[int]
) -> Unreached | None:
    """Return how updates that the reply to an operation lacks could have arrived.

    None where that is not known.
    """
    known = None if evidence is None else evidence.known(operation)
    if known is None or evidence is None:
        return None
    node = known[0]
    cut_off, reached = [], {}
    for update in updates:
        path = evidence.path(update, node)
        if path is not None and evidence.could_show(update, operation):
            reached[update] = path
        else:
            cut_off.append(update)
    return Unreached(node, tuple(cut_off), reached)


def path_sentence(found: Unreached | None, names: Sequence[str]) -> str:
    """Return whether missing updates could have arrived, with a space before; or nothing.

    Args:
        found: What is known.
        names: The updates as the reader knows them, in the order of `found`: those
            without a path first.
    """
    if found is None:
        return ""
    sentence = ""
    if found.cut_off:
        sentence += (
            f" No path: no message that could have carried "
            f"{_some(names[: len(found.cut_off)])} had reached {found.node} by then."
        )
    if found.reached:
        path = next(iter(found.reached.values()))
        which = _some(names[len(found.cut_off) :])
        what = "it" if len(found.reached) == 1 else "the first of them"
        sentence += (
            f" A path existed for {which}: a message of {path.source}, delivered to "
            f"{found.node} at {path.time / 1e9:.3f} s, could have carried {what}, so "
            f"that it was left out there or lost in the merge."
        )
    return sentence


def _some(names: Sequence[str]) -> str:
    if len(names) > 6:
        names = [*names[:6], f"{len(names) - 6} more"]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
