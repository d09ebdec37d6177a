"""Requests as data: what is sent, and what a reply means."""

from __future__ import annotations

import pytest

from harness.rpc import Call, Field, MalformedBodyError, ReplyReader, Rpc


INSERT = Call(
    Rpc(
        "insert",
        "Puts a character at a position.",
        request={"position": Field("integer"), "char": Field("string")},
        reply={"id": Field("string"), "clock": Field("object", optional=True)},
    ),
    arguments=("position", "char"),
    results=("id", "clock"),
)


def test_fields_of_an_object_become_fields_of_the_request() -> None:
    """What else the value holds is for the history alone."""
    value = {"position": 3, "char": "x", "after": 17}
    assert INSERT.body(5, value, {}) == {
        "type": "insert",
        "msg_id": 5,
        "position": 3,
        "char": "x",
    }


def test_fields_of_the_reply_are_added_to_the_value() -> None:
    """The value of the completion is what was asked for and what came of it."""
    value = {"position": 3, "char": "x", "after": 17}
    body = {"type": "insert_ok", "in_reply_to": 5, "id": "1-n1"}
    assert ReplyReader(INSERT).read(value, body) == {**value, "id": "1-n1"}


def test_a_reply_may_go_without_an_optional_field_only() -> None:
    """One that is required is missed by name."""
    reader = ReplyReader(INSERT)
    with pytest.raises(MalformedBodyError, match="no field 'id'"):
        reader.read({"position": 0, "char": "x"}, {"type": "insert_ok", "clock": {}})
    with pytest.raises(MalformedBodyError, match="expected a JSON object"):
        reader.read(
            {"position": 0, "char": "x"},
            {"type": "insert_ok", "id": "1-n1", "clock": 4},
        )


def test_a_read_asks_for_nothing_and_gets_an_object() -> None:
    """A value of null becomes the object of the fields of the reply."""
    read = Call(
        Rpc("read", "Reads.", reply={"text": Field("string"), "length": Field("any")}),
        results=("text", "length"),
    )
    body = {"type": "read_ok", "text": "ab", "length": 2}
    assert ReplyReader(read).read(None, body) == {"text": "ab", "length": 2}


def test_what_goes_beside_a_result_makes_an_object_of_it() -> None:
    """The result stands alone where nothing goes with it."""
    reply = {"elements": Field("list"), "tags": Field("any", optional=True)}
    call = Call(Rpc("look", "Looks.", reply=reply), result="elements", beside=("tags",))
    body = {"type": "look_ok", "in_reply_to": 5, "elements": ["x"]}
    assert ReplyReader(call).read(None, body) == ["x"]
    both = {"elements": ["x"], "tags": ["1-n1"]}
    assert ReplyReader(call).read(None, {**body, **both}) == both
