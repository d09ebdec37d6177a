"""The bytes of a history, wherever they are, unpacked."""

from __future__ import annotations

from codecs import BOM_UTF8
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from histories._errors import HistoryError, MalformedError


if TYPE_CHECKING:
    from collections.abc import Iterator


_HEAD_BYTES = 1 << 16
_PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz"}
"""How files begin that are unpacked here."""

_GIVE = "Give what `{}` prints to `harness check -`."
_FOREIGN = {
    b"\x28\xb5\x2f\xfd": ("a file that zstd has packed", _GIVE.format("zstd -dc FILE")),
    b"PK\x03\x04": ("a zip archive", _GIVE.format("unzip -p FILE")),
    b"7z\xbc\xaf": ("a 7z archive", _GIVE.format("7z x -so FILE")),
    b"\xff\xfe": ("text in UTF-16", _GIVE.format("iconv -f utf-16 -t utf-8 FILE")),
    b"\xfe\xff": ("text in UTF-16", _GIVE.format("iconv -f utf-16 -t utf-8 FILE")),
    b"JEPSEN": ("Jepsen's own test.jepsen", "Take the history.edn beside it."),
}
"""How other files begin, what they are, and what to do about them."""

_TAR = slice(257, 262)


class Source(NamedTuple):
    """A file, at its beginning.

    Attributes:
        file: What to read.
        name: How errors call it.
        head: The first 64 KiB, without the mark that some put before UTF-8.
    """

    file: IO[bytes]
    name: str
    head: bytes


@contextmanager
def open_source(place: Path | str | IO[bytes]) -> Iterator[Source]:
    """Yield what is in a file or a stream, unpacked if gzip, bzip2 or xz has packed it.

    A stream that cannot go back, such as a pipe, is first read to its end. A stream
    stays open afterwards.

    Raises:
        HistoryError: It cannot be read, or is damaged; also when that shows later.
    """
    import lzma
    import zlib

    name = place if isinstance(place, str | Path) else getattr(place, "name", None)
    name = str(name) if isinstance(name, str | Path) else "the stream"
    name = "standard input" if name == "<stdin>" else name
    try:
        if isinstance(place, str | Path):
            with Path(place).open("rb") as file:
                yield _unpacked(file, name)
        else:
            yield _unpacked(place, name)
    except (EOFError, zlib.error, lzma.LZMAError) as error:
        raise _damaged(name, error) from error
    except OSError as error:
        if error.errno is None:  # From what unpacks, not from the system.
            raise _damaged(name, error) from error
        raise HistoryError(
            f"no readable file ({error.strerror or error})",
            "a history",
            "Check the path.",
            path=name,
        ) from error


def _damaged(name: str, error: Exception) -> HistoryError:
    return HistoryError(
        f"a damaged packed file ({error})",
        "a whole one",
        "Copy it again, or unpack what can be saved, as with `gzip -dc`.",
        path=name,
    )


def _unpacked(file: IO[bytes], name: str) -> Source:
    if not file.seekable():
        from io import BytesIO

        file = BytesIO(file.read())
    start = file.tell()
    head = file.read(_HEAD_BYTES)
    file.seek(start)
    packer = next(
        (name for magic, name in _PACKED.items() if head.startswith(magic)), ""
    )
    if packer:
        file = _unpacker(packer, file)
        head = file.read(_HEAD_BYTES)
        file.seek(0)
    if head.startswith(BOM_UTF8):
        file.seek(file.tell() + len(BOM_UTF8))
        head = head[len(BOM_UTF8) :]
    _refuse(head, name)
    return Source(file, name, head)


def _unpacker(packer: str, file: IO[bytes]) -> IO[bytes]:
    """Return a file of what is packed in another."""
    from io import BufferedReader

    if packer == "gzip":
        from gzip import GzipFile

        # Buffered, because GzipFile itself takes lines one by one and slowly.
        return BufferedReader(GzipFile(fileobj=file))
    if packer == "bzip2":
        from bz2 import BZ2File

        return BufferedReader(BZ2File(file))
    from lzma import LZMAFile

    return BufferedReader(LZMAFile(file))


def _refuse(head: bytes, name: str) -> None:
    """Refuse what is plainly something else, with what makes a history of it.

    Raises:
        MalformedError: It is.
    """
    found = next(
        (told for magic, told in _FOREIGN.items() if head.startswith(magic)),
        ("a tar archive", _GIVE.format("tar -xOf FILE"))
        if head[_TAR] == b"ustar"
        else None,
    )
    if found is not None:
        what, advice = found
        raise MalformedError(
            what,
            "text in UTF-8, as it is or packed by gzip, bzip2 or xz",
            advice,
            path=name,
        )
