"""What a test of one's own records is a history, whoever did what and how it ended."""

from __future__ import annotations

import asyncio
import doctest
import os
import random
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any

import pytest

import histories
from histories import Recording, RecordingError, read_history


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from histories import Operation


@pytest.fixture
def recording() -> Recording:
    return Recording(clock=count().__next__)


def only(recording: Recording) -> Operation:
    (operation,) = recording.history().operations()
    return operation


def test_ok_alone_is_ok_with_the_invoked_value(recording: Recording) -> None:
    """A write returns nothing, and took effect with what it was called with."""
    with recording.operation(process=1, f="write", value=3) as op:
        op.ok()
    operation = only(recording)
    assert (operation.process, operation.f, operation.status) == (1, "write", "ok")
    assert (operation.input, operation.output) == (3, 3)


def test_ok_with_a_value_is_its_result(recording: Recording) -> None:
    """A result is what was said, None too, and a key that was asked for is not one."""
    with recording.operation("read", "x") as op:
        op.ok(None)
    assert (only(recording).input, only(recording).output) == ("x", None)


@pytest.mark.parametrize("status", ["fail", "info"])
def test_fail_and_info_keep_their_error(recording: Recording, status: str) -> None:
    """What did not take effect, or may not have, says why."""
    with recording.operation("write", 3) as op:
        getattr(op, status)(KeyError("x"))
    assert (only(recording).status, only(recording).error) == (status, "KeyError: 'x'")


def test_events_have_ascending_times_and_indices(recording: Recording) -> None:
    """Each event has the next index, and a time since the beginning."""
    for value in range(3):
        with recording.operation("write", value) as op:
            op.ok()
    events = list(recording.history().events())
    assert [event.index for event in events] == [0, 1, 2, 3, 4, 5]
    assert [event.time for event in events] == [1, 2, 3, 4, 5, 6]
    assert len(recording) == 6


def test_node_and_final_are_recorded(recording: Recording) -> None:
    """An operation may tell which part of the system it went to."""
    with recording.operation("read", node="n1", final=True) as op:
        op.ok(1)
    assert (only(recording).node, only(recording).final) == ("n1", True)


def test_an_exception_is_indeterminate_and_goes_on(recording: Recording) -> None:
    """After a timeout nobody knows whether the call took effect."""
    with (
        pytest.raises(TimeoutError, match="late"),
        recording.operation("write", 3),
    ):
        raise TimeoutError("late")
    assert (only(recording).status, only(recording).error) == (
        "info",
        "TimeoutError: late",
    )


@pytest.mark.parametrize("whose", ["recording", "operation"])
def test_a_definite_exception_fails_and_goes_on(whose: str) -> None:
    """An exception may be known to mean that nothing happened."""
    recording = Recording(definite=(LookupError,) if whose == "recording" else ())
    definite = KeyError if whose == "operation" else ()
    with (
        pytest.raises(KeyError),
        recording.operation("write", 3, definite=definite),
    ):
        raise KeyError("x")
    assert only(recording).status == "fail"


def test_an_exception_after_the_word_changes_nothing(recording: Recording) -> None:
    """What comes after `ok` is not about the operation."""

    def client() -> None:
        with recording.operation("write", 3) as op:
            op.ok()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        client()
    assert only(recording).status == "ok"


def test_an_open_operation_may_take_effect(recording: Recording) -> None:
    """A history can be had while an operation is under way."""
    with recording.operation("write", 3) as op:
        assert only(recording).status == "info"
        assert op.is_open
        op.ok()
    assert only(recording).status == "ok"


def test_a_block_without_a_word_is_an_error_twice(recording: Recording) -> None:
    """Nothing is guessed; a thread cannot hide the error from who asks for a history."""
    with (
        pytest.raises(RecordingError, match=r"'read' .* without a word.*op\.ok"),
        recording.operation("read"),
    ):
        pass
    with pytest.raises(RecordingError, match="without a word"):
        recording.history()


