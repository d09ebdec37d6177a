"""Sets and carts from which is removed: their guarantees are those of the definitions."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers import Reason, Verdict
from checkers.ladder import BELOW_SEQUENTIAL, check_guarantees
from checkers.ladder.removals import REMOVED
from checkers.ladder.removals._guarantees import GUARANTEES
from checkers.ladder.removals._holds import explains, keeps
from checkers.ladder.removals._replay import replay
from checkers.ladder.removals._scene import FOREVER, READ, Act, Scene
from histories import Event, History

from .removal_oracle import Oracle, cart_of, draw, or_set_of, verdicts


def judged(history: History, data: str) -> dict[str, str]:
    """Return the verdicts on the models that can be judged."""
    models = check_guarantees(history, data).statistics["models"]
    return {name: models[name]["verdict"] for name in BELOW_SEQUENTIAL}


def scene_of(history: History, data: str) -> Scene:
    """Return what a history tells."""
    return REMOVED[data](history).scene()


def agrees(history: History, data: str) -> None:
    """Assert that no verdict is wrong."""
    scene = scene_of(history, data)
    if not any(act.kind == READ for act in scene.acts):
        assert set(judged(history, data).values()) == {"unknown"}
        return
    holds = verdicts(scene)
    for name, verdict in judged(history, data).items():
        assert verdict == "unknown" or (verdict == "yes") is holds[name], name


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 1 << 60))
def test_no_verdict_on_a_set_is_wrong(seed: int) -> None:
    """A no is one whatever looks saw, and a yes is one for some choice of that."""
    agrees(or_set_of(draw(Random(seed))), "or-set")


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 1 << 60))
def test_no_verdict_on_a_cart_is_wrong(seed: int) -> None:
    """The same where views tell adds apart, and removes tell nothing."""
    agrees(cart_of(draw(Random(seed), cart=True)), "cart")


def test_hardly_a_verdict_is_unknown() -> None:
    """Of small histories: it was 1 of 1000."""
    found: list[str] = []
    for seed in range(300):
        scene = draw(Random(seed))
        if any(act.kind == READ for act in scene.acts):
            found += judged(or_set_of(scene), "or-set").values()
    assert found.count("unknown") <= len(found) / 100
    assert found.count("no") > len(found) / 20


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 1 << 60))
def test_witnesses_are_violations(seed: int) -> None:
    """What an anomaly names breaks it, whoever made the other updates."""
    history = or_set_of(draw(Random(seed)))
    scene = scene_of(history, "or-set")
    for anomaly in check_guarantees(history, "or-set").anomalies:
        name = anomaly.data["level"]
        named = set(anomaly.operations)
        few = [
            act if act.index in named else _apart(act, 100 + number)
            for number, act in enumerate(scene.acts)
        ]
        oracle = Oracle(Scene(few, scene.names), GUARANTEES[name])
        assert not oracle.holds(), anomaly.sentence


def _apart(act: Act, process: int) -> Act:
    """Return an act that nobody has to do with; a read tells nothing any more."""
    if act.kind == READ:
        return msgspec.structs.replace(act, process=process, end=FOREVER)
    return msgspec.structs.replace(act, process=process)


def told(story: str) -> History:
    """Return a history of acts one after the other.

    `0 +x` is an add of x by process 0, `0 -x:1,2` a remove that took the adds that are
    first and second of all acts, `0 -x` one that tells nothing, `0 {x y}` a read, `0 ?x`
    and `0 !x` answers that x is there, or is not. An act with a `~` never returns.
    """
    events: list[Event] = []
    for number, act in enumerate(story.split(", "), 1):
        process, what = act.split(" ", 1)
        is_open, what = what.endswith("~"), what.rstrip("~")
        name, _, tags = what[1:].partition(":")
        value: dict[str, Any] = {"element": name}
        output: Any = value
        f = {"+": "add", "-": "remove", "{": "read"}.get(what[0], "contains")
        if f == "add":
            output = {**value, "tag": str(number)}
        elif f == "remove" and tags:
            removed = [] if tags == "none" else tags.split(",")
            output = {**value, "tags_removed": removed}
        elif f == "read":
            output = name.rstrip("}").split()
        elif f == "contains":
            output = {**value, "contains": what[0] == "?"}
        for type_, told in (("invoke", value), ("info" if is_open else "ok", output)):
            at = len(events)
            events.append(
                Event(
                    index=at,
                    time=at,
                    type=type_,  # type: ignore[arg-type] # one of the four
                    process=int(process),
                    f=f,
                    value=told,
                    node=f"n{process}",
                )
            )
    return History.from_events(events)


BROKEN = {
    "0 +x, 0 {}": ("read-your-writes", 2),
    "0 +x, 0 -x:none, 1 {x}": ("read-your-writes", 2),
    "0 +x, 0 -x, 0 {x}": ("read-your-writes", 3),
    "0 +x, 1 -x:1, 1 {x}": ("read-your-writes", 3),
    "0 +x, 0 !x": ("read-your-writes", 2),
    "0 +x, 1 {x}, 1 {}": ("monotonic-reads", 3),
    "0 +x, 1 {x}, 0 -x:1, 1 {}, 1 {x}": ("monotonic-reads", 5),
    "0 +x, 1 +x, 2 {x}, 2 {}": ("monotonic-reads", 2),
    "0 +x, 0 +y, 1 {y}": ("monotonic-writes", 3),
    "0 +x, 0 -x:1, 0 +y, 1 {x y}": ("monotonic-writes", 4),
    "0 +x, 1 {x}, 1 +y, 2 {y}": ("writes-follow-reads", 4),
    "0 +x, 1 -x:1, 2 {x}, 3 -x:none": (None, 0),
}
"""What is broken, and by how many operations that is shown."""


@pytest.mark.parametrize("story", BROKEN)
def test_a_guarantee_is_broken_by_as_few_as_can_be(story: str) -> None:
    """The witness names what a person needs to see it, and no more."""
    broken, count = BROKEN[story]
    result = check_guarantees(told(story), "or-set", declared=broken or "causal")
    if broken is None:
        assert result.verdict is Verdict.VALID
        return
    assert result.verdict is Verdict.INVALID
    assert broken in result.statistics["weakest-failing"]
    anomaly = next(one for one in result.anomalies if one.name == broken)
    assert len(anomaly.operations) == count, anomaly.sentence
    assert len(anomaly.data["operations"]) == count


EXPLAINED = [
    "0 +x, 1 -x:1, 0 {}",
    "0 +x, 1 -x~, 0 {}",
    "0 +x, 1 -x, 0 {}, 0 {}",
    "0 +x~, 0 {}, 1 {x}, 0 {x}",
    "0 +x, 1 {x}, 0 -x:1, 1 {}, 0 +x, 1 {x}",
    "0 +x, 0 +y, 1 {}, 1 {x}, 1 {x y}, 1 -x:1, 1 {y}, 0 {x y}, 0 {y}",
]


@pytest.mark.parametrize("story", EXPLAINED)
def test_what_a_removal_explains_breaks_nothing(story: str) -> None:
    """An element may go, if somebody can have removed it, and come if it was added."""
    assert set(judged(told(story), "or-set").values()) == {"yes"}


def test_a_removal_that_never_returned_counts_once_it_was_seen() -> None:
    """What it took stays away from who has missed it."""
    found = judged(told("0 +x, 1 -x~, 2 {x}, 2 {}, 2 {x}"), "or-set")
    assert found["monotonic-reads"] == "no"
    assert found["read-your-writes"] == "yes"


def test_several_processes_contradict_each_other() -> None:
    """The removal was seen before the note, which brings what it took back: a chain."""
    story = "0 +x, 1 {x}, 1 -x:1, 2 {}, 1 +y, 3 {y}, 3 +z, 4 {x y z}"
    result = check_guarantees(told(story), "or-set", declared="causal")
    assert result.verdict is Verdict.INVALID
    assert len(result.anomalies[0].data["steps"]) > 2
    assert "took add" in result.anomalies[0].sentence


def test_tags_that_are_used_twice_tell_nothing() -> None:
    """Then elements alone are looked at."""
    history = told("0 +x, 1 -x:none, 1 {x}")
    events = [
        msgspec.structs.replace(event, value={**event.value, "tag": "same"})
        if event.f == "add" and event.type == "ok"
        else event
        for event in [*history.events(), *_later(told("2 +x"), 6)]
    ]
    scene = scene_of(History.from_events(events), "or-set")
    assert [act.adds for act in scene.acts] == [None] * 4


def _later(history: History, by: int) -> list[Event]:
    return [
        msgspec.structs.replace(event, index=event.index + by, time=event.time + by)
        for event in history.events()
    ]


@pytest.mark.parametrize(
    ("story", "name"),
    [
        ("0 +x, 1 {y}", "phantom-element"),
        ("1 {x}, 0 +x", "thin-air"),
        ("1 ?x, 0 +x", "thin-air"),
        ("0 -x:2, 1 +x", "thin-air"),
    ],
)
def test_what_no_set_shows_fails_all(story: str, name: str) -> None:
    """Whatever a model allows, it does not allow this."""
    history = told(f"{story}, 2 {{}}")
    result = check_guarantees(history, "or-set", declared="monotonic-reads")
    assert result.verdict is Verdict.INVALID
    assert [anomaly.name for anomaly in result.anomalies] == [name]


def view(items: Any) -> History:
    """Return an add of 4 apples, and a view of that."""
    given = {"item": "apple", "qty": 4}
    common: dict[str, Any] = {"process": 0, "time": 0}
    return History.from_events(
        [
            Event(index=0, type="invoke", f="add", value=given, **common),
            Event(index=1, type="ok", f="add", value=given, **common),
            Event(index=2, type="invoke", f="view", **common),
            Event(index=3, type="ok", f="view", value={"items": items}, **common),
        ]
    )


@pytest.mark.parametrize(
    ("quantity", "name"),
    [(8, "doubled-quantity"), (5, "phantom-quantity"), (-4, "negative-quantity")],
)
def test_what_no_cart_shows_fails_all(quantity: int, name: str) -> None:
    """A digit tells of an add, and no quantity is less than nothing."""
    result = check_guarantees(view([{"item": "apple", "qty": quantity}]), "cart")
    assert [anomaly.name for anomaly in result.anomalies] == [name]


def test_what_tells_nothing_is_not_taken_for_granted() -> None:
    """A view that is none leaves open what it saw; the others still may be wrong."""
    found = judged(view("none"), "cart")
    assert set(found.values()) == {"unknown"}
    nothing = check_guarantees(told("0 +x"), "or-set")
    assert (nothing.verdict, nothing.reason) == (Verdict.UNKNOWN, Reason.VACUOUS)
    late = check_guarantees(told("0 +x, 0 {x}"), "or-set", cancelled=lambda: True)
    assert (late.verdict, late.reason) == (Verdict.UNKNOWN, Reason.TIMEOUT)
    other = check_guarantees(view([]), "or-set")
    assert (other.verdict, other.reason) == (Verdict.UNKNOWN, Reason.UNSUPPORTED)


def test_an_excuse_is_asked_for_by_each_look() -> None:
    """The remove that took the process's own add took the other one, too."""
    given = {"element": "x"}
    events: list[Event] = []
    acts: list[tuple[int, str, Any]] = [
        (0, "add", {**given, "tag": "1"}),
        (1, "add", {**given, "tag": "2"}),
        (1, "remove", {**given, "tags_removed": ["1", "2"]}),
        (0, "read", {"elements": [], "tags": []}),
        (0, "read", {"elements": ["x"], "tags": {"x": ["2"]}}),
    ]
    for process, f, told_ in acts:
        for type_, value in (("invoke", given), ("ok", told_)):
            at = len(events)
            events.append(
                Event(
                    index=at,
                    time=at,
                    type=type_,  # type: ignore[arg-type] # one of the two
                    process=process,
                    f=f,
                    value=value,
                )
            )
    found = judged(History.from_events(events), "or-set")
    assert found["read-your-writes"] != "yes"


def test_a_choice_that_is_none_is_found_out() -> None:
    """Whoever saw less than it shows, or less than it has to, has seen something else."""
    scene = scene_of(told("0 +x, 0 +y, 1 {x y}, 1 -x:1, 0 {y}"), "or-set")
    replicas = [act.place for act in scene.acts]
    choice = replay(scene, replicas, lambda: False)
    assert choice is not None
    assert explains(scene, choice, replicas)
    causal = GUARANTEES["causal"]
    assert keeps(scene, choice, causal)
    for look, clock in choice.saw.items():
        for at, count in enumerate(clock):
            if not count:
                continue
            less = (*clock[:at], count - 1, *clock[at + 1 :])
            wrong = choice._replace(saw={**choice.saw, look: less})
            assert not (
                explains(scene, wrong, replicas) and keeps(scene, wrong, causal)
            )
