"""Histories in EDN: of Jepsen, of Knossos, and Porcupine's with keys."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from histories import HistoryError, MalformedError, PairingError, load_history


if TYPE_CHECKING:
    from histories import Loaded


def load(text: str, **options: Any) -> Loaded:
    """Load a history from text."""
    return load_history(BytesIO(text.encode()), **options)


def triples(loaded: Loaded) -> list[tuple[int, str, Any, Any, str]]:
    """Return what happened, briefly."""
    return [
        (each.process, each.f, each.input, each.output, each.status)
        for each in loaded.history.operations()
    ]


MAPS = """
{:type :invoke, :f :write, :value 3, :process 0, :time 10, :index 0}
{:type :info, :f :start, :process :nemesis, :time 12, :index 1}
{:type :ok, :f :write, :value 3, :process 0, :time 20, :index 2}
{:type :invoke, :f :read, :value nil, :process 1, :time 30, :index 3}
{:type :ok, :f :read, :value 3, :process 1, :time 40, :index 4, :node "n1", :final? true}
"""
READ_AND_WRITTEN = [(0, "write", 3, 3, "ok"), (1, "read", None, 3, "ok")]


@pytest.mark.parametrize(
    "text",
    [
        MAPS,
        f"[{MAPS}]",
        f"({MAPS})",
        f"; a comment\n#jepsen.history.DenseHistory [{MAPS}]",
        MAPS.replace("{:type", "#jepsen.history.Op{:type"),
        MAPS.replace("{:type", "#knossos.op.Op {:type"),
        MAPS.replace("\n", " ").replace(",", "\n,"),
        "#_{:type :ok}" + MAPS,
    ],
)
def test_maps_are_read_however_they_are_wrapped(text: str) -> None:
    """A sequence, a vector, a list, records, any spacing: all the same history."""
    loaded = load(text)
    assert loaded.format == "jepsen-edn"
    assert triples(loaded) == READ_AND_WRITTEN
    assert loaded.history.digest() == load(MAPS).history.digest()
    (nemesis,) = loaded.history.nemesis()
    assert (nemesis.process, nemesis.f, nemesis.index) == ("nemesis", "start", 1)
    read = loaded.history.operation(3)
    assert (read.node, read.final, read.start_time, read.end_time) == (
        "n1",
        True,
        30,
        40,
    )
    assert (loaded.has_times, loaded.has_real_time, loaded.has_sessions) == (True,) * 3


def test_nothing_is_noted_that_was_not_assumed() -> None:
    """A complete history has two notes: its format, and the guess of its model."""
    assert load(MAPS).notes == (
        "Format jepsen-edn: EDN maps, an event each.",
        "Model register: guessed from the functions read and write.",
    )


def test_tuples_of_knossos_are_read() -> None:
    """`[process type f value]` is an event, one by one or in a vector."""
    text = "[0 :invoke :cas [1 2]]\n[:nemesis :info :start nil]\n[0 :ok :cas [1 2]]"
    for wrapped in (
        text,
        f"[{text}]",
        f"({text.replace('[0', '(0').replace(']]', '])')})",
    ):
        loaded = load(wrapped)
        assert loaded.format == "knossos-edn"
        assert triples(loaded) == [(0, "cas", [1, 2], [1, 2], "ok")]
        assert len(loaded.history.nemesis()) == 1


def test_tuples_need_no_value() -> None:
    """A lock is taken without one."""
    loaded = load("[[0 :invoke :acquire] [0 :ok :acquire]]")
    assert triples(loaded) == [(0, "acquire", None, None, "ok")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("'({:process 0 :type :invoke :f :read})", "`'` is Clojure source"),
        ("^{:a 1} [{:process 0 :type :invoke :f :read}]", r"`\^` is Clojure source"),
        ("[{:process 0 :type :ok :f 1}]\n[{} {} {}]", r"line 2: found \[{},{},{}\]"),
        (
            "{:index 1.0 :type :ok}",
            r"found index 1.0; expected an integer of 64 bits\.",
        ),
        ("Events:\n{:process 0 :type :invoke :f :read}", "begins with `Events:`"),
    ],
)
def test_what_is_nearly_edn_is_told(text: str, words: str) -> None:
    """As what it is, where it is, and not as another format."""
    with pytest.raises(MalformedError, match=words):
        load(text)


def test_maps_with_keys_become_pairs() -> None:
    """Porcupine's get, put and append are read, write and append of [key, value]."""
    loaded = load(
        '{:process 0, :type :invoke, :f :put, :key "a", :value "x"}\n'
        '{:process 1, :type :invoke, :f :get, :key "a", :value nil}\n'
        '{:process 0, :type :ok, :f :put, :key "a", :value "x"}\n'
        '{:process 1, :type :ok, :f :get, :key "a", :value "x"}\n'
        '{:process 1, :type :invoke, :f :append, :key "b", :value "y"}\n'
    )
    assert loaded.format == "porcupine-kv-log"
    assert (loaded.model, loaded.initial) == ("kv", "")
    assert triples(loaded) == [
        (0, "write", ["a", "x"], ["a", "x"], "ok"),
        (1, "read", ["a", None], ["a", "x"], "ok"),
        (1, "append", ["b", "y"], None, "info"),
    ]


