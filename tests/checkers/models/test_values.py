"""Frozen values are equal only if they are equal as JSON."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.models import freeze, shown, thaw


ATOMS = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.sampled_from([0.0, 1.0, -2.0, 0.5])
    | st.sampled_from(["", "0", "1", "true", "null"])
)
JSON = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=4,
)


def as_text(value: Any) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


@given(JSON, JSON)
def test_frozen_values_are_equal_if_and_only_if_their_json_is(
    left: Any, right: Any
) -> None:
    """1, 1.0, true and "1" all differ, however deep they are."""
    same = as_text(left) == as_text(right)
    assert (freeze(left) == freeze(right)) is same
    if same:
        assert hash(freeze(left)) == hash(freeze(right))


@given(JSON)
def test_thawing_undoes_freezing(value: Any) -> None:
    """The value comes back, with its types, and is shown as JSON."""
    assert as_text(thaw(freeze(value))) == as_text(value)
    assert shown(freeze(value)).encode() == as_text(value)


@given(JSON)
def test_what_is_frozen_stays_as_it_is(value: Any) -> None:
    """Freezing twice is freezing once."""
    assert freeze(freeze(value)) == freeze(value)


def test_what_is_no_json_is_an_error() -> None:
    """A value of another type is named."""
    with pytest.raises(TypeError, match="type set; expected JSON"):
        freeze({1})
