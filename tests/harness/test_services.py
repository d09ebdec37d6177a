"""The services: key-value stores and the timestamp oracle."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.services import (
    ERRORS,
    SERVICES,
    LinKv,
    LinTso,
    LwwKv,
    SeqKv,
    error,
    is_definite,
)


if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.services import Service


Body: TypeAlias = dict[str, Any]

STORES = ["lin-kv", "lww-kv", "seq-kv"]
MISSING = 20
MISMATCH = 22

few = settings(max_examples=50, deadline=None)
each_store = pytest.mark.parametrize("name", STORES)
each_service = pytest.mark.parametrize("name", SERVICES)


def read(key: Any) -> Body:
    return {"type": "read", "key": key}


def write(key: Any, value: Any) -> Body:
    return {"type": "write", "key": key, "value": value}


def cas(key: Any, old: Any, new: Any, *, create: bool | None = None) -> Body:
    body = {"type": "cas", "key": key, "from": old, "to": new}
    return body if create is None else body | {"create_if_not_exists": create}


class Caller:
    """One requester of a service, with the seed of the test."""

    def __init__(self, service: Service, src: str = "n0", seed: int = 0) -> None:
        self.service = service
        self.src = src
        self.rng = Random(seed)

    def __call__(self, body: Body) -> Body:
        return self.service.handle(self.src, body, self.rng)


# Requests and replies


@each_store
def test_a_lone_requester_of_one_key(name: str) -> None:
    """A store that nobody else writes to answers a read, a write and a cas."""
    call = Caller(SERVICES[name]())
    assert call(read("x"))["code"] == MISSING
    for value in range(30):
        assert call(write("x", value)) == {"type": "write_ok"}
    values = {call(read("x"))["value"] for _ in range(200)}
    assert 29 in values


@each_store
@pytest.mark.parametrize("create", [None, False])
def test_a_cas_needs_its_key(name: str, create: bool | None) -> None:  # noqa: FBT001 - a parameter of the test
    """A cas on an absent key is error 20 and stores nothing."""
    call = Caller(SERVICES[name]())
    assert call(cas("x", None, 1, create=create)) == error(
        MISSING, "key does not exist"
    )
    assert call(read("x"))["code"] == MISSING


@each_store
def test_a_cas_may_create_its_key(name: str) -> None:
    """With create_if_not_exists a cas stores on an absent key, whatever it expects."""
    call = Caller(SERVICES[name]())
    assert call(cas("x", 7, 1, create=True)) == {"type": "cas_ok"}
    assert 1 in {call(read("x")).get("value") for _ in range(50)}


def test_a_cas_that_may_create_still_compares() -> None:
    """create_if_not_exists makes no difference to a key that is there."""
    call = Caller(LinKv())
    call(write("x", 1))
    assert call(cas("x", 7, 2, create=True))["code"] == MISMATCH
    assert call(read("x")) == {"type": "read_ok", "value": 1}


def test_a_failed_cas_shows_both_values() -> None:
    """Error 22 says what was expected and what was there."""
    call = Caller(LinKv())
    call(write("x", {"b": 1, "a": [True]}))
    assert call(cas("x", "1", 2)) == error(
        MISMATCH, 'expected "1", but had {"a":[true],"b":1}'
    )


@each_store
def test_a_stored_null_is_present(name: str) -> None:
    """Null is a value like any other."""
    call = Caller(SERVICES[name]())
    for _ in range(30):
        call(write("x", None))
    assert {"type": "read_ok", "value": None} in [call(read("x")) for _ in range(99)]


@each_service
def test_an_unknown_type_is_not_supported(name: str) -> None:
    """Error 10 names the service and what it knows."""
    reply = Caller(SERVICES[name]())({"type": "frobnicate", "msg_id": 1})
    assert reply["code"] == 10
    assert name in reply["text"]
    assert "frobnicate" in reply["text"]


@each_service
@pytest.mark.parametrize("body", [{}, {"type": None}, {"type": 1}, {"type": ["ts"]}])
def test_a_type_is_a_string(name: str, body: Body) -> None:
    """A request without a readable type is malformed."""
    assert Caller(SERVICES[name]())(body)["code"] == 12


@each_store
@pytest.mark.parametrize(
    ("body", "field"),
    [(body, field) for body in (read(1), write(1, 2), cas(1, 2, 3)) for field in body],
)
def test_no_field_may_miss(name: str, body: Body, field: str) -> None:
    """A request without one of its fields is malformed, and the error names it."""
    reply = Caller(SERVICES[name]())({k: v for k, v in body.items() if k != field})
    assert reply["code"] == 12
    assert f"field {field}" in reply["text"]


@each_store
def test_create_if_not_exists_is_a_boolean(name: str) -> None:
    """Any other value of it is malformed."""
    body = cas("x", 1, 2) | {"create_if_not_exists": "yes"}
    assert Caller(SERVICES[name]())(body)["code"] == 12


@each_store
def test_a_value_too_deep_is_malformed(name: str) -> None:
    """A value that cannot be compared is refused; it does not end the service."""
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert Caller(SERVICES[name]())(write("x", deep))["code"] == 12


ODD = [None, True, 0, -1, 2**70, 1.5, "", "x", [], [[1]], {}, {"type": "read"}]
FIELDS = ("type", "key", "value", "from", "to", "create_if_not_exists", "msg_id")
TYPES = st.sampled_from(["read", "write", "cas", "ts"])
BODIES = st.builds(
    lambda kind, body: {"type": kind} | body,
    TYPES,
    st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(ODD)),
)


@each_service
@few
@given(bodies=st.lists(BODIES, max_size=8))
def test_every_request_gets_a_reply(name: str, bodies: list[Body]) -> None:
    """Whatever JSON a body holds, the reply is a protocol message."""
    call = Caller(SERVICES[name]())
    for body in bodies:
        reply = call(body)
        assert reply["type"] in {
            "read_ok",
            "write_ok",
            "cas_ok",
            "ts_ok",
            "error",
        }
        assert reply["type"] != "error" or reply["code"] in ERRORS


DIFFERENT = [1, 1.0, True, "1", "true", None, "null", [1], [1.0], {"a": 1}, {"a": True}]


@pytest.mark.parametrize("left", range(len(DIFFERENT)))
@pytest.mark.parametrize("right", range(len(DIFFERENT)))
def test_json_values_are_equal_only_within_a_type(left: int, right: int) -> None:
    """1, 1.0, true and "1" are different keys and different values."""
    call = Caller(LinKv())
    call(write(DIFFERENT[left], DIFFERENT[left]))
    is_same = left == right
    assert (call(read(DIFFERENT[right]))["type"] == "read_ok") is is_same
    swapped = call(cas(DIFFERENT[left], DIFFERENT[right], "new"))
    assert (swapped["type"] == "cas_ok") is is_same


def test_objects_are_equal_in_any_order() -> None:
    """The order of an object's keys means nothing, at any depth."""
    call = Caller(LinKv())
    call(write({"a": 1, "b": 2}, [{"c": 3, "d": 4}]))
    assert call(cas({"b": 2, "a": 1}, [{"d": 4, "c": 3}], 5)) == {"type": "cas_ok"}


