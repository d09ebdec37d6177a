"""Histories written in other formats read back as they were."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from histories import WRITABLE, Event, History, HistoryError, load_history, write_format


NAMES = st.text(min_size=1, max_size=5).filter(lambda name: not name.startswith(":"))
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Return operations of three processes, one after the other, and a fault."""
    events = []
    for number in range(draw(st.integers(1, 6))):
        is_fault = draw(st.booleans()) and number % 3 == 0
        process: int | str = "nemesis" if is_fault else number
        common: dict[str, Any] = {
            "process": process,
            "f": draw(st.sampled_from(["read", "write", "a b", "cas!", "Ü/1"])),
            "node": draw(st.none() | st.sampled_from(["n1", "n 2"])),
        }
        invoked = Event(
            index=2 * number,
            time=10 * number,
            type="info" if is_fault else "invoke",
            value=draw(VALUES),
            final=draw(st.booleans()),
            **common,
        )
        done = Event(
            index=2 * number + 1,
            time=10 * number + 5,
            type="info" if is_fault else draw(st.sampled_from(["ok", "fail", "info"])),
            value=draw(VALUES),
            error=draw(st.none() | VALUES),
            extra=draw(st.dictionaries(st.sampled_from(["link", "my key"]), VALUES)),
            **common,
        )
        events += [invoked, done]
    return History.from_events(events)


def again(history: History, name: str) -> tuple[History, bytes]:
    """Return a history written and read, and what was written."""
    file = io.BytesIO()
    write_format(history, name, file)
    return load_history(io.BytesIO(file.getvalue())).history, file.getvalue()


@pytest.mark.parametrize("name", list(WRITABLE))
@given(history=histories())
@settings(max_examples=30, deadline=None)
def test_what_is_written_reads_back(name: str, history: History) -> None:
    """Whatever the values are, and with the format told by the content."""
    read, text = again(history, name)
    assert list(read.events()) == list(history.events())
    file = io.BytesIO(text)
    assert load_history(file).format == name


def test_edn_is_as_jepsen_has_it() -> None:
    """Keys, types and functions are keywords; nil is written out."""
    event = Event(index=0, time=5, type="invoke", process=0, f="read")
    file = io.BytesIO()
    write_format(History.from_events([event]), "jepsen-edn", file)
    assert file.getvalue() == (
        b"{:index 0, :time 5, :type :invoke, :process 0, :f :read, :value nil}\n"
    )


def test_names_with_a_colon_are_no_json_of_jepsen() -> None:
    """Its readers drop the colon."""
    event = Event(index=0, time=5, type="invoke", process=0, f=":read")
    with pytest.raises(HistoryError, match="colon"):
        write_format(History.from_events([event]), "jepsen-json", io.BytesIO())


def test_other_formats_are_only_read() -> None:
    """The error says which can be written."""
    with pytest.raises(HistoryError, match="jepsen-edn"):
        write_format(History.from_events([]), "awdit", io.BytesIO())
