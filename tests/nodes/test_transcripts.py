from __future__ import annotations

from pathlib import Path

import pytest

from harness.services import SERVICES
from harness.transcript import load_transcript, run_transcript
from nodes import command


TRANSCRIPTS = Path(__file__).parents[3] / "shared" / "transcripts"
NODES = {
    "3-4-4-lww-problem": ("vv-register",),
    "4-1-lost-update": ("lost-update",),
    "4-2-seq-kv": ("seq-kv-counter",),
    "4-3-cas": ("cas-counter", "fresh-cas-counter", "sum-counter"),
    "4-4-g-counter": ("g-counter",),
    "4-5-concurrent-increments": ("g-counter",),
    "17-2-1-g-counter": ("g-counter",),
    "17-2-2-g-counter-laws": ("g-counter",),
    "17-2-3-pn-counter": ("pn-counter",),
    "17-2-4-gossip-pn-counter": ("pn-counter",),
    "17-2-5-g-counter-workload": ("g-counter",),
    "17-3-1-or-set": (
        "or-set",
        "or-set-optimised",
        "op-or-set",
        "delta-or-set",
        "lww-set",
        "two-phase-set",
    ),
    "17-3-2-mv-register": ("mv-register",),
    "17-3-3-sequence": ("rga", "op-rga"),
    "17-3-4-tradeoffs": ("tradeoffs",),
    "17-3-5-shopping-cart": ("shopping-cart",),
}


@pytest.mark.parametrize(
    ("task", "name"), [(task, name) for task, names in NODES.items() for name in names]
)
def test_bundled_nodes_answer_as_the_track_says(task: str, name: str) -> None:
    """Every case of a task passes on each program that belongs to it."""
    path = TRANSCRIPTS / f"{task}.json"
    if not path.exists():
        pytest.skip(f"{path.name} is not at hand beside the repository")
    argv, environment = command(name)
    for case in load_transcript(path).cases:
        mismatch = run_transcript(case, argv, environment, services=SERVICES)
        assert mismatch is None, str(mismatch)


def test_no_task_of_the_track_is_left_out() -> None:
    """There is a program for each transcript that is at hand."""
    if not TRANSCRIPTS.exists():
        pytest.skip("no transcripts are at hand beside the repository")
    assert {path.stem for path in TRANSCRIPTS.glob("*.json")} == NODES.keys()
