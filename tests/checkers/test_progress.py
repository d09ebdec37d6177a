"""How soon updates were shown by all nodes, and when all nodes showed the same."""

from __future__ import annotations

from checkers import Measure
from checkers._progress import Progress
from histories import Event, History


MS = 1_000_000


def measured(progress: Progress, *, healed_ms: int | None = None) -> dict[str, object]:
    """Return the measures by name."""
    nemesis = [] if healed_ms is None else [("start-loss", 0), ("stop-loss", healed_ms)]
    events = [
        Event(index=at, time=time * MS, type="info", process="nemesis", f=f)
        for at, (f, time) in enumerate(nemesis)
    ]
    found = progress.measures(History.from_events(events))
    assert all(isinstance(each, Measure) for each in found.values())
    return {name: measure.value for name, measure in found.items()}


def read(progress: Progress, place: str, ms: int, *values: str) -> None:
    """Take a read of a set."""
    progress.read(place, ms * MS, frozenset(values), frozenset(values))


def test_an_update_is_visible_once_the_last_node_shows_it() -> None:
    """From its acknowledgement to the end of the read of the slowest node."""
    progress = Progress()
    progress.update(1 * MS, "a")
    progress.update(2 * MS, "b")
    read(progress, "n1", 3, "a")
    read(progress, "n2", 4)
    read(progress, "n1", 5, "a", "b")
    read(progress, "n2", 9, "a", "b")
    found = measured(progress)
    assert found["visible-count"] == 2
    assert (found["visible-latency-p50"], found["visible-latency-max"]) == (7, 8)
    assert found["convergence-ms"] == 7


def test_what_was_taken_away_on_its_way_is_left_out() -> None:
    """A node never showed it; and which of two updates a read shows is not known."""
    progress = Progress()
    progress.update(1 * MS, "a")
    progress.update(1 * MS, "twice")
    progress.update(2 * MS, "twice")
    progress.update(None, "open")
    progress.update(7 * MS)
    read(progress, "n1", 3, "a", "twice", "open")
    read(progress, "n2", 4, "twice", "open")
    read(progress, "n1", 9, "twice", "open")
    read(progress, "n2", 9, "twice", "open")
    found = measured(progress)
    assert found["visible-count"] == 0
    assert found["visible-latency-p50"] is None
    assert found["convergence-ms"] == 2


def test_convergence_counts_from_when_faults_ended() -> None:
    """What nodes show while links are cut is no fault of theirs."""
    progress = Progress()
    progress.update(1 * MS, "a")
    read(progress, "n1", 2, "a")
    read(progress, "n2", 3)
    read(progress, "n2", 8, "a")
    assert measured(progress, healed_ms=6)["convergence-ms"] == 2
    assert measured(progress, healed_ms=8)["convergence-ms"] == 0


def test_nodes_that_differ_in_the_end_have_not_converged() -> None:
    """Nor is anything known without reads."""
    progress = Progress()
    progress.update(1 * MS, "a")
    assert measured(progress)["convergence-ms"] is None
    read(progress, "n1", 2, "a")
    read(progress, "n2", 2)
    assert measured(progress)["convergence-ms"] is None
    read(progress, "n2", 5, "a")
    assert measured(progress)["convergence-ms"] == 4


def test_subjects_are_apart() -> None:
    """A register that settled late makes all of them late; its keys are its own."""
    progress = Progress()
    progress.update(0, "x1")
    progress.update(0, "y1")
    for subject, place, ms in (("x", "n1", 1), ("x", "n2", 2), ("y", "n1", 3)):
        keys = frozenset({f"{subject}1"})
        progress.read(place, ms * MS, keys, keys, subject=subject)
    progress.read("n2", 4 * MS, frozenset(), frozenset(), subject="y")
    progress.read("n2", 6 * MS, frozenset({"y1"}), frozenset({"y1"}), subject="y")
    found = measured(progress)
    assert found["visible-count"] == 2
    assert found["convergence-ms"] == found["visible-latency-max"] == 6
