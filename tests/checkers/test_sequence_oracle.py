"""Texts against the strong list specification itself, by brute force."""

from __future__ import annotations

from itertools import chain, combinations, permutations
from random import Random
from typing import TYPE_CHECKING, Literal, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from .text_tales import TextTale


if TYPE_CHECKING:
    from collections.abc import Iterator

NODES = ("n1", "n2")
OTHER = {"n1": "n2", "n2": "n1"}


class Step(NamedTuple):
    """What happens on a node, one thing after the other.

    Attributes:
        what: An edit, a read, or that all that the other node knows may arrive.
        node: Where.
        position: Of an edit.
        char: What an insertion inserts; of a deletion a name for it.
        status: What came of an edit: `info` if it may happen at once or never.
        text: What a read returned.
    """

    what: Literal["insert", "delete", "read", "exchange"]
    node: str
    position: int = 0
    char: str = ""
    status: str = "ok"
    text: str = ""


class State(NamedTuple):
    """What has happened.

    Attributes:
        known: What each node has of the insertions and deletions, by their names.
        victims: The characters that deletions have hit.
        told: What each node has been told of, and may apply at any time.
    """

    known: dict[str, frozenset[str]]
    victims: dict[str, str]
    told: dict[str, frozenset[str]]

    def text(self, node: str, order: str) -> str:
        """Return what a node shows if characters have an order."""
        known = self.known[node]
        gone = {self.victims[name] for name in known & self.victims.keys()}
        return "".join(char for char in order if char in known and char not in gone)

    def learn(self, node: str, names: frozenset[str]) -> State:
        """Return what there is once a node has more."""
        return self._replace(known={**self.known, node: self.known[node] | names})

    def tell(self, node: str) -> State:
        """Return what there is once a node has been told all that the other one has."""
        told = self.told[node] | self.known[OTHER[node]]
        return self._replace(told={**self.told, node: told})

    def hidden(self, node: str) -> list[str]:
        """Return what a node has been told of and has not applied."""
        return sorted(self.told[node] - self.known[node])


NOBODY: dict[str, frozenset[str]] = dict.fromkeys(NODES, frozenset())
NOTHING = State(NOBODY, {}, NOBODY)


def drawn(rng: Random) -> tuple[TextTale, list[Step]]:
    """Return edits and reads of two nodes that a correct text could show, or nearly."""
    tale, state, steps, order = TextTale(), NOTHING, list[Step](), ""
    chars, deletions = iter("abcd"), iter("12")
    for process in range(rng.randrange(3, 9)):
        node = rng.choice(NODES)
        on = {"node": node, "process": process}
        late = (name for name in state.hidden(node) if rng.random() < 0.3)
        state = state.learn(node, frozenset(late))
        text = state.text(node, order)
        status = rng.choice(("ok", "ok", "ok", "ok", "fail", "info"))
        what = rng.random()
        if what < 0.4 and (char := next(chars, "")):
            at = rng.randrange(len(text) + 1)
            low = order.index(text[at - 1]) + 1 if at else 0
            high = order.index(text[at]) if at < len(text) else len(order)
            gap = rng.randint(low, high)
            tale.insert(char, at, status=status, **on)
            steps.append(Step("insert", node, at, char, status))
            if status == "ok" or (status == "info" and rng.random() < 0.5):
                order = order[:gap] + char + order[gap:]
                state = state.learn(node, frozenset(char))
        elif what < 0.55 and text and (name := next(deletions, "")):
            at = rng.randrange(len(text))
            tale.delete(at, status=status, **on)
            steps.append(Step("delete", node, at, name, status))
            if status == "ok" or (status == "info" and rng.random() < 0.5):
                state.victims[name] = text[at]
                state = state.learn(node, frozenset(name))
        elif what < 0.8:
            told = odd(rng, text) if rng.random() < 0.1 else text
            tale.read(told, **on)
            steps.append(Step("read", node, text=told))
        else:
            tale.exchange(node, OTHER[node])
            steps.append(Step("exchange", node))
            state = state.tell(node)
            if rng.random() < 0.7:
                state = state.learn(node, state.told[node])
    state = state.learn("n1", state.known["n2"])
    text = state.text("n1", order)
    told = odd(rng, text) if rng.random() < 0.5 else text
    tale.finals(told)
    steps.append(Step("read", "n1", text=told))
    return tale, steps


def odd(rng: Random, text: str) -> str:
    """Return a text with something moved, gone, or come back."""
    chars = [char for char in text if rng.random() < 0.8]
    if rng.random() < 0.5:
        rng.shuffle(chars)
    more = rng.choice("abcd")
    if rng.random() < 0.3 and more not in chars:
        chars.insert(rng.randrange(len(chars) + 1), more)
    return "".join(chars)


def explained(steps: list[Step]) -> bool:
    """Whether there are an order and courses of events that show these texts."""
    chars = [step.char for step in steps if step.what == "insert"]
    return any(
        _goes_on(steps, 0, NOTHING._replace(victims={}), "".join(order))
        for order in permutations(chars)
    )


def _goes_on(steps: list[Step], at: int, state: State, order: str) -> bool:
    if at == len(steps) - 1:
        state = state.learn("n1", state.known["n2"])
        return state.text("n1", order) == steps[at].text
    return any(
        _goes_on(steps, at + 1, following, order)
        for following in _following(steps[at], state, order)
    )


def _following(step: Step, state: State, order: str) -> Iterator[State]:
    """Yield what there may be after a step, if it can be taken."""
    if step.what == "exchange":
        yield state.tell(step.node)
        return
    hidden = state.hidden(step.node)
    for names in chain.from_iterable(
        combinations(hidden, size) for size in range(len(hidden) + 1)
    ):
        yield from _taken(step, state.learn(step.node, frozenset(names)), order)


def _taken(step: Step, state: State, order: str) -> Iterator[State]:
    """Yield what there may be after a step of a node that has applied what it has."""
    text = state.text(step.node, order)
    if step.what == "read":
        if step.text == text:
            yield state
    else:
        if step.status != "ok":
            yield state
        if step.status == "fail":
            return
        if step.what == "insert":
            left, right = text[: step.position], text[step.position :]
            at = order.index(step.char)
            if len(left) == step.position and (
                (not left or order.index(left[-1]) < at)
                and (not right or at < order.index(right[0]))
            ):
                yield state.learn(step.node, frozenset(step.char))
        elif step.position < len(text):
            victims = {**state.victims, step.char: text[step.position]}
            yield state._replace(victims=victims).learn(step.node, frozenset(step.char))


def compare(rng: Random) -> tuple[bool, bool]:
    """Judge a drawn history; return whether it is explained, and accused."""
    tale, steps = drawn(rng)
    result = tale.check(journal=rng.random() < 0.7, runs="noted")
    is_accused = any(anomaly.fails for anomaly in result.anomalies)
    is_explained = explained(steps)
    assert not (is_explained and is_accused), (steps, result.anomalies)
    return is_explained, is_accused


@given(seed=st.integers(min_value=0, max_value=2**64))
@settings(max_examples=200, deadline=None)
def test_texts_that_some_course_of_events_explains_are_not_accused(seed: int) -> None:
    """Sound, wherever a list puts what is inserted beside what it does not know."""
    compare(Random(seed))


def test_texts_that_nothing_explains_are_mostly_found() -> None:
    """What is drawn is worth being drawn."""
    found = [compare(Random(seed)) for seed in range(300)]
    assert 100 < sum(is_explained for is_explained, _ in found) < 250
    assert sum(is_accused for _, is_accused in found) > 50