@pytest.mark.parametrize("first", ["ok", "fail", "info"])
def test_a_second_word_is_an_error(recording: Recording, first: str) -> None:
    """An operation ends once."""
    with recording.operation("write", 3) as op:
        getattr(op, first)()
        with pytest.raises(RecordingError, match="not open"):
            op.ok()


def test_a_word_before_the_block_is_an_error(recording: Recording) -> None:
    """An operation that has not begun cannot end."""
    with pytest.raises(RecordingError, match="not open"):
        recording.operation("write", 3).ok()


def test_an_operation_is_entered_once(recording: Recording) -> None:
    """Each call is an operation of its own."""
    with recording.operation("write", 3) as op:
        op.ok()
    with pytest.raises(RecordingError, match="entered again"), op:
        pass


def test_a_process_has_one_operation_at_a_time(recording: Recording) -> None:
    """Two at once by one process are told apart by nothing: give them numbers."""
    with recording.operation("write", 3) as op:
        with (
            pytest.raises(RecordingError, match=r"'write' has not ended.*process="),
            recording.operation("read"),
        ):
            pass
        op.ok()


@pytest.mark.parametrize("process", [-1, "n1", 1.5, True, [1], 1 << 70])
def test_a_process_is_a_number(recording: Recording, process: Any) -> None:
    """Negative numbers are taken, and what is no number is in no history."""
    with pytest.raises(RecordingError, match=r"found process .* a number from 0 on"):
        recording.operation("read", process=process)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"f": 1}, "the function 1"),
        ({"f": b"read"}, "the function b'read'"),
        ({"f": "\ud800"}, "as the function"),
        ({"f": "read", "node": 5}, "the node 5"),
        ({"f": "read", "node": "\ud800"}, "as the node"),
    ],
)
def test_names_are_texts(
    recording: Recording, given: dict[str, Any], found: str
) -> None:
    """A file that has another function or node could not be read again."""
    with pytest.raises(RecordingError, match=found):
        recording.operation(**given)


@pytest.mark.parametrize("definite", [[KeyError], "KeyError", (KeyError, 1), None])
def test_definite_exceptions_are_exceptions(
    recording: Recording, definite: Any
) -> None:
    """What is no exception is told at once, and not when the first one comes."""
    with pytest.raises(RecordingError, match="found definite="):
        recording.operation("read", definite=definite)
    with pytest.raises(RecordingError, match="found definite="):
        Recording(definite=definite)


def test_an_exception_goes_on_whatever_it_quotes(
    recording: Recording, tmp_path: Path
) -> None:
    """Names of files may have what is no text; the error of the system counts."""
    with (
        pytest.raises(FileNotFoundError),
        recording.operation("read"),
    ):
        raise FileNotFoundError("\udcff")
    assert only(recording).error == "FileNotFoundError: \\udcff"
    recording.save(tmp_path / "history.jsonl")


def test_values_are_copied(recording: Recording) -> None:
    """What a test does to a list afterwards does not change what was recorded."""
    value = [1, {"a": (2,)}]
    with recording.operation("write", value) as op:
        value.append(3)
        op.ok(value)
        value.append(4)
    assert only(recording).input == [1, {"a": [2]}]
    assert only(recording).output == [1, {"a": [2]}, 3]


@pytest.mark.parametrize(
    "value",
    [
        object(),
        float("nan"),
        float("inf"),
        [1, [float("nan")]],
        {"a": (float("inf"),)},
        "\ud800",
        ["\ud800"],
        {1: 2},
    ],
)
def test_values_are_json(recording: Recording, value: object) -> None:
    """A value that no file can keep is refused, as an argument and as a result."""
    with pytest.raises(RecordingError, match="as a value of 'write'"):
        recording.operation("write", value)
    with (
        pytest.raises(RecordingError, match="as a value of 'read'"),
        recording.operation("read") as op,
    ):
        op.ok(value)


def test_what_is_saved_is_what_was_recorded(
    recording: Recording, tmp_path: Path
) -> None:
    """The file has the same history."""
    for value in [1, "a", None, [1.5, True, None], "é", 1 << 80, {"null": [None]}]:
        with recording.operation("write", value, node="n1") as op:
            op.ok()
    recording.save(tmp_path / "history.jsonl")
    saved = read_history(tmp_path / "history.jsonl")
    assert saved.digest() == recording.history().digest()


