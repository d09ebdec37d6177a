"""The journal keeps every message, in order, as far as it was written."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import histories._journal
from histories import (
    HistoryError,
    JournalWriter,
    MalformedError,
    Message,
    MessageKind,
    read_journal,
)


if TYPE_CHECKING:
    from pathlib import Path


Record = tuple[int, int, int, str, str, bytes]

numbers = st.integers(-(2**63), 2**63 - 1)
records = st.lists(
    st.tuples(
        st.sampled_from(MessageKind),
        numbers,
        numbers,
        st.text(),
        st.text(),
        st.binary(),
    )
)


def write(path: Path, *chunks: list[Record]) -> None:
    with JournalWriter(path) as writer:
        for chunk in chunks:
            for record in chunk:
                writer.record(*record)
            writer.flush()
    assert writer.failure is None


def sends(count: int) -> list[Record]:
    return [(MessageKind.SEND, i, i, "n0", "n1", b'{"a":1}') for i in range(count)]


@given(records, st.integers(0, 2000))
def test_records_come_back(
    tmp_path_factory: pytest.TempPathFactory, expected: list[Record], cost: int
) -> None:
    """Any records are read as they were made, however they fall into chunks."""
    path = tmp_path_factory.getbasetemp() / "round-trip.bin"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(histories._journal, "_CHUNK_COST", cost)
        write(path, expected)
    journal = read_journal(path)
    messages = [Message(seq, *record) for seq, record in enumerate(expected)]
    assert list(journal) == list(journal) == messages
    assert len(journal) == len(messages)
    assert journal.warnings == ()


def test_every_truncation_loads(tmp_path: Path) -> None:
    """Cut at any byte, a journal gives all whole chunks, and a warning for the rest."""
    path = tmp_path / "journal.bin"
    boundaries = []
    for chunks in ([], [sends(3)], [sends(3), sends(2)]):
        write(path, *chunks)
        boundaries.append(path.stat().st_size)
    whole = path.read_bytes()
    lengths = []
    for size in range(len(whole) + 1):
        path.write_bytes(whole[:size])
        journal = read_journal(path)
        lengths.append(len(list(journal)))
        assert lengths[-1] == len(journal)
        assert len(journal.warnings) == (size not in boundaries)
    assert lengths == sorted(lengths)
    assert set(lengths) == {0, 3, 5}


@pytest.mark.parametrize("at", [30, 60])
def test_damage_is_an_error(at: int, tmp_path: Path) -> None:
    """A chunk whose bytes have changed is not taken for messages."""
    path = tmp_path / "journal.bin"
    write(path, sends(30))
    damaged = bytearray(path.read_bytes())
    damaged[at] ^= 0x55
    path.write_bytes(damaged)
    with pytest.raises(MalformedError, match="damaged chunk"):
        list(read_journal(path))


def test_other_files_are_no_journals(tmp_path: Path) -> None:
    """A file of another format is an error at once."""
    (tmp_path / "h.jsonl").write_text('{"index":0}\n' * 10)
    with pytest.raises(MalformedError, match="another format"):
        read_journal(tmp_path / "h.jsonl")


def test_missing_file_is_an_error_with_advice(tmp_path: Path) -> None:
    """A path without a readable file is an error of this package."""
    with pytest.raises(HistoryError, match="No such file"):
        read_journal(tmp_path / "none.bin")


def test_failure_to_write_stops_nobody(tmp_path: Path) -> None:
    """When writing fails, records are thrown away, nothing blocks, and it is said."""
    writer = JournalWriter(tmp_path / "journal.bin")
    writer.record(0, 0, 2**80, "n0", "n1", b"")  # More than the format can hold.
    for _ in range(100):
        writer.flush()
        writer.record(0, 0, 0, "n0", "n1", b"")
    writer.close()
    assert isinstance(writer.failure, OverflowError)
    assert len(read_journal(tmp_path / "journal.bin")) == 0


def test_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the disk does not keep up, whoever records waits."""
    disk = threading.Event()
    encode = histories._journal._encode_frame

    def slow(chunk: list[int | str | bytes]) -> bytes:
        disk.wait()
        return encode(chunk)

    monkeypatch.setattr(histories._journal, "_encode_frame", slow)
    writer = JournalWriter(tmp_path / "journal.bin")
    bound = histories._journal._QUEUED_CHUNKS
    for number in range(bound + 1):  # One is with the thread, the others in the queue.
        writer.record(0, number, 0, "n0", "n1", b"")
        writer.flush()
    writer.record(0, 0, 0, "n0", "n1", b"")
    waiting = threading.Thread(target=writer.flush)
    waiting.start()
    assert writer._queue.full()
    disk.set()
    waiting.join()
    writer.close()
    assert len(read_journal(tmp_path / "journal.bin")) == bound + 2


def test_close_may_be_repeated(tmp_path: Path) -> None:
    """A second `close` does nothing."""
    writer = JournalWriter(tmp_path / "journal.bin")
    writer.close()
    writer.close()
    assert list(read_journal(tmp_path / "journal.bin")) == []
