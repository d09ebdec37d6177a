"""Short forms of values, bounded whatever the value."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reports._format import brief, duration, share


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@given(JSON)
def test_brief_is_bounded(value: object) -> None:
    """Whatever the value, what is shown has at most a few times the limit."""
    assert len(brief(value, 40)) <= 40 * 8


def test_brief_of_a_huge_integer_is_a_description() -> None:
    """An integer that Python refuses to print does not end the report."""
    assert brief(10**5000) == "an integer of 16,610 bits"


def test_brief_of_a_deep_value_ends() -> None:
    """Nesting is cut off."""
    value: list[object] = []
    for _ in range(500):
        value = [value]
    assert brief(value).startswith("[[[")


def test_a_share_is_whole_only_if_it_is() -> None:
    """999,999 of a million is not all of them, and 1 of a million not none."""
    assert share(999_999, 1_000_000) == "99.9%"
    assert share(1, 1_000_000) == "0.1%"
    assert share(5, 5) == "100%"


def test_durations_do_not_round_into_the_next_unit() -> None:
    """What rounds to a second is written in seconds."""
    assert duration(999_900_000) == "1.00 s"
    assert duration(999_000_000) == "999 ms"
    assert duration(0) == "0 µs"
