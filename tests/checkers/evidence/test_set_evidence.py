"""What the journal adds to the judgement of a set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkers import Verdict, check_set
from checkers.evidence import gather


if TYPE_CHECKING:
    from checkers import Anomaly, Result

    from .conftest import Wire


NODES = ("n0", "n1")


def judge(wire: Wire, *, client_view: bool = False) -> Result:
    history = wire.history()
    evidence = gather(
        history,
        wire.messages,
        nodes=("n0", "n1", "n2"),
        updates=lambda f: f == "add",
        contexts=False,
    )
    return check_set(history, nodes=NODES, evidence=None if client_view else evidence)


def only(result: Result, name: str) -> Anomaly:
    assert result.verdict is Verdict.INVALID
    (anomaly,) = (found for found in result.anomalies if found.fails)
    assert anomaly.name == name
    return anomaly


def finals(wire: Wire, *values: list[Any]) -> None:
    for node, value in zip(("n0", "n1", "n2"), values, strict=False):
        wire.do(9, "read", node, None, value, final=True)


def late_add(wire: Wire, element: Any) -> int:
    add = wire.ask(1, "add", "n1", element)
    wire.deliver(add.id)
    wire.give_up(add)
    wire.drop(wire.reply(add))
    return add.index


def test_an_element_that_was_acknowledged_too_late_has_to_be_there(
    wire: Wire,
) -> None:
    """Its node has said that it has it, if not in time."""
    late = late_add(wire, 4)
    wire.do(0, "add", "n0", 3)
    wire.tell("n0", "n1")
    finals(wire, [3], [3])
    assert judge(wire, client_view=True).verdict is Verdict.VALID
    anomaly = only(judge(wire), "lost-element")
    assert anomaly.operations[0] == late
    assert "to which a node replied ok before 0.009 s" in anomaly.sentence
    assert "No path: no message that could have carried element 4" in anomaly.sentence
    assert "n1 had been asked for element 4 directly." in anomaly.sentence


def test_an_element_that_was_acknowledged_at_the_end_may_be_missing(
    wire: Wire,
) -> None:
    """Nobody owes what was acknowledged when the recovery had begun."""
    wire.do(0, "add", "n0", 3)
    wire.tell("n0", "n1")
    late_add(wire, 4)
    finals(wire, [3], [3])
    assert judge(wire).verdict is Verdict.VALID


def test_an_element_that_never_reached_a_node_cannot_be_known(wire: Wire) -> None:
    """To the client its add may have happened; nothing has told any node."""
    add = wire.ask(1, "add", "n1", 4)
    wire.drop(add.id)
    wire.give_up(add)
    wire.do(0, "add", "n0", 3)
    wire.tell("n0", "n1")
    finals(wire, [3, 4], [3, 4])
    assert judge(wire, client_view=True).verdict is Verdict.VALID
    result = judge(wire)
    assert result.statistics["anomaly-counts"] == {"impossible-knowledge": 2}
    assert result.anomalies[0].sentence.endswith(
        f"returned element 4 of add {add.index} (n1, process 1, 0.001 s), which never "
        f"reached a node."
    )


def test_an_element_that_nothing_can_have_told_is_impossible(wire: Wire) -> None:
    """It is impossible until a message could have carried it, and then it is not."""
    add = wire.do(0, "add", "n0", [1, "x"])
    read = wire.do(1, "read", "n1", None, [[1, "x"]])
    wire.tell("n0", "n1")
    finals(wire, [[1, "x"]], [[1, "x"]])
    anomaly = only(judge(wire), "impossible-knowledge")
    assert anomaly.operations == (read, add)
    assert anomaly.sentence.endswith(
        "although no message that could have carried it had reached n1 by then."
    )


def test_any_add_of_an_element_may_have_told(wire: Wire) -> None:
    """An element that was added twice is known where either add could be."""
    wire.do(0, "add", "n0", 3)
    wire.do(1, "add", "n1", 3)
    finals(wire, [3], [3])
    assert judge(wire).verdict is Verdict.VALID


def test_an_element_before_its_time_is_out_of_thin_air_as_ever(wire: Wire) -> None:
    """The journal changes no name of what the history alone shows."""
    wire.do(1, "read", "n1", None, [3])
    wire.do(0, "add", "n0", 3)
    wire.tell("n0", "n1")
    finals(wire, [3], [3])
    assert only(judge(wire), "thin-air")


def test_missing_elements_are_told_by_their_paths(wire: Wire) -> None:
    """Nothing could carry 3 to n1; 5 was told to it, and lost there."""
    wire.do(0, "add", "n0", 5)
    wire.tell("n0", "n1")
    wire.do(0, "add", "n0", 3)
    finals(wire, [5, 3], [])
    anomaly = only(judge(wire), "missing-on-node")
    assert anomaly.sentence.endswith(
        "No path: no message that could have carried element 3 had reached n1 by then. "
        "A path existed for element 5 to n1: a message of n0 that could have carried it "
        "was delivered to n1 at 0.006 s, so that it was left out there, or lost in the "
        "merge."
    )
    assert anomaly.data["paths"] == [
        {"node": "n1", "no-path": ["3"], "no-path-count": 1, "path-count": 1}
    ]
