"""Updates that are still under way while nodes are read for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from checkers import (
    Verdict,
    check_cart,
    check_or_set,
    check_sequence,
    check_set,
    check_siblings,
)
from checkers.evidence import gather, under_way


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers import Result

    from .conftest import Wire


Kind = tuple[str, "Callable[..., Result]", tuple[tuple[str, Any], ...], str, Any, Any]

KINDS: list[Kind] = [
    ("set", check_set, (("add", 1),), "add", 2, (None, [1], [1, 2])),
    (
        "or-set",
        check_or_set,
        (("add", "x"), ("remove", "x"), ("add", "x")),
        "add",
        "y",
        (None, ["x"], ["x", "y"]),
    ),
    (
        "cart",
        check_cart,
        (
            ("add", {"item": "x", "qty": 1}),
            ("remove", {"item": "x"}),
            ("add", {"item": "x", "qty": 4}),
        ),
        "add",
        {"item": "y", "qty": 1},
        (
            None,
            {"items": [{"item": "x", "qty": 4}]},
            {"items": [{"item": "x", "qty": 4}, {"item": "y", "qty": 1}]},
        ),
    ),
    (
        "siblings",
        check_siblings,
        (
            ("write", {"key": "k", "value": 1, "context": {}}),
            ("write", {"key": "k", "value": 2, "context": {}}),
        ),
        "write",
        {"key": "k", "value": 3, "context": {}},
        (
            {"key": "k"},
            {"key": "k", "values": [{"value": 1}, {"value": 2}]},
            {"key": "k", "values": [{"value": 1}, {"value": 2}, {"value": 3}]},
        ),
    ),
    (
        "sequence",
        check_sequence,
        (("insert", {"position": 0, "char": "a"}),),
        "insert",
        {"position": 1, "char": "b"},
        (None, "a", "ab"),
    ),
]
"""Of each checker: updates, one that is late, and what the final reads show."""


def told(wire: Wire, kind: Kind, *, over: bool) -> None:
    """Let the late update be over before the final reads, or not."""
    name, _, updates, f, late, (asked, first, second) = kind
    for update, value in updates:
        wire.do(0, update, "n0", value)
    if name == "sequence":
        wire.do(0, "insert", "n1", {"position": 0, "char": "z"})
        first, second = f"{first}z", f"{second}z"
    for node in ("n1", "n0", "n1"):
        wire.tell("n0" if node == "n1" else "n1", node)
    request = wire.ask(1, f, "n1", late)
    wire.deliver(request.id)
    if over:
        wire.drop(wire.reply(request))
    wire.give_up(request)
    f_read = "view" if name == "cart" else "read"
    wire.tell("n1", "n0")
    wire.do(9, f_read, "n0", asked, first, final=True)
    wire.do(9, f_read, "n1", asked, second, final=True)


@pytest.mark.parametrize("kind", KINDS, ids=[kind[0] for kind in KINDS])
@pytest.mark.parametrize("over", [True, False])
def test_only_what_is_over_divides_nodes(wire: Wire, kind: Kind, *, over: bool) -> None:
    """One that is under way may act between two final reads: that is noted."""
    told(wire, kind, over=over)
    history = wire.history()
    evidence = gather(
        history,
        wire.messages,
        nodes=("n0", "n1"),
        updates=lambda f: f not in {"read", "view"},
    )
    check = kind[1]
    seen = check(history, nodes=("n0", "n1"))
    assert "divergence" in {one.name for one in seen.anomalies if one.fails}
    result = check(history, nodes=("n0", "n1"), evidence=evidence)
    found = {one.name: one.fails for one in result.anomalies}
    if over:
        assert result.verdict is Verdict.INVALID, result
    else:
        assert found == {"divergence": False}
        assert result.verdict is Verdict.VALID, result


def test_without_a_journal_nothing_is_known_to_be_under_way() -> None:
    """The recovery is taken to be long enough."""
    assert under_way(None, 0) == frozenset()
