"""Loading finds the format by the content, and says what it has chosen."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import histories
from histories import (
    FORMATS,
    HistoryError,
    MalformedError,
    load_history,
    looks_like_history,
    write_format,
)
from histories.foreign._readers import READERS


if TYPE_CHECKING:
    from pathlib import Path


JSON_LINES = b"""\
{"index":0,"time":1,"type":"invoke","process":0,"f":"read"}
{"index":1,"time":2,"type":"ok","process":0,"f":"read","value":4}
"""
EDN = b"{:type :invoke, :f :read, :process 0} {:type :ok, :f :read, :process 0}"


def test_every_format_has_a_reader() -> None:
    """What is offered can be read."""
    assert FORMATS.keys() == READERS.keys()


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        (JSON_LINES, "jsonl"),
        (b"", "jsonl"),
        (b" \n", "jsonl"),
        (b'{"type":"invoke","value":[]}\n', "jepsen-json"),
        (b'[\n[{"type": "invoke"}]]', "jepsen-json"),
        (b'{"a":1,\n"history":[]}', "jepsen-json"),
        (b"[]", "jepsen-json"),
        (EDN, "jepsen-edn"),
        (b"[" + EDN + b"]", "jepsen-edn"),
        (b"()", "jepsen-edn"),
        (b"; c\n\n" + EDN, "jepsen-edn"),
        (b'{"type" :invoke}', "jepsen-edn"),
        (b"[[0 :invoke :read nil]]", "knossos-edn"),
        (b"; c\n(0 :invoke :read nil)", "knossos-edn"),
        (b'{:f :get, :key "1"}', "porcupine-kv-log"),
        (b'[{:key "1" :f :put}]', "porcupine-kv-log"),
        (b"noise\nINFO  jepsen.util - 0\t:ok\t:f\tnil", "porcupine-jepsen-log"),
        (b"[main] 0\t:ok\t:f\tnil", "porcupine-jepsen-log"),
        (b"r 1 2\n", "awdit"),
    ],
)
def test_the_format_is_told_by_the_content(content: bytes, format_: str) -> None:
    """Each format is recognised by how it begins."""
    from histories.foreign._detection import detect_format
    from histories.foreign._source import Source

    source = Source(BytesIO(content), "x", content)
    assert detect_format(source, FORMATS) == format_


def test_the_name_of_a_file_means_nothing(tmp_path: Path) -> None:
    """EDN under the name of JSON is EDN, also when packed."""
    for content in (EDN, gzip.compress(EDN)):
        path = tmp_path / "history.json"
        path.write_bytes(content)
        assert load_history(path).format == "jepsen-edn"
        assert load_history(str(path)).format == "jepsen-edn"


@pytest.mark.parametrize("content", [JSON_LINES, EDN])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_streams_are_read_like_files(tmp_path: Path, content: bytes, pack: Any) -> None:
    """A stream may be packed, may be unable to go back, and stays open."""
    path = tmp_path / "file"
    path.write_bytes(pack(content))
    expected = load_history(path).history.digest()
    with path.open("rb") as file:
        assert load_history(file).history.digest() == expected
        assert not file.closed
    read_end, write_end = os.pipe()
    os.write(write_end, pack(content))
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        assert load_history(pipe).history.digest() == expected


def test_a_stream_is_read_from_where_it_stands() -> None:
    """What was read before is not looked at again."""
    stream = BytesIO(b"header\n" + EDN)
    stream.readline()
    assert load_history(stream).format == "jepsen-edn"


def test_a_wrong_guess_can_be_put_right() -> None:
    """With `format`, the content is read as that, whatever it looks like."""
    misleading = b'{:process 0, :type :invoke, :f :get, :key "a", :value nil}'
    assert load_history(BytesIO(misleading)).format == "porcupine-kv-log"
    loaded = load_history(BytesIO(misleading), format="jepsen-edn")
    (operation,) = loaded.history.operations()
    assert (loaded.format, operation.f) == ("jepsen-edn", "get")


def test_a_format_that_does_not_fit_is_an_error() -> None:
    """EDN is no JSON, and no log."""
    for wrong in FORMATS.keys() - {"jepsen-edn", "knossos-edn", "porcupine-kv-log"}:
        with pytest.raises(MalformedError):
            load_history(BytesIO(EDN + b"\n"), format=wrong)


def test_what_is_no_history_is_told() -> None:
    """An unknown beginning is quoted, and the formats are listed."""
    with pytest.raises(MalformedError) as caught:
        load_history(BytesIO(b"\nhello, world\n" * 9))
    assert caught.value.found == "a file that begins with `hello, world`"
    assert all(name in caught.value.expected for name in FORMATS)


def test_an_unknown_format_is_told() -> None:
    """The error lists the formats."""
    with pytest.raises(HistoryError, match="found the format 'edn'; expected one of"):
        load_history(BytesIO(EDN), format="edn")


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    """No file, a folder, a damaged packing: each says what it is."""
    with pytest.raises(HistoryError, match="no readable file"):
        load_history(tmp_path / "missing")
    with pytest.raises(HistoryError, match="no readable file"):
        load_history(tmp_path)
    damaged = tmp_path / "damaged.gz"
    damaged.write_bytes(gzip.compress(EDN * 9)[:-12])
    with pytest.raises(HistoryError, match="a damaged packed file"):
        load_history(damaged)


def test_errors_name_the_file(tmp_path: Path) -> None:
    """Path and line stand in front."""
    path = tmp_path / "bad.edn"
    path.write_text("{:type :invoke :process 0 :f :x}\n{:type 1}")
    with pytest.raises(MalformedError, match=r"bad\.edn, line 2: found type 1"):
        load_history(path)


SAMPLES = [
    JSON_LINES,
    EDN,
    b'[{:f :x, :type :info, :process :n, :error "\\n"}\n #a/b {:a #{1}} #_ 2 \\c]',
    b"[[0 :invoke :cas [1 2]]\n[0 :ok :cas [1 2]]]",
    b'{:process 0, :type :invoke, :f :put, :key "a", :value "x"}\n',
    b'[{"type":"invoke","value":[["r",1,null]]},{"type":"ok","value":{"a":[1e5]}}]',
    b'{"name":"x","history":[{"type":"invoke","f":"read","process":0}]}',
    b"INFO  jepsen.util - 0\t:invoke\t:read\tnil\n1 :info :x #<E>\n",
    b"w 1 5\n-----\nr 1 5\n=====\nr 2 0\n",
]
PIECES = [
    b"[",
    b"]",
    b"{",
    b"}",
    b'"',
    b"\\",
    b"#",
    b"#_",
    b":",
    b";",
    b"\n",
    b" ",
    b"-",
]
PIECES += [
    b"1e999",
    b"9" * 20,
    b"nil",
    b"null",
    b"\xff",
    b"\0",
    b"\x1f\x8b",
    b"/",
    b"0",
]


@pytest.mark.parametrize("content", SAMPLES)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_byte_order_mark_says_nothing(content: bytes, pack: Any) -> None:
    """Every format may begin with it, packed or not."""

    def loaded(content: bytes) -> Any:
        try:
            found = load_history(BytesIO(pack(content)))
        except HistoryError as error:
            return str(error)
        return found.format, found.notes, found.history.digest()

    assert loaded(b"\xef\xbb\xbf" + content) == loaded(content)


@given(
    content=st.sampled_from(SAMPLES),
    edits=st.lists(
        st.tuples(st.integers(0, 99), st.integers(0, 6), st.sampled_from(PIECES)),
        max_size=5,
    ),
    format_=st.none() | st.sampled_from(sorted(FORMATS)),
)
def test_whatever_comes_is_loaded_or_told(
    content: bytes, edits: list[tuple[int, int, bytes]], format_: str | None
) -> None:
    """No content makes anything but a history or an error with advice."""
    for start, length, piece in edits:
        content = content[:start] + piece + content[start + length :]
    with suppress(HistoryError):
        load_history(BytesIO(content), format=format_)


def completed(f: str, invoked: str, returned: str, process: int = 0) -> str:
    """Return two maps of one operation."""
    return "".join(
        f"{{:type :{type_} :process {process} :f :{f} :value {value}}}\n"
        for type_, value in (("invoke", invoked), ("ok", returned))
    )


@pytest.mark.parametrize(
    ("operations", "model"),
    [
        ([("read", "nil", "1")], "register"),
        ([("read", "nil", "1"), ("write", "1", "1")], "register"),
        ([("cas", "[1 2]", "[1 2]"), ("read", "nil", "2")], "cas-register"),
        ([("read", "[:x nil]", "[:x 1]"), ("write", "[:x 1]", "[:x 1]")], "kv"),
        ([("read", "[1 nil]", "[1 1]"), ("cas", "[1 [2 3]]", "nil")], "kv"),
        ([("write", '["a" 1]', '["a" 1]'), ("read", '"a"', "1")], "kv"),
        ([("write", "[3 1]", "[3 1]"), ("read", "3", "1")], "kv"),
        ([("write", "[3 1]", "[3 1]"), ("read", "1", "1")], "register"),
        ([("write", "[3 1]", "[3 1]"), ("read", "nil", "[3 1]")], "register"),
        ([("write", "3", "3"), ("read", "3", "3")], "register"),
        ([("put", '["a" 1]', '["a" 1]'), ("get", '"a"', "1")], "kv"),
        ([("put", "1", "1"), ("get", "nil", "1")], None),
        ([("write", "1", "1"), ("read", "nil", "#{1}")], None),
        ([("write", "[1]", "[1]"), ("read", "nil", "[1]")], "register"),
        ([("add", "[:k 1]", "[:k 1]"), ("read", "[:k nil]", "[:k [1]]")], "set"),
        ([("add", "[1 1]", "[1 1]"), ("read", "[1 nil]", "[1 1]")], "g-counter"),
        ([("acquire", "[1 nil]", "[1 nil]")], "mutex"),
        ([("append", "1", "1"), ("read", "nil", "[1]")], "append-list"),
        ([("acquire", "nil", "nil"), ("release", "nil", "nil")], "mutex"),
        ([("enqueue", "1", "1"), ("dequeue", "nil", "1")], "fifo-queue"),
        ([("push", "1", "1"), ("pop", "nil", "1")], "stack"),
        ([("add", "1", "1"), ("read", "nil", "[1]")], "set"),
        ([("add", "1", "1"), ("remove", "1", "1"), ("read", "nil", "#{}")], "set"),
        ([("add", "1", "1"), ("read", "nil", "1")], "g-counter"),
        ([("add", "-1", "-1"), ("read", "nil", "1")], "pn-counter"),
        ([("add", "1", "1")], None),
        ([("transfer", "{:from 0}", "{:from 0}"), ("read", "nil", "{0 1}")], "bank"),
        ([("txn", "[[:append 1 1]]", "[[:append 1 1]]")], "list-append"),
        ([("txn", "[[:r 1 nil]]", "[[:r 1 [2]]]")], "list-append"),
        ([("txn", "[[:r 1 nil] [:w 2 1]]", "[[:r 1 1] [:w 2 1]]")], "rw-register"),
        ([("txn", "[[:read :x nil]]", "[[:read :x 1]]")], "multi-register"),
        ([("read", "[[:r 1 nil]]", "[[:r 1 1]]")], "long-fork"),
        ([("send", "[[:send 1 2]]", "[[:send 1 [0 2]]]")], "kafka"),
        (
            [("poll", "[[:poll]]", "[[:poll {1 []}]]"), ("assign", "[1]", "[1]")],
            "kafka",
        ),
        ([("txn", "[]", "[]")], None),
        ([("frobnicate", "1", "1")], None),
    ],
)
def test_the_model_is_guessed(
    operations: list[tuple[str, str, str]], model: str | None
) -> None:
    """Functions and values suggest a data type, and a note says which do."""
    text = "".join(completed(*operation) for operation in operations)
    loaded = load_history(BytesIO(text.encode()))
    assert loaded.model == model
    notes = [note for note in loaded.notes if note.startswith("Model ")]
    assert len(notes) == (model is not None)
    assert all(f"Model {model}: guessed from " in note for note in notes)


def test_keys_are_guessed_where_every_value_has_one() -> None:
    """As jepsen.independent prints them: calls that ask say `[key, nil]`."""
    keyed = completed("add", "[0 1]", "[0 1]") + completed("read", "[0 nil]", "[0 [1]]")
    loaded = load_history(BytesIO(keyed.encode()))
    assert (loaded.model, loaded.independent) == ("set", True)
    assert any("each key is an object of its own" in note for note in loaded.notes)
    pairs = completed("add", "[0 1]", "[0 1]") + completed("read", "nil", "[[0 1]]")
    loaded = load_history(BytesIO(pairs.encode()))
    assert (loaded.model, loaded.independent) == ("set", False)


def test_nil_of_a_key_is_nil() -> None:
    """What it says is printed for stores of keys, too."""
    text = completed("write", "[0 1]", "[0 1]") + completed(
        "read", "[0 nil]", "[0 nil]"
    )
    loaded = load_history(BytesIO(text.encode()))
    assert "Reads that returned nil: 1, taken as an unknown result." in loaded.notes


def test_results_that_lost_their_keys_are_told() -> None:
    """As they stand, nothing that was added was ever read."""
    text = completed("add", "[0 1]", "[0 1]") + completed("read", "[0 nil]", "[1 2 3]")
    loaded = load_history(BytesIO(text.encode()))
    assert (loaded.model, loaded.independent) == ("set", False)
    assert any("their results have none" in note for note in loaded.notes)


def test_what_several_registers_hold_at_first_is_told_by_reads() -> None:
    """A value that is read before anybody wrote it was there; of JSON lines, a note."""
    text = (
        completed("txn", "[[:read :x nil]]", "[[:read :x 0]]")
        + completed("txn", "[[:write :y 3]]", "[[:write :y 3]]")
        + completed(
            "txn", "[[:read :y nil] [:read :z nil]]", "[[:read :y 3] [:read :z 1]]"
        )
        + completed("txn", "[[:read :z nil]]", "[[:read :z 2]]")
    )
    loaded = load_history(BytesIO(text.encode()))
    assert loaded.initial == {"x": 0}  # z had two such values, and y none.
    assert any("At first x holds 0: guessed" in note for note in loaded.notes)
    lines = BytesIO()
    write_format(loaded.history, "jsonl", lines)
    lines.seek(0)
    loaded = load_history(lines)
    assert loaded.initial is None
    assert any("say so with --init '{\"x\":0}'" in note for note in loaded.notes)
    text += completed("txn", "[[:read :v nil]]", "[[:read :v 7]]")
    assert load_history(BytesIO(text.encode())).initial is None  # No value for all.


@pytest.mark.parametrize(
    ("operations", "times"),
    [
        ([("read", "nil", "0"), ("write", "1", "1")], 1),
        ([("write", "0", "0"), ("read", "nil", "0")], 0),
        ([("cas", "[1 0]", "[1 0]"), ("read", "nil", "0")], 0),
        ([("read", "nil", "0"), ("read", "nil", "1")], 0),
        ([("read", "[:a nil]", "[:a 0]"), ("write", "[:b 0]", "[:b 0]")], 1),
        ([("write", '["a" 0]', '["a" 0]'), ("read", '"a"', "0")], 0),
    ],
)
def test_a_register_is_nil_at_first_and_a_note_says_what_may_be_meant(
    operations: list[tuple[str, str, str]], times: int
) -> None:
    """The value is no guess: what nobody wrote may be what is wrong."""
    text = "".join(completed(*operation) for operation in operations)
    loaded = load_history(BytesIO(text.encode()))
    assert loaded.initial is None
    notes = [note for note in loaded.notes if "0 was read before anybody" in note]
    assert len(notes) == times


@pytest.mark.parametrize("packer", [gzip, bz2, lzma], ids=lambda one: one.__name__)
def test_packed_files_are_read_and_damage_is_told(packer: Any, tmp_path: Path) -> None:
    """Whatever they are called."""
    plain = load_history(BytesIO(EDN * 9)).history.digest()
    path = tmp_path / "history.edn"
    path.write_bytes(packer.compress(EDN * 9))
    assert load_history(path).history.digest() == plain
    for damaged in (
        packer.compress(EDN * 9)[:-9],
        packer.compress(EDN * 9)[:20] + b"xx" * 30,
    ):
        path.write_bytes(damaged)
        with pytest.raises(HistoryError, match="a damaged packed file"):
            load_history(path)


@pytest.mark.parametrize(
    ("content", "what", "who"),
    [
        (b"\x28\xb5\x2f\xfd\x00", "zstd", "zstd -dc FILE"),
        (b"PK\x03\x04\x00", "zip archive", "unzip -p FILE"),
        (gzip.compress(b"h" * 257 + b"ustar\x0000"), "tar archive", "tar -xOf FILE"),
        ("{}".encode("utf-16"), "UTF-16", "iconv -f utf-16"),
    ],
)
def test_what_others_have_to_unpack_is_told(
    content: bytes, what: str, who: str
) -> None:
    """With the command that does."""
    with pytest.raises(MalformedError) as told:
        load_history(BytesIO(content))
    assert what in str(told.value)
    assert who in str(told.value)


def test_files_that_look_like_histories() -> None:
    """Events or steps of transactions make one; settings and results do not."""
    for content in (
        JSON_LINES,
        EDN,
        b"[[0 :invoke :read nil]]",
        b'[{"f": 1, "type":"invoke"}]',
        b"noise\nINFO  jepsen.util - 0\t:invoke\t:f\tnil",
        b"r 1 2\n",
        gzip.compress(JSON_LINES),
    ):
        assert looks_like_history(BytesIO(content))
    for content in (
        b"",
        b"{}",
        b'{"type": "module"}',
        b"{:valid? true}",
        b"text",
        b"PK",
    ):
        assert not looks_like_history(BytesIO(content))


def test_values_that_may_have_a_key_are_noted() -> None:
    """Pairs everywhere may be a key and a value of independent objects."""
    text = completed("add", "[0 1]", "[0 1]") + completed("read", "nil", "[1]")
    loaded = load_history(BytesIO(text.encode()))
    assert any("keys are independent" in note for note in loaded.notes)


def test_the_package_shows_what_loading_needs() -> None:
    """One import suffices."""
    assert {"FORMATS", "Format", "Loaded", "load_history"} <= set(histories.__all__)
