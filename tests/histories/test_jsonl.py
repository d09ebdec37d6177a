"""JSON lines carry every history there and back, and say what is wrong with others."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import histories._jsonl
from histories import (
    NEMESIS,
    Event,
    History,
    HistoryError,
    MalformedError,
    PairingError,
    read_history,
    write_history,
)
from histories._jsonl import encode_events


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


FIELDS = set(Event.__struct_fields__) - {"extra"}

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=6,
)


@st.composite
def invocations(draw: st.DrawFn) -> list[Event]:
    """Draw events of which any sequence is a history."""
    number = st.integers(-(2**63), 2**63 - 1)
    indices = draw(st.lists(number, unique=True, max_size=6))
    return [
        Event(
            index=index,
            time=draw(number),
            type="invoke",
            process=draw(st.just(process) | st.text()),
            f=draw(st.text()),
            value=draw(json_values),
            error=draw(json_values),
            final=draw(st.booleans()),
            node=draw(st.none() | st.text()),
            extra=draw(
                st.dictionaries(
                    st.text().filter(lambda key: key not in FIELDS) | st.just("extra"),
                    json_values,
                    max_size=2,
                )
            ),
        )
        for process, index in enumerate(sorted(indices))
    ]


SAMPLE = [
    Event(index=0, time=5, type="invoke", process=0, f="add", value=1, node="n0"),
    Event(index=1, time=6, type="info", process=NEMESIS, f="cut", value={"é": [1.5]}),
    Event(index=2, time=7, type="info", process=0, f="add", error=["timeout", "ü"]),
    Event(index=3, time=8, type="invoke", process=5, f="read", final=True),
    Event(index=4, time=9, type="ok", process=5, f="read", value=[1], extra={"a": {}}),
]


def lines(*texts: str) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()


@given(invocations())
def test_histories_come_back(
    tmp_path_factory: pytest.TempPathFactory, events: list[Event]
) -> None:
    """Any events are read as they were written, types of numbers included."""
    path = tmp_path_factory.getbasetemp() / "round-trip.jsonl"
    write_history(events, path)
    history = read_history(path)
    assert repr(list(history.events())) == repr(events)
    assert history.warnings == ()


def test_extra_keys_stand_beside_the_others() -> None:
    """On a line, keys of one's own are not in a place of their own."""
    (line,) = encode_events(SAMPLE[4:]).splitlines()
    assert json.loads(line) == {
        "index": 4,
        "time": 9,
        "type": "ok",
        "process": 5,
        "f": "read",
        "value": [1],
        "a": {},
    }


