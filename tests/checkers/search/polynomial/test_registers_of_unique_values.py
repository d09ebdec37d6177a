"""Registers: what is applicable, what the witness is, and what proves a no."""

from __future__ import annotations

import pytest

from checkers.models import CasRegister, KeyValue
from checkers.search import PROGRAM, REAL_TIME, Budget, relaxed, verify
from checkers.search._verify import final_state, keeps_order
from checkers.search.polynomial import SEARCHES, TESTS

from ..oracle import sequentialization  # noqa: TID252 # tests are no package
from .told import told


zones, clusters = TESTS["zones"], TESTS["clusters"]
registers = SEARCHES["registers"]


def test_a_stale_read_is_two_zones_that_overlap() -> None:
    """The four operations are the first return and the last call of both values."""
    problem = told(
        CasRegister(0),
        (0, "write", 1, 1, 0, 1),
        (0, "read", None, 1, 2, 3),
        (1, "write", 2, 2, 4, 5),
        (2, "read", None, 1, 6, 7),
    )
    answer = zones(problem, REAL_TIME)
    assert answer
    assert answer.outcome == "no"
    assert answer.explanation == {
        "violation": "zones-overlap",
        "operations": [2, 2, 0, 3],
        "values": [["2"], ["1"]],
    }


def test_the_initial_value_comes_before_everything() -> None:
    """A read of it after a write is an overlap with what was at the start."""
    problem = told(CasRegister(0), (0, "write", 1, 1, 0, 1), (0, "read", None, 0, 2, 3))
    answer = zones(problem, REAL_TIME)
    assert answer
    assert answer.explanation["operations"] == [0, 0, -1, 1]


def test_a_chain_of_cas_is_one_block() -> None:
    """The values of a chain follow each other, with what is seen of them."""
    problem = told(
        CasRegister(0),
        (0, "cas", [1, 2], [1, 2], 0, 9),
        (1, "write", 1, 1, 1, 8),
        (2, "read", None, 2, 2, 10),
        (3, "read", None, 1, 3, 7),
        (4, "cas", [2, 3], None, 4, None),
        (5, "read", None, 3, 5, 12),
    )
    answer = zones(problem, REAL_TIME)
    assert answer
    assert list(answer.order) == [1, 3, 0, 2, 4, 5]
    assert verify(problem, REAL_TIME, answer.order)
    assert problem.automaton.describe_state(answer.state) == "3"


def test_an_open_write_that_nobody_has_seen_is_left_out() -> None:
    """Its value may be written as often as clients like."""
    problem = told(
        CasRegister(0),
        (0, "write", 1, None, 0, None),
        (1, "write", 1, 1, 1, 2),
        (1, "write", 1, 1, 3, 4),
        (1, "write", 2, 2, 5, 6),
        (1, "read", None, 2, 7, 8),
    )
    answer = zones(problem, REAL_TIME)
    assert answer
    assert list(answer.order) == [1, 2, 3, 4]


@pytest.mark.parametrize("order", [REAL_TIME, PROGRAM, relaxed(1)])
def test_a_value_that_was_seen_has_to_be_unique(order: object) -> None:
    """Otherwise nobody knows which write was read."""
    problem = told(
        CasRegister(0),
        (0, "write", 1, 1, 0, 1),
        (0, "write", 1, 1, 2, 3),
        (0, "read", None, 1, 4, 5),
    )
    assert zones(problem, order) is None  # type: ignore[arg-type] # any order
    assert clusters(problem, order) is None  # type: ignore[arg-type] # any order
    assert registers(problem, order, None) is None  # type: ignore[arg-type] # any order


def test_a_failed_cas_finds_the_gap_where_the_value_is_another() -> None:
    """It is put in where it can have failed."""
    problem = told(
        CasRegister(0),
        (0, "write", 1, 1, 0, 1),
        (1, "cas", [1, 9], "fail", 2, 9),
        (0, "read", None, 1, 3, 4),
        (0, "write", 2, 2, 5, 6),
        failed_cas=True,
    )
    answer = zones(problem, REAL_TIME)
    assert answer
    assert list(answer.order) == [0, 2, 3, 1]


def test_a_failed_cas_without_a_place_leaves_the_question_open() -> None:
    """It is not known whether there is another order."""
    problem = told(
        CasRegister(0),
        (0, "write", 1, 1, 0, 1),
        (1, "cas", [1, 9], "fail", 2, 3),
        failed_cas=True,
    )
    assert zones(problem, REAL_TIME) is None


