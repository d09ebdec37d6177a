"""The store gives each run a folder of its own and knows the latest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from histories import (
    Event,
    HistoryError,
    Outcome,
    Problem,
    Recorder,
    Run,
    RunError,
    Store,
)


STARTED = datetime(2026, 11, 20, 21, 48, 59, 123_999, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def finished(store: Store, workload: str, *, hour: int = 0) -> Run:
    run = store.create(workload, STARTED.replace(hour=hour))
    run.write_json(run.spec_path, {"workload": workload})
    return run


def test_folder_tells_workload_and_time(store: Store) -> None:
    """A run is at workload and UTC time, to the millisecond, wherever it was made."""
    local = STARTED.astimezone(timezone(timedelta(hours=-3)))
    run = store.create("g-counter", local)
    assert run.path == store.root / "g-counter" / "20261120T214859.123Z"
    assert run.log_path("n1").parent.is_dir()


def test_runs_of_one_moment_have_folders_of_their_own(store: Store) -> None:
    """Runs that start at the same time are numbered."""
    names = [store.create("echo", STARTED).path.name for _ in range(3)]
    assert names == [f"20261120T214859.123Z{suffix}" for suffix in ("", "-2", "-3")]


def test_latest_is_a_relative_link(store: Store) -> None:
    """A store that is moved keeps its links."""
    finished(store, "echo", hour=1)
    finished(store, "echo", hour=2)
    assert (store.root / "latest").readlink() == Path("echo", "20261120T024859.123Z")
    assert (store.root / "echo" / "latest").readlink() == Path("20261120T024859.123Z")
    moved = Store(store.root.rename(store.root.with_name("moved")))
    assert moved.latest().path == moved.root / "echo" / "20261120T024859.123Z"


def test_latest_of_a_workload(store: Store) -> None:
    """Each workload has a latest run; the latest of all is the one made last."""
    echo = finished(store, "echo", hour=9)
    broadcast = finished(store, "broadcast", hour=1)
    assert store.latest() == store.latest("broadcast") == broadcast
    assert store.latest("echo") == echo


def test_runs_are_listed_in_order_of_time(store: Store) -> None:
    """All finished runs are listed once, the oldest first; links are no runs."""
    runs = [
        finished(store, name, hour=hour) for hour, name in enumerate(["b", "a", "b"])
    ]
    store.create("a", STARTED)
    assert store.runs() == tuple(runs)


def test_empty_store(store: Store) -> None:
    """A store without runs lists none and has no latest."""
    assert store.runs() == ()
    with pytest.raises(RunError, match=r"no runs.*harness run"):
        store.latest()
    with pytest.raises(RunError, match="no runs"):
        store.latest("echo")


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc", "latest", "a\0b"])
def test_names_are_confined(name: str, store: Store) -> None:
    """No name of a workload or a node leads out of the store."""
    with pytest.raises(RunError, match="plain name"):
        store.create(name, STARTED)
    with pytest.raises(RunError, match="plain name"):
        store.latest(name)
    with pytest.raises(RunError, match="plain name"):
        Run(store.root).log_path(name)
    assert not store.root.exists()


def test_open_follows_links(store: Store) -> None:
    """Opening `latest` gives the run itself."""
    run = finished(store, "echo")
    assert Run.open(store.root / "latest") == run


def test_open_says_what_is_missing(tmp_path: Path) -> None:
    """What is no run cannot be opened, and the error says what it is instead."""
    with pytest.raises(RunError, match=r"found a folder without spec\.json"):
        Run.open(tmp_path)
    with pytest.raises(RunError, match="found no folder"):
        Run.open(tmp_path / "none")


def test_parts_come_back(store: Store) -> None:
    """Spec, history and outcome are read as they were written."""
    run = finished(store, "echo")
    event = Event(index=0, time=0, type="invoke", process=0, f="echo")
    outcome = Outcome(
        phases={"main": 3}, problems=(Problem(kind="flood", node="n1", sentence="x"),)
    )
    with Recorder(run.history_path) as recorder:
        recorder.record(event)
    run.write_json(run.outcome_path, outcome)
    assert run.spec() == {"workload": "echo"}
    assert list(run.history().events()) == [event]
    assert run.outcome() == outcome


def test_run_that_was_killed_has_no_outcome(store: Store) -> None:
    """Without an outcome there is None; without a history there is an error."""
    run = finished(store, "echo")
    assert run.outcome() is None
    with pytest.raises(HistoryError, match=r"history\.jsonl"):
        run.history()


def test_missing_or_damaged_parts_are_cited(store: Store) -> None:
    """A spec or an outcome that cannot be read is an error with its path."""
    run = store.create("echo", STARTED)
    with pytest.raises(RunError, match=r"spec\.json: found no readable file"):
        run.spec()
    run.outcome_path.write_text("{")
    with pytest.raises(RunError, match=r"outcome\.json: found text"):
        run.outcome()


def test_equal_values_give_equal_bytes(store: Store) -> None:
    """JSON is indented, with sorted keys and a newline at its end."""
    run = store.create("echo", STARTED)
    run.write_json(run.spec_path, {"b": [1], "a": {}})
    assert run.spec_path.read_text() == '{\n  "a": {},\n  "b": [\n    1\n  ]\n}\n'


def test_writing_that_fails_leaves_the_old_file(store: Store) -> None:
    """What cannot be written as JSON destroys nothing and leaves no draft."""
    run = finished(store, "echo")
    before = sorted(run.path.iterdir())
    with pytest.raises(TypeError):
        run.write_json(run.spec_path, {"bad": object()})
    assert run.spec() == {"workload": "echo"}
    assert sorted(run.path.iterdir()) == before