TUPLES = """
{:type :invoke, :f :write, :value #jepsen.independent/tuple [7 3], :process 0}
{:type :ok, :f :write, :value #jepsen.independent.Tuple{:k 7, :v 3}, :process 0}
{:type :info, :f :start, :value :majority, :process :nemesis}
{:type :invoke, :f :read, :value #jepsen.independent/tuple [7 nil], :process 1}
{:type :ok, :f :read, :value #jepsen.independent/tuple [7 nil], :process 1}
"""


@pytest.mark.parametrize("text", [TUPLES, f"[{TUPLES}]", TUPLES.replace("\n", " ")])
def test_tuples_of_independent_keys_are_pairs(text: str) -> None:
    """They say for sure that keys are independent, and a note says that they do."""
    loaded = load(text)
    assert triples(loaded) == [
        (0, "write", [7, 3], [7, 3], "ok"),
        (1, "read", [7, None], [7, None], "ok"),
    ]
    assert loaded.has_tuples
    assert loaded.independent
    assert loaded.model == "register"
    told = "\n".join(loaded.notes)
    assert "Values that are tuples of jepsen.independent: 4, taken as pairs" in told
    assert "Reads that returned nil: 1" in told
    assert not load(MAPS).has_tuples


def test_tuples_of_stores_of_keys_are_nobodys_model() -> None:
    """A key of a key is none that a model knows."""
    value = "#jepsen.independent/tuple [7 [:a 1]]"
    asked = "#jepsen.independent/tuple [7 [:a nil]]"
    loaded = load(
        "".join(
            f"{{:type :{type_} :process 0 :f :{f} :value {text}}}"
            for f, texts in (("write", (value, value)), ("read", (asked, value)))
            for type_, text in zip(("invoke", "ok"), texts, strict=True)
        )
    )
    assert (loaded.model, loaded.independent) == (None, True)


def test_positions_stand_for_indices_that_are_missing() -> None:
    """Without an index anywhere the order of the file counts, and a note says so."""
    loaded = load(
        "{:type :invoke :process 0 :f :acquire}{:type :ok :process 0 :f :acquire}"
    )
    assert [event.index for event in loaded.history.events()] == [0, 1]
    assert "No event has an index: they count in the order of the file." in loaded.notes


def test_indices_give_the_order() -> None:
    """Events in another order than their indices are sorted, and a note says so."""
    loaded = load("\n".join(reversed(MAPS.split("\n"))))
    assert triples(loaded) == READ_AND_WRITTEN
    assert any("sorted" in note for note in loaded.notes)


@pytest.mark.parametrize("time", ["", ":time -1", ":time nil", ":time 0"])
def test_times_may_be_missing(time: str) -> None:
    """Without times the history says so; -1 is no time."""
    loaded = load(
        f"{{:type :invoke :process 0 :f :x {time}}} {{:type :ok :process 0 :f :x {time}}}"
    )
    assert [event.time for event in loaded.history.events()] == [0, 0]
    assert not loaded.has_times
    noted = any(note.startswith("No event has a time") for note in loaded.notes)
    assert noted == (time != ":time 0")


def test_an_event_without_time_gets_that_of_the_one_before() -> None:
    """Times may be missing on some events; a float is rounded."""
    loaded = load(
        "{:type :invoke :process 0 :f :x :time 5.6} {:type :ok :process 0 :f :x}"
        "{:type :invoke :process 0 :f :x :time 9}"
    )
    assert [event.time for event in loaded.history.events()] == [6, 6, 9]
    assert loaded.has_times
    assert any(note.startswith("1 of 3 events have no time") for note in loaded.notes)


