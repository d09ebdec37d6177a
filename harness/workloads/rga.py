"""A text that many edit: characters are inserted and deleted by position.

`rga` is for RGA, Fugue and others that keep together what is typed from left to right;
`sequence` for any design that has one order of all characters, such as Logoot.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from checkers import check_sequence
from harness.rpc import Call, Field, Rpc

from ._expectations import AgreementExpectation
from ._mixes import always
from ._on_workers import WAIT, give, pick
from ._workload import Claim, Modelled, Workload


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from checkers import Result
    from checkers.evidence import Evidence
    from harness.generators import Context, Generator, Step, Worker
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

READABLE = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    "αβγδεζηθλμξπρσφχψωбгджзийлпфцчшщъыьэюя"
)
"""The first of the characters: no two look alike."""

FIRST = 0x4E00
"""The first of those that come then: from here on all are letters of one code point."""

SURROGATES = 0xD800, 0xE000
"""Code points that are no characters."""


QUIET_STARTS = 0, 20, 100
"""How many characters are inserted before the first is deleted: one of these.

Where nothing was deleted, a place has no character that one cannot see. So it is known
what was typed on behind what, and whether it stays together.
"""

SETTLED_NS = 100_000_000, 300_000_000
"""How long a while is, at the least and at the most."""

NEVER = 2**62
"""How many characters are inserted before the first is deleted, if none is to be."""

HOT_BURSTS = 12
"""For how many bursts a place stays the one at which many type."""


class _Burst(msgspec.Struct, frozen=True):
    """What a writer does between two reads.

    Attributes:
        left: How many edits are left.
        at_hot: Whether it goes to where others type.
        step: How far the cursor moves after a character: 0 types from right to left.
        cursor: Where it goes on typing; None if it has not begun.
    """

    left: int
    at_hot: bool
    step: int
    cursor: int | None = None


class _Writers(msgspec.Struct, frozen=True):
    """Bursts of edits between two reads, by one writer or by several at a time.

    While one writes alone, its node is quiet for a while, and what it has is known.
    What two write at a time, or before news has arrived, is concurrent. Most
    bursts are at one place, behind a character that most nodes have, so that it matters
    who was first.

    Attributes:
        together: How often several write at a time, on different nodes.
        most: How many do, at the most.
        at_hot: How often they go to where others type.
        settles: Whether nobody writes for a while before each burst.
        count: How many characters there were.
        quiet: How many there are to be before the first deletion; None if not drawn.
        bursts: What is being written, by the worker.
        begun: How many bursts there were.
        hot: Behind which character many type; None for the beginning of the text.
        texts: The text at each node, as far as is known.
        due: When the next burst may begin, in ns.
    """

    together: float = 0.3
    most: int = 2
    at_hot: float = 0.75
    settles: bool = False
    count: int = 0
    quiet: int | None = None
    bursts: Mapping[int, _Burst] = {}
    begun: int = 0
    hot: str | None = None
    texts: Mapping[str, str] = {}
    due: int = 0

    def next(self, context: Context) -> Step:
        if self.quiet is None:
            quiet = context.rng.choice(QUIET_STARTS)
            return msgspec.structs.replace(self, quiet=quiet).next(context)
        if not self.bursts:
            return self._begin(context)
        busy = [one for one in context.free if one.id in self.bursts]
        if not busy:
            return WAIT, self
        worker = context.rng.choice(busy)
        return self._go_on(context, worker, self.bursts[worker.id])

    def _begin(self, context: Context) -> Step:
        """Begin a burst, sometimes two, with a read."""
        worker = pick(context)
        if worker is None:
            return WAIT, self
        rng = context.rng
        if context.time < self.due:
            return give(worker, "read"), self
        writers = [worker]
        others = [one for one in context.free if one.node != worker.node]
        if others and rng.random() < self.together:
            writers.append(rng.choice(others))
            third = [one for one in others if one.node != writers[1].node]
            if third and self.most > len(writers) and rng.random() < 0.5:
                writers.append(rng.choice(third))
        at_hot = rng.random() < self.at_hot
        bursts = {
            writer.id: _Burst(1 + int(rng.random() * 8), at_hot, rng.random() < 0.8)
            for writer in writers
        }
        hot = self.hot
        if self.begun % HOT_BURSTS == 0:
            text = self.texts.get(worker.node, "")
            hot = rng.choice(text) if text and rng.random() < 0.5 else None
        return give(worker, "read"), msgspec.structs.replace(
            self, bursts=bursts, begun=self.begun + 1, hot=hot
        )

    def _go_on(self, context: Context, worker: Worker, burst: _Burst) -> Step:
        """Carry on with a burst, or end it with a read."""
        rng = context.rng
        if burst.left == 0:
            bursts = {one: it for one, it in self.bursts.items() if one != worker.id}
            due = self.due
            if self.settles:
                due = context.time + rng.randrange(*SETTLED_NS)
            return give(worker, "read"), msgspec.structs.replace(
                self, bursts=bursts, due=due
            )
        text = self.texts.get(worker.node, "")
        burst = msgspec.structs.replace(burst, left=burst.left - 1)
        assert self.quiet is not None, "it is drawn first of all"
        if text and self.count >= self.quiet and rng.random() < 0.2:
            at = rng.randrange(len(text))
            return give(worker, "delete", {"position": at}), self._with(worker, burst)
        at = self._place(context, text, burst)
        burst = msgspec.structs.replace(burst, cursor=at + burst.step)
        insert = {"position": at, "char": character(self.count)}
        return give(worker, "insert", insert), msgspec.structs.replace(
            self._with(worker, burst), count=self.count + 1
        )

    def _place(self, context: Context, text: str, burst: _Burst) -> int:
        if burst.cursor is not None and burst.cursor <= len(text):
            return burst.cursor
        if burst.at_hot and (self.hot is None or self.hot in text):
            return 0 if self.hot is None else text.index(self.hot) + 1
        return context.rng.randrange(len(text) + 1)

    def _with(self, worker: Worker, burst: _Burst) -> Self:
        bursts = {**self.bursts, worker.id: burst}
        return msgspec.structs.replace(self, bursts=bursts)

    def update(self, context: Context, event: Event, worker: int) -> Generator:
        del context, worker
        value = event.value
        if event.type != "ok" or event.node is None or not isinstance(value, dict):
            return self
        text = self.texts.get(event.node, "")
        at = value.get("position", 0)
        if event.f == "insert":
            text = text[:at] + value["char"] + text[at:]
        elif event.f == "delete":
            text = text[:at] + text[at + 1 :]
        elif isinstance(value.get("text"), str):
            text = value["text"]
        return msgspec.structs.replace(self, texts={**self.texts, event.node: text})


MIXES = {
    "both": always(
        "bursts of edits by one client or by two, most of them in the same place",
        _Writers(),
    ),
    "contended": always(
        "bursts by two or three clients at a time, nearly always in the same place",
        _Writers(together=0.9, most=3, at_hot=0.95),
    ),
    "litmus": always(
        "one client at a time reads and edits, once nothing has happened for a while",
        _Writers(together=0.0, settles=True),
    ),
    "typing": always(
        "bursts as in both, of insertions alone, so that texts tell what they have seen",
        _Writers(quiet=NEVER),
    ),
}


def character(number: int) -> str:
    """Return the character of a number, which no other number has.

    >>> character(0), character(27), character(1000)
    ('a', 'B', '冄')
    """
    if number < len(READABLE):
        return READABLE[number]
    code = FIRST + number - len(READABLE)
    if code >= SURROGATES[0]:
        code += SURROGATES[1] - SURROGATES[0]
    return chr(code)


def _text(value: Any) -> str:
    text: str = value["text"]
    return text


def _expectation() -> AgreementExpectation:
    return AgreementExpectation(_text)


def _check(
    runs: Literal["kept", "noted"],
    history: History,
    nodes: Sequence[str],
    evidence: Evidence | None = None,
) -> Result:
    return check_sequence(history, nodes=nodes, evidence=evidence, runs=runs)


def _check_values(
    history: History, nodes: Sequence[str], evidence: Evidence | None = None
) -> Result:
    return check_sequence(history, nodes=nodes, evidence=evidence, converges=False)


WORKLOAD = Workload(
    name="rga",
    doc="A text that many edit at once, by positions.",
    claim=CLAIM,
    calls={"insert": INSERT, "delete": DELETE, "read": READ},
    mixes=MIXES,
    final_read="read",
    expectation=_expectation,
    node="rga",
    nemesis=("partition",),
    check=partial(_check, "kept"),
    updates=frozenset({"insert", "delete"}),
    contexts=False,
    modelled=Modelled(None, _check_values, "typing", "text"),
)

ANY_SEQUENCE = msgspec.structs.replace(
    WORKLOAD,
    name="sequence",
    doc="A text that many edit at once, of a design that may mix what two type.",
    claim=msgspec.structs.replace(
        CLAIM,
        promise="all nodes end with one text, which has every character that no deletion "
        "can have hit; one order of all characters agrees with every read and with every "
        "insertion; runs that are mixed are noted",
    ),
    check=partial(_check, "noted"),
)
