"""Every recorded history of other projects loads, and is taken for what it is."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from histories import load_history


CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
ORACLES = ("knossos", "elle-list-append", "elle-rw-register")
OURS = {
    "edn": "jepsen-edn",
    "json": "jepsen-json",
    "porcupine-etcd-log": "porcupine-jepsen-log",
    "porcupine-kv-txt": "porcupine-kv-log",
    "awdit-test": "awdit",
}
NARROWER = {
    "cas-register": {"register", None},
    "set-full": {"set"},
    "RC/RA/CC": {"rw-register"},
    "unordered-queue": {"fifo-queue"},
}
"""Models that a guess may find instead: no cas occurs, or functions are the same."""

COUNTS = {
    "elle/histories/huge-scc.edn": {"ok": 3036, "info": 148, "fail": 7070},
    "elle/histories/paper-example.edn": {"ok": 4},
    "knossos/data/cas-register/bad/bad-analysis.edn": {"ok": 7, "info": 2},
    "knossos/data/multi-register/good/multi-register.edn": {
        "ok": 119,
        "info": 2,
        "fail": 2,
    },
    "knossos/data/mutex/bad/etcd.edn": {"ok": 261, "info": 3, "fail": 299},
    "porcupine/kv/c50-ok.txt": {"ok": 1712},
    "porcupine/jepsen/etcd_001.log": {"ok": 60, "fail": 12, "info": 14},
}


def index() -> list[dict[str, Any]]:
    """Return what is known of every file; nothing if there are none."""
    try:
        lines = (CASES / "index.jsonl").read_text().splitlines()
    except OSError:
        return []
    return [json.loads(line) for line in lines]


missing = pytest.mark.skipif(
    not index(), reason="the histories recorded by others are not beside the project"
)


@missing
@pytest.mark.parametrize("case", index(), ids=lambda case: case["path"])
def test_every_file_loads(case: dict[str, Any]) -> None:
    """Format and model are those of the index, and no event is lost."""
    path = CASES / case["path"]
    loaded = load_history(path)
    model = case["model"].partition("(")[0].partition(" ")[0]
    assert loaded.format == OURS[case["format"]]
    assert loaded.model == model or loaded.model in NARROWER[model]
    assert len(loaded.history) == events_in(path.read_text(), loaded.format)
    statuses = [operation.status for operation in loaded.history.operations()]
    if case["path"] in COUNTS:
        counts = {status: statuses.count(status) for status in set(statuses)}
        assert counts == COUNTS[case["path"]]


def events_in(text: str, format_: str) -> int:
    """Count events by how they look."""
    if format_ == "awdit":
        parts = re.split(r"^[-=]+$", text, flags=re.MULTILINE)
        return 2 * sum(not part.isspace() and part != "" for part in parts)
    return len(re.findall(r':(?:invoke|ok|fail|info)\b|"type": ?"', text))


@missing
def test_files_say_what_they_lack() -> None:
    """Where there are no sessions or no real time, that is known."""
    lacking = {
        case["path"]
        for case in index()
        if not load_history(CASES / case["path"]).has_real_time
    }
    assert lacking == {
        "elle/histories/paper-example.edn",
        "elle-cli/histories/jepsen/long-fork.edn",
        *(case["path"] for case in index() if case["format"] == "awdit-test"),
    }


@missing
@pytest.mark.parametrize("name", ORACLES)
def test_every_history_of_the_oracles_loads(name: str) -> None:
    """A line of an oracle's file is an object with a history."""
    for line in (CASES / "oracle" / f"{name}.jsonl").read_bytes().splitlines():
        case = json.loads(line)
        loaded = load_history(BytesIO(line))
        assert loaded.format == "jepsen-json"
        assert len(loaded.history) == len(case["history"])
        assert loaded.model == case["model"] or loaded.model in NARROWER[case["model"]]
