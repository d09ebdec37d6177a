"""A cart that unites its versions, so that nothing gets lost.

The bug: what a peer has and this node has not is put in, also if it was taken out here.
Deleted items come back, as they did in a cart that became famous for it.
It shows as `resurrected-quantity`.
It needs no fault.
"""

from __future__ import annotations

from nodes.faulty._carts import UnionCart
from nodes.runtime import run
from nodes.shopping_cart import ShoppingCartNode


class UnionCartNode(ShoppingCartNode):
    """Differs from the cart in its merge."""

    kind = UnionCart


if __name__ == "__main__":
    run(UnionCartNode)
