"""Echo: a node answers with what it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers import check_echo
from harness.generators import draws
from harness.rpc import Call, Field, Rpc

from ._mixes import always
from ._workload import Claim, Workload


if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from checkers import Result
    from histories import History

ECHO = Call(
    Rpc(
        "echo",
        "Asks for the same text back.",
        request={"echo": Field("any", "what to send back")},
        reply={"echo": Field("any", "what was sent")},
    ),
    argument="echo",
    result="echo",
)


def _text(rng: Random) -> str:
    return f"Please echo {rng.randrange(128)}"


def _check(history: History, _nodes: Sequence[str]) -> Result:
    return check_echo(history)


WORKLOAD = Workload(
    name="echo",
    doc="Nodes answer every request with what they were sent.",
    claim=Claim(
        promise="each reply carries the value of its own request",
        method="compares every reply with its request",
        complete="nothing: every reply is compared",
        complexity="O(n)",
    ),
    calls={"echo": ECHO},
    mixes={"stock": always("one of 128 texts, as in Maelstrom", draws("echo", _text))},
    node="echo",
    check=_check,
)
