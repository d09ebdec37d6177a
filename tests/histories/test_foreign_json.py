"""Histories in JSON: an array, an object with a history, or lines."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from histories import Event, MalformedError, PairingError, load_history
from histories._jsonl import encode_events


if TYPE_CHECKING:
    from histories import Loaded


def load(text: str, **options: Any) -> Loaded:
    """Load a history from text."""
    return load_history(BytesIO(text.encode()), **options)


MAPS: list[dict[str, Any]] = [
    {"type": "invoke", "f": "txn", "process": 0, "value": [["w", "x", 1]]},
    {"type": "ok", "f": "txn", "process": 0, "value": [["w", "x", 1]]},
    {"type": "info", "f": "kill", "process": "nemesis", "value": None},
]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(MAPS),
        json.dumps(MAPS, indent=2),
        json.dumps({"name": 'a "history"', "history": MAPS, "other": [1]}),
        json.dumps({"history": MAPS}, indent=1),
        "\n  " + json.dumps(MAPS),
        json.dumps(MAPS).replace('"txn"', '":txn"').replace('"nemesis"', '":nemesis"'),
    ],
)
def test_operation_maps_are_found(text: str) -> None:
    """An array, an object around it, any spacing, and keywords with their colon."""
    loaded = load(text)
    assert loaded.format == "jepsen-json"
    (operation,) = loaded.history.operations()
    assert (operation.f, operation.output) == ("txn", [["w", "x", 1]])
    assert loaded.history.nemesis()[0].process == "nemesis"
    assert loaded.model == "rw-register"


def test_lines_without_process_or_f_are_operation_maps_too() -> None:
    """JSON lines that the recorder would not write are read as Jepsen's maps."""
    lines = [{"type": type_, "value": [["r", 1, None]]} for type_ in ("invoke", "ok")]
    loaded = load("\n\n".join(map(json.dumps, lines)))
    assert loaded.format == "jepsen-json"
    assert not loaded.has_sessions


def test_lines_of_the_recorder_are_json_lines() -> None:
    """What the recorder writes is read by what reads the recorder's files."""
    events = [
        Event(index=0, time=1, type="invoke", process=0, f="read"),
        Event(index=1, time=2, type="ok", process=0, f="read", value={"a": 1}),
    ]
    loaded = load(encode_events(events).decode())
    assert loaded.format == "jsonl"
    assert list(loaded.history.events()) == events
    assert (loaded.nil_read, loaded.failed_cas) == ("value", "drop")


def test_a_torn_last_line_is_dropped_with_a_warning() -> None:
    """The warnings of JSON lines are those of the history."""
    loaded = load('{"index":0,"time":1,"type":"invoke","process":0,"f":"x"}\n{"ind')
    assert len(loaded.history) == 1
    assert "dropped the last line" in loaded.history.warnings[0]


def test_accounts_are_names() -> None:
    """Keys of an object of accounts lose the colon that they have as keywords."""
    text = json.dumps(
        [
            {"type": "invoke", "f": "read", "process": 0},
            {"type": "ok", "f": "read", "process": 0, "value": {":0": 10, "1": 20}},
        ]
    )
    loaded = load(text)
    (operation,) = loaded.history.operations()
    assert operation.output == {"0": 10, "1": 20}
    assert loaded.model == "bank"


@pytest.mark.parametrize(
    "odd", ['"time": null', '"time": 0.5', '"index": null', '"process": null']
)
def test_lines_with_odd_fields_are_operation_maps_too(odd: str) -> None:
    """What is null is not there, as in Jepsen's notation, and times may be rounded."""
    lines = [
        f'{{"type": "{type_}", "process": 0, "f": "read", "value": 1, {odd}}}'
        for type_ in ("invoke", "ok")
    ]
    if "process" in odd:
        lines = [line.replace('"process": 0, ', "") for line in lines]
    loaded = load_history(BytesIO("\n".join(lines).encode()))
    assert loaded.format == "jepsen-json"
    assert [each.output for each in loaded.history.operations()] == [1]


def test_objects_on_one_line_are_no_torn_one() -> None:
    """Nothing is dropped of what has an end."""
    line = b'{"type": "invoke", "process": 0, "f": "read"}'
    with pytest.raises(MalformedError, match="line 1"):
        load_history(BytesIO(line + line))


def test_an_array_without_an_end_is_told_there() -> None:
    """That is where it was cut off."""
    with pytest.raises(MalformedError, match="line 3"):
        load_history(BytesIO(b'[\n{"type": "invoke", "process": 0, "f": "x"},\n{"ty'))


def test_an_empty_array_is_an_empty_history() -> None:
    """Nothing happened, and nothing is suggested by it."""
    loaded = load("[]")
    assert len(loaded.history) == 0
    assert loaded.model is None


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('[{"type":"invoke",\n "f":}]', 2, 6),
        ('{"type":"invoke","value":[["r",1,null]]}\n{"type" 1}', 2, 9),
        ('[{"type":"invoke","process":0,"f":"x"},\n\n', 3, None),
    ],
)
def test_broken_json_is_told_with_its_place(
    text: str, line: int, column: int | None
) -> None:
    """An error has the line and, where the decoder knows it, the column."""
    with pytest.raises(MalformedError, match="broken JSON") as caught:
        load(text)
    if column is not None:
        assert (caught.value.line, caught.value.column) == (line, column)


def test_events_are_told_with_their_line() -> None:
    """An event of an array is found in the line in which it begins."""
    text = json.dumps([*MAPS, {"type": "done"}], indent=1)
    with pytest.raises(MalformedError) as caught:
        load(text)
    before = text[: text.index('"done"')]
    assert caught.value.line == before.count("\n")
    with pytest.raises(PairingError) as paired:
        load('[\n{"type":"ok","process":0,"f":"x"}]')
    assert paired.value.line == 2
