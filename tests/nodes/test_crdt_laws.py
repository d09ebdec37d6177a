"""Every replicated type obeys the laws, and means what its specification says.

A script updates three replicas, merges them with each other, and delivers deltas late,
twice and out of order. Beside each replica goes the set of the updates that it has
seen, from which the specification tells what a reader is to find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes.crdt import (
    RGA,
    CausalContext,
    DottedVersionVectorSet,
    GCounter,
    LWWElementSet,
    LWWRegister,
    MVRegister,
    MVRegisters,
    OptimisedORSet,
    ORSet,
    PNCounter,
    ShoppingCart,
    TwoPhaseSet,
    VersionVector,
    identity,
)


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ACTORS = ("n1", "n2", "n10")
ELEMENTS = (1, True, "1")
STEPS = st.lists(
    st.tuples(
        st.integers(0, 4), st.integers(0, 2), st.integers(0, 5), st.integers(0, 5)
    ),
    max_size=25,
)


class Update(NamedTuple):
    """What was done, and what had been seen where it was done."""

    number: int
    actor: str
    name: str
    value: Any
    seen: frozenset[int]
    delta: Any
    note: Any = None


class Script:
    """The replicas, and all updates made so far."""

    def __init__(self, subject: Subject, steps: Iterable[tuple[int, ...]]) -> None:
        self.subject = subject
        self.states = [subject.empty() for _ in ACTORS]
        self.seen: list[frozenset[int]] = [frozenset()] * len(ACTORS)
        self.updates: list[Update] = []
        self.observed: dict[int, set[int]] = {}
        for kind, replica, x, y in steps:
            if kind <= 1:
                self.update(replica, x, y)
            elif kind == 2:
                self.learn(replica, self.states[x % 3], self.seen[x % 3])
            elif self.updates:
                self.deliver(replica, self.updates[(x * 6 + y) % len(self.updates)])

    def update(self, replica: int, x: int, y: int) -> None:
        done = self.subject.update(self, replica, x, y)
        if done is not None:
            name, value, delta, note = done
            number, seen = len(self.updates), self.seen[replica]
            update = Update(number, ACTORS[replica], name, value, seen, delta, note)
            self.updates.append(update)
            before = self.states[replica]
            self.learn(replica, delta, {number})
            assert before <= self.states[replica]
            assert delta <= self.states[replica]

    def deliver(self, replica: int, update: Update) -> None:
        whole = update.seen if self.subject.is_whole else frozenset()
        self.learn(replica, update.delta, whole | {update.number})

    def learn(self, replica: int, state: Any, seen: Iterable[int]) -> None:
        self.states[replica] = self.states[replica].merge(state)
        self.seen[replica] |= frozenset(seen)

    def visible(self, replica: int) -> list[Update]:
        return [self.updates[number] for number in sorted(self.seen[replica])]

    def history(self, number: int) -> frozenset[int]:
        """Return an update and all that it has directly or indirectly seen."""
        seen = self.updates[number].seen
        return frozenset({number}).union(*map(self.history, seen))


Done = tuple[str, Any, Any, Any]


class Subject(NamedTuple):
    """A type, what can be done to it, what is read, and what ought to be."""

    empty: Callable[[], Any]
    update: Callable[[Script, int, int, int], Done | None]
    query: Callable[[Any], Any]
    expected: Callable[[Script, int], Any]
    is_whole: bool = False


def observed(script: Script, remove: Update) -> set[int]:
    """Return the adds that a remove has taken back: those that counted where it was."""
    if remove.number not in script.observed:
        key = identity(remove.value)
        adds = effective(script, remove.seen)
        found = {add.number for add in adds if identity(add.value) == key}
        script.observed[remove.number] = found
    return script.observed[remove.number]


def effective(script: Script, visible: Iterable[int]) -> list[Update]:
    """Return the visible adds that no visible remove has taken back."""
    updates = [script.updates[number] for number in sorted(visible)]
    removes = [update for update in updates if update.name == "remove"]
    gone = set().union(*(observed(script, remove) for remove in removes))
    return [u for u in updates if u.name == "add" and u.number not in gone]


def distinct(elements: Iterable[Any]) -> list[str]:
    return sorted({identity(element) for element in elements})


def keys(state: Any) -> list[str]:
    """Return the elements as a reader sees them: duplicates would stay."""
    return [identity(element) for element in state.elements]


def count(script: Script, replica: int, x: int, y: int) -> Done:
    state = script.states[replica]
    return "add", x, state.add(ACTORS[replica], x), None


def count_both_ways(script: Script, replica: int, x: int, y: int) -> Done:
    return "add", x - y, script.states[replica].add(ACTORS[replica], x - y), None


def total(script: Script, replica: int) -> int:
    return sum(update.value for update in script.visible(replica))


def increment(script: Script, replica: int, x: int, y: int) -> Done:
    return "add", 1, script.states[replica].increment(ACTORS[replica]), None


def counts(script: Script, replica: int) -> dict[str, int]:
    actors = [update.actor for update in script.visible(replica)]
    return {actor: actors.count(actor) for actor in sorted(set(actors))}


def next_dot(script: Script, replica: int, x: int, y: int) -> Done:
    name = script.states[replica].next_dot(ACTORS[replica])
    return "add", name, CausalContext().include(name), None


def covered(context: CausalContext) -> set[str]:
    dots = (f"{n}-{actor}" for n in range(1, 30) for actor in ACTORS)
    return set(filter(context.covers, dots))


def write(script: Script, replica: int, x: int, y: int) -> Done:
    number = len(script.updates)
    delta = script.states[replica].write(ACTORS[replica], number)
    return "write", number, delta, None


def maximal(script: Script, replica: int) -> list[int]:
    """Return the visible writes that no visible write has seen."""
    visible = script.seen[replica]
    below = [script.history(number) - {number} for number in visible]
    return sorted(visible - frozenset().union(*below))


def write_key(script: Script, replica: int, x: int, y: int) -> Done:
    key, number = "xy"[x % 2], len(script.updates)
    state = script.states[replica]
    delta = state.get(key).write(ACTORS[replica], number)
    return "write", (key, number), state.put(key, delta), None


def maximal_by_key(script: Script, replica: int) -> dict[str, list[int]]:
    """Return the like for each key; having seen one key says nothing of the other."""

    def history(number: int) -> frozenset[int]:
        update = script.updates[number]
        key = update.value[0]
        seen = [n for n in update.seen if script.updates[n].value[0] == key]
        return frozenset({number}).union(*map(history, seen))

    found = {}
    for key in "xy":
        own = {u.number for u in script.updates if u.value[0] == key}
        visible = script.seen[replica] & own
        below = [(history(number) - {number}) for number in visible]
        found[key] = sorted(visible - frozenset().union(*below))
    return found


def write_knowingly(script: Script, replica: int, x: int, y: int) -> Done:
    """Write having seen nothing, one write, or all that some replica shows."""
    number = len(script.updates)
    state = script.states[replica]
    if x == 0 or not script.updates:
        sources = []
    elif x <= 2:
        sources = [y % number]
    else:
        sources = sorted(script.states[y % 3].values)
    context = CausalContext()
    for source in sources:
        context = context.merge(script.updates[source].note[1])
    delta = state.write(ACTORS[replica], number, context)
    note = (sources, context.include(*delta.live))
    return "write", number, delta, note


def unknown_to_all(script: Script, replica: int) -> list[int]:
    """Return the visible writes that no writer of a visible write had in its context."""

    def history(number: int) -> frozenset[int]:
        sources = script.updates[number].note[0]
        return frozenset({number}).union(*map(history, sources))

    visible = script.seen[replica]
    below = [history(number) - {number} for number in visible]
    return sorted(visible - frozenset().union(*below))


def write_at_a_time(script: Script, replica: int, x: int, y: int) -> Done:
    number, state = len(script.updates), script.states[replica]
    delta = state.write(ACTORS[replica], number, x)
    assert state < delta
    return "write", number, delta, delta.stamp


def latest(script: Script, replica: int) -> Any:
    visible = script.visible(replica)
    winner = max(visible, key=lambda u: u.note, default=None)
    assert winner is None or not any(winner.number in u.seen for u in visible)
    return winner and winner.number


def change_at_a_time(script: Script, replica: int, x: int, y: int) -> Done:
    element, state = ELEMENTS[y % 3], script.states[replica]
    name = "add" if y < 3 else "remove"
    delta = getattr(state, name)(ACTORS[replica], element, x)
    return name, element, delta, delta.get(identity(element)).stamp


def latest_elements(script: Script, replica: int) -> list[str]:
    last = {
        identity(update.value): update.name
        for update in sorted(script.visible(replica), key=lambda u: u.note)
    }
    return sorted(key for key, name in last.items() if name == "add")


def change_once(script: Script, replica: int, x: int, y: int) -> Done:
    element, state = ELEMENTS[y % 3], script.states[replica]
    name = "add" if x < 4 else "remove"
    is_in = identity(element) in keys(state)
    return name, element, getattr(state, name)(element), is_in


def never_removed(script: Script, replica: int) -> list[str]:
    visible = script.visible(replica)
    gone = distinct(u.value for u in visible if u.name == "remove" and u.note)
    added = distinct(u.value for u in visible if u.name == "add")
    return [key for key in added if key not in gone]


def change(script: Script, replica: int, x: int, y: int) -> Done:
    element, state = ELEMENTS[y % 3], script.states[replica]
    if x >= 4:
        delta = state.remove(element)
        return "remove", element, delta, state.tags(element)
    if isinstance(state, OptimisedORSet):
        return "add", element, state.add(ACTORS[replica], element), None
    tag = f"{state.count(ACTORS[replica]) + 1}-{ACTORS[replica]}"
    return "add", element, state.add(tag, element), None


def add_wins(script: Script, replica: int) -> list[str]:
    return distinct(add.value for add in effective(script, script.seen[replica]))


def shop(script: Script, replica: int, x: int, y: int) -> Done:
    item, state = ELEMENTS[y % 3], script.states[replica]
    if x == 5:
        return "remove", item, state.remove(item), None
    tag = f"{state.lines.count(ACTORS[replica]) + 1}-{ACTORS[replica]}"
    return "add", item, state.add(tag, item, x + 1), x + 1


def basket(script: Script, replica: int) -> list[tuple[str, int]]:
    sums: dict[str, int] = {}
    for add in effective(script, script.seen[replica]):
        sums[identity(add.value)] = sums.get(identity(add.value), 0) + add.note
    return sorted(sums.items())


def edit(script: Script, replica: int, x: int, y: int) -> Done | None:
    state = script.states[replica]
    text = state.text
    if x == 5 and text:
        at = y % len(text)
        delta = state.delete(at)
        assert state.merge(delta).text == text[:at] + text[at + 1 :]
        return "delete", text[at], delta, None
    if x == 5:
        return None
    at = y % (len(text) + 1)
    char = chr(ord("A") + len(script.updates))
    delta = state.insert(ACTORS[replica], at, char)
    after = text[:at] + char + text[at:]
    assert state.merge(delta).text == after
    return "insert", char, delta, text[at - 1] if at else None


def edited(script: Script, replica: int) -> str:
    """Return what is visible, in the order of one list of all that was ever inserted.

    The list is the same for all replicas, so their orders can't contradict each other:
    that is the strong list specification, with the places checked upon insertion.
    """
    everything = RGA()
    for update in script.updates:
        everything = everything.merge(update.delta)
    visible = script.visible(replica)
    deleted = {u.value for u in visible if u.name == "delete"}
    origins = {u.value: u.note for u in visible if u.name == "insert"}

    def hangs(char: str | None) -> bool:
        return char is None or (char in origins and hangs(origins[char]))

    order = [everything.inserted[name][1] for name in everything.order]
    assert len(order) == sum(update.name == "insert" for update in script.updates)
    return "".join(c for c in order if c not in deleted and hangs(c))


SUBJECTS = {
    "g-counter": Subject(GCounter, count, lambda s: s.value, total, is_whole=True),
    "pn-counter": Subject(
        PNCounter, count_both_ways, lambda s: s.value, total, is_whole=True
    ),
    "version-vector": Subject(
        VersionVector, increment, lambda s: s.encode(), counts, is_whole=True
    ),
    "causal-context": Subject(
        CausalContext, next_dot, covered, lambda s, r: {u.value for u in s.visible(r)}
    ),
    "mv-register": Subject(MVRegister, write, lambda s: sorted(s.values), maximal),
    "mv-registers": Subject(
        MVRegisters,
        write_key,
        lambda s: {key: sorted(s.get(key).values) for key in "xy"},
        maximal_by_key,
    ),
    "dvv-set": Subject(
        DottedVersionVectorSet,
        write_knowingly,
        lambda s: sorted(s.values),
        unknown_to_all,
    ),
    "lww-register": Subject(LWWRegister, write_at_a_time, lambda s: s.value, latest),
    "lww-set": Subject(LWWElementSet, change_at_a_time, keys, latest_elements),
    "two-phase-set": Subject(TwoPhaseSet, change_once, keys, never_removed),
    "or-set": Subject(ORSet, change, keys, add_wins),
    "or-set-optimised": Subject(OptimisedORSet, change, keys, add_wins),
    "cart": Subject(
        ShoppingCart,
        shop,
        lambda s: [(identity(item), quantity) for item, quantity in s.items],
        basket,
    ),
    "rga": Subject(RGA, edit, lambda s: s.text, edited),
}

every_type = pytest.mark.parametrize("name", SUBJECTS)


def canonical(state: Any) -> str:
    if isinstance(state, PNCounter):
        return canonical(state.positive) + canonical(state.negative)
    if isinstance(state, GCounter):
        return identity({node: n for node, n in state.slots.items() if n})
    return identity(state.encode())


@every_type
@settings(deadline=None)
@given(steps=STEPS)
def test_reads_show_what_the_specification_says(
    name: str, steps: list[tuple[int, ...]]
) -> None:
    """Whatever updates a replica has seen, in whatever order, explain what it shows."""
    subject = SUBJECTS[name]
    script = Script(subject, steps)
    for replica, state in enumerate(script.states):
        assert subject.query(state) == subject.expected(script, replica)


@every_type
@settings(deadline=None)
@given(steps=STEPS)
def test_merges_obey_the_laws(name: str, steps: list[tuple[int, ...]]) -> None:
    """On states that come about by updates and merges, the whole state is the same."""
    subject = SUBJECTS[name]
    a, b, c = Script(subject, steps).states

    def same(left: Any, right: Any) -> bool:
        assert left == right
        assert hash(left) == hash(right)
        assert subject.query(left) == subject.query(right)
        return canonical(left) == canonical(right)

    assert same(a.merge(a), a)
    assert same(a.merge(b), b.merge(a))
    assert same(a.merge(b).merge(c), a.merge(b.merge(c)))
    assert same(a.merge(b).merge(b), a.merge(b))
    assert same(a.merge(subject.empty()), a)
    assert (a <= b) == (a.merge(b) == b)
    assert a <= a.merge(b)
    assert not (a <= c and b <= c) or a.merge(b) <= c


@every_type
@settings(deadline=None)
@given(steps=STEPS)
def test_an_update_is_not_lost_in_a_merge(
    name: str, steps: list[tuple[int, ...]]
) -> None:
    """What an update has made of a state stays when it meets the state again."""
    subject = SUBJECTS[name]
    script = Script(subject, steps)
    before = script.states[0]
    script.update(0, 1, 1)
    after = script.states[0]
    assert canonical(before.merge(after)) == canonical(after)
    assert canonical(after.merge(before)) == canonical(after)


@every_type
@settings(deadline=None)
@given(steps=STEPS)
def test_what_was_encoded_is_decoded(name: str, steps: list[tuple[int, ...]]) -> None:
    """A state is the same after it has travelled as JSON, and so is its text."""
    subject = SUBJECTS[name]
    if name == "pn-counter":
        return  # its halves travel by themselves
    for state in Script(subject, steps).states:
        again = subject.empty().decode(state.encode())
        assert again == state
        assert canonical(again) == canonical(state)
        assert subject.query(again) == subject.query(state)


@every_type
@settings(deadline=None)
@given(steps=STEPS)
def test_all_deltas_in_any_order_give_the_merge_of_all(
    name: str, steps: list[tuple[int, ...]]
) -> None:
    """Who hears of every update by itself, backwards and twice, knows all that there is."""
    subject = SUBJECTS[name]
    script = Script(subject, steps)
    a, b, c = script.states
    heard = subject.empty()
    for update in [*reversed(script.updates), *script.updates]:
        heard = heard.merge(update.delta)
    assert canonical(heard) == canonical(a.merge(b).merge(c))