# lin-kv


KEYS = ["x", 1, True]
VALUES = st.sampled_from([0, 1, True, "1"])
REQUESTS = st.one_of(
    st.builds(read, st.sampled_from(KEYS)),
    st.builds(write, st.sampled_from(KEYS), VALUES),
    st.builds(cas, st.sampled_from(KEYS), VALUES, VALUES, create=st.booleans()),
)
PROGRAMS = st.lists(st.tuples(st.sampled_from(["n0", "n1", "n2"]), REQUESTS))

State: TypeAlias = tuple[tuple[str, str], ...]


def step(state: State, body: Body) -> tuple[State, str]:
    """Execute a request the plainest way: a reply without its text, all as JSON."""
    values = dict(state)
    key, kind = json.dumps(body["key"]), body["type"]
    if kind == "read":
        found = values.get(key)
        return state, "20" if found is None else f"read_ok {found}"
    new = json.dumps(body["value" if kind == "write" else "to"])
    if kind == "cas":
        if key not in values and not body.get("create_if_not_exists"):
            return state, "20"
        if key in values and values[key] != json.dumps(body["from"]):
            return state, "22"
    values[key] = new
    return tuple(sorted(values.items())), f"{kind}_ok"


def outline(reply: Body) -> str:
    """Return what `step` returns for a reply."""
    if reply["type"] == "error":
        return str(reply["code"])
    if "value" in reply:
        return f"{reply['type']} {json.dumps(reply['value'])}"
    return str(reply["type"])