@pytest.mark.parametrize("size", [1, 100, 300])
def test_chunks_do_not_show(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However a file is divided for reading, the history is the same."""
    path = tmp_path / "h.jsonl"
    write_history(SAMPLE, path)
    monkeypatch.setattr(histories._jsonl, "_CHUNK_BYTES", size)
    assert list(read_history(path).events()) == SAMPLE


def test_every_truncation_loads(tmp_path: Path) -> None:
    """Cut at any byte, a file gives all whole lines, and a warning for a torn one."""
    path = tmp_path / "h.jsonl"
    whole = encode_events(SAMPLE)
    ends = [i + 1 for i, byte in enumerate(whole) if byte == ord("\n")]
    for size in range(len(whole) + 1):
        path.write_bytes(whole[:size])
        history = read_history(path)
        complete = sum(end - 1 <= size for end in ends)  # The newline is optional.
        assert list(history.events()) == SAMPLE[:complete]
        torn = size not in {0, *ends, *(end - 1 for end in ends)}
        assert len(history.warnings) == torn


def test_torn_line_is_reported(tmp_path: Path) -> None:
    """The warning cites file, line and text of the line that was dropped."""
    path = tmp_path / "h.jsonl"
    path.write_bytes(encode_events(SAMPLE[:1]) + b'{"index":1,"ti')
    (warning,) = read_history(path).warnings
    assert warning.startswith(f"{path}, line 2: dropped")
    assert '{"index":1,"ti' in warning


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b"nonsense", "malformed"),
        (b"[1]", "Expected `object`, got `array`"),
        (b'{"index":9}', "missing required field `type`"),
        (b'{"index":9,"time":0,"type":"done","process":0,"f":"a"}', r"\$\.type"),
        (b'{"index":9,"time":0,"type":"ok","process":-1,"f":"a"}', r"\$\.process"),
        (b'{"index":9,"time":0,"type":"ok","process":null,"f":"a"}', r"\$\.process"),
        (b'{"index":1e2,"time":0,"type":"ok","process":0,"f":"a"}', r"\$\.index"),
        (b'{"index":%d,"time":0,"type":"ok","process":0,"f":"a"}' % 2**63, "index"),
        (b'{"index":9,"time":0,"type":"ok","process":0,"f":"\xff"}', "decode"),
        (b'{"value":' + b"[" * 100_000, "recursion"),
        (b'{"index":1,\n"time":1,"type":"ok","process":0,"f":"add"}', "truncated"),
    ],
)
def test_bad_lines_are_cited(line: bytes, found: str, tmp_path: Path) -> None:
    """A line that is no event is an error with its file and number, wherever it is."""
    path = tmp_path / "h.jsonl"
    path.write_bytes(encode_events(SAMPLE[:1]) + b"\n" + line + b"\n")
    with pytest.raises(MalformedError, match=rf"h\.jsonl, line 3: found .*{found}"):
        read_history(path)


def test_last_line_that_is_whole_is_not_torn(tmp_path: Path) -> None:
    """A last line that is JSON but no event is an error, newline or not."""
    path = tmp_path / "h.jsonl"
    path.write_bytes(encode_events(SAMPLE[:1]) + b'{"index":1}')
    with pytest.raises(MalformedError, match="line 2"):
        read_history(path)


def test_blank_lines_do_not_count_as_events(tmp_path: Path) -> None:
    """Blank lines are passed over, and later errors still cite the right line."""
    path = tmp_path / "h.jsonl"
    first, second = encode_events(SAMPLE[:1]), encode_events(SAMPLE[:1])
    path.write_bytes(b"\n" + first + b" \r\n" + second)
    with pytest.raises(PairingError, match="line 4: found a second event with index 0"):
        read_history(path)


def test_index_and_time_may_be_left_out(tmp_path: Path) -> None:
    """Where no line has an index, the order of lines counts; a time is then 0."""
    path = tmp_path / "h.jsonl"
    path.write_bytes(
        lines(
            '{"process":0,"type":"invoke","f":"read"}',
            '{"process":0,"type":"ok","f":"read","value":1,"time":3}',
        )
    )
    events = read_history(path).events()
    assert [(event.index, event.time) for event in events] == [(0, 0), (1, 3)]


@pytest.mark.parametrize("order", [1, -1])
def test_index_of_some_lines_only_is_an_error(order: int, tmp_path: Path) -> None:
    """An index on some lines and not on others leaves the order open."""
    path = tmp_path / "h.jsonl"
    texts = [
        '{"process":0,"type":"invoke","f":"read","time":0}',
        '{"process":1,"type":"invoke","f":"read","time":0,"index":1}',
    ]
    path.write_bytes(lines(*texts[::order]))
    with pytest.raises(MalformedError, match=r"line 2: .*index"):
        read_history(path)


def test_missing_file_is_an_error_with_advice(tmp_path: Path) -> None:
    """A path without a readable file is an error of this package."""
    with pytest.raises(HistoryError, match="No such file"):
        read_history(tmp_path / "none.jsonl")


def test_writing_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    """A history is replaced as a whole or not at all, and leaves no draft behind."""
    path = tmp_path / "h.jsonl"
    write_history(SAMPLE, path)

    def broken() -> Any:
        yield SAMPLE[0]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_history(broken(), path)
    assert list(read_history(path).events()) == SAMPLE
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("switch", [gc.disable, gc.enable])
def test_collector_is_left_as_it_was(
    switch: Callable[[], None], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Reading pauses the garbage collector and restores it, also after an error."""
    request.addfinalizer(gc.enable)
    (tmp_path / "h.jsonl").write_text("nonsense\n")
    switch()
    before = gc.isenabled()
    with pytest.raises(MalformedError):
        read_history(tmp_path / "h.jsonl")
    assert gc.isenabled() is before


def test_from_events_and_file_agree(tmp_path: Path) -> None:
    """A history is the same whether it was read or put together."""
    path = tmp_path / "h.jsonl"
    write_history(reversed(SAMPLE), path)
    assert read_history(path).digest() == History.from_events(SAMPLE).digest()
