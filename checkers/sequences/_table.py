"""The edits and reads of a text, as their checks want them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from checkers._disks import Losses
from checkers._progress import Progress
from checkers._unfit import UnfitError
from checkers._verdict import Reason
from checkers._wording import cite, location, shown


if TYPE_CHECKING:
    from histories import History, Operation


class Insert(msgspec.Struct, frozen=True, gc=False):
    """An insertion that did not definitely fail.

    Attributes:
        index: Index of its invocation.
        end: Index of its acknowledgement; None without one.
        char: What it inserts, which nobody else does.
        position: Before which character of the text at its node.
        place: Its node; its process where the node was not recorded.
        process: Its process.
    """

    index: int
    end: int | None
    char: str
    position: int
    place: str
    process: int


class Delete(msgspec.Struct, frozen=True, gc=False):
    """A deletion that did not definitely fail; see `Insert`."""

    index: int
    end: int | None
    position: int
    place: str


class Read(msgspec.Struct, frozen=True, gc=False):
    """An ok read that returned a text.

    Attributes:
        index: Index of its invocation.
        end: Index of its completion.
        place: Its node; its process where the node was not recorded.
        final: Whether it is a final read.
        text: What it returned.
        length: The length that it claims, if it does.
    """

    index: int
    end: int
    place: str
    final: bool
    text: str
    length: Any


class Table:
    """All that the history of a text says.

    Attributes:
        inserts: Insertions that did not definitely fail, by invocation.
        deletes: Deletions that did not definitely fail, by invocation.
        reads: Ok reads that are well-formed, by invocation.
        row: The row of the insertion of a character.
        failed: The definitely failed insertion of a character.
        ill_typed: Reads that are not well-formed, and why.
        answered: Places with an ok final read, of whatever form.
        progress: How soon all nodes showed what one had acknowledged.
    """

    def __init__(self, losses: Losses) -> None:
        self.inserts: list[Insert] = []
        self.deletes: list[Delete] = []
        self.reads: list[Read] = []
        self.row: dict[str, int] = {}
        self.failed: dict[str, int] = {}
        self.ill_typed: list[tuple[int, str]] = []
        self.answered: set[str] = set()
        self._losses = losses
        self.progress = Progress()

    def put_insert(self, operation: Operation, place: str) -> None:
        """Take one more insertion, in the order of invocations."""
        char, position = operation.input["char"], operation.input["position"]
        if operation.status == "fail":
            self.failed.setdefault(char, operation.index)
            return
        if char in self.row:
            first = self.inserts[self.row[char]].index
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"{cite(operation)} inserts {shown(char)} as operation {first} did: "
                "a text tells only different characters apart.",
            )
        self.progress.update(_acknowledged(operation), char)
        self.row[char] = len(self.inserts)
        self.inserts.append(
            Insert(
                index=operation.index,
                end=operation.end if operation.status == "ok" else None,
                char=char,
                position=position,
                place=place,
                process=operation.process,
            )
        )

    def put_read(self, operation: Operation, place: str) -> None:
        """Take one more ok read, in the order of invocations."""
        assert operation.end is not None, "an ok read has completed"
        if operation.final:
            self.answered.add(place)
        output = operation.output
        text = text_of(output)
        if text is None:
            self.ill_typed.append((operation.index, "has no text"))
            return
        assert operation.end_time is not None, "it has completed"
        self.progress.read(place, operation.end_time, text, text)
        self.reads.append(
            Read(
                index=operation.index,
                end=operation.end,
                place=place,
                final=operation.final,
                text=text,
                length=output.get("length") if isinstance(output, dict) else None,
            )
        )

    def has(self, edit: Insert | Delete, read: Read) -> bool:
        """Return whether a node that is read has what it acknowledged, and not lost."""
        ended = edit.end is not None and edit.end < read.index
        return ended and not self._losses.between(read.place, edit.index, read.end)


def text_of(output: Any) -> str | None:
    """Return the text that a read returned; None if there is none."""
    text = output.get("text") if isinstance(output, dict) else output
    return text if isinstance(text, str) else None


def char_of(insert: Operation) -> str | None:
    """Return the character of an insertion; None if it has none."""
    char = insert.input.get("char") if isinstance(insert.input, dict) else None
    return char if isinstance(char, str) else None


def tabulate(history: History) -> Table:
    """Return what a history of `insert`, `delete` and `read` says. Linear.

    Raises:
        UnfitError: An operation is none of these, or lacks a position or a character;
            or two insertions insert the same one.
    """
    table = Table(Losses(history))
    for operation in history.operations():
        place = location(operation.node, operation.process)
        if operation.f == "read":
            if operation.status == "ok":
                table.put_read(operation, place)
            continue
        if operation.f not in {"insert", "delete"}:
            raise UnfitError(
                Reason.UNSUPPORTED,
                f"{cite(operation)} is neither 'insert' nor 'delete' nor 'read', the "
                "operations of a text.",
            )
        _require(operation)
        if operation.f == "insert":
            table.put_insert(operation, place)
        elif operation.status != "fail":
            table.progress.update(_acknowledged(operation))
            table.deletes.append(
                Delete(
                    index=operation.index,
                    end=operation.end if operation.status == "ok" else None,
                    position=operation.input["position"],
                    place=place,
                )
            )
    return table


def _acknowledged(operation: Operation) -> int | None:
    """Return when an operation was acknowledged, if it was."""
    return operation.end_time if operation.status == "ok" else None


def _require(operation: Operation) -> None:
    """Raise an error for an edit without a position, or without a character."""
    given = operation.input if isinstance(operation.input, dict) else {}
    char = given.get("char", "x" if operation.f == "delete" else None)
    if type(given.get("position")) is not int or not isinstance(char, str):
        what = "a position" if operation.f == "delete" else "a position and a char"
        raise UnfitError(
            Reason.UNSUPPORTED,
            f"{cite(operation)} has the value {shown(operation.input)}, expected an "
            f"object with {what}.",
        )
    if len(char) != 1:
        raise UnfitError(
            Reason.UNSUPPORTED,
            f"{cite(operation)} inserts {shown(char)}, expected a single character: a "
            "text of others cannot be taken apart.",
        )
