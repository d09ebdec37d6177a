"""Counters, sets, locks and lists: what proves a no, and what is not applicable."""

from __future__ import annotations

from checkers.models import AppendList, GCounter, OwnedMutex, PnCounter, Register, Set
from checkers.search import PROGRAM, REAL_TIME, Budget, relaxed
from checkers.search.polynomial import SEARCHES, TESTS, decide

from .told import told


def test_a_read_that_is_overtaken_names_what_came_before() -> None:
    """An earlier read, and the adds that have returned since."""
    problem = told(
        GCounter(),
        (0, "add", 2, 2, 0, 1),
        (0, "read", None, 2, 2, 3),
        (0, "add", 2, 2, 4, 5),
        (1, "read", None, 2, 6, 7),
    )
    answer = TESTS["counter"](problem, REAL_TIME)
    assert answer
    assert answer.explanation == {
        "violation": "overtaken",
        "operations": [3, 0, 2],
        "needed": 1,
        "at-least": 2,
    }


def test_an_open_add_is_used_when_a_read_needs_it() -> None:
    """And left out of the witness when none does."""
    deeds = [(0, "add", 1, None, 0, None), (1, "read", None, 1, 2, 3)]
    problem = told(GCounter(), *deeds)
    answer = TESTS["counter"](problem, REAL_TIME)
    assert answer
    assert list(answer.order) == [0, 1]
    problem = told(GCounter(), deeds[0], (1, "read", None, 0, 2, 3))
    answer = TESTS["counter"](problem, REAL_TIME)
    assert answer
    assert list(answer.order) == [1]


def test_more_was_read_than_was_added() -> None:
    """The read was over before enough adds had been called."""
    problem = told(
        GCounter(),
        (0, "add", 1, 1, 0, 1),
        (0, "read", None, 2, 2, 3),
        (0, "add", 1, 1, 4, 5),
    )
    answer = TESTS["counter"](problem, REAL_TIME)
    assert answer
    assert answer.explanation == {
        "violation": "too-few-adds",
        "operations": [1],
        "needed": 2,
        "called": 1,
    }


def test_deltas_that_differ_are_left_to_the_search() -> None:
    """As is a mixture of signs, which nothing here is for."""
    problem = told(
        PnCounter(),
        (0, "add", 1, 1, 0, 1),
        (0, "add", 2, 2, 2, 3),
        (0, "read", None, 3, 4, 5),
    )
    assert TESTS["counter"](problem, REAL_TIME) is None
    assert TESTS["counter-levels"](problem, PROGRAM) is None
    assert SEARCHES["counter-search"](problem, PROGRAM, None)
    problem = told(PnCounter(), (0, "add", 1, 1, 0, 1), (0, "add", -1, -1, 2, 3))
    assert decide(problem, PROGRAM) is None


def test_two_reads_that_saw_different_adds_are_in_no_order() -> None:
    """A long fork: no copy of the counter can have been at both sums."""
    problem = told(
        PnCounter(),
        (0, "add", 1, 1, 0, 9),
        (1, "add", 10, 10, 1, 8),
        (2, "read", None, 1, 2, 3),
        (3, "read", None, 10, 4, 5),
    )
    for order in (REAL_TIME, PROGRAM, relaxed(4)):
        answer = TESTS["counter-ranks"](problem, order)
        assert answer
        assert answer.explanation["violation"] == "incomparable-reads"
        assert sorted(answer.explanation["operations"]) == [2, 3]


def test_an_operation_of_a_lower_rank_comes_too_late() -> None:
    """Read early, added late: the read precedes what it has seen."""
    problem = told(
        PnCounter(),
        (0, "read", None, 10, 0, 1),
        (1, "add", 10, 10, 2, 3),
        (1, "add", -100, -100, 4, 5),
    )
    answer = TESTS["counter-ranks"](problem, REAL_TIME)
    assert answer
    assert answer.explanation == {
        "violation": "rank-goes-back",
        "operations": [0, 1],
    }
    answer = TESTS["counter-ranks"](problem, PROGRAM)
    assert answer
    assert list(answer.order) == [1, 0, 2]


def test_a_process_has_to_see_its_own_add() -> None:
    """Between two reads of the same sum nothing was added."""
    problem = told(
        GCounter(),
        (0, "read", None, 0, 0, 1),
        (0, "add", 1, 1, 2, 3),
        (0, "read", None, 0, 4, 5),
    )
    answer = TESTS["counter-levels"](problem, PROGRAM)
    assert answer
    assert answer.explanation == {
        "violation": "add-not-seen",
        "operations": [0, 1, 2],
    }


def test_too_many_adds_have_to_come_between_two_levels() -> None:
    """Hall's condition, with the adds that violate it."""
    problem = told(
        GCounter(),
        (0, "add", 1, 1, 0, 1),
        (0, "add", 1, 1, 2, 3),
        (1, "add", 1, 1, 4, 5),
        (0, "read", None, 2, 6, 7),
        (1, "read", None, 2, 8, 9),
    )
    answer = TESTS["counter-levels"](problem, PROGRAM)
    assert answer
    assert answer.explanation == {
        "violation": "too-many-adds",
        "operations": [0, 1, 2],
        "room": 2,
        "begin": 0,
        "end": 2,
    }


