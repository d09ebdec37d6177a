"""Histories as log lines of Jepsen."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from histories import MalformedError, load_history


if TYPE_CHECKING:
    from histories import Loaded


def load(text: str, **options: Any) -> Loaded:
    """Load a history from text."""
    return load_history(BytesIO(text.encode()), **options)


LOG = """\
INFO  jepsen.core - Worker 0 starting
INFO  jepsen.util - 0\t:invoke\t:read\tnil
INFO  jepsen.util - :nemesis :info   :start  nil
INFO  jepsen.util - 1  :invoke :cas    [1 4]
INFO  jepsen.util - 0  :fail   :read   :timed-out
INFO  jepsen.util - 1  :info   :cas    :timed-out
INFO  jepsen.util - 2  :invoke :write  3
INFO  jepsen.util - 2  :ok     :write  3
INFO  jepsen.util - 2  :invoke :cas    [1 2]
INFO  jepsen.util - 2  :fail   :cas    [1 2]
INFO  jepsen.util - 2  :invoke :read   nil
INFO  jepsen.util - 2  :ok     :read   nil
"""


def test_operations_are_found_among_other_lines() -> None:
    """Operations of clients are read, timeouts are errors, the rest is passed over."""
    loaded = load(LOG)
    assert loaded.format == "porcupine-jepsen-log"
    assert [
        (each.process, each.f, each.input, each.output, each.status, each.error)
        for each in loaded.history.operations()
    ] == [
        (0, "read", None, None, "fail", "timed-out"),
        (1, "cas", [1, 4], None, "info", "timed-out"),
        (2, "write", 3, 3, "ok", None),
        (2, "cas", [1, 2], None, "fail", None),
        (2, "read", None, None, "ok", None),
    ]
    assert [event.f for event in loaded.history.nemesis()] == ["start"]
    assert loaded.model == "cas-register"


def test_the_dialect_is_porcupines() -> None:
    """A nil read has seen nil, and a failed cas another value; notes say both."""
    loaded = load(LOG)
    assert (loaded.nil_read, loaded.failed_cas) == ("value", "assert")
    assert loaded.notes[1] == "Lines that are no operations: 1, passed over."
    assert "Reads that returned nil: 1, taken as the value nil." in loaded.notes
    assert (
        "Failed cas: 1, taken as having found another value than expected."
        in loaded.notes
    )
    assert load(LOG, failed_cas="drop").failed_cas == "drop"


@pytest.mark.parametrize(
    "prefix",
    [
        "",
        "jepsen.util: ",
        "2024-01-02 03:04:05,678{GMT}\tINFO\t[jepsen worker 3] jepsen.util: ",
    ],
)
def test_lines_may_begin_with_anything(prefix: str) -> None:
    """`history.txt` has no prefix, newer logs have another; columns may be two."""
    loaded = load(
        f'{prefix}3\t:invoke\t:add\t12\n{prefix}3\t:info\t:add\t12\t[:socket "gone"]\n'
    )
    (operation,) = loaded.history.operations()
    assert (operation.input, operation.status) == (12, "info")
    assert operation.error == ["socket", "gone"]


def test_exceptions_for_people_are_errors_as_they_stand() -> None:
    """What is no EDN in the value of a failure is kept as its error."""
    loaded = load("0 :invoke :add 1\n0 :info :add #<Timeout: 5>\n")
    assert next(loaded.history.operations()).error == "#<Timeout: 5>"


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("0 :invoke :add [1\n", 1, "the end of the file"),
        ("0 :invoke :add 1\n\n0 :done :add 1\n", 3, 'type "done"'),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, found: str) -> None:
    """A line that is nearly an operation is an error."""
    with pytest.raises(MalformedError) as caught:
        load(text)
    assert (caught.value.line, caught.value.found) == (line, found)


def test_a_log_without_operations_is_told() -> None:
    """A log of something else is no empty history."""
    with pytest.raises(MalformedError, match="no operation in any line"):
        load("INFO all is well\n", format="porcupine-jepsen-log")
