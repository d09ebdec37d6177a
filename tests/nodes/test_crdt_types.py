from __future__ import annotations

import doctest
import importlib
from pathlib import Path
from typing import Any

import pytest

from nodes import crdt
from nodes.crdt import (
    RGA,
    CausalContext,
    DottedVersionVectorSet,
    LWWElementSet,
    LWWRegister,
    MVRegister,
    MVRegisters,
    OptimisedORSet,
    ORSet,
    ShoppingCart,
    TwoPhaseSet,
    VersionVector,
)
from nodes.crdt.dots import is_dot, split


FOLDER = Path(crdt.__file__).parent
MODULES = sorted(path.stem for path in FOLDER.glob("[!_]*.py"))
MALFORMED: dict[type[Any], list[Any]] = {
    CausalContext: [None, [], {"n1": -1}, {"2-n1": 2}, {"2-n1": True}],
    DottedVersionVectorSet: [None, {"live": []}, {"live": {"n1": 1}, "seen": {}}],
    LWWElementSet: [None, [], {"1": [1, 2]}],
    LWWRegister: [None, [1, 2], [1, -1, "n1"], [1, 1.0, "n1"], [1, 1, None]],
    MVRegister: [None, {}, [7], [{"value": 1}], [{"vclock": {"n1": 1}}]],
    MVRegisters: [None, [], {"x": 7}],
    ORSet: [
        None,
        {"added": {}},
        {"added": [], "removed": []},
        {"added": {"x": 1}, "removed": []},
        {"added": {}, "removed": ["x"]},
        {"added": {}, "removed": [1]},
    ],
    OptimisedORSet: [None, {"live": {}}, {"live": {}, "seen": [1]}],
    RGA: [
        None,
        {"inserted": {}, "deleted": []},
        {"inserted": [], "deleted": [7]},
        {"inserted": [["1-n1", None]], "deleted": []},
        {"inserted": [["n1", None, "a"]], "deleted": []},
        {"inserted": [["1-n1", "n1", "a"]], "deleted": []},
        {"inserted": [["1-n1", None, 7]], "deleted": []},
    ],
    ShoppingCart: [
        None,
        {"added": {"1-n1": "milk"}, "removed": []},
        {"added": {"1-n1": ["milk", 0]}, "removed": []},
        {"added": {"1-n1": ["milk", True]}, "removed": []},
    ],
    TwoPhaseSet: [None, [], {"added": [1]}, {"added": {}, "removed": []}],
    VersionVector: [None, [], {"n1": -1}, {"n1": 1.0}, {"n1": True}],
}


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_all_types_hold(name: str) -> None:
    """The examples in docstrings give what they show."""
    assert not doctest.testmod(importlib.import_module(f"nodes.crdt.{name}")).failed


@pytest.mark.parametrize("kind", MALFORMED, ids=lambda kind: kind.__name__)
def test_what_is_no_state_is_not_decoded(kind: type[Any]) -> None:
    """A ValueError says what a state looks like."""
    for data in MALFORMED[kind]:
        with pytest.raises(ValueError, match=r"\w"):
            kind.decode(data)


@pytest.mark.parametrize("kind", MALFORMED, ids=lambda kind: kind.__name__)
def test_an_empty_state_is_below_all_and_shown_as_code(kind: type[Any]) -> None:
    """Types differ from each other even when they hold nothing."""
    empty = kind()
    assert empty <= kind.decode(empty.encode()) == empty
    assert repr(empty).startswith(kind.__name__ + "(")
    assert empty != 0


@pytest.mark.parametrize("text", ["", "1", "1-", "-n1", "0-n1", "01-n1", "x-n1", "²-a"])
def test_not_every_text_is_a_dot(text: str) -> None:
    """A dot has a count from 1, written in one way only, and an actor."""
    assert not is_dot(text)


def test_an_actor_may_have_a_dash_in_its_name() -> None:
    """The first dash ends the count."""
    assert split("12-node-3") == (12, "node-3")
    assert not is_dot(12)


def test_equal_clocks_of_two_values_keep_both() -> None:
    """Should two writes have got one clock, neither is taken for the other's past."""
    a, b = (MVRegister([(VersionVector({"c1": 1}), value)]) for value in "ab")
    assert a.merge(b).values == ["a", "b"]
    assert not a <= b


def test_counts_are_compared_as_numbers() -> None:
    """The tenth write comes after the ninth."""
    register = MVRegister()
    for value in range(11):
        register = register.merge(register.write("n1", value))
        assert register.values == [value]


def test_a_plain_vector_of_nodes_takes_a_blind_write_for_a_knowing_one() -> None:
    """Which is why there are dots: the same two writes are siblings there."""
    blind = VersionVector()
    first = MVRegister([(blind.increment("n1"), "a")])
    second = MVRegister([(blind.merge(first.clock).increment("n1"), "b")])
    assert first.merge(second).values == ["b"]
    dotted = DottedVersionVectorSet()
    for value in "ab":
        dotted = dotted.merge(dotted.write("n1", value, CausalContext()))
    assert dotted.values == ["a", "b"]


def test_runs_typed_forwards_at_one_place_stay_whole() -> None:
    """Concurrent runs come one after the other; typed backwards they may mix."""
    texts = []
    for actor, run in (("n1", "abc"), ("n2", "XYZ")):
        text = RGA()
        for position, char in enumerate(run):
            text = text.merge(text.insert(actor, position, char))
        texts.append(text)
    assert texts[0].merge(texts[1]).text == "XYZabc"
    texts = []
    for actor, run in (("n1", "cba"), ("n2", "ZYX")):
        text = RGA()
        for char in run:
            text = text.merge(text.insert(actor, 0, char))
        texts.append(text)
    assert texts[0].merge(texts[1]).text == "XaYbZc"


def test_an_optimised_set_forgets_what_was_removed() -> None:
    """A thousand adds and removes leave a count, and no tombstones."""
    small, large = OptimisedORSet(), ORSet()
    for n in range(1, 1001):
        small = small.merge(small.add("n1", n))
        small = small.merge(small.remove(n))
        large = large.merge(large.add(f"{n}-n1", n))
        large = large.merge(large.remove(n))
    assert small.encode() == {"live": {}, "seen": {"n1": 1000}}
    assert len(large.encode()["removed"]) == 1000
