"""The models against the verdicts of Knossos on small histories."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from checkers.models import MODELS
from checkers.search import problems
from histories import Event, History

from .oracle import linearization


CASES = Path(__file__).parents[4] / "shared" / "cases" / "oracle" / "knossos.jsonl"
INITIALIZED = {"register", "cas-register", "multi-register"}


def cases() -> list[dict[str, Any]]:
    """Return the cases with a verdict that are small enough for enumeration.

    Knossos can never linearize a dequeue that crashed, so that queues with one are
    judged by what it does not know.
    """
    if not CASES.exists():
        return []
    lines = [msgspec.json.decode(line) for line in CASES.read_bytes().splitlines()]
    return [
        case
        for case in lines
        if len(case["history"]) <= 60
        and case.get("note") != "crashed-dequeue"
        and case["oracle"]["wgl"]["valid"] != "unknown"
    ]


@pytest.mark.parametrize(
    "model",
    [
        "register",
        "cas-register",
        "multi-register",
        "mutex",
        "set",
        "fifo-queue",
        "unordered-queue",
    ],
)
def test_models_agree_with_knossos(model: str) -> None:
    """The same verdict, as far as enumeration comes."""
    chosen = [case for case in cases() if case["model"] == model]
    if not chosen:
        pytest.skip(f"{CASES} is not here")
    init = MODELS[model]
    for case in chosen:
        history = History.from_events(
            Event(index=i, time=i, value=event.pop("value", None), **event)
            for i, event in enumerate(case["history"])
        )
        made = init(case["init"]) if model in INITIALIZED else init()
        found = problems(history, made, nil_read="unknown")
        verdict = all(linearization(problem) is not None for problem in found)
        assert verdict is case["oracle"]["wgl"]["valid"], case["name"]
