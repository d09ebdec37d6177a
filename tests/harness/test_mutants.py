"""`harness mutants`: the matrix, and what it exits with."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.cli import _group
from harness.errors import UsageError
from harness.hunting import Kill


def harness(*arguments: str) -> int:
    """Run the command in this process, and return what it exits with."""
    code = _group.harness.main(
        ["mutants", "--jobs", "1", *arguments], standalone_mode=False
    )
    assert isinstance(code, int)
    return code


def test_a_faulty_node_is_found_out_beside_one_that_is_right(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A row for it, and a line that sums up."""
    assert harness("volatile-ids", "--right", "2") == 0
    told = capsys.readouterr().out
    assert "✓  duplicate-id" in told
    assert told.splitlines()[-1] == (
        "1 of 1 faulty nodes were found out by their anomaly, 0 of them past a plain "
        "look at the final reads; 1 of 1 nodes that are right were silent in 2 runs."
    )


def test_what_the_final_reads_hide_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """A value that stands beside what replaced it looks right to a plain look."""
    harness("never-superseding-register", "--right", "0", "--json")
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    (kill,) = report["mutants"]
    assert report["passed"]
    assert kill["found"] == "superseded-sibling"
    assert kill["plain"] == kill["runs"] == 1


def test_a_bug_that_is_not_found_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is for CI."""

    def survive(name: str, faulty: Any, **_: Any) -> Kill:
        return Kill(
            name=name,
            expected=faulty.anomalies,
            found=None,
            runs=3,
            most=3,
            others=(),
            plain=3,
        )

    monkeypatch.setattr("harness.cli.mutants_command.hunt_mutant", survive)
    assert harness("volatile-counter", "--right", "0") == 1
    assert "✗  divergence was not found" in capsys.readouterr().out


def test_a_name_that_is_none_is_refused() -> None:
    """With the names that there are."""
    with pytest.raises(UsageError, match="no-dedup-counter"):
        harness("no-such-node")
