"""What the page's script draws, as columns: operations, rates, quantiles, faults.

Times are whole microseconds since the start of the run. Columns that mostly ascend
are given as differences, texts by their position in a list, so that 100,000
operations are a few megabytes of JSON that a browser reads in a moment.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

import msgspec

from ._format import brief
from ._survey import STATUSES


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ._faults import Fault
    from ._survey import Survey


BUCKETS_MAX = 160
TEXT_LENGTH = 60
QUANTILES = (50, 95, 99)

_MICROSECOND = 1000
_SPANS_MIN = 12
_SPAN_OPERATIONS = 50
_QUANTILE_SUPPORT = 100
_WIDTHS_MS = tuple(
    step * 10.0**power for power in range(-2, 8) for step in (1, 2, 5)
)  # from 10 µs to some hours


class Row(msgspec.Struct, frozen=True):
    """A row of the timeline: one client, under however many process numbers."""

    label: str
    node: str | None


def operation_columns(survey: Survey, *, concurrency: int | None) -> dict[str, Any]:
    """Return the sampled operations and the rows that they are drawn in."""
    rows, row_of = timeline_rows(survey, concurrency=concurrency)
    functions = _Numbering()
    texts = _Numbering()
    sample = sorted(survey.sample, key=lambda each: each.start_time)
    return {
        "index": list(_differences(each.index for each in sample)),
        "start": list(_differences(each.start_time // _MICROSECOND for each in sample)),
        "duration": [
            -1
            if each.end_time is None
            else max(each.end_time - each.start_time, 0) // _MICROSECOND
            for each in sample
        ],
        "status": "".join(each.status[0] for each in sample),
        "process": [each.process for each in sample],
        "row": [row_of[each.process] for each in sample],
        "f": [functions[each.f] for each in sample],
        "input": [texts[brief(each.input, TEXT_LENGTH)] for each in sample],
        "output": [
            texts[
                brief(each.output if each.status == "ok" else each.error, TEXT_LENGTH)
            ]
            for each in sample
        ],
        "final": [at for at, each in enumerate(sample) if each.final],
        "functions": list(functions),
        "texts": list(texts),
        "rows": [[each.label, each.node] for each in rows],
    }


class _Numbering(dict[str, int]):
    """Numbers texts by first appearance."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


def _differences(numbers: Iterable[int]) -> Iterator[int]:
    before = 0
    for number in numbers:
        yield number - before
        before = number


def timeline_rows(
    survey: Survey, *, concurrency: int | None
) -> tuple[list[Row], dict[int, int]]:
    """Return the rows of the timeline and the row of each process.

    A client goes on under its old process number plus the concurrency after an
    operation of unknown outcome, so the remainder tells the client. Where the
    concurrency is not known, a process takes the first row that is free in its
    lifetime. Rows of the same node stand together.
    """
    processes = survey.processes
    if concurrency:
        client_of = {process: process % concurrency for process in processes}
    else:
        client_of = _packed(survey)
    node_of: dict[int, str | None] = {}
    members: dict[int, list[int]] = {}
    for process, client in sorted(client_of.items()):
        node_of.setdefault(client, processes[process].node)
        members.setdefault(client, []).append(process)
    nodes = {node: at for at, node in enumerate(survey.by_node)}
    order = sorted(
        members, key=lambda client: (nodes.get(node_of[client] or "", -1), client)
    )
    place = {client: at for at, client in enumerate(order)}
    rows = [Row(str(members[client][0]), node_of[client]) for client in order]
    return rows, {process: place[client] for process, client in client_of.items()}


def _packed(survey: Survey) -> dict[int, int]:
    """Give each process the free row with the lowest number."""
    rows: dict[int, int] = {}
    busy: list[tuple[int, int]] = []
    free: list[int] = []
    for process, life in sorted(
        survey.processes.items(), key=lambda item: (item[1].start, item[0])
    ):
        while busy and busy[0][0] <= life.start:
            heappush(free, heappop(busy)[1])
        row = heappop(free) if free else len(busy)
        rows[process] = row
        heappush(busy, (life.end, row))
    return rows


def rates(survey: Survey) -> dict[str, Any]:
    """Return completions in equal spans of time, by status.

    An operation without a completion counts as `info` when it was invoked.
    """
    width = bucket_width(survey.end)
    series = [[0] * (survey.end // width + 1) for _ in STATUSES]
    for start, duration, status in zip(
        survey.starts, survey.durations, survey.statuses, strict=True
    ):
        series[status][(start + max(duration, 0)) // width] += 1
    return {"width": width // _MICROSECOND} | dict(zip(STATUSES, series, strict=True))


def quantiles(survey: Survey) -> dict[str, Any]:
    """Return latency quantiles of `ok` operations in equal spans of time.

    Operations count when they were invoked. A span has None for a quantile that it
    has too few operations for: of ten, the 99th of a hundred is only the slowest.
    """
    wanted = max(survey.tally.ok // _SPAN_OPERATIONS, _SPANS_MIN)
    width = bucket_width(survey.end, min(wanted, BUCKETS_MAX))
    spans: list[list[int]] = [[] for _ in range(survey.end // width + 1)]
    for start, duration, status in zip(
        survey.starts, survey.durations, survey.statuses, strict=True
    ):
        if status == 0 and duration >= 0:
            spans[start // width].append(duration)
    for span in spans:
        span.sort()
    return {"width": width // _MICROSECOND} | {
        f"p{level}": [
            quantile(span, level) // _MICROSECOND
            if len(span) * (100 - level) >= _QUANTILE_SUPPORT
            else None
            for span in spans
        ]
        for level in QUANTILES
    }


def quantile(ascending: list[int], level: int) -> int:
    """Return the nearest-rank quantile of sorted numbers; the level is in hundredths.

    >>> quantile([1, 2, 3, 4], 50), quantile([7], 99)
    (2, 7)
    """
    rank = -(-level * len(ascending) // 100)
    return ascending[max(rank, 1) - 1]


def bucket_width(end: int, buckets_max: int = BUCKETS_MAX) -> int:
    """Return the width of the spans in ns: 1, 2 or 5 times a power of ten ms."""
    for width_ms in _WIDTHS_MS:
        width = round(width_ms * 1_000_000)
        if end // width < buckets_max:
            return width
    return -(-end // buckets_max)


def fault_columns(faults: Iterable[Fault]) -> list[list[Any]]:
    """Return each fault as its name, its sentence, its start and its end."""
    return [
        [each.name, each.sentence, each.start // _MICROSECOND, each.end // _MICROSECOND]
        for each in faults
    ]


def phase_columns(phases: Mapping[str, int]) -> list[list[Any]]:
    """Return the phases that load or reads are in, by their start."""
    return [
        [name, start // _MICROSECOND]
        for name, start in sorted(phases.items(), key=lambda item: item[1])
        if name not in {"setup", "teardown", "end"}
    ]
