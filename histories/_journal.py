r"""The journal: every message of a run, kept on disk and never in memory.

A record is a message that was sent, delivered or dropped. Records collect in one
flat list; a chunk's worth of them goes through a bounded queue to a thread, which
takes the columns apart, compresses them and appends a frame to the file:

    b"harness journal 1\n"     once, at the beginning
    records, size              of the chunk: 4 bytes each, little-endian
    chunk                      `size` bytes: zlib of the MessagePack of `_Chunk`

Each frame stands alone, so that a writer that is killed loses the chunks that it
had not written and nothing else. The checksum of zlib guards the chunk.
"""

from __future__ import annotations

import enum
import queue
import struct
import threading
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import msgspec

from ._errors import HistoryError, MalformedError


if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import BinaryIO


_MAGIC = b"harness journal 1\n"
_HEADER = struct.Struct("<II")
_CHUNK_COST = 256 << 10
_RECORD_COST = 100
_QUEUED_CHUNKS = 16


class MessageKind(enum.IntEnum):
    """What happened to a message."""

    SEND = 0
    DELIVER = 1
    DROP = 2
    DUPLICATE = 3


class Message(msgspec.Struct, frozen=True):
    """One record of the journal.

    Attributes:
        seq: Position in the journal, from 0.
        kind: A `MessageKind`.
        time: Nanoseconds since the start of the run.
        id: The message; its records share it.
        src: Sender.
        dest: Addressee.
        body: The body as it was on the wire; empty except when sent.
    """

    seq: int
    kind: int
    time: int
    id: int
    src: str
    dest: str
    body: bytes


class _Chunk(msgspec.Struct, array_like=True):
    """Columns of records, in the order of the arguments of `JournalWriter.record`."""

    kind: list[int]
    time: list[int]
    id: list[int]
    src: list[str]
    dest: list[str]
    body: list[bytes]


_COLUMNS = len(_Chunk.__struct_fields__)
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Chunk)


class JournalWriter:
    """Writes a journal from one thread; the calling thread only appends to a list.

    Memory is bounded: when the disk is behind by some megabytes, `record` waits.
    A journal that cannot be written any more never stops a run: records are then
    thrown away, and `failure` says why.

    Attributes:
        failure: What ended the writing; None as long as all is well.
    """

    def __init__(self, path: Path | str) -> None:
        """Create the file; an existing one is emptied."""
        self.failure: Exception | None = None
        self._records: list[int | str | bytes] = []
        self._cost = 0
        self._queue: queue.Queue[list[int | str | bytes] | None] = queue.Queue(
            _QUEUED_CHUNKS
        )
        Path(path).write_bytes(_MAGIC)
        self._thread = threading.Thread(
            target=self._write, args=(Path(path),), name="journal", daemon=True
        )
        self._thread.start()

    def record(
        self, kind: int, time: int, message_id: int, src: str, dest: str, body: bytes, /
    ) -> None:
        """Append a record; see `Message` for the meaning of the arguments."""
        self._records += (kind, time, message_id, src, dest, body)
        self._cost += _RECORD_COST + len(body)
        if self._cost > _CHUNK_COST:
            self.flush()

    def flush(self) -> None:
        """Pass on to the thread what has been recorded, as a chunk of its own."""
        if self._records:
            self._queue.put(self._records)
            self._records = []
            self._cost = 0

    def close(self) -> None:
        """Write all that has been recorded, and close. A second call does nothing."""
        if self._thread.is_alive():
            self.flush()
            self._queue.put(None)
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _write(self, path: Path) -> None:
        """Append chunks to the file until there comes None, in a thread."""
        chunks = iter(self._queue.get, None)
        try:
            with path.open("ab") as file:
                for chunk in chunks:
                    file.write(_encode_frame(chunk))
                    file.flush()
        except Exception as error:  # noqa: BLE001 - kept for whoever asks
            self.failure = error
        for _ in chunks:
            pass  # After a failure: nobody shall wait for room in the queue.


class _Frame(NamedTuple):
    """Where a chunk is in the file."""

    first: int
    offset: int
    records: int
    size: int

    @property
    def end(self) -> int:
        return self.offset + self.size


class Journal:
    """A journal on disk; each iteration reads it anew, a chunk at a time.

    Attributes:
        warnings: What had to be dropped from it, a sentence each.
    """

    def __init__(self, path: Path | str) -> None:
        """Find the chunks; `read_journal` is the public way."""
        self.warnings: tuple[str, ...] = ()
        self._path = Path(path)
        self._frames: list[_Frame] = []
        self._find_frames()

    def __len__(self) -> int:
        """Return the number of records."""
        return sum(frame.records for frame in self._frames)

    def __iter__(self) -> Iterator[Message]:
        """Yield the records in the order in which they were made.

        Raises:
            MalformedError: A chunk is damaged.
        """
        with self._path.open("rb") as file:
            for frame in self._frames:
                chunk = self._read(file, frame)
                for seq, record in enumerate(
                    zip(*msgspec.structs.astuple(chunk), strict=True), frame.first
                ):
                    yield Message(seq, *record)

    def _find_frames(self) -> None:
        try:
            file = self._path.open("rb")
        except OSError as error:
            raise HistoryError(
                f"no readable file ({error.strerror})",
                "a journal",
                "Check the path.",
                path=self._path,
            ) from error
        with file:
            if not _MAGIC.startswith(file.read(len(_MAGIC))):
                raise self._malformed("another format")
            end = self._path.stat().st_size
            first, offset = 0, len(_MAGIC)
            while offset + _HEADER.size <= end:
                header = _HEADER.unpack(file.read(_HEADER.size))
                frame = _Frame(first, offset + _HEADER.size, *header)
                if frame.end > end:
                    break
                self._frames.append(frame)
                first += frame.records
                offset = file.seek(frame.end)
        if offset != end:
            self.warnings = (
                f"{self._path}: dropped an incomplete chunk at the end, from byte {offset}",
            )

    def _read(self, file: BinaryIO, frame: _Frame) -> _Chunk:
        file.seek(frame.offset)
        try:
            return _DECODER.decode(zlib.decompress(file.read(frame.size)))
        except (zlib.error, msgspec.DecodeError) as error:
            raise self._malformed(f"a damaged chunk at byte {frame.offset}") from error

    def _malformed(self, found: str) -> MalformedError:
        return MalformedError(
            found,
            "a journal as the harness wrote it",
            "Copy the run again from where it was made.",
            path=self._path,
        )


def read_journal(path: Path | str) -> Journal:
    """Return the journal at a path, to be iterated over any number of times.

    Memory holds one chunk at a time. A last chunk that was torn by the death of
    its writer is dropped, and a warning of the journal says so.

    Raises:
        MalformedError: The file is no journal.
        HistoryError: The file cannot be read.
    """
    return Journal(path)


def _encode_frame(records: list[int | str | bytes]) -> bytes:
    columns = [records[start::_COLUMNS] for start in range(_COLUMNS)]
    packed = zlib.compress(_ENCODER.encode(columns), level=1)
    return _HEADER.pack(len(columns[0]), len(packed)) + packed