def test_whatever_else_an_event_has_is_kept() -> None:
    """Keys of their own stay with the event; errors and nodes of any shape too."""
    loaded = load(
        "{:type :invoke :process 0 :f :x}"
        '{:type :fail :process 0 :f :x :error [:no "way"] :node :n1 :op-index 7}'
    )
    _, event = loaded.history.events()
    assert event.error == ["no", "way"]
    assert event.node == "n1"
    assert event.extra == {"op-index": 7}


def test_transactions_need_no_f() -> None:
    """An event whose value is a transaction and that has no f is a txn."""
    loaded = load(
        "{:type :invoke :process 0 :value [[:r 1 nil] [:append 2 3]]}"
        "{:type :ok :process 0 :value [[:r 1 [4]] [:append 2 3]]}"
    )
    (operation,) = loaded.history.operations()
    assert operation.f == "txn"
    assert operation.input == [["r", 1, None], ["append", 2, 3]]
    assert operation.output == [["r", 1, [4]], ["append", 2, 3]]
    assert loaded.model == "list-append"
    assert any(note.startswith("Events without f: 2;") for note in loaded.notes)


PROCESSLESS = """
{:type :invoke :f :txn :value [[:append 1 1]]}
{:type :invoke :f :txn :value [[:r 1 nil] [:append 2 5]]}
{:type :ok :f :txn :value [[:r 1 [1]] [:append 2 5]]}
{:type :ok :f :txn :value [[:append 1 1]]}
{:type :info :f :txn :value [[:append 1 9]]}
{:type :invoke :f :txn :value [[:append 7 7]]}
{:type :info :f :start :process :nemesis}
"""


def test_without_processes_every_operation_is_alone() -> None:
    """All operations are concurrent, each a process of its own; a note says so."""
    loaded = load(PROCESSLESS)
    assert not loaded.has_real_time
    assert not loaded.has_sessions
    assert not loaded.has_times
    assert any(note.startswith("No event has a process") for note in loaded.notes)
    operations = list(loaded.history.operations())
    assert [(each.input, each.status) for each in operations] == [
        ([["append", 1, 1]], "ok"),
        ([["r", 1, None], ["append", 2, 5]], "ok"),
        ([["append", 1, 9]], "info"),
        ([["append", 7, 7]], "info"),
    ]
    assert len({each.process for each in operations}) == len(operations)
    last_invocation = max(each.start for each in operations)
    assert all(each.end is None or each.end > last_invocation for each in operations)
    assert len(loaded.history.nemesis()) == 1


def test_without_processes_a_result_finds_its_question() -> None:
    """An invocation that asks nothing, such as a read, has the first such result."""
    loaded = load(
        "{:type :invoke :f :read} {:type :invoke :f :write :value 1}"
        "{:type :ok :f :write :value 1} {:type :ok :f :read :value 1}"
    )
    assert [(each.f, each.output) for each in loaded.history.operations()] == [
        ("read", 1),
        ("write", 1),
    ]


def test_without_processes_a_read_asks_for_its_key() -> None:
    """What it returned is not what it asked, with a key or without."""
    cas = "{:type :ok :f :cas :value [1 2]}"
    loaded = load(f"{cas} {{:type :ok :f :read :value 1}}")
    assert [each.input for each in loaded.history.operations()] == [[1, 2], None]
    assert loaded.model == "cas-register"
    loaded = load(
        "{:type :invoke :f :read :value #jepsen.independent/tuple [0 nil]}"
        "{:type :ok :f :read :value #jepsen.independent/tuple [0 1]}"
        "{:type :ok :f :read :value #jepsen.independent/tuple [3 2]}"
    )
    assert [(each.input, each.output) for each in loaded.history.operations()] == [
        ([0, None], [0, 1]),
        ([3, None], [3, 2]),
    ]


def test_a_process_that_outlives_itself_is_renumbered() -> None:
    """After an `info` the same number is another process, and a note says so."""
    lines = [
        f"{{:process {process} :type :{type_} :f :write :value 1}}"
        for process, type_ in [
            (0, "invoke"),
            (3, "invoke"),
            (0, "info"),
            (0, "invoke"),
            (0, "info"),
            (3, "ok"),
            (0, "invoke"),
            (0, "ok"),
            (0, "invoke"),
        ]
    ]
    loaded = load("\n".join(lines))
    assert [each.process for each in loaded.history.operations()] == [0, 3, 4, 8, 8]
    assert any("unknown outcome: 1;" in note for note in loaded.notes)


