"""What the journal adds to the reads of a set: what they could not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers._elements import key_of, text_of
from checkers._findings import Witness
from checkers._wording import cite
from checkers.evidence import path_sentences, unreached


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from checkers._elements import Key
    from checkers._findings import Findings
    from checkers.evidence import Evidence
    from histories import History

    from ._table import SetRead


_LISTED = 16
"""Elements without a path that the data of a witness lists."""


class Knowledge:
    """Tells of each element whether a read could know it.

    A read may show an element if the request of any add of it could have influenced
    its reply, whatever became of that add.
    """

    def __init__(
        self,
        history: History,
        evidence: Evidence,
        findings: Findings,
        why: Mapping[int, str],
    ) -> None:
        """Find the adds of each element.

        Args:
            history: The history.
            evidence: What its journal says; its updates are the adds.
            findings: What was found.
            why: Why adds have failed, where that is known from the journal.
        """
        self._history = history
        self._evidence = evidence
        self._findings = findings
        self._why = why
        self._adds: dict[Key, list[int]] = {}
        for update in evidence.updates:
            key = key_of(history.operation(update).input)
            self._adds.setdefault(key, []).append(update)

    def check(self, read: SetRead, keys: Iterable[Key]) -> None:
        """Report elements of a read that were asked for, and that it could not know."""
        if self._evidence.known(read.index) is None:
            return
        for key in keys:
            if self.forbids(read, key):
                self._findings.add("impossible-knowledge", self._explain, read, key)

    def forbids(self, read: SetRead, key: Key) -> bool:
        """Return whether an add was invoked in time, and none could be known."""
        adds = self._adds.get(key)
        if adds is None or adds[0] > read.end:
            return False
        could = self._evidence.could_show
        return all(could(update, read.index) is False for update in adds)

    def _explain(self, read: SetRead, key: Key) -> Witness:
        update = self._adds[key][0]
        add = self._history.operation(update)
        operation = self._history.operation(read.index)
        known = self._evidence.known(read.index)
        assert known is not None, "what it could know was looked up"
        node = known[0]
        why = self._why.get(update)
        clause = (
            f"{why}."
            if why is not None and self._evidence.delivered(update) is None
            else f"although no message that could have carried it had reached {node} "
            f"by then."
        )
        return Witness(
            sentence=f"{cite(operation)} returned element {text_of(key)} of {cite(add)}, "
            f"{clause}",
            operations=(read.index, update),
            data={
                "element": text_of(key),
                "node": node,
                "process": read.process,
            },
        )


def explain_paths(
    evidence: Evidence | None,
    reads: Iterable[int],
    keys: Sequence[Key],
    updates: Sequence[int],
) -> tuple[str, dict[str, Any]]:
    """Return whether elements that reads lack could have arrived: a sentence, and data.

    Args:
        evidence: What the journal says, if there is any.
        reads: Indices of the reads.
        keys: The elements.
        updates: Index of the first add of each.
    """
    found = [unreached(evidence, read, updates) for read in reads]
    lacking = [each for each in found if each is not None]
    if not lacking:
        return "", {}
    texts = dict(zip(updates, map(text_of, keys), strict=True))
    sentence = path_sentences(lacking, lambda update: f"element {texts[update]}")
    data = [
        {
            "node": each.node,
            "no-path": [texts[update] for update in each.cut_off[:_LISTED]],
            "no-path-count": len(each.cut_off),
            "path-count": len(each.reached),
        }
        for each in lacking
    ]
    return sentence, {"paths": data}
