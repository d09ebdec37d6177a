"""What the journal adds to the judgement of a counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers import Verdict, check_counter
from checkers.evidence import ASSUMED, gather


if TYPE_CHECKING:
    from checkers import Anomaly, Result

    from .conftest import Wire


NODES = ("n0", "n1")


def judge(wire: Wire, *, client_view: bool = False, grow_only: bool = True) -> Result:
    history = wire.history()
    evidence = gather(
        history,
        wire.messages,
        nodes=("n0", "n1", "n2"),
        updates=lambda f: f == "add",
        contexts=False,
    )
    return check_counter(
        history,
        nodes=NODES,
        grow_only=grow_only,
        evidence=None if client_view else evidence,
    )


def only(result: Result, name: str) -> Anomaly:
    assert result.verdict is Verdict.INVALID
    (anomaly,) = (found for found in result.anomalies if found.fails)
    assert anomaly.name == name
    return anomaly


def finals(wire: Wire, *values: int) -> None:
    for node, value in zip(("n0", "n1", "n2"), values, strict=False):
        wire.do(9, "read", node, None, value, final=True)


def late_add(wire: Wire) -> int:
    """Let n1 take an add of 4 and say so when its client has given up."""
    add = wire.ask(1, "add", "n1", 4)
    wire.deliver(add.id)
    wire.give_up(add)
    wire.drop(wire.reply(add))
    return add.index


def lost_add(wire: Wire) -> int:
    add = wire.ask(1, "add", "n1", 4)
    wire.drop(add.id)
    wire.give_up(add)
    return add.index


def test_an_add_that_was_answered_too_late_has_to_be_there(wire: Wire) -> None:
    """To the client it may have been lost; its node has said that it was not."""
    late = late_add(wire)
    wire.do(0, "add", "n0", 3)
    wire.tell("n0", "n1")
    wire.tell("n1", "n0")
    finals(wire, 3, 3)
    assert judge(wire, client_view=True).verdict is Verdict.VALID
    anomaly = only(judge(wire), "lost-update")
    assert anomaly.data["candidates"] == [late]
    assert ASSUMED in judge(wire).assumes


def test_an_add_that_was_answered_just_before_the_end_may_be_missing(
    wire: Wire,
) -> None:
    """Nobody owes what was acknowledged when the recovery had begun."""
    wire.do(0, "add", "n0", 3)
    wire.tell("n0", "n1")
    late_add(wire)
    finals(wire, 3, 3)
    assert judge(wire).verdict is Verdict.VALID


def test_an_add_that_never_arrived_cannot_be_there(wire: Wire) -> None:
    """To the client it may have happened; nothing has told any node."""
    wire.do(0, "add", "n0", 3)
    wire.tell("n0", "n1")
    lost = lost_add(wire)
    finals(wire, 7, 7)
    assert judge(wire, client_view=True).verdict is Verdict.VALID
    anomaly = only(judge(wire), "impossible-knowledge")
    assert anomaly.operations[-1] == lost
    assert anomaly.sentence.endswith("+4, which never reached a node.")


def test_an_add_that_never_arrived_leaves_fewer_values_to_accept(wire: Wire) -> None:
    """What the final value may be is narrower than its clients can know."""
    wire.do(0, "add", "n0", 4)
    wire.do(0, "add", "n0", 3)
    wire.tell("n0", "n1")
    lost_add(wire)
    finals(wire, 7, 7)
    seen, result = judge(wire, client_view=True), judge(wire)
    assert seen.statistics["acceptable"] == [[7, 7], [11, 11]]
    assert result.statistics["acceptable"] == [[7, 7]]
    assert seen.verdict is result.verdict is Verdict.VALID
    assert result.statistics["adds"]["indeterminate"] == 0


def test_an_add_that_was_refused_too_late_must_not_show(wire: Wire) -> None:
    """The node has said that it did nothing."""
    wire.do(0, "add", "n0", 3)
    wire.tell("n0", "n1")
    add = wire.ask(1, "add", "n1", 4)
    wire.deliver(add.id)
    wire.give_up(add)
    wire.drop(wire.reply(add, type="error", code=11))
    wire.tell("n1", "n0")
    finals(wire, 7, 7)
    anomaly = only(judge(wire), "aborted-effect")
    assert "answered with a definite error after its client had given up" in (
        anomaly.sentence
    )


def test_a_read_of_an_add_that_nothing_can_have_told_is_impossible(
    wire: Wire,
) -> None:
    """Nodes that share a file know more than their messages say."""
    add = wire.do(0, "add", "n0", 3)
    read = wire.do(1, "read", "n1", None, 3)
    wire.tell("n0", "n1")
    finals(wire, 3, 3)
    anomaly = only(judge(wire), "impossible-knowledge")
    assert anomaly.operations == (read, add)
    assert anomaly.sentence == (
        f"read {read} (n1, process 1, 0.005 s) returned 3, although no message that "
        f"could have carried an add had reached n1 by then. It is explained by add "
        f"{add} (+3, n0), of which nothing can have told n1."
    )


def test_what_nothing_can_have_told_may_be_something_else_twice(wire: Wire) -> None:
    """The node may have counted again what it knew."""
    add = wire.do(0, "add", "n0", 3)
    wire.do(1, "add", "n1", 3)
    wire.do(1, "read", "n1", None, 6)
    wire.tell("n0", "n1")
    wire.tell("n1", "n0")
    finals(wire, 6, 6)
    anomaly = only(judge(wire), "impossible-knowledge")
    assert anomaly.sentence.endswith(
        f"It would be explained by add {add} (+3, n0), of which nothing can have told "
        "n1, or by an add that was counted twice."
    )


def test_a_value_beyond_all_adds_is_no_matter_of_knowledge(wire: Wire) -> None:
    """What no adds explain is told once, by the name that it has without a journal."""
    wire.do(0, "add", "n0", 3)
    wire.do(1, "read", "n1", None, 9)
    wire.tell("n0", "n1")
    finals(wire, 3, 3)
    only(judge(wire, grow_only=False), "over-count")


def test_decrements_are_known_like_increments(wire: Wire) -> None:
    """A value between the bounds of all adds may be out of those of one node."""
    wire.do(0, "add", "n0", -3)
    wire.do(0, "add", "n1", 2)
    wire.do(1, "read", "n1", None, -1)
    wire.tell("n0", "n1")
    wire.tell("n1", "n0")
    finals(wire, -1, -1)
    anomaly = only(judge(wire, grow_only=False), "impossible-knowledge")
    assert (anomaly.data["low"], anomaly.data["high"]) == (0, 2)


def test_a_missing_add_without_a_path_is_told_from_one_with(wire: Wire) -> None:
    """Nothing reached n1; to n2 there came messages that could have carried it."""
    wire.do(0, "add", "n0", 3)
    wire.do(1, "add", "n1", 4)
    wire.tell("n1", "n0")
    wire.tell("n0", "n2")
    finals(wire, 7, 4, 4)
    anomaly = only(judge(wire), "stale-final-read")
    assert anomaly.sentence.endswith(
        "No path: no message that could have carried 1 add of these, which sum to 3, "
        "had reached n1 by then: add 0 (+3, n0). A path existed for each of "
        "them to n2: messages were delivered there that could have carried it, so that "
        "what is missing was left out of them, or lost in the merge."
    )
    assert anomaly.data["paths"] == [
        {
            "node": "n1",
            "no-path": [0],
            "no-path-count": 1,
            "no-path-sum": 3,
            "path-count": 1,
        },
        {
            "node": "n2",
            "no-path": [],
            "no-path-count": 0,
            "no-path-sum": 0,
            "path-count": 2,
        },
    ]


def test_the_path_of_the_only_add_that_can_be_missing_is_told(wire: Wire) -> None:
    """Each node says of that add whether it was asked for it, told of it, or neither."""
    wire.do(0, "add", "n0", 3)
    wire.do(1, "add", "n1", 4)
    wire.tell("n1", "n0")
    wire.tell("n1", "n2")
    finals(wire, 4, 4, 4)
    anomaly = only(judge(wire), "lost-update")
    assert anomaly.sentence.endswith(
        "Only this can be missing: add 0 (+3, n0). No path: no message that could have "
        "carried add 0 (+3, n0) had reached n1 and n2 by then. n0 had been asked for "
        "add 0 (+3, n0) directly."
    )


def test_an_add_that_is_still_under_way_may_come_between_final_reads(
    wire: Wire,
) -> None:
    """Its node has the request and has not answered: it may act at any time."""
    wire.do(0, "add", "n0", 3)
    wire.tell("n0", "n1")
    add = wire.ask(1, "add", "n1", 4)
    wire.deliver(add.id)
    wire.give_up(add)
    wire.tell("n1", "n0")
    wire.do(9, "read", "n0", None, 3, final=True)
    wire.do(9, "read", "n1", None, 7, final=True)
    only(judge(wire, client_view=True), "divergence")
    result = judge(wire)
    assert result.verdict is Verdict.VALID
    assert [note.name for note in result.anomalies] == ["divergence"]


def test_an_add_that_was_answered_before_the_final_reads_divides_no_nodes(
    wire: Wire,
) -> None:
    """It is somewhere, and has had the time to get everywhere."""
    wire.do(0, "add", "n0", 3)
    wire.tell("n0", "n1")
    late_add(wire)
    wire.tell("n1", "n0")
    finals(wire, 3, 7)
    only(judge(wire), "divergence")