@pytest.mark.parametrize(
    ("text", "line", "found", "expected"),
    [
        ("{:type :invoke :process 0 :f :x}\n5", 2, "5", "a map with the keys"),
        (
            "{:type :done :process 0 :f :x}",
            1,
            'type "done"',
            "invoke, ok, fail or info",
        ),
        ("{:process 0 :f :x}", 1, "an event without type", "type: invoke, ok"),
        ("{:type [1] :process 0}", 1, "type [1]", "invoke, ok, fail or info"),
        (
            "{:type :invoke :process -1 :f :x}",
            1,
            "process -1",
            "a number from 0 on for a client",
        ),
        (
            "{:type :invoke :process 0.0 :f :x}",
            1,
            "process 0.0",
            "a number from 0 on for a client",
        ),
        (
            "{:type :invoke :process 9223372036854775808 :f :x}",
            1,
            "process 9223372036854775808",
            "a number from 0 on for a client",
        ),
        (
            "{:type :invoke :process 0 :f :x}\n{:type :ok :f :x}",
            2,
            "an event without process",
            "process: a number from 0 on",
        ),
        (
            "{:type :invoke :f :x}\n{:type :ok :f :x :process 2}",
            2,
            "process 2",
            "none, as the events before it have none",
        ),
        (
            "{:type :invoke :process 0 :f :x :index 0}\n{:type :ok :process 0 :f :x}",
            2,
            "an event without index",
            "index: an integer of 64 bits, as the events before it",
        ),
        (
            "{:type :invoke :process 0 :f :x}\n{:type :ok :process 0 :f :x :index 0}",
            2,
            "index 0",
            "none, as the events before it have none",
        ),
        ("{:type :invoke :process 0 :f :x :index 1.5}", 1, "index 1.5", "an integer"),
        ("{:type :invoke :process 0 :f :x :time :t}", 1, 'time "t"', "nanoseconds"),
        ("{:type :invoke :process 0}", 1, "an event without f", "f: what is done"),
    ],
)
def test_maps_that_are_no_events_are_told(
    text: str, line: int, found: str, expected: str
) -> None:
    """An error has the line, what was found there and what was expected."""
    with pytest.raises(MalformedError) as caught:
        load(text)
    error = caught.value
    assert (error.line, error.found) == (line, found)
    assert error.expected.startswith(expected)
    assert error.advice


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        (
            "{:process 0 :type :invoke :f :x}\n{:process 0 :type :invoke :f :x}",
            2,
            "a second invocation by process 0",
        ),
        ("\n\n{:process 0 :type :ok :f :x}", 3, "'ok' by process 0"),
        (
            "[{:process 0 :type :invoke :f :x}\n {:process 0 :type :ok :f :y}]",
            2,
            "a completion of 'y'",
        ),
        (
            "{:process 0 :type :invoke :f :x :index 4}\n{:process 0 :type :ok :f :x :index 4}",
            2,
            "a second event with index 4",
        ),
    ],
)
def test_events_that_are_no_history_are_told(text: str, line: int, found: str) -> None:
    """Two open operations of a process and the like are reported with the line."""
    with pytest.raises(PairingError) as caught:
        load(text)
    assert caught.value.line == line
    assert caught.value.found.startswith(found)


def test_broken_edn_is_told_with_its_place() -> None:
    """What is wrong with the notation itself has line and column."""
    with pytest.raises(HistoryError, match=r"line 3, column 2: found `\)`"):
        load("{:type :invoke, :process 0, :f :x}\n\n ) {")


def test_nil_reads_are_unknown_unless_told_otherwise() -> None:
    """Jepsen knows nothing of a read that returned nil; the option overrides that."""
    text = (
        "{:type :invoke :process 0 :f :read} {:type :ok :process 0 :f :read :value nil}"
    )
    assert load(text).nil_read == "unknown"
    assert "Reads that returned nil: 1, taken as an unknown result." in load(text).notes
    valued = load(text, nil_read="value")
    assert valued.nil_read == "value"
    assert "Reads that returned nil: 1, taken as the value nil." in valued.notes
