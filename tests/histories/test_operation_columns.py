"""Operations as columns agree with operations one by one."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from histories import Event, History


STATUSES = ("ok", "fail", "info")

MOVES = st.lists(
    st.tuples(
        st.integers(0, 3) | st.just("nemesis"),
        st.sampled_from(["read", "write"]),
        st.sampled_from(["ok", "fail", "info"]),
        st.none() | st.integers(0, 2) | st.lists(st.integers(0, 1), max_size=2),
    ),
    max_size=20,
)


def history_of(moves: list[tuple[Any, str, Any, Any]]) -> History:
    """Let each process invoke and complete in turn; some operations dangle."""
    running: dict[int, str] = {}
    events = []
    for index, (process, named, status, value) in enumerate(moves):
        f, type_ = named, "info"
        if process in running:
            f, type_ = running.pop(process), status
        elif process != "nemesis":
            running[process], type_ = f, "invoke"
        events.append(
            Event(
                index=index * 3,
                time=index * 7,
                type=type_,
                process=process,
                f=f,
                value=value,
            )
        )
    return History.from_events(events)


@given(MOVES)
def test_columns_agree_with_operations(moves: list[Any]) -> None:
    """Every column says what the operations say, in their order."""
    history = history_of(moves)
    columns = history.columns()
    position_of = {event.index: i for i, event in enumerate(history.events())}
    operations = list(history.operations())
    assert len(columns) == len(operations)
    for i, operation in enumerate(operations):
        assert columns.index[i] == operation.index
        assert columns.process[i] == operation.process
        assert columns.f[i] == operation.f
        assert columns.input[i] == operation.input
        assert columns.output[i] == operation.output
        assert STATUSES[columns.status[i]] == operation.status
        assert columns.start[i] == position_of[operation.start]
        end = -1 if operation.end is None else position_of[operation.end]
        assert columns.end[i] == end
        assert columns.start_time[i] == operation.start_time
        if operation.end_time is None:
            assert columns.end_time[i] == operation.start_time
        else:
            assert columns.end_time[i] == operation.end_time
