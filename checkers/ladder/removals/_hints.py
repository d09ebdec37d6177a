"""What was learnt from rounds that explained not everything, for the next one."""

from __future__ import annotations


class Hints:
    """Guesses that would have helped.

    Attributes:
        seen: By act, updates that it is taken to have seen.
        unseen: By act, updates that it is taken not to have seen.
        demands: By remove that tells nothing, adds that it is taken to have taken.
        is_new: Whether any came since that was last set to False.
    """

    def __init__(self) -> None:
        self.seen: dict[int, set[int]] = {}
        self.unseen: dict[int, set[int]] = {}
        self.demands: dict[int, set[int]] = {}
        self.is_new = False

    def see(self, act: int, update: int) -> bool:
        """Take an act to have seen an update; return whether that is new."""
        return self._put(self.seen, act, update)

    def miss(self, act: int, update: int) -> bool:
        """Take an act not to have seen an update; return whether that is new."""
        self.demands.get(act, set()).discard(update)
        return self._put(self.unseen, act, update)

    def demand(self, remove: int, add: int) -> bool:
        """Take a remove to have taken an add; return whether that is new."""
        if add in self.unseen.get(remove, ()):
            return False
        return self._put(self.demands, remove, add)

    def _put(self, where: dict[int, set[int]], act: int, update: int) -> bool:
        known = where.setdefault(act, set())
        if update in known:
            return False
        known.add(update)
        self.is_new = True
        return True
