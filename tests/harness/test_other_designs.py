"""Nodes that are right, and not designed as those of this project: nobody accuses them."""

from __future__ import annotations

import datetime as dt
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from checkers import Verdict
from harness.analysis import analyse_run
from harness.runner import execute
from harness.spec import RunSpec
from harness.workloads import WORKLOADS
from histories import Store


if TYPE_CHECKING:
    from pathlib import Path

    from checkers import Result

SET = """
    from json import dumps, loads

    from nodes.runtime import Node, every, handler, run


    class Set(Node):
        # No tombstones: the dots of what is there, and how many of each node were seen.
        # An add replaces the dots that are here.

        def start(self):
            self.seen, self.dots, self.told = {}, {}, {}

        def state(self):
            return {"type": "state", "seen": self.seen, "dots": self.dots}

        @every(0.1)
        def gossip(self):
            self.send(self.rng.choice(self.peers), self.state())

        @handler("state")
        def merge(self, message):
            seen, dots = message["body"]["seen"], message["body"]["dots"]
            for element in {*dots, *self.dots}:
                here, there = self.dots.get(element, []), dots.get(element, [])
                kept = [d for d in here if d in there or d[1] > seen.get(d[0], 0)]
                new = [
                    d for d in there if d not in here and d[1] > self.seen.get(d[0], 0)
                ]
                self.dots[element] = kept + new
            for node in seen:
                self.seen[node] = max(seen[node], self.seen.get(node, 0))

        @handler("or_set_add")
        def add(self, message):
            element = dumps(message["body"]["element"])
            count = self.seen[self.node_id] = self.seen.get(self.node_id, 0) + 1
            self.told[element] = self.told.get(element, 0) + 1
            dot = [self.node_id, count, self.told[element]]
            self.dots[element] = [dot]
            return {"type": "or_set_add_ok", "tag": ADDED(dot)}

        @handler("or_set_remove")
        def remove(self, message):
            dots = self.dots.pop(dumps(message["body"]["element"]), [])
            return {"type": "or_set_remove_ok", "tags_removed": [REMOVED(d) for d in dots]}

        @handler("or_set_read")
        def read(self, message):
            elements = [loads(one) for one, dots in self.dots.items() if dots]
            return {"type": "or_set_read_ok", "elements": elements}


    run(Set)
"""

REGISTERS = """
    from nodes.runtime import Node, every, handler, run


    class Registers(Node):
        # Siblings by their dots, and one context for all of them: all dots there were.

        def start(self):
            self.seen, self.values, self.count = {}, {}, 0

        @every(0.1)
        def gossip(self):
            state = {key: [sorted(self.seen[key]), self.values[key]] for key in self.seen}
            self.send(self.rng.choice(self.peers), {"type": "state", "state": state})

        @handler("state")
        def merge(self, message):
            for key, (seen, values) in message["body"]["state"].items():
                here, known = self.values.get(key, {}), self.seen.get(key, set())
                kept = {d: v for d, v in here.items() if d in values or d not in seen}
                new = {d: v for d, v in values.items() if d in here or d not in known}
                self.values[key], self.seen[key] = kept | new, known | {*seen}

        @handler("set_mode")
        def set_mode(self, message):
            return {"type": "set_mode_ok"}

        @handler("vv_write")
        def write(self, message):
            body = message["body"]
            key, replaced = body["key"], READ(body["context"])
            self.count += 1
            dot = f"{self.node_id}-{self.count}"
            values = self.values.get(key, {})
            kept = {d: v for d, v in values.items() if d not in replaced}
            self.values[key] = {**kept, dot: body["value"]}
            self.seen[key] = self.seen.get(key, set()) | {*replaced, dot}
            return {"type": "vv_write_ok", "vc": TOLD([*replaced, dot])}

        @handler("vv_read")
        def read(self, message):
            key = message["body"]["key"]
            vc, values = TOLD(sorted(self.seen.get(key, ()))), self.values.get(key, {})
            told = [{"value": value, "vc": vc} for value in values.values()]
            return {"type": "vv_read_ok", "values": told}


    run(Registers)
"""