def run(
    service: Service, program: Sequence[tuple[str, Body]], seed: int
) -> list[tuple[str, Body, str]]:
    rng = Random(seed)
    return [
        (src, body, outline(service.handle(src, body, rng))) for src, body in program
    ]


def is_explained_in_order(history: Sequence[tuple[str, Body, str]]) -> bool:
    """Whether requests took effect in the order in which they were handled."""
    state: State = ()
    for _, body, reply in history:
        state, expected = step(state, body)
        if reply != expected:
            return False
    return True


@few
@given(program=PROGRAMS, seed=st.integers())
def test_lin_kv_is_linearizable(program: list[tuple[str, Body]], seed: int) -> None:
    """Requests take effect one after the other, each when it is handled."""
    assert is_explained_in_order(run(LinKv(), program, seed))


# seq-kv


def is_sequentially_consistent(history: Sequence[tuple[str, Body, str]]) -> bool:
    """Search all interleavings of the requesters for one that explains the replies."""
    lanes: dict[str, list[tuple[Body, str]]] = {}
    for src, body, reply in history:
        lanes.setdefault(src, []).append((body, reply))
    programs = tuple(lanes.values())
    start = (tuple(0 for _ in programs), ())
    seen: set[tuple[tuple[int, ...], State]] = {start}
    stack: list[tuple[tuple[int, ...], State]] = [start]
    while stack:
        positions, state = stack.pop()
        if all(p == len(lane) for p, lane in zip(positions, programs, strict=True)):
            return True
        for i, lane in enumerate(programs):
            if positions[i] == len(lane):
                continue
            body, reply = lane[positions[i]]
            after, expected = step(state, body)
            moved = (*positions[:i], positions[i] + 1, *positions[i + 1 :])
            if reply == expected and (moved, after) not in seen:
                seen.add((moved, after))
                stack.append((moved, after))
    return False


def test_the_search_finds_what_is_not_sequentially_consistent() -> None:
    """Two requesters that see two writes in opposite order have no explanation."""
    writes = [("a", write("x", 1), "write_ok"), ("b", write("x", 2), "write_ok")]
    one = [("c", read("x"), "read_ok 1"), ("c", read("x"), "read_ok 2")]
    other = [("d", read("x"), "read_ok 2"), ("d", read("x"), "read_ok 1")]
    assert is_sequentially_consistent(writes + one)
    assert not is_sequentially_consistent(writes + one + other)


@few
@given(program=PROGRAMS, seed=st.integers())
def test_seq_kv_is_sequentially_consistent(
    program: list[tuple[str, Body]], seed: int
) -> None:
    """Some interleaving of what each requester did explains all replies."""
    assert is_sequentially_consistent(run(SeqKv(), program, seed))


def test_seq_kv_is_no_more_than_that() -> None:
    """Many runs of a writer and a reader cannot be explained in real time."""
    program = [("n0", write("x", 1)), ("n1", read("x")), ("n0", write("x", 2))]
    program += [("n1", read("x"))]
    runs = [run(SeqKv(), program, seed) for seed in range(100)]
    assert 20 < sum(map(is_explained_in_order, runs)) < 80


def test_seq_kv_reads_never_go_backwards() -> None:
    """What each of several requesters reads only grows as the writer counts up."""
    service, rng = SeqKv(), Random(1)
    last = dict.fromkeys(["n1", "n2", "n3"], 0)
    stale = 0
    for value in range(1, 500):
        service.handle("n0", write("x", value), rng)
        for src, before in last.items():
            found = service.handle(src, read("x"), rng).get("value", 0)
            assert before <= found <= value
            stale += found < value
            last[src] = found
    assert 700 < stale < 1200


def test_seq_kv_is_stale_across_keys_too() -> None:
    """A requester that saw a state sees no key older than it was in that state."""
    service, rng = SeqKv(), Random(2)
    for value in range(300):
        service.handle("n0", write("first", value), rng)
        service.handle("n0", write("second", value), rng)
        second = service.handle("n1", read("second"), rng).get("value", -1)
        first = service.handle("n1", read("first"), rng).get("value", -1)
        assert first >= second


