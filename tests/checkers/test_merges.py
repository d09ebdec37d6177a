"""Merges on request, and what is said of them."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers import Reason, Verdict, check_merge_claims
from checkers.merges import _check


if TYPE_CHECKING:
    from collections.abc import Callable

    from checkers import Result
    from histories import History

    from .conftest import Op, Story

    State = dict[str, int]

A, B, C = {"x": 3, "y": 1}, {"x": 1, "z": 5}, {"y": 4}


def maximum(left: State, right: State) -> State:
    return {key: max(left.get(key, 0), right.get(key, 0)) for key in {**left, **right}}


def total(left: State, right: State) -> State:
    return {key: left.get(key, 0) + right.get(key, 0) for key in {**left, **right}}


def unequal(left: State, right: State) -> State:
    return left if left == right else total(left, right)


def verify(
    story: Story, a: State, b: State, c: State | None = None, **answer: Any
) -> Op:
    """Return an operation that is right, but for what is said of its answer."""
    value: dict[str, Any] = {"state_a": a, "state_b": b}
    laws = ["commutative", "idempotent"]
    if c is not None:
        value["state_c"] = c
        laws.append("associative")
    merges = {"merge_ab": maximum(a, b), "merge_ba": maximum(b, a)}
    told = {**value, **merges, **dict.fromkeys(laws, True), **answer}
    return story.op("verify" if c is None else "verify-three", value, told)


def fed(story: Story, merge: Callable[[State, State], State], **claims: Any) -> History:
    """Return a history in which three states are merged in both ways."""
    pairs = [(A, B), (B, C), (merge(A, B), C), (A, merge(B, C))]
    ops = [
        verify(
            story,
            a,
            b,
            c=C if number == 0 else None,
            merge_ab=merge(a, b),
            merge_ba=merge(b, a),
            **(claims if number == 0 else {}),
        )
        for number, (a, b) in enumerate(pairs)
    ]
    return story.history(ops)


def names(result: Result) -> set[str]:
    return {anomaly.name for anomaly in result.anomalies}


def test_the_maximum_and_true_claims_are_valid(story: Story) -> None:
    """What was compared is counted."""
    result = check_merge_claims(fed(story, maximum))
    assert result.verdict is Verdict.VALID
    assert result.complete
    assert result.measures["merged-count"].value == 4
    assert result.measures["associated-count"].value == 1
    assert "all 9 claims" in result.summary


def test_a_zero_is_the_same_as_nothing(story: Story) -> None:
    """Whether it is kept, left out or made up."""
    history = story.history(
        verify(story, {"x": 0, "y": 1}, B, merge_ab={"x": 1, "y": 1, "z": 5}),
        verify(story, {"x": 0}, {}, merge_ab={}, merge_ba={"q": 0}),
    )
    assert check_merge_claims(history).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("merge", "name", "says"),
    [
        ({"x": 4, "y": 1, "z": 5}, "wrong-maximum", "in which x is 4: the greater"),
        ({"x": 1, "y": 1, "z": 5}, "wrong-maximum", "two counts is 3."),
        ({"x": 3, "y": 0, "z": 5}, "wrong-maximum", "in which y is 0"),
        ({"x": 3, "y": 1, "z": 5, "q": 1}, "wrong-maximum", "two counts is 0."),
        ({"x": 3, "y": 1, "z": -5}, "wrong-maximum", "in which z is -5"),
        ({"x": 3, "y": 1}, "dropped-key", "in which z is missing, and should be 5."),
        ({"x": 3}, "dropped-key", "should be 1 (1 more alike)."),
    ],
)
def test_a_wrong_merge_is_told_from_a_dropped_key(
    story: Story, merge: State, name: str, says: str
) -> None:
    """The sentence names a key; both merges are wrong alike, so that they commute."""
    op = verify(story, A, B, merge_ab=merge, merge_ba=maximum(A, B), commutative=False)
    result = check_merge_claims(story.history(op))
    assert result.verdict is Verdict.INVALID
    assert names(result) == {name, "non-commutative"}
    (anomaly,) = [one for one in result.anomalies if one.name == name]
    assert says in anomaly.sentence
    assert anomaly.operations == (0,)
    assert result.measures["wrong-merge-count"].value == 1


def test_a_state_merged_with_itself_has_to_stay(story: Story) -> None:
    """A sum doubles it; the claim is false if the node says otherwise."""
    doubled = {"x": 6, "y": 2}
    for claim in (True, False):
        op = verify(story, A, A, merge_ab=doubled, merge_ba=doubled, idempotent=claim)
        found = names(check_merge_claims(story.history(op)))
        assert found == {
            "wrong-maximum",
            "non-idempotent",
            *(["false-claim"] if claim else []),
        }


def test_it_matters_what_is_merged_first(story: Story) -> None:
    """All four operations are cited; sums alone are associative."""
    history = fed(story, unequal)
    assert "non-associative" not in names(check_merge_claims(history))
    a, b, c = {"x": 1}, {"x": 2}, {"x": 3}
    pairs = [(a, b), (b, c), (unequal(a, b), c), (a, unequal(b, c))]
    ops = [
        verify(story, one, two, merge_ab=unequal(one, two), merge_ba=unequal(two, one))
        for one, two in pairs
    ]
    result = check_merge_claims(story.history(ops))
    (anomaly,) = [one for one in result.anomalies if one.name == "non-associative"]
    assert anomaly.operations == (0, 4, 2, 6)


@pytest.mark.parametrize("law", ["commutative", "idempotent", "associative"])
@pytest.mark.parametrize("is_fed", [True, False])
def test_who_denies_a_law_of_the_maximum_is_wrong(
    story: Story, *, law: str, is_fed: bool
) -> None:
    """Whether merges were fed back or not."""
    history = (
        fed(story, maximum, **{law: False})
        if is_fed
        else story.history(verify(story, A, B, C, **{law: False}))
    )
    result = check_merge_claims(history)
    assert names(result) == {"false-claim"}
    assert f"is not {law}, but" in result.summary
    assert result.measures["false-claim-count"].value == 1
    cited = 4 if is_fed and law == "associative" else 1
    assert len(result.anomalies[0].operations) == cited


def test_who_admits_that_a_wrong_merge_breaks_a_law_is_right(story: Story) -> None:
    """The merge is wrong all the same, and what cannot be decided is passed over."""
    op = verify(
        story, A, B, merge_ab=A, merge_ba=B, commutative=False, idempotent=False
    )
    assert names(check_merge_claims(story.history(op))) == {
        "wrong-maximum",
        "dropped-key",
        "non-commutative",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("merge_ab", None),
        ("merge_ba", [1]),
        ("merge_ab", {"x": 3.0}),
        ("merge_ab", {"x": True}),
        ("commutative", 1),
        ("idempotent", "true"),
        ("associative", None),
    ],
)
def test_an_answer_has_a_type(story: Story, field: str, value: Any) -> None:
    """Whole numbers by key, and booleans."""
    result = check_merge_claims(story.history(verify(story, A, B, C, **{field: value})))
    assert result.verdict is Verdict.INVALID
    assert names(result) == {"type-error"}
    assert field in result.summary


def test_what_is_not_claimed_is_not_held_against_a_node(story: Story) -> None:
    """The merges alone are judged."""
    given = {"state_a": A, "state_b": B}
    merges = {"merge_ab": maximum(A, B), "merge_ba": maximum(B, A)}
    history = story.history(story.op("verify", given, {**given, **merges}))
    assert check_merge_claims(history).verdict is Verdict.VALID


def test_nothing_to_choose_from_says_nothing(story: Story) -> None:
    """One state below the other is no test of a maximum, nor is no answer."""
    below = story.history(verify(story, A, {}), verify(story, A, {"x": 1}))
    silent = story.history(
        story.op("verify", {"state_a": A, "state_b": B}, status="fail")
    )
    for history in (below, silent, story.history()):
        assert check_merge_claims(history).reason is Reason.VACUOUS


def test_what_is_no_merge_is_unsupported(story: Story) -> None:
    """Other operations, and states that are none."""
    assert check_merge_claims(story.history(story.read(1))).reason is Reason.UNSUPPORTED
    for state in (None, {"x": -1}, {"x": "1"}):
        op = story.op("verify", {"state_a": state, "state_b": B})
        assert check_merge_claims(story.history(op)).reason is Reason.MALFORMED


_STATE = st.dictionaries(st.sampled_from("xy"), st.integers(0, 2))
_MERGE = st.sampled_from((maximum, maximum, total, unequal, lambda a, _: a))
_CALL = st.tuples(
    _STATE,
    _STATE,
    st.none() | _STATE,
    st.booleans(),
    st.tuples(*[st.sampled_from((True, True, False))] * 3),
)


def _plain(state: State) -> State:
    return {key: count for key, count in state.items() if count}


def _text(*states: State | None) -> str:
    return json.dumps(states, sort_keys=True)


def _is_right(call: dict[str, Any]) -> bool:
    return bool(call["ab"] == call["ba"] == _plain(maximum(call["a"], call["b"])))


def _naive(calls: list[dict[str, Any]]) -> set[str]:
    """Return what is wrong with merges, by definition and without any haste."""
    found = set()
    known = {}
    for one, two, three, four in product(calls, repeat=4):
        # one: ab; two: bc; three: (ab)c; four: a(bc)
        a, b, c = one["a"], one["b"], two["b"]
        chained = two["a"] == b and three["a"] == one["ab"] and three["b"] == c
        if not (chained and four["a"] == a and four["b"] == two["ab"]):
            continue
        if all((a, b, c)) and len(set(map(_text, (a, b, c)))) == 3:
            known[_text(a, b, c)] = three["ab"] == four["ab"]
            if three["ab"] != four["ab"]:
                found.add("non-associative")
    for call in calls:
        a, b, ab, ba = call["a"], call["b"], call["ab"], call["ba"]
        want = _plain(maximum(a, b))
        for merge in (ab, ba):
            lacks = {key for key in want if key not in merge}
            if lacks:
                found.add("dropped-key")
            if any(want.get(key, 0) != merge[key] for key in merge):
                found.add("wrong-maximum")
        if ab != ba:
            found.add("non-commutative")
        if a == b and not ab == ba == a:
            found.add("non-idempotent")
        right = True if all(map(_is_right, calls)) else None
        truths = {
            "commutative": ab == ba,
            "idempotent": ab == ba == a if a == b else right,
            "associative": known.get(_text(a, b, call["c"]), right),
        }
        for law, claim in call["claims"].items():
            if truths[law] is not None and claim != truths[law]:
                found.add("false-claim")
    return found


@given(_MERGE, st.lists(_CALL, min_size=1, max_size=5), st.data())
def test_it_agrees_with_the_definitions(
    story: Story,
    merge: Callable[[State, State], State],
    rows: list[Any],
    data: st.DataObject,
) -> None:
    """On merges by some rule, some of which were fed back."""
    ops, calls = [], []
    outcomes: list[State] = []
    for a, b, c, is_fed, claims in rows:
        one, two = dict(a), dict(b)
        if is_fed and outcomes:
            one = data.draw(st.sampled_from(outcomes))
        three = dict(c) if c is not None else None
        laws = ("commutative", "idempotent", "associative")[: 2 if c is None else 3]
        said = dict(zip(laws, claims, strict=False))
        ab, ba = _plain(merge(one, two)), _plain(merge(two, one))
        outcomes.append(ab)
        ops.append(verify(story, one, two, three, merge_ab=ab, merge_ba=ba, **said))
        calls.append(
            {
                "a": _plain(one),
                "b": _plain(two),
                "c": None if three is None else _plain(three),
                "ab": ab,
                "ba": ba,
                "claims": said,
            }
        )
    expected = _naive(calls)
    result = check_merge_claims(story.history(ops))
    assert names(result) == expected
    assert (result.verdict is Verdict.INVALID) == bool(expected)


@given(
    states=st.permutations([{"x": 1}, {"x": 2}, {"y": 1}, {"x": 2, "y": 2}]),
    merge=_MERGE,
    left_out=st.lists(st.sampled_from(("ab", "bc", "ab-c", "a-bc")), max_size=4),
    claim=st.booleans(),
)
def test_what_is_fed_back_is_found(
    story: Story,
    *,
    states: list[State],
    merge: Callable[[State, State], State],
    left_out: list[str],
    claim: bool,
) -> None:
    """Two triples of states, of which some merges may be missing."""
    ops, calls = [], []
    for a, b, c in (states[:3], states[1:]):
        pairs = {
            "ab": (a, b),
            "bc": (b, c),
            "ab-c": (_plain(merge(a, b)), c),
            "a-bc": (a, _plain(merge(b, c))),
        }
        for name, (one, two) in pairs.items():
            if name in left_out:
                continue
            ab, ba = _plain(merge(one, two)), _plain(merge(two, one))
            third = c if name == "ab" else None
            said = {"associative": claim} if third else {}
            ops.append(verify(story, one, two, third, merge_ab=ab, merge_ba=ba, **said))
            laws = {"commutative": True, "idempotent": True, **said}
            calls.append(
                {"a": one, "b": two, "c": third, "ab": ab, "ba": ba, "claims": laws}
            )
    assert names(check_merge_claims(story.history(ops))) == _naive(calls)


def test_only_so_many_ways_are_remembered(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A state that many merges come to is fed back for the first of them."""
    monkeypatch.setattr(_check, "_WAYS", 1)
    pairs = [(A, B), (maximum(A, B), B), (B, C), (maximum(A, B), C), (A, maximum(B, C))]
    ops = [verify(story, one, two) for one, two in pairs]
    result = check_merge_claims(story.history(ops))
    assert result.measures["associated-count"].value == 1
