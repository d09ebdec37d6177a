"""What reads reveal, what they leave open, and what nothing explains."""

from __future__ import annotations

import pytest

from checkers.ladder.sessions import Observation, observe
from checkers.models import MODELS
from checkers.search import problems

from .scripts import history_of, parse


def _observe(
    script: str, model: str, *, keyed: bool = True, failed_cas: bool = False
) -> Observation:
    history = history_of(parse(script), keyed=keyed)
    parts = problems(
        history,
        MODELS[model](),
        independent=keyed and model != "kv",
        failed_cas=failed_cas,
    )
    return observe(history.columns(), parts)


def _shown(observation: Observation) -> list[int]:
    """Return, by exact read, the number of updates it saw."""
    assert observation.sights is not None
    return [
        sum(seen.counts.values()) + len(seen.beyond)
        for seen in observation.sights.seen.values()
    ]


def test_reads_of_registers_have_a_source() -> None:
    """Each read shows whose write it saw; one of the initial value shows no write."""
    sights = _observe("0 x=1, 1 x:1, 1 x:-", "kv").sights
    assert sights is not None
    assert sights.sources == {1: 0, 2: -1}


def test_keys_have_nothing_to_do_with_each_other() -> None:
    """The same value may be written to several keys."""
    sights = _observe("0 x=1, 0 y=1, 1 y:1", "kv").sights
    assert sights is not None
    assert sights.sources == {2: 1}


@pytest.mark.parametrize(
    ("script", "lacking"),
    [
        ("0 x=1, 1 x=1, 2 x:1", "1 is written more than once"),
        ("0 x=1?, 0 x:-, 1 x=1, 2 x:1, 2 x=2", "1 is written more than once"),
    ],
)
def test_a_value_that_is_written_twice_reveals_nothing(
    script: str, lacking: str
) -> None:
    """The other reads count, but for no verdict of yes."""
    observation = _observe(script, "kv")
    assert observation.lacking is not None
    assert lacking in observation.lacking
    assert observation.impossible is None


def test_a_value_that_is_written_twice_and_never_read_does_no_harm() -> None:
    """Nobody needs to know whose it is."""
    observation = _observe("0 x=1, 1 x=1, 2 x=2, 2 x:2", "kv")
    assert observation.lacking is None


def test_the_initial_value_may_not_be_written_either() -> None:
    """A read of it could have two sources then."""
    history = history_of(parse("0 x=0, 1 x:0"), keyed=False)
    parts = problems(history, MODELS["register"](0))
    observation = observe(history.columns(), parts)
    assert observation.lacking == "0 is the initial value and is written too"


@pytest.mark.parametrize(
    ("script", "model", "name"),
    [
        ("0 x:7", "kv", "thin-air"),
        ("0 x:7>8", "kv", "thin-air"),
        ("0 x:1, 0 x=1", "kv", "thin-air"),
        ("0 x{7}", "set", "phantom-element"),
        ("0 x+2, 0 x#1", "g-counter", "impossible-value"),
        ("0 x#1, 0 x+1", "g-counter", "thin-air"),
    ],
)
def test_what_nothing_explains(script: str, model: str, name: str) -> None:
    """Such a read breaks every model there is."""
    observation = _observe(script, model)
    assert observation.impossible is not None
    assert observation.impossible.name == name


def test_counters_reveal_what_they_saw_if_deltas_sum_in_one_way() -> None:
    """Each delta is greater than all smaller ones together."""
    script = "0 x+1, 1 x+2, 2 x+4, 3 x#0, 3 x#5, 3 x#7"
    assert _shown(_observe(script, "g-counter")) == [0, 2, 3]


def test_counters_may_go_down() -> None:
    """Digits of either sign are decoded."""
    script = "0 x+-1, 1 x+3, 1 x+3, 2 x#-1, 2 x#2, 2 x#5, 2 x#6, 2 x#3"
    assert _shown(_observe(script, "pn-counter")) == [1, 2, 3, 2, 1]


@pytest.mark.parametrize(
    ("script", "lacking"),
    [
        ("0 x+1, 1 x+2, 2 x+3, 3 x#3", "several sums of deltas are the same"),
        ("0 x+1, 1 x+1, 2 x#1", "several processes add 1"),
        ("0 x+1?, 0 x+1, 2 x#1", "unknown whether an add of 1"),
    ],
)
def test_counters_that_reveal_nothing(script: str, lacking: str) -> None:
    """Sums that several choices of adds have say nothing about any of them."""
    observation = _observe(script, "g-counter")
    assert observation.lacking is not None
    assert lacking in observation.lacking


def test_equal_deltas_of_one_process_are_the_first_ones() -> None:
    """That asks the least of a read, so that a yes and a no are both right."""
    sights = _observe("0 x+1, 0 x+1, 0 x+1, 1 x#2", "g-counter").sights
    assert sights is not None
    assert sights.seen[3].counts == {0: 2}


def test_an_element_that_is_added_twice_is_left_out() -> None:
    """Reads of the other elements count."""
    observation = _observe("0 x+1, 1 x+1, 0 x+2, 2 x{1,2}", "set")
    assert observation.lacking == "1 is added more than once"
    assert _shown(observation) == [1]


@pytest.mark.parametrize("model", ["fifo-queue", "mutex", "stack"])
def test_other_data_types_reveal_nothing(model: str) -> None:
    """They are no registers, nor do they only grow without order."""
    history = history_of([], keyed=False)
    parts = problems(history, MODELS[model]())
    observation = observe(history.columns(), parts)
    assert observation.sights is None
    assert observation.lacking is not None
    assert model in observation.lacking


def test_updates_that_never_returned_count_if_they_were_seen() -> None:
    """Else they never happened, for all that anybody knows."""
    seen = _observe("0 x=1?, 1 x=2?, 2 x:1", "kv").sights
    assert seen is not None
    assert len(seen) == 2


def test_a_cas_that_never_returned_is_known_to_have_found_its_value() -> None:
    """If its new value was read; when that was, is known if it was the last deed."""
    last = _observe("0 x=1, 1 x:1>2?, 2 x:2", "kv")
    assert last.lacking is None
    assert last.sights is not None
    assert last.sights.sources == {1: 0, 2: 1}
    not_last = _observe("0 x=1, 1 x:1>2?, 1 y:-, 2 x:2", "kv")
    assert not_last.lacking is not None