@few
@given(st.integers())
def test_seq_kv_writes_on_the_newest_state(seed: int) -> None:
    """No cas from an old value succeeds, and a change shows its writer the newest."""
    service, rng = SeqKv(), Random(seed)
    for value in range(20):
        service.handle("n0", write("x", value), rng)
    assert service.handle("n1", cas("x", 3, "lost"), rng)["type"] == "error"
    service.handle("n1", write("unique", "of n1"), rng)
    assert service.handle("n1", read("x"), rng)["value"] == 19


def test_seq_kv_may_rewrite_a_value_in_the_past() -> None:
    """A write of what an old state holds changes nothing and may happen there."""
    stayed = 0
    for seed in range(100):
        service, rng = SeqKv(), Random(seed)
        service.handle("n0", write("x", "old"), rng)
        service.handle("n0", write("x", "new"), rng)
        reply = service.handle("n1", write("x", "old"), rng)
        assert reply == {"type": "write_ok"}
        service.handle("n0", write("y", "to be up to date"), rng)
        stayed += service.handle("n0", read("x"), rng)["value"] == "new"
    assert 15 < stayed < 60


def test_seq_kv_catches_up_by_chance() -> None:
    """With no more writes every requester comes to read the newest state."""
    service, rng = SeqKv(), Random(3)
    for value in range(100):
        service.handle("n0", write("x", value), rng)
    found = [service.handle("n1", read("x"), rng)["value"] for _ in range(60)]
    assert found == sorted(found)
    assert found[0] < found[-1] == 99


def test_seq_kv_keeps_32_states() -> None:
    """Whoever lags behind further, or is new, reads the oldest of 32 states or later."""
    firsts = set()
    for seed in range(500):
        service, rng = SeqKv(), Random(seed)
        service.handle("n1", read("x"), rng)
        for value in range(100):
            service.handle("n0", write("x", value), rng)
        firsts.add(service.handle(f"n{seed % 2 + 1}", read("x"), rng)["value"])
    assert firsts == set(range(68, 100))


def test_seq_kv_keeps_no_version_that_nobody_can_read() -> None:
    """Memory does not grow with the number of writes."""
    service, rng = SeqKv(), Random(4)
    for value in range(1000):
        service.handle("n0", write(value % 3, value), rng)
        assert sum(map(len, service._versions.values())) <= 31 + 3


class PlainSeq:
    """A copy of the store for each of the last 32 states: what `SeqKv` stands for."""

    def __init__(self) -> None:
        self.states: list[tuple[int, State]] = [(0, ())]
        self.seen: dict[str, int] = {}

    def handle(self, src: str, body: Body, rng: Random) -> str:
        first, newest = self.states[0][0], self.states[-1][0]
        index = rng.randint(max(self.seen.get(src, 0), first), newest)
        state = self.states[index - first][1]
        after, reply = step(state, body)
        if after != state:
            index, state = self.states[-1]
            after, reply = step(state, body)
            if after != state:
                index += 1
                self.states = [*self.states, (index, after)][-32:]
        self.seen[src] = index
        return reply


@pytest.mark.parametrize("seed", range(10))
def test_seq_kv_keeps_whole_states(seed: int) -> None:
    """Keeping versions of each key gives the replies that copies of the store give."""
    plain, plain_rng, rng = PlainSeq(), Random(seed), Random(seed)
    program = []
    for i in range(400):
        src, key = rng.choice(["a", "b", f"newcomer {i}"]), rng.choice("xyz")
        old, new = rng.randrange(3), rng.randrange(3)
        body = rng.choice([read(key), write(key, new), cas(key, old, new, create=True)])
        program.append((src, body))
    assert [reply for _, _, reply in run(SeqKv(), program, seed)] == [
        plain.handle(src, body, plain_rng) for src, body in program
    ]


# lww-kv


