"""What the recorder has flushed is on record, whatever becomes of its process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from histories import Event, Recorder, read_history


if TYPE_CHECKING:
    import pytest


ROOT = Path(__file__).parents[2]

RECORDING = """
import os, sys
from histories import Event, Recorder

recorder = Recorder(sys.argv[1])
for index in range(10**9):
    recorder.record(Event(index=index, time=0, type="invoke", process=index, f="add"))
    if index % 3 == 0:
        recorder.flush()
        os.write(1, b"%d\\n" % index)
"""


def invocation(index: int) -> Event:
    return Event(index=index, time=0, type="invoke", process=index, f="add")


def test_nothing_is_written_before_flush(tmp_path: Path) -> None:
    """Events reach the file with `flush`, all at once and in order."""
    path = tmp_path / "h.jsonl"
    with Recorder(path) as recorder:
        recorder.record(invocation(0))
        recorder.record(invocation(1))
        assert len(read_history(path)) == 0
        recorder.flush()
        assert list(read_history(path).events()) == [invocation(0), invocation(1)]


def test_flush_is_one_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many events there are, the kernel is called once; for none, never."""
    calls = []
    write = os.write

    def counting(descriptor: int, data: bytes) -> int:
        calls.append(len(data))
        return write(descriptor, data)

    with Recorder(tmp_path / "h.jsonl") as recorder:
        for index in range(1000):
            recorder.record(invocation(index))
        monkeypatch.setattr(os, "write", counting)
        recorder.flush()
        recorder.flush()
        assert len(calls) == 1


def test_short_writes_are_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kernel that takes a few bytes at a time gets them all."""
    write = os.write
    with Recorder(tmp_path / "h.jsonl") as recorder:
        recorder.record(invocation(0))
        monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:7]))
        recorder.flush()
    assert list(read_history(tmp_path / "h.jsonl").events()) == [invocation(0)]


def test_close_writes_the_rest_and_may_be_repeated(tmp_path: Path) -> None:
    """`close` flushes; a second call does nothing."""
    recorder = Recorder(tmp_path / "h.jsonl")
    recorder.record(invocation(0))
    recorder.close()
    recorder.close()
    assert len(read_history(tmp_path / "h.jsonl")) == 1


def test_killed_recorder_leaves_all_it_had_flushed(tmp_path: Path) -> None:
    """After `kill -9` the file loads, with every event flushed before, in order."""
    path = tmp_path / "h.jsonl"
    with subprocess.Popen(
        [sys.executable, "-c", RECORDING, path], cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) > 5000:
                break
        process.send_signal(signal.SIGKILL)
        flushed = [line, *process.stdout]
    last = int([text for text in flushed if text.endswith(b"\n")][-1])
    history = read_history(path)
    assert len(history) > last > 5000
    assert list(history.events()) == [invocation(i) for i in range(len(history))]
