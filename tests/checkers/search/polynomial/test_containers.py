"""Queues, stacks and bags: what the witness is, and what proves a no."""

from __future__ import annotations

from checkers.models import FifoQueue, PriorityQueue, Stack, UnorderedQueue
from checkers.search import PROGRAM, REAL_TIME
from checkers.search.polynomial import TESTS, decide

from .told import told


fifo_queue, stack, ranked = (
    TESTS[name] for name in ("fifo-queue", "stack", "priority-queue")
)


def test_elements_that_come_out_in_the_wrong_order_are_named() -> None:
    """Two enqueues and two dequeues, each pair one after the other."""
    problem = told(
        FifoQueue(),
        (0, "enqueue", "x", "x", 0, 1),
        (0, "enqueue", "y", "y", 2, 3),
        (0, "dequeue", None, "y", 4, 5),
        (0, "dequeue", None, "x", 6, 7),
    )
    answer = fifo_queue(problem, REAL_TIME)
    assert answer
    assert answer.explanation == {
        "violation": "out-of-order",
        "operations": [0, 1, 2, 3],
        "values": ['"x"', '"y"'],
    }
    answer = stack(problem, REAL_TIME)
    assert answer is None


def test_an_open_dequeue_takes_what_nobody_else_took() -> None:
    """Without it the first element would be in the way."""
    deeds = [
        (0, "enqueue", "x", "x", 0, 1),
        (0, "enqueue", "y", "y", 2, 3),
        (1, "dequeue", None, None, 4, None),
        (0, "dequeue", None, "y", 5, 6),
    ]
    answer = fifo_queue(told(FifoQueue(), *deeds), REAL_TIME)
    assert answer
    assert list(answer.order) == [0, 1, 2, 3]
    late = [
        *deeds[:2],
        (0, "dequeue", None, "y", 5, 6),
        (1, "dequeue", None, None, 7, None),
    ]
    answer = fifo_queue(told(FifoQueue(), *late), REAL_TIME)
    assert answer
    assert answer.outcome == "no"


def test_elements_that_were_there_at_first_come_first() -> None:
    """They have no insertion."""
    problem = told(FifoQueue(["a", "b"]), (0, "dequeue", None, "b", 0, 1))
    answer = fifo_queue(problem, REAL_TIME)
    assert answer
    assert answer.explanation["operations"] == [-1, -1, 0, -1]


def test_a_queue_that_was_never_empty_names_what_was_in_it() -> None:
    """One element after the other."""
    problem = told(
        FifoQueue(),
        (0, "enqueue", 1, 1, 0, 1),
        (1, "dequeue", None, None, 2, 9),
        (0, "enqueue", 2, 2, 3, 4),
        (0, "dequeue", None, 1, 5, 6),
    )
    answer = fifo_queue(problem, REAL_TIME)
    assert answer
    assert answer.explanation == {
        "violation": "never-empty",
        "operations": [1, 0, 3, 2, -1],
        "values": ["1", "2"],
    }


def test_nothing_comes_out_twice_or_out_of_nothing_or_too_early() -> None:
    """The simplest violations have names of their own."""
    enqueue = (0, "enqueue", 1, 1, 0, 1)
    first, second = (0, "dequeue", None, 1, 2, 3), (0, "dequeue", None, 1, 4, 5)
    early = (1, "dequeue", None, 1, -3, -1)
    answers = [
        fifo_queue(told(FifoQueue(), *deeds), REAL_TIME)
        for deeds in ((enqueue, first, second), (first,), (early, enqueue))
    ]
    assert [answer.explanation for answer in answers if answer] == [
        {"violation": "removed-twice", "operations": [1, 2, 0], "value": "1"},
        {"violation": "never-inserted", "operations": [0], "value": "1"},
        {"violation": "removed-before-inserted", "operations": [0, 1], "value": "1"},
    ]


def test_a_stack_gives_the_last_one_first() -> None:
    """Neither element can be the lowest."""
    problem = told(
        Stack(),
        (0, "push", "x", "x", 0, 1),
        (0, "push", "y", "y", 2, 3),
        (0, "pop", None, "x", 4, 5),
        (0, "pop", None, "y", 6, 7),
    )
    answer = stack(problem, REAL_TIME)
    assert answer
    assert answer.explanation == {
        "violation": "no-lowest",
        "operations": [0, 2, 1, 3],
        "values": ['"x"', '"y"'],
    }


def test_what_is_pushed_and_popped_at_once_is_in_nobodys_way() -> None:
    """Its pop was called before its push had returned."""
    problem = told(
        Stack(),
        (0, "push", "x", "x", 0, 1),
        (1, "push", "z", "z", 2, 9),
        (2, "pop", None, "z", 3, 8),
        (0, "pop", None, "x", 4, 5),
        (0, "pop", None, None, 6, 7),
    )
    answer = stack(problem, REAL_TIME)
    assert answer
    assert answer.outcome == "yes"
    assert list(answer.order) == [0, 1, 2, 3, 4]


def test_a_poll_gives_the_least() -> None:
    """What comes first was in the queue all the time."""
    problem = told(
        PriorityQueue(),
        (0, "insert", 5, 5, 0, 1),
        (0, "insert", 3, 3, 2, 3),
        (0, "poll", None, 5, 4, 5),
        (0, "poll", None, 3, 6, 7),
    )
    answer = ranked(problem, REAL_TIME)
    assert answer
    assert answer.explanation == {
        "violation": "never-the-least",
        "operations": [0, 2, 1, 3],
        "values": ["5", "3"],
    }


def test_an_open_poll_waits_until_what_is_left_is_its_own() -> None:
    """Among equals it need not choose, so the model's choice is right."""
    problem = told(
        PriorityQueue(),
        (0, "insert", [1, "a"], [1, "a"], 0, 1),
        (0, "insert", [1, "b"], [1, "b"], 2, 3),
        (0, "insert", 2, 2, 4, 5),
        (1, "poll", None, None, 6, None),
        (0, "poll", None, [1, "a"], 7, 8),
        (0, "poll", None, 2, 9, 10),
    )
    answer = ranked(problem, REAL_TIME)
    assert answer
    assert list(answer.order) == [0, 1, 2, 4, 3, 5]


def test_a_bag_gives_anything_but_is_not_empty_while_something_is_in_it() -> None:
    """Its elements have no order."""
    problem = told(
        UnorderedQueue(),
        (0, "enqueue", 1, 1, 0, 1),
        (0, "enqueue", 2, 2, 2, 3),
        (0, "dequeue", None, 2, 4, 5),
    )
    answer = ranked(problem, REAL_TIME)
    assert answer
    assert answer.outcome == "yes"


def test_an_element_that_came_out_has_to_be_unique() -> None:
    """Others may have equals."""
    deeds = [
        (0, "enqueue", 1, 1, 0, 1),
        (0, "enqueue", 1, 1, 2, 3),
    ]
    assert fifo_queue(told(FifoQueue(), *deeds), REAL_TIME)
    deeds.append((0, "dequeue", None, 1, 4, 5))
    assert fifo_queue(told(FifoQueue(), *deeds), REAL_TIME) is None


def test_containers_are_for_real_time() -> None:
    """Queues are not decided in program order."""
    problem = told(FifoQueue(), (0, "enqueue", 1, 1, 0, 1))
    assert decide(problem, PROGRAM) is None
    assert decide(problem, REAL_TIME)
