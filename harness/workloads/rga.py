"""A text that many edit: characters are inserted and deleted by position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from checkers import check_sequence
from harness.rpc import Call, Field, Rpc

from ._expectations import AgreementExpectation
from ._on_workers import WAIT, give, pick
from ._workload import Claim, Workload


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from checkers import Result
    from checkers.evidence import Evidence
    from harness.generators import Context, Generator, Step
    from histories import Event, History

INSERT = Call(
    Rpc(
        "seq_insert",
        "Inserts a character before the one at a position, or at the end.",
        request={
            "position": Field("integer", "a position in the text as the node has it"),
            "char": Field("string", "the character, which nobody else inserts"),
        },
        reply={"id": Field("any", "the name of the character", optional=True)},
    ),
    arguments=("position", "char"),
    results=("id",),
)
DELETE = Call(
    Rpc(
        "seq_delete",
        "Deletes the character at a position.",
        request={
            "position": Field("integer", "a position in the text as the node has it")
        },
    ),
    arguments=("position",),
)
READ = Call(
    Rpc(
        "seq_read",
        "Asks for the text as the node has it.",
        reply={
            "text": Field("string", "the text"),
            "length": Field("integer", "its length", optional=True),
        },
    ),
    results=("text", "length"),
    idempotent=True,
)

CLAIM = Claim(
    promise="all nodes end with one text, which has every character that no deletion can "
    "have hit; one order of all characters agrees with every read and with every "
    "insertion; what is typed from left to right stays together",
    method="a graph of which character comes before which; texts of nodes that nothing "
    "else can have reached are known exactly, by the journal",
    complete="what was inserted or deleted in a text that is not known exactly",
    complexity="O(length of all texts)",
)

FIRST = 0x4E00
"""The first of the characters: from here on they are letters, one code point each."""

SURROGATES = 0xD800, 0xE000
"""Code points that are no characters."""


class _Writers(msgspec.Struct, frozen=True):
    """Bursts of edits by one writer between two reads, most of them typed on.

    While one writes, the others rest: so its node is quiet for a while, and what it has
    is known. What is concurrent is so because news had not arrived.

    Attributes:
        count: How many characters there were.
        burst: The worker whose burst it is; None between two.
        left: How many operations of the burst are left.
        cursor: Where it goes on typing.
        lengths: The length of the text at each node, as far as is known.
    """

    count: int = 0
    burst: int | None = None
    left: int = 0
    cursor: int | None = None
    lengths: Mapping[str, int] = {}

    def next(self, context: Context) -> Step:
        if self.burst is None:
            return self._begin(context)
        worker = next((one for one in context.free if one.id == self.burst), None)
        if worker is None:
            return WAIT, self
        if self.left == 0:
            return give(worker, "read"), msgspec.structs.replace(self, burst=None)
        length = self.lengths.get(worker.node, 0)
        after = msgspec.structs.replace(self, left=self.left - 1)
        if length and context.rng.random() < 0.2:
            delete = {"position": context.rng.randrange(length)}
            return give(worker, "delete", delete), msgspec.structs.replace(
                after, cursor=None
            )
        at = self.cursor
        if at is None or at > length or context.rng.random() < 0.2:
            at = context.rng.randrange(length + 1)
        char = character(self.count)
        insert = give(worker, "insert", {"position": at, "char": char})
        return insert, msgspec.structs.replace(
            after, count=self.count + 1, cursor=at + 1
        )

    def _begin(self, context: Context) -> Step:
        worker = pick(context)
        if worker is None:
            return WAIT, self
        return give(worker, "read"), msgspec.structs.replace(
            self,
            burst=worker.id,
            left=1 + int(context.rng.random() * 5),
            cursor=None,
        )

    def update(self, context: Context, event: Event, worker: int) -> Generator:
        del context, worker
        if event.type != "ok" or event.node is None:
            return self
        known = self.lengths.get(event.node, 0)
        length = known
        if event.f == "insert":
            length = known + 1
        elif event.f == "delete":
            length = max(0, known - 1)
        elif isinstance(event.value, dict) and isinstance(event.value.get("text"), str):
            length = len(event.value["text"])
        if length == known:
            return self
        lengths = {**self.lengths, event.node: length}
        return msgspec.structs.replace(self, lengths=lengths)


def character(number: int) -> str:
    """Return the character of a number, which no other number has.

    >>> character(0), character(1)
    ('一', '丁')
    """
    code = FIRST + number
    if code >= SURROGATES[0]:
        code += SURROGATES[1] - SURROGATES[0]
    return chr(code)


def _text(value: Any) -> str:
    text: str = value["text"]
    return text


def _expectation() -> AgreementExpectation:
    return AgreementExpectation(_text)


def _check(
    history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_sequence(history, nodes=nodes, evidence=evidence)


WORKLOAD = Workload(
    name="rga",
    doc="A text that many edit at once, by positions.",
    claim=CLAIM,
    calls={"insert": INSERT, "delete": DELETE, "read": READ},
    generator=_Writers,
    final_read="read",
    expectation=_expectation,
    node="rga",
    nemesis=("partition",),
    check=_check,
    updates=frozenset({"insert", "delete"}),
    contexts=False,
)
