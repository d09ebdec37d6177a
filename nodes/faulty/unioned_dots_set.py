"""An optimised OR-Set that keeps all dots of an element that both sides have.

The bug: a merge looks at elements where it should look at dots. If both sides have the
element, "it is in, and that was all", and a dot that one of them has seen removed is
back. So was the merge of a well-known library for years.
It shows as `returned-tag`: what a node has removed it removes again. That is hard to see
otherwise, as the element is there by another dot, too. Should that one be removed by a
node that has never heard of the other, it is a `resurrected-element`.
It needs a node that is *deaf* while the element is removed and added again elsewhere.
"""

from __future__ import annotations

from nodes.faulty._sets import UnionOfDots
from nodes.or_set_optimised import OptimisedORSetNode
from nodes.runtime import run


class UnionedDotsSet(OptimisedORSetNode):
    """Differs from the optimised OR-Set in its merge."""

    kind = UnionOfDots


if __name__ == "__main__":
    run(UnionedDotsSet)
