"""Leaves out what checkers may report, a name at a time: which bugs are missed then?

    python -P tests/leave_out_clauses.py [NAMES...]

A clause that no faulty node needs is one that nothing shows to work. For every anomaly
that a faulty node is known for, the nodes known for it run again while no checker may
report it: those that survive need it, and the others are found out by something else,
which is told. Ends with 1 if there is a name without which all are found as before.
Run by hand; it takes a minute or two. Consistency models are judged elsewhere, and not
left out.
"""

from __future__ import annotations

import sys
from typing import Any

from checkers._findings import Findings
from harness.hunting import attempt
from harness.hunting._mutants import mutant_specs
from nodes.faulty import FAULTY


MOST_RUNS = 4
"""Runs of a node without the clause; it is found in as many with it, mostly."""


class Muted:
    """Has no checker report anomalies of a name, as long as it is entered."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._add = Findings.add

    def __enter__(self) -> None:
        add, muted = self._add, self._name

        def heard(self: Findings, name: str, /, *rest: Any, **more: Any) -> None:
            if name != muted:
                add(self, name, *rest, **more)

        Findings.add = heard  # type: ignore[method-assign] # given back at the end

    def __exit__(self, *_: object) -> None:
        Findings.add = self._add  # type: ignore[method-assign] # what it was


def found_by(node: str) -> str | None:
    """Return by what a faulty node is found out; None if it is not."""
    for number, spec in enumerate(
        mutant_specs(node, FAULTY[node], seed=1, transport="simulated")
    ):
        if number == min(MOST_RUNS, FAULTY[node].runs):
            return None
        trial = attempt(spec)
        if trial.anomalies:
            return trial.anomalies[0]
    return None


def tell(line: str) -> None:
    """Print a line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Print a row for each name."""
    by_name: dict[str, list[str]] = {}
    for node, faulty in FAULTY.items():
        by_name.setdefault(faulty.anomaly, []).append(node)
    wanted = sys.argv[1:] or sorted(by_name)
    idle = []
    for name in wanted:
        survivors, others = [], []
        with Muted(name):
            for node in by_name[name]:
                other = found_by(node)
                if other is None:
                    survivors.append(node)
                else:
                    others.append(f"{node} ({other})")
        if not survivors:
            idle.append(name)
        tell(f"{name}: survive {', '.join(survivors) or 'none'}")
        if others:
            tell(f"    found all the same: {', '.join(others)}")
    tell(f"{len(wanted) - len(idle)} of {len(wanted)} clauses are needed by a node.")
    return 1 if idle else 0


if __name__ == "__main__":
    sys.exit(main())