def test_two_cas_cannot_take_the_same_value() -> None:
    """Nor can two of them need each other."""
    twice = told(
        CasRegister(0),
        (0, "cas", [0, 1], [0, 1], 0, 3),
        (1, "cas", [0, 2], [0, 2], 1, 2),
    )
    answer = zones(twice, REAL_TIME)
    assert answer
    assert answer.explanation["violation"] == "taken-twice"
    assert set(answer.explanation["operations"]) == {0, 1}
    circle = told(
        CasRegister(0),
        (0, "cas", [1, 2], [1, 2], 0, 3),
        (1, "cas", [2, 1], [2, 1], 1, 2),
    )
    answer = zones(circle, REAL_TIME)
    assert answer
    assert answer.explanation == {"violation": "circle-of-cas", "operations": [0, 1]}


def test_clients_behind_may_see_old_values_for_a_while() -> None:
    """The least delay at which a stale read is fine is the time it was stale."""
    problem = told(
        CasRegister(0),
        (0, "write", 1, 1, 0, 10),
        (0, "write", 2, 2, 20, 30),
        (1, "read", None, 1, 35, 40),
    )
    answers = {delay: clusters(problem, relaxed(delay)) for delay in (5, 6)}
    assert {delay: found.outcome for delay, found in answers.items() if found} == {
        5: "no",
        6: "yes",
    }
    assert answers[5]
    assert answers[5].explanation["violation"] == "cycle"
    assert sorted(answers[5].explanation["reasons"]) == ["program-order", "real-time"]


def test_a_process_goes_back_inside_a_value() -> None:
    """It read its own write before it wrote."""
    problem = told(CasRegister(0), (0, "read", None, 1, 0, 1), (0, "write", 1, 1, 2, 3))
    answer = clusters(problem, PROGRAM)
    assert answer
    assert answer.explanation == {
        "violation": "process-goes-back",
        "operations": [0, 1],
    }


STORE_BUFFER = (
    (0, "write", [0, 1], [0, 1], 0, 1),
    (0, "read", [1, None], [1, 0], 2, 3),
    (1, "write", [1, 1], [1, 1], 0, 1),
    (1, "read", [0, None], [0, 0], 2, 3),
)


def test_keys_that_are_consistent_alone_may_not_be_together() -> None:
    """Both processes missed what the other one had written before."""
    deeds = [
        (process, f, given, got, 10 * process + call, 10 * process + end)
        for process, f, given, got, call, end in STORE_BUFFER
    ]
    problem = told(KeyValue(0), *deeds, partition=False)
    answer = registers(problem, PROGRAM, None)
    assert answer
    assert answer.outcome == "no"
    assert answer.explanation["violation"] == "circle"
    assert sorted(answer.explanation["operations"]) == [0, 1, 2, 3]
    assert sorted(answer.explanation["reasons"]) == [
        "program-order",
        "program-order",
        "read-before",
        "read-before",
    ]


def test_a_search_that_runs_out_of_its_budget_does_not_know() -> None:
    """It says how far it has come, and what was too little."""
    deeds = [(p, "write", [0, p], [0, p], p, 20 + p) for p in range(1, 6)]
    deeds += [(p, "read", [0, None], [0, p], 40 + p, 60 + p) for p in range(1, 6)]
    deeds += [(6, "read", [0, None], [0, p], 90 - 2 * p, 91 - 2 * p) for p in (1, 3, 5)]
    problem = told(KeyValue(0), *deeds, partition=False)
    answer = registers(problem, PROGRAM, None)
    assert answer
    assert answer.outcome == "yes"
    answer = registers(problem, PROGRAM, Budget(nodes=1))
    assert answer
    assert answer.outcome == "unknown"
    assert answer.reason
    assert answer.reason.value == "timeout"
    answer = registers(problem, PROGRAM, Budget(entries=1))
    assert answer
    assert answer.reason
    assert answer.reason.value == "memory"
    answer = registers(problem, PROGRAM, Budget(cancelled=lambda: True))
    assert answer
    assert answer.outcome == "unknown"


def test_what_rules_do_not_find_the_search_does() -> None:
    """Two values of each of two keys: all four ways to order them lead to a circle."""
    deeds = [
        (process, "write", [key, value], [key, value], process, 100 + process)
        for process, (key, value) in enumerate([(0, 1), (0, 2), (1, 1), (1, 2)])
    ]
    pairs = [(x, y) for x in ([0, 1], [0, 2]) for y in ([1, 1], [1, 2])]
    pairs += [(y, x) for x, y in pairs]
    for process, (first, second) in enumerate(pairs, 4):
        now = 200 + 10 * process
        deeds.append((process, "read", [first[0], None], first, now, now + 1))
        deeds.append((process, "read", [second[0], None], second, now + 2, now + 3))
    problem = told(KeyValue(0), *deeds, partition=False)
    answer = registers(problem, PROGRAM, None)
    assert answer
    assert answer.outcome == "no"
    assert answer.explanation["violation"] == "no-interleaving"
    assert answer.explanation["operations"]
    assert keeps_order(problem, PROGRAM, answer.prefix)
    assert final_state(problem, answer.prefix) is not None
    assert sequentialization(problem) is None
