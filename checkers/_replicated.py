"""Anomalies of replicated registers, sets with removals, carts and texts."""

from __future__ import annotations

from ._anomaly_kind import AnomalyKind


REPLICATED = (
    AnomalyKind(
        "phantom-value",
        "Value that nobody wrote",
        "A read returned a value that no operation ever tried to write there.",
    ),
    AnomalyKind(
        "lost-write",
        "Lost write",
        "A write was acknowledged and is gone in the end, although no write that had "
        "seen it replaced it: one of several concurrent values was thrown away.",
    ),
    AnomalyKind(
        "causal-loss",
        "A write lost to one that it replaced",
        "What is left is older than what was lost: the lost write had seen it and "
        "replaced it. Clocks that run apart decide so.",
    ),
    AnomalyKind(
        "forgotten-write",
        "A node that forgot a write",
        "A node had acknowledged or shown a write and later answered as if it had "
        "never been, with nothing that replaces it.",
    ),
    AnomalyKind(
        "superseded-sibling",
        "False conflict",
        "Two values stand side by side although the writer of one had seen the other "
        "and replaced it: whoever reads has to resolve a conflict that is none.",
    ),
    AnomalyKind(
        "duplicate-sibling",
        "A value twice",
        "A read returned one value more than once: copies are not recognised as one.",
    ),
    AnomalyKind(
        "wrong-conflict-flag",
        "Wrong conflict flag",
        "The flag beside the values of a read does not say whether there are several.",
    ),
    AnomalyKind(
        "clock-below-context",
        "A clock that is not above its context",
        "A write answered with a clock that does not dominate the context that it was "
        "given: others will keep beside it what it replaces.",
    ),
    AnomalyKind(
        "unstable-clock",
        "A value with several clocks",
        "One value was returned with different clocks, so that nodes will not agree on "
        "what it replaces.",
    ),
    AnomalyKind(
        "dot-reuse",
        "One identity for two writes",
        "Two writes carry the same actor and number. A merge takes one for the other "
        "and loses it: a counter went back, at a restart perhaps.",
    ),
    AnomalyKind(
        "clock-misses-cause",
        "A clock that lacks what was replaced",
        "The clock of a write does not cover a write that its client had seen.",
    ),
    AnomalyKind(
        "false-cause",
        "A clock that covers too much",
        "The clock of a write covers one that its client had not seen, which will be "
        "taken for replaced and dropped.",
    ),
    AnomalyKind(
        "impossible-cause",
        "A clock that covers what nobody told",
        "The clock of a write covers one of which no message could have told its node.",
    ),
    AnomalyKind(
        "overwritten-concurrently",
        "Silently overwritten",
        "Of several concurrent writes one is left. Last-writer-wins allows it, and "
        "nobody is told of the others.",
    ),
    AnomalyKind(
        "lost-add",
        "Lost add",
        "An element is gone although an add of it was acknowledged that no remove can "
        "have observed: an add wins over a concurrent remove, and a later add over an "
        "earlier one.",
    ),
    AnomalyKind(
        "resurrected-element",
        "Element that came back",
        "An element is there although every add of it had been observed by a remove: "
        "what was deleted has come back.",
    ),
    AnomalyKind(
        "tag-reuse",
        "One tag for two adds",
        "Two adds were given the same tag, so that removing one removes the other: a "
        "counter went back, at a restart perhaps.",
    ),
    AnomalyKind(
        "live-tag-kept",
        "A tag that was left",
        "A remove did not take away a tag that its own node had made before.",
    ),
    AnomalyKind(
        "returned-tag",
        "A tag that came back",
        "A remove took away a tag that its own node had taken away before: what was "
        "removed had come back from a peer.",
    ),
    AnomalyKind(
        "contains-mismatch",
        "A wrong answer whether an element is there",
        "A node says that an element is there, or is not, and its own acknowledgements "
        "and reads say otherwise.",
    ),
    AnomalyKind(
        "doubled-quantity",
        "Quantity counted twice",
        "One add is in a quantity more than once: it was applied again when it was "
        "delivered or merged again.",
    ),
    AnomalyKind(
        "negative-quantity",
        "Negative quantity",
        "A cart shows less than nothing of an item: more was taken out than was in.",
    ),
    AnomalyKind(
        "phantom-quantity",
        "Quantity that nobody added",
        "A cart shows a quantity that no operation ever tried to put in.",
    ),
    AnomalyKind(
        "lost-quantity",
        "Lost quantity",
        "What was put into the cart is not in it, although no remove can have observed "
        "that it was.",
    ),
    AnomalyKind(
        "resurrected-quantity",
        "Quantity that came back",
        "What a remove had observed and taken out of the cart is in it again.",
    ),
    AnomalyKind(
        "phantom-character",
        "Character that nobody inserted",
        "A text has a character that no operation ever tried to insert.",
    ),
    AnomalyKind(
        "duplicate-character",
        "Character twice",
        "A character that was inserted once is in the text more than once: an insertion "
        "was applied again when it was delivered again.",
    ),
    AnomalyKind(
        "lost-character",
        "Lost character",
        "A character was inserted, no deletion can have hit it, and it is not in the "
        "text.",
    ),
    AnomalyKind(
        "undeleted-character",
        "Character that came back",
        "A character is in the text that is known to have been deleted.",
    ),
    AnomalyKind(
        "intention-violation",
        "Not where it was put",
        "A character is not between the neighbours that it was inserted between: on "
        "its own node, or once others have merged it.",
    ),
    AnomalyKind(
        "order-inversion",
        "Two orders",
        "Two texts have the same characters in different orders: nodes break ties "
        "differently, or place what is concurrent by when it arrives.",
    ),
    AnomalyKind(
        "order-cycle",
        "No order",
        "No two texts contradict each other, and yet several of them together leave no "
        "order of all characters.",
    ),
    AnomalyKind(
        "interleaving",
        "Words mixed",
        "What two clients typed from left to right at one place stands letter by letter "
        "in between each other.",
    ),
    AnomalyKind(
        "backward-interleaving",
        "Words typed backwards are mixed",
        "What two clients typed from right to left at one place is mixed. RGA does not "
        "keep that together; some other designs do.",
    ),
    AnomalyKind(
        "malformed-view",
        "A view that contradicts itself",
        "A view lists an item twice, or with quantity 0, or counts its items wrongly.",
    ),
    AnomalyKind(
        "wrong-cart-size",
        "A size that the cart cannot have",
        "An add was told that there are more items in the cart than had been put in, or "
        "none though it had just put one in.",
    ),
)
"""The most telling first, by data type."""