def test_a_process_is_retired_after_info(recording: Recording) -> None:
    """Whoever does not know how a call ended goes on as somebody else."""
    for status in ["info", "ok", "info", "fail"]:
        with recording.operation("write", 3, process=2) as op:
            getattr(op, status)()
    with recording.operation("write", 3, process=1002) as op:
        op.ok()
    processes = [each.process for each in recording.history().operations()]
    assert processes == [2, 1002, 1002, 2002, 3002]


def test_a_thread_is_retired_after_an_exception(recording: Recording) -> None:
    """The same holds where processes are threads."""
    for _ in range(3):
        with pytest.raises(OSError, match="x"), recording.operation("write", 3):
            raise OSError("x")
    processes = [each.process for each in recording.history().operations()]
    assert processes == [0, 1000, 2000]


def test_each_thread_is_a_process_even_if_its_number_is_used_again(
    recording: Recording,
) -> None:
    """Threads that live one after the other are not taken for one."""
    for _ in range(3):
        thread = threading.Thread(target=write, args=(recording,))
        thread.start()
        thread.join()
    processes = [each.process for each in recording.history().operations()]
    assert processes == [0, 1, 2]


def write(recording: Recording) -> None:
    with recording.operation("write", 3) as op:
        op.ok()


@pytest.fixture
def switching() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("switching")
def test_threads_share_a_recording() -> None:
    """Nothing is lost, times go with indices, and an order of threads is kept."""
    recording, barrier = Recording(), threading.Barrier(4)

    def client(number: int) -> None:
        rng = random.Random(number)
        barrier.wait()
        for _ in range(200):
            with recording.operation(rng.choice(["read", "write"]), number) as op:
                rng.choice([op.ok, op.fail])()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(client, number) for number in range(4)]:
            done.result()
    history = recording.history()
    events = list(history.events())
    assert len(events) == 1600
    assert all(one.time <= other.time for one, other in pairwise(events))
    by_process = {event.process: event.value for event in events}
    assert sorted(by_process) == [0, 1, 2, 3]
    assert all(by_process[event.process] == event.value for event in events)


def test_each_task_is_a_process(recording: Recording) -> None:
    """Tasks of one thread overlap, and are told apart."""

    async def client(value: int) -> None:
        with recording.operation("write", value) as op:
            await asyncio.sleep(0)
            op.ok()

    async def clients() -> None:
        await asyncio.gather(client(1), client(2))
        await client(3)

    asyncio.run(clients())
    operations = list(recording.history().operations())
    assert [each.process for each in operations] == [0, 1, 2]
    assert operations[0].end is not None
    assert operations[1].start < operations[0].end


def test_a_cancelled_task_is_indeterminate(recording: Recording) -> None:
    """Cancellation reaches the test, not the system that has the request."""

    async def cancelled() -> None:
        with recording.operation("write", 3):
            asyncio.current_task().cancel()  # type: ignore[union-attr] # it is a task
            await asyncio.sleep(0)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())
    assert (only(recording).status, only(recording).error) == ("info", "CancelledError")


def test_a_forked_process_does_not_record_for_nobody(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has a copy, and what it did would be missing where the history is judged."""
    here = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: here + 1)
    with (
        pytest.raises(RecordingError, match="'read' in another process"),
        recording.operation("read"),
    ):
        pass


def test_threads_beside_a_loop_are_processes(recording: Recording) -> None:
    """A thread is not taken for the task of another thread."""

    async def client() -> None:
        with recording.operation("write", 1) as op:
            await asyncio.to_thread(write, recording)
            op.ok()

    asyncio.run(client())
    processes = [each.process for each in recording.history().operations()]
    assert processes == [0, 1]


def test_the_example_of_recording() -> None:
    """The doctest of `Recording` passes."""
    assert doctest.testmod(histories._recording).failed == 0
