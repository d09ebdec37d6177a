"""The bytes of a history, wherever they are, unpacked."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from histories._errors import HistoryError


if TYPE_CHECKING:
    from collections.abc import Iterator


_HEAD_BYTES = 1 << 16
_GZIP = b"\x1f\x8b"


class Source(NamedTuple):
    """A file, at its beginning.

    Attributes:
        file: What to read.
        name: How errors call it.
        head: The first 64 KiB.
    """

    file: IO[bytes]
    name: str
    head: bytes


@contextmanager
def open_source(place: Path | str | IO[bytes]) -> Iterator[Source]:
    """Yield what is in a file or a stream, unpacked if gzip has packed it.

    A stream that cannot go back, such as a pipe, is first read to its end. A stream
    stays open afterwards.

    Raises:
        HistoryError: It cannot be read, or is damaged; also when that shows later.
    """
    import zlib

    name = place if isinstance(place, str | Path) else getattr(place, "name", None)
    name = str(name) if isinstance(name, str | Path) else "the stream"
    try:
        if isinstance(place, str | Path):
            with Path(place).open("rb") as file:
                yield _unpacked(file, name)
        else:
            yield _unpacked(place, name)
    except OSError as error:
        raise HistoryError(
            f"no readable file ({error.strerror or error})",
            "a history",
            "Check the path.",
            path=name,
        ) from error
    except (EOFError, zlib.error) as error:
        raise HistoryError(
            f"a damaged gzip file ({error})",
            "a whole one",
            "Copy it again, or unpack what can be saved with `gzip -dc`.",
            path=name,
        ) from error


def _unpacked(file: IO[bytes], name: str) -> Source:
    if not file.seekable():
        from io import BytesIO

        file = BytesIO(file.read())
    start = file.tell()
    head = file.read(_HEAD_BYTES)
    file.seek(start)
    if not head.startswith(_GZIP):
        return Source(file, name, head)
    from gzip import GzipFile
    from io import BufferedReader

    # Buffered, because GzipFile itself takes lines one by one and slowly.
    unpacked = BufferedReader(GzipFile(fileobj=file))
    head = unpacked.read(_HEAD_BYTES)
    unpacked.seek(0)
    return Source(unpacked, name, head)
