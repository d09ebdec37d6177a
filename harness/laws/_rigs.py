"""A fresh node that is fed messages and asked what it has.

It is one more than there were: a newcomer, of whom no message speaks.
"""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from harness.network.topology import topology
from harness.simulation._program import NotSimulatedError, find_source, load
from harness.simulation._stage import Stage
from harness.transcript import Talk
from nodes._disk import MemoryDisk


if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.generators import Op
    from harness.simulation._program import Source
    from harness.spec import RunSpec
    from harness.workloads import Workload
    from nodes.runtime import Node

    from ._delivered import Delivered

_CLIENT = "c0"
_SECOND_NS = 1_000_000_000
_APART_NS = 1_000_000
_PATIENCE_S = 5.0
_PAUSE_S = 0.05
_LOOKS = 20


class Rig(Protocol):
    """Starts a node, feeds it, and reads from it."""

    def read(self, messages: Sequence[Delivered]) -> str | None:
        """Return what a fresh node reads after messages; None if it does not answer.

        Lists are sorted: of all that reads return, only texts have an order.
        """


def rig_of(spec: RunSpec, workload: Workload, reads: Sequence[Op]) -> Rig:
    """Return a rig for the nodes of a run: inside this process where that goes."""
    try:
        source = find_source(spec.bin)
        rig = _Simulated(source, spec, workload, reads)
        rig.read(())
    except NotSimulatedError:
        return _Processes(spec, workload, reads)
    return rig


class _Simulated:
    """A node that is written on `nodes.runtime`: an object, in virtual time.

    Messages come a millisecond apart, and then a second goes by before it is read.
    """

    def __init__(
        self, source: Source, spec: RunSpec, workload: Workload, reads: Sequence[Op]
    ) -> None:
        self._source = source
        self._spec = spec
        self._node, self._start = _start_of(spec, workload)
        self._reads = _requests(workload, reads)

    def read(self, messages: Sequence[Delivered]) -> str | None:
        folder = str(Path(self._source.path).parent)
        stage = Stage(self._spec.seed, folder, lambda: False)
        nowhere = io.StringIO()
        stage.open()
        stage.enter(nowhere, nowhere)
        try:
            loaded = load(self._source)
            program = loaded.node_class(
                loaded.arguments,
                seed=str(self._spec.seed),
                disk=MemoryDisk(),
                clock=lambda: program.now_ns,
            )
            return self._converse(program, messages)
        except (NotSimulatedError, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 - whatever ends a process
            return f"it ended by {type(error).__name__}: {error}"
        finally:
            stage.leave()
            stage.close()

    def _converse(self, program: Node, messages: Sequence[Delivered]) -> str | None:
        def tell(src: str, body: dict[str, Any]) -> None:
            program.now_ns += _APART_NS
            program.receive({"src": src, "dest": self._node, "body": body})

        for body in self._start:
            tell(_CLIENT, body)
        for message in messages:
            tell(message.src, message.body)
        until = program.now_ns + _SECOND_NS
        while (deadline := program.next_deadline()) is not None and deadline < until:
            program.advance(max(deadline, program.now_ns))
        program.advance(until)
        program.take_outbox()
        for body in self._reads:
            tell(_CLIENT, body)
        return _told(
            [sent["body"] for sent in program.take_outbox() if sent["dest"] == _CLIENT],
            self._reads,
        )


class _Processes:
    """A process of its own for each time.

    It is read again until it says the same twice: what it was told may take a moment.
    """

    def __init__(self, spec: RunSpec, workload: Workload, reads: Sequence[Op]) -> None:
        self._spec = spec
        self._node, self._start = _start_of(spec, workload)
        self._reads = _requests(workload, reads)

    def read(self, messages: Sequence[Delivered]) -> str | None:
        with Path("/dev/null").open("wb") as nowhere:
            talk = Talk(self._spec.bin, self._spec.environment, nowhere, {})
            try:
                return self._converse(talk, messages)
            finally:
                talk.end()

    def _converse(self, talk: Talk, messages: Sequence[Delivered]) -> str | None:
        if self._ask(talk, self._start) is None:
            return None
        talk.feed(
            [
                {"src": message.src, "dest": self._node, "body": message.body}
                for message in messages
            ]
        )
        last: str | None = None
        for _ in range(_LOOKS):
            told = self._ask(talk, self._reads)
            if told is None or told == last:
                return told
            last = told
            # What comes meanwhile is for nobody: this only lets time go by.
            for _ in talk.replies(time.monotonic() + _PAUSE_S):
                pass
        return None

    def _ask(self, talk: Talk, bodies: Sequence[dict[str, Any]]) -> str | None:
        """Return the replies to some requests; None without one."""
        dest = self._node
        talk.feed([{"src": _CLIENT, "dest": dest, "body": body} for body in bodies])
        replies: list[dict[str, Any]] = []
        for message in talk.replies(time.monotonic() + _PATIENCE_S):
            if not isinstance(message, str) and "in_reply_to" in message.body:
                replies.append(message.body)
            if len(replies) == len(bodies):
                return _told(replies, bodies)
        return None


def _start_of(spec: RunSpec, workload: Workload) -> tuple[str, list[dict[str, Any]]]:
    """Return the name of a newcomer, and what it is told before anything else."""
    numbers = range(1, len(spec.nodes) + 2)
    node = next(f"n{one}" for one in reversed(numbers) if f"n{one}" not in spec.nodes)
    names = [*spec.nodes, node]
    bodies = [{"type": "init", "msg_id": 1, "node_id": node, "node_ids": names}]
    if workload.topology:
        shape = topology(spec.topology, names)
        bodies.append({"type": "topology", "msg_id": 2, "topology": shape})
    bodies += [
        workload.calls[f].body(number, value, {})
        for number, (f, value) in enumerate(workload.prepare, 3)
    ]
    return node, bodies


def _requests(workload: Workload, reads: Sequence[Op]) -> list[dict[str, Any]]:
    """Return the requests of some reads."""
    return [
        workload.calls[read.f].body(number, read.value, {})
        for number, read in enumerate(reads, 1_000)
    ]


def _told(
    replies: Sequence[dict[str, Any]], asked: Sequence[dict[str, Any]]
) -> str | None:
    """Return replies as a text that is equal if they say the same."""
    by_number = {reply.get("in_reply_to"): reply for reply in replies}
    told = [by_number.get(body["msg_id"]) for body in asked]
    if any(reply is None or reply.get("code") == _NOT_SUPPORTED for reply in told):
        return None
    shown = [
        {name: value for name, value in reply.items() if name not in _ENVELOPE}
        for reply in told
        if reply is not None
    ]
    return msgspec.json.encode(
        _sorted(shown[0] if len(shown) == 1 else shown), order="deterministic"
    ).decode()


_NOT_SUPPORTED = 10
_ENVELOPE = frozenset({"msg_id", "in_reply_to"})


def _sorted(value: Any) -> Any:
    """Return a JSON value whose lists are in one order."""
    if isinstance(value, dict):
        return {name: _sorted(one) for name, one in value.items()}
    if isinstance(value, list):
        return sorted(map(_sorted, value), key=_key)
    return value


def _key(value: Any) -> bytes:
    return msgspec.json.encode(value, order="deterministic")