class PlainLww:
    """Two replicas merged in full: what `LwwKv` says it is."""

    def __init__(self) -> None:
        self.replicas: list[tuple[int, dict[str, tuple[int, str]]]] = [(0, {}), (0, {})]

    def handle(self, body: Body, rng: Random) -> str:
        source, target = rng.choice((0, 1)), rng.choice((0, 1))
        (clock, mine), (other_clock, theirs) = (
            self.replicas[source],
            self.replicas[target],
        )
        newer = {
            k: v for k, v in mine.items() if k not in theirs or v[0] >= theirs[k][0]
        }
        self.replicas[target] = (max(clock, other_clock), theirs | newer)
        chosen = rng.choice((0, 1))
        clock, entries = self.replicas[chosen]
        before = tuple(sorted((key, value) for key, (_, value) in entries.items()))
        after, reply = step(before, body)
        if reply in {"write_ok", "cas_ok"}:
            key = json.dumps(body["key"])
            entries = entries | {key: (clock, dict(after)[key])}
            self.replicas[chosen] = (clock + 1, entries)
        return reply


@few
@given(program=PROGRAMS, seed=st.integers())
def test_lww_kv_merges_whole_replicas(
    program: list[tuple[str, Body]], seed: int
) -> None:
    """Merging the news alone gives the replies that merging everything gives."""
    plain, rng = PlainLww(), Random(seed)
    history = run(LwwKv(), program, seed)
    assert [reply for _, _, reply in history] == [
        plain.handle(body, rng) for _, body in program
    ]


def test_lww_kv_loses_updates() -> None:
    """Increments by acknowledged cas do not add up, unlike on lin-kv."""
    totals = {}
    for name in STORES:
        service, rng = SERVICES[name](), Random(5)
        service.handle("n0", write("x", 0), rng)
        acknowledged = 0
        for _ in range(200):
            current = service.handle("n0", read("x"), rng).get("value", 0)
            body = cas("x", current, current + 1, create=True)
            acknowledged += service.handle("n0", body, rng)["type"] == "cas_ok"
        final = max(service.handle("n0", read("x"), rng)["value"] for _ in range(100))
        totals[name] = acknowledged - final
    assert totals["lin-kv"] == totals["seq-kv"] == 0
    assert totals["lww-kv"] > 10


def test_lww_kv_misses_what_was_written() -> None:
    """A read right after a write may find the key absent, or an older value."""
    found = set()
    for seed in range(50):
        call = Caller(LwwKv(), seed=seed)
        call(write("x", 1))
        found.add(outline(call(read("x"))))
    assert found == {"20", "read_ok 1"}


def test_lww_kv_converges() -> None:
    """Without writes all reads come to agree, on one of the values written."""
    for seed in range(20):
        call = Caller(LwwKv(), seed=seed)
        for value in range(20):
            call(write("x", value))
        for _ in range(50):
            call(read("x"))
        assert len({call(read("x"))["value"] for _ in range(50)}) == 1


# lin-tso, errors


def test_lin_tso_counts() -> None:
    """Timestamps are 0, 1, 2, ... whoever asks."""
    service, rng = LinTso(), Random(0)
    given_out = [service.handle(f"n{i % 3}", {"type": "ts"}, rng) for i in range(9)]
    assert given_out == [{"type": "ts_ok", "ts": i} for i in range(9)]


def test_error_codes() -> None:
    """The codes are those of the protocol; two of them leave things open."""
    assert list(ERRORS) == [0, 1, 10, 11, 12, 13, 14, 20, 21, 22, 30]
    assert [code for code in ERRORS if not is_definite(code)] == [0, 13]
    assert all(kind.code == code and kind.doc for code, kind in ERRORS.items())
    assert ERRORS[22].name == "precondition-failed"


@pytest.mark.parametrize("code", [None, 99, 1000, "20", 20.0, True, [20]])
def test_an_unknown_code_is_indefinite(code: object) -> None:
    """Only a code of the protocol says that nothing happened."""
    assert not is_definite(code)


@each_service
def test_a_seed_gives_the_same_replies(name: str) -> None:
    """Nothing but the requests and the generator handed in decides."""
    program = [
        (f"n{i % 3}", (write("x", i), read("x"), {"type": "ts"})[i % 3 - 1])
        for i in range(60)
    ]
    replies = [
        [service.handle(src, body, rng) for src, body in program]
        for service, rng in [(SERVICES[name](), Random(6)) for _ in range(2)]
    ]
    assert replies[0] == replies[1]
