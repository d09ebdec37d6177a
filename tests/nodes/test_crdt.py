from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.crdt import GCounter, GSet, PNCounter, identity


NAMES = st.sampled_from(["n1", "n2", "n3", "n4"])
G_COUNTERS = st.dictionaries(NAMES, st.integers(0, 5)).map(GCounter)
PN_COUNTERS = st.builds(PNCounter, G_COUNTERS, G_COUNTERS)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([1.0, 0.0, "1"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner)
    ),
    max_leaves=3,
)
G_SETS = st.lists(JSON, max_size=5).map(GSet)

counters = pytest.mark.parametrize("values", [G_COUNTERS, PN_COUNTERS])


@counters
@given(data=st.data())
def test_merge_is_commutative(values: Any, data: st.DataObject) -> None:
    """The order of two merged counters makes no difference."""
    a, b = data.draw(values), data.draw(values)
    assert a.merge(b) == b.merge(a)
    assert hash(a.merge(b)) == hash(b.merge(a))


@counters
@given(data=st.data())
def test_merge_is_associative(values: Any, data: st.DataObject) -> None:
    """The grouping of merges makes no difference."""
    a, b, c = data.draw(values), data.draw(values), data.draw(values)
    assert a.merge(b).merge(c) == a.merge(b.merge(c))


@counters
@given(data=st.data())
def test_merge_is_idempotent(values: Any, data: st.DataObject) -> None:
    """Merging what is known already changes nothing."""
    a, b = data.draw(values), data.draw(values)
    assert a.merge(a) == a
    assert a.merge(b).merge(b) == a.merge(b)


@counters
@given(data=st.data())
def test_merge_is_the_least_upper_bound(values: Any, data: st.DataObject) -> None:
    """A merge is above both, and below whatever else is above both."""
    a, b, c = data.draw(values), data.draw(values), data.draw(values)
    assert a <= a.merge(b)
    assert b <= a.merge(b)
    assert not (a <= c and b <= c) or a.merge(b) <= c


@given(G_COUNTERS, NAMES, st.integers(0, 5))
def test_g_counter_update_inflates(a: GCounter, name: str, amount: int) -> None:
    """Adding goes up in the order, and counts exactly."""
    b = a.add(name, amount)
    assert a <= b
    assert b.value == a.value + amount
    assert (b == a) == (amount == 0)


@given(PN_COUNTERS, NAMES, st.integers(-5, 5))
def test_pn_counter_update_inflates(a: PNCounter, name: str, delta: int) -> None:
    """Taking away goes up in the order just as adding does, and counts exactly."""
    b = a.add(name, delta)
    assert a <= b
    assert b.value == a.value + delta
    assert (b == a) == (delta == 0)


@given(G_COUNTERS)
def test_g_counter_codec_keeps_everything(a: GCounter) -> None:
    """Decoding what was encoded gives the same counter."""
    assert GCounter.decode(a.encode()).slots == a.slots


@pytest.mark.parametrize("data", [None, [], {"n1": -1}, {"n1": 1.0}, {"n1": True}])
def test_g_counter_refuses_what_is_none(data: Any) -> None:
    """Only whole counts that are not negative make a G-Counter."""
    with pytest.raises(ValueError, match="G-Counter"):
        GCounter.decode(data)


@pytest.mark.parametrize("amount", [-1, 0.5, True])
def test_g_counter_refuses_to_shrink(amount: Any) -> None:
    """A G-Counter can't be made to go down, nor to count in fractions."""
    with pytest.raises(ValueError, match="grows"):
        GCounter().add("n1", amount)


def test_counters_are_shown_as_code() -> None:
    """The representation says what is inside."""
    assert repr(PNCounter(GCounter({"n1": 1}))) == (
        "PNCounter(GCounter({'n1': 1}), GCounter({}))"
    )
    assert PNCounter() != 0
    assert GCounter() != 0


@given(G_SETS, G_SETS, G_SETS)
def test_g_set_merge_obeys_the_laws(a: GSet, b: GSet, c: GSet) -> None:
    """Merging sets is commutative, associative, idempotent, and goes up."""

    def union(x: GSet, y: GSet) -> GSet:
        both = GSet(x)
        both.merge(y)
        return both

    assert union(a, b) == union(b, a)
    assert union(union(a, b), c) == union(a, union(b, c))
    assert union(a, a) == a <= union(a, b)
    assert GSet(union(a, b) - a) <= b


@given(G_SETS, JSON)
def test_g_set_holds_an_element_once(a: GSet, element: Any) -> None:
    """An element is new the first time only, and is there afterwards."""
    was_there = element in a
    size = len(a)
    assert a.add(element) == (not was_there)
    assert element in a
    assert not a.add(element)
    assert len(a) == size + (not was_there)


def test_identity_tells_json_values_apart() -> None:
    """What Python takes for equal may differ in JSON, and the other way round."""
    values = [1, 1.0, True, "1", [1], None, "null", {"a": 1}]
    assert len({identity(value) for value in values}) == len(values)
    assert identity({"a": 1, "b": 2}) == identity({"b": 2, "a": 1})
    assert list(GSet(values)) == values
    assert repr(GSet([1])) == "GSet([1])"
    assert GSet() != set()