def test_a_sum_that_no_choice_comes_to_is_found_without_trying() -> None:
    """3 and 5 do not make 4."""
    adds = [(p, "add", 3 + 2 * (p % 2), 3, p, 40 + p) for p in range(10)]
    problem = told(GCounter(), *adds, (11, "read", None, 4, 80, 81))
    answer = SEARCHES["counter-search"](problem, PROGRAM, None)
    assert answer
    assert answer.outcome == "no"
    assert answer.nodes == 0


def test_a_counter_search_has_a_budget() -> None:
    """Past it the answer is unknown, with the order that it came to."""
    adds = [(p, "add", p + 1, p + 1, p, 40 + p) for p in range(4)]
    reads = [(9, "read", None, sum_, 80 + sum_, 81 + sum_) for sum_ in (3, 7, 10)]
    reads = [
        (9, f, a, b, 80 + 2 * i, 81 + 2 * i) for i, (_, f, a, b, *_) in enumerate(reads)
    ]
    problem = told(GCounter(), *adds, *reads)
    answer = SEARCHES["counter-search"](problem, PROGRAM, None)
    assert answer
    assert answer.outcome == "yes"
    answer = SEARCHES["counter-search"](problem, PROGRAM, Budget(nodes=1))
    assert answer
    assert answer.outcome == "unknown"


def test_an_element_is_added_once_before_it_is_removed() -> None:
    """Two adds cannot both have changed the set."""
    problem = told(Set(), (0, "add", 1, True, 0, 1), (1, "add", 1, True, 2, 3))
    answer = TESTS["set-element"](problem, REAL_TIME)
    assert answer
    assert answer.explanation == {
        "violation": "no-flip",
        "operations": [1],
        "missing": "remove",
    }
    problem = told(
        Set(),
        (0, "add", 1, True, 0, 1),
        (2, "remove", 1, None, 1, None),
        (1, "add", 1, True, 2, 3),
    )
    answer = TESTS["set-element"](problem, REAL_TIME)
    assert answer
    assert list(answer.order) == [0, 1, 2]


def test_an_add_that_does_not_say_what_it_changed_is_not_for_this() -> None:
    """Whether it has to be a flip is a choice."""
    problem = told(Set(), (0, "add", 1, None, 0, 1), (1, "contains", 1, True, 2, 3))
    assert TESTS["set-element"](problem, REAL_TIME) is None


def test_sections_of_a_lock_must_not_overlap() -> None:
    """Two acquires returned while none was released."""
    deeds = [
        (0, "acquire", None, None, 0, 1),
        (1, "acquire", None, None, 2, 3),
        (0, "release", None, None, 4, 5),
        (1, "release", None, None, 6, None),
    ]
    answer = TESTS["owned-mutex"](told(OwnedMutex(), *deeds), REAL_TIME)
    assert answer
    assert answer.explanation == {
        "violation": "held-twice",
        "operations": [0, 2, 1, 3],
    }
    answer = TESTS["owned-mutex"](told(OwnedMutex(), *deeds), PROGRAM)
    assert answer
    assert answer.outcome == "yes"
    answer = TESTS["owned-mutex"](told(OwnedMutex(), *deeds[:2]), PROGRAM)
    assert answer
    assert answer.explanation["violation"] == "held-twice"


def test_a_release_without_an_acquire_is_out_of_turn() -> None:
    """Only who has the lock can give it back."""
    answer = TESTS["owned-mutex"](
        told(OwnedMutex(), (0, "release", None, None, 0, 1)), REAL_TIME
    )
    assert answer
    assert answer.explanation == {"violation": "not-in-turns", "operations": [0, -1]}


def test_reads_of_a_list_are_prefixes_of_each_other() -> None:
    """The longest one disagrees with the first that is none."""
    problem = told(
        AppendList(),
        (0, "append", 1, 1, 0, 1),
        (1, "append", 2, 2, 0, 2),
        (0, "read", None, [2], 3, 4),
        (1, "read", None, [1, 2], 5, 6),
    )
    answer = TESTS["append-list"](problem, REAL_TIME)
    assert answer
    assert answer.explanation == {"violation": "disagree", "operations": [2, 3]}


def test_a_list_is_against_the_order_that_was_asked_for() -> None:
    """What was read says that the second append came first."""
    deeds = [
        (0, "append", 1, 1, 0, 1),
        (1, "append", 2, 2, 2, 3),
        (0, "read", None, [2, 1], 4, 5),
        (2, "append", 9, None, 6, None),
    ]
    problem = told(AppendList(), *deeds)
    answer = TESTS["append-list"](problem, REAL_TIME)
    assert answer
    assert answer.explanation == {
        "violation": "against-order",
        "operations": [0, 1],
        "reason": "real-time",
    }
    for order in (PROGRAM, relaxed(2)):
        answer = TESTS["append-list"](problem, order)
        assert answer
        assert list(answer.order) == [1, 0, 2]


def test_what_is_for_another_type_or_order_is_left_alone() -> None:
    """None answers in a relaxed order for a counter whose sums tell too little."""
    problem = told(GCounter(), (0, "add", 1, 1, 0, 1), (1, "add", 1, 1, 2, 3))
    assert decide(problem, relaxed(3)) is None
    problem = told(Register(), (0, "write", 1, 1, 0, 1))
    assert {
        method
        for method, test in TESTS.items()
        if test(problem, REAL_TIME) or test(problem, PROGRAM)
    } == {"zones", "clusters"}
