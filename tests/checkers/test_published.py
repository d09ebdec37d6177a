"""Histories of others, with the verdicts that were published with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkers import kernel
from checkers.ladder._decide import decide_all
from checkers.models import MODELS
from checkers.search import REAL_TIME, Budget, problems
from histories import load_history


CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
INDEX = CASES / "index.jsonl"
FIRST = {"multi-register(x,y=0)": ("multi-register", {"x": 0, "y": 0})}
NAMES = {"kv get/put/append per key": "kv"}


def published() -> list[Any]:
    """Return the cases of models that are searched, or one that says why there are none."""
    if not INDEX.is_file():
        reason = "the published cases are not beside the project"
        return [pytest.param({}, marks=pytest.mark.skip(reason=reason))]
    entries = [json.loads(line) for line in INDEX.read_text("utf-8").splitlines()]
    return [
        pytest.param(entry, id=entry["path"])
        for entry in entries
        if NAMES.get(entry["model"], entry["model"]) in MODELS
        or entry["model"] in FIRST
    ]


@pytest.mark.parametrize("implementation", ["python", "native"])
@pytest.mark.parametrize("entry", published())
def test_the_published_verdict_is_found(
    entry: dict[str, str], implementation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linearizable or not, as whoever recorded the history had it, by both kernels."""
    if implementation == "native" and not kernel.available():
        pytest.skip("the native kernel is not built")
    monkeypatch.setenv(kernel.VARIABLE, implementation)
    loaded = load_history(CASES / entry["path"])
    name, init = FIRST.get(
        entry["model"], (NAMES.get(entry["model"], entry["model"]), loaded.initial)
    )
    model = MODELS[name]() if init is None else MODELS[name](init=init)
    parts = problems(
        loaded.history,
        model,
        nil_read=loaded.nil_read,
        failed_cas=loaded.failed_cas == "assert",
    )
    outcomes = {answer.outcome for answer in decide_all(parts, REAL_TIME, Budget())}
    expected = entry["expected"].rstrip("*")
    assert ("no" in outcomes) == (expected == "false")
    assert expected == "false" or outcomes == {"yes"}
