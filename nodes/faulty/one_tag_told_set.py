"""An OR-Set that tells one of the tags that it has removed.

The bug: the reply to a remove names the oldest tag. The others are gone as well, but who
goes by the reply believes that they are still there.
It shows as `live-tag-kept`, and as nothing else.
It needs no fault.
"""

from __future__ import annotations

from nodes.or_set import ORSetNode
from nodes.runtime import Body, run


TYPE_CHECKING = False  # as in typing, which takes longer to import than a node to start
if TYPE_CHECKING:
    from typing import Any

    from nodes.crdt import ORSet


class OneTagToldSet(ORSetNode):
    """Differs from the OR-Set in what it tells of a remove."""

    def removing(self, element: Any) -> tuple[ORSet, Body]:
        """Remove the tags that are known here, and tell the oldest."""
        delta, fields = super().removing(element)
        return delta, {"tags_removed": fields["tags_removed"][:1]}


if __name__ == "__main__":
    run(OneTagToldSet)
