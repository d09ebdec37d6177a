"""Session guarantees of data from which is removed: OR-Sets and carts.

What a read saw of updates is hidden where adds may be gone because a remove took them.
Reading order: `_scene` (who did what, and what looks at the set showed), `_casting` with
`_seen_or_sets` and `_seen_carts` (how that is told by operations), `_guarantees` (what is
asked).

A verdict of yes takes a choice of what looks saw (`_choice`): `_replay` makes one, with
what a `_replica` knows, what can be known at most (`_sight`), and what earlier attempts
have shown (`_hints`). `_holds` checks it, and `_chosen` makes one for a single guarantee.
A verdict of no takes a contradiction in what looks must have seen: `_view`, `_forced`,
and `_telling` in words. `_judge` brings them together.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from ._judge import judge_removals
from ._seen_carts import cart_casting
from ._seen_or_sets import or_set_casting


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from histories import History

    from ._casting import Casting


REMOVED: Mapping[str, Callable[[History], Casting]] = MappingProxyType(
    {"cart": cart_casting, "or-set": or_set_casting}
)
"""By kind of data, what its operations tell."""


__all__ = ["REMOVED", "judge_removals"]
