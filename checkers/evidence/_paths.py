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
    from collections.abc import Callable, Iterable, Sequence

    from ._evidence import Evidence, Path


_NAMED = 6
"""Updates that a sentence names."""


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


def path_sentences(
    found: Iterable[Unreached | None], name: Callable[[int], str]
) -> str:
    """Return whether missing updates could have arrived, a space before each sentence.

    Args:
        found: What is known of each reply that lacks some; None where nothing is.
        name: Returns an update as the reader knows it, by its index.
    """
    cut_off: dict[tuple[int, ...], list[str]] = {}
    reached: dict[tuple[int, ...], list[Unreached]] = {}
    asked: dict[tuple[int, ...], list[str]] = {}
    for each in found:
        if each is None:
            continue
        direct = tuple(one for one, path in each.reached.items() if path.source is None)
        others = tuple(one for one in each.reached if one not in direct)
        if each.cut_off:
            cut_off.setdefault(each.cut_off, []).append(each.node)
        if direct:
            asked.setdefault(direct, []).append(each.node)
        if others:
            reached.setdefault(others, []).append(each)
    return "".join(
        [
            *(
                f" No path: no message that could have carried {_named(updates, name)} "
                f"had reached {_some(nodes)} by then."
                for updates, nodes in cut_off.items()
            ),
            *(
                f" {_some(nodes)} had been asked for {_named(updates, name)} directly."
                for updates, nodes in asked.items()
            ),
            *(_reached(updates, replies, name) for updates, replies in reached.items()),
        ]
    )


def _reached(
    updates: tuple[int, ...], replies: list[Unreached], name: Callable[[int], str]
) -> str:
    first = replies[0]
    path = first.reached[updates[0]]
    which = "it" if len(updates) == 1 else "the first of them"
    return (
        f" A path existed for {_named(updates, name)} to "
        f"{_some([reply.node for reply in replies])}: a message of {path.source} that "
        f"could have carried {which} was delivered to {first.node} at "
        f"{path.time / 1e9:.3f} s, so that it was left out there, or lost in the merge."
    )


def _named(updates: Sequence[int], name: Callable[[int], str]) -> str:
    shown = [name(update) for update in updates[:_NAMED]]
    if len(updates) > _NAMED:
        shown.append(f"{len(updates) - _NAMED} more")
    return _some(shown)


def _some(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