TAGS = {
    "dots": ("'-'.join(map(str, dot[:2]))",) * 2,
    "numbers within an element": ("dot[2] * 1000 + int(dot[0][1:])",) * 2,
    "nulls": ("None",) * 2,
    "two spellings": ("f'{dot[0]}:{dot[1]}'", "dot[:2]"),
}
"""What adds tell of a dot, and removes."""

CONTEXTS = {
    "a vector": ("dict.fromkeys(dots, 1)", "list(context)"),
    "what only the node reads": ("{'dots': dots}", "context.get('dots', [])"),
}
"""How a context is told, and read."""


QUEUE = """
    from nodes.op_rga import OpRGA
    from nodes.runtime import every, handler, run


    class Queued(OpRGA):
        def start(self):
            super().start()
            self.inbox = []

        @handler("operations")
        def keep(self, message):
            self.inbox.append(message)

        @every(0.08)
        def work(self):
            inbox, self.inbox = self.inbox, []
            for message in inbox:
                self.learn(message)


    run(Queued)
"""

DENSE = """
    from nodes.faulty.dense_position_rga import DensePositionRGA
    from nodes.runtime import run

    run(DensePositionRGA)
"""


def judged(folder: Path, workload: str, program: str, seed: int) -> Result:
    """Run a program for some virtual seconds, and judge the run."""
    folder.mkdir(exist_ok=True)
    path = folder / "node.py"
    path.write_text(program, encoding="utf-8")
    kind = WORKLOADS[workload]
    spec = RunSpec(
        workload=workload,
        bin=(sys.executable, str(path)),
        transport="simulated",
        nodes=("n1", "n2", "n3"),
        concurrency=6,
        rate=100.0,
        time_limit_s=5.0,
        nemesis=("partition", "duplicate"),
        nemesis_interval_s=1.0,
        seed=seed,
    )
    run = Store(folder / str(seed)).create(workload, dt.datetime.now(dt.UTC))
    execute(spec, kind, run, Silent())
    return analyse_run(run, kind, run.spec())


class Silent:
    """A progress that shows nothing."""

    def update(self, *_: object) -> None:
        """Do nothing."""

    def log(self, *_: object) -> None:
        """Do nothing."""


@pytest.mark.parametrize("style", TAGS)
def test_a_set_may_replace_tags_and_tell_them_in_its_way(
    tmp_path: Path, style: str
) -> None:
    """Without tombstones an add stands for those that it has seen."""
    added, removed = TAGS[style]
    program = (
        f"ADDED = lambda dot: {added}\nREMOVED = lambda dot: {removed}\n"
        + textwrap.dedent(SET)
    )
    result = judged(tmp_path, "or-set", program, seed=1)
    assert result.verdict is Verdict.VALID, result.summary


@pytest.mark.parametrize("workload", ["vv-register", "dvv-register"])
@pytest.mark.parametrize("style", CONTEXTS)
def test_a_register_may_have_one_context_for_all_siblings(
    tmp_path: Path, style: str, workload: str
) -> None:
    """Clients give it back as it came, whatever it looks like."""
    told, read = CONTEXTS[style]
    program = (
        f"TOLD = lambda dots: {told}\nREAD = lambda context: {read}\n"
        + textwrap.dedent(REGISTERS)
    )
    result = judged(tmp_path, workload, program, seed=1)
    assert result.verdict is Verdict.VALID, result.summary
    assert result.parts["workload"].measures["sibling-reads"].value > 10


def test_a_text_may_apply_later_what_others_did(tmp_path: Path) -> None:
    """As a node does that has a queue, and somebody who works on it."""
    result = judged(tmp_path, "rga", textwrap.dedent(QUEUE), seed=1)
    assert result.verdict is Verdict.VALID, result.summary


def test_runs_may_be_mixed_where_nobody_keeps_them(tmp_path: Path) -> None:
    """Random positions are right for a sequence, and no RGA."""
    verdicts = [
        judged(tmp_path / workload, workload, textwrap.dedent(DENSE), seed=3).verdict
        for workload in ("rga", "sequence")
    ]
    assert verdicts == [Verdict.INVALID, Verdict.VALID]
