"""Virtual time, and what is the same whenever a seed is run again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.agenda import Agenda
from harness.simulation import NotSimulatedError, VirtualDriver, check_program
from histories import Store
from nodes.faulty import FAULTY


if TYPE_CHECKING:
    from histories import Run

HARNESS = Path(sys.executable).with_name("harness")


def run_harness(
    *arguments: str, store: Path, folder: Path = Path(), **environment: str
) -> tuple[Run, subprocess.CompletedProcess[str]]:
    """Run the command in a process of its own; return what it left and printed."""
    done = subprocess.run(
        [HARNESS, "run", "--transport", "simulated", "--store", store, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, **environment},
    )
    run = Store(folder / store).latest()
    assert run is not None, done.stderr
    return run, done


@pytest.mark.parametrize("workload", ["g-counter", "broadcast", "unique-ids"])
def test_a_seed_is_an_execution(tmp_path: Path, workload: str) -> None:
    """Two processes with different hash seeds write the same bytes."""
    saved = [
        run_harness(
            *("-w", workload, "--seed", "7", "--time-limit", "3", "--rate", "50"),
            store=tmp_path / number,
            PYTHONHASHSEED=number,
        )[0]
        for number in ("1", "2")
    ]
    for name in ("history.jsonl", "journal.bin", "outcome.json", "results.json"):
        one, other = ((run.path / name).read_bytes() for run in saved)
        assert one == other, name
        assert len(one) > 100


PRINT_DIGESTS = """
import datetime, hashlib, pathlib, tempfile
import msgspec
from harness.hunting import mutant_specs, right_specs
from harness.runner import Quiet, execute
from harness.workloads import WORKLOADS
from histories import Store
from nodes.faulty import FAULTY

specs = [
    next(mutant_specs(name, faulty, seed=1, transport="simulated"))
    for name, faulty in FAULTY.items()
]
specs += [next(right_specs(w.name, w.node, 1, seed=1)) for w in WORKLOADS.values()]
with tempfile.TemporaryDirectory() as folder:
    for number, spec in enumerate(specs):
        store = Store(pathlib.Path(folder) / str(number))
        run = store.create(spec.workload, datetime.datetime.now(datetime.UTC))
        spec = msgspec.structs.replace(spec, time_limit_s=1.0)
        execute(spec, WORKLOADS[spec.workload], run, Quiet())
        data = run.history_path.read_bytes() + run.journal_path.read_bytes()
        print(spec.bin[-1], hashlib.sha256(data).hexdigest())
"""


def test_no_node_depends_on_the_order_of_hashes() -> None:
    """Two processes with different hash seeds see each bundled node say the same."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PRINT_DIGESTS],
            env={**os.environ, "PYTHONHASHSEED": number},
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in ("1", "2")
    ]
    first, second = [process.communicate()[0].splitlines() for process in running]
    assert first == second
    assert len(first) > len(FAULTY)


def test_a_report_differs_by_its_start_alone(tmp_path: Path) -> None:
    """The same seed gives the same page, but for when it was run."""
    pages = []
    for number in ("1", "2"):
        folder = tmp_path / number
        folder.mkdir()
        run, _ = run_harness(
            *("-w", "g-counter", "--seed", "7", "--time-limit", "2"),
            store=Path("store"),
            folder=folder,
            PYTHONHASHSEED=number,
        )
        started = run.spec()["started"]
        day, time = started[:10], started[11:19]
        page = run.report_path.read_text()
        for text in (run.path.resolve().name, started, f"{day} {time}"):
            page = page.replace(text, "")
        pages.append(page)
    assert pages[0] == pages[1]


def test_another_seed_is_another_execution(tmp_path: Path) -> None:
    """Seeds differ in what is asked and in when it is answered."""
    histories = {
        run_harness(
            *("-w", "echo", "--seed", seed, "--time-limit", "1"), store=tmp_path / seed
        )[0].history_path.read_bytes()
        for seed in ("1", "2")
    }
    assert len(histories) == 2


def test_time_jumps_to_what_is_due() -> None:
    """The driver waits for nothing: an hour passes at once."""
    agenda = Agenda()
    seen: list[int] = []
    driver = VirtualDriver(agenda, lambda: None)
    agenda.at(3_600_000_000_000, lambda: seen.append(agenda.now))
    driver.run(lambda: bool(seen))
    assert seen == [3_600_000_000_000]


def test_time_stops_at_the_deadline() -> None:
    """A run ends at its deadline, with what is due later still to come."""
    agenda = Agenda()
    driver = VirtualDriver(agenda, lambda: None)
    agenda.at(100, lambda: None)
    driver.run(lambda: False, deadline=50)
    assert agenda.now == 50
    assert agenda.next_time() == 100


def test_who_wants_to_be_called_at_once_does_not_stop_time() -> None:
    """A turn that never is content still lets time pass."""
    agenda = Agenda()
    driver = VirtualDriver(agenda, lambda: agenda.now)
    driver.run(lambda: agenda.now >= 10)
    assert agenda.now == 10


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import sys\nfor line in sys.stdin: print(line)\n", "nodes.runtime"),
        ("from nodes.runtime import Node\n", "never calls"),
        ("import asyncio, sys\nsys.stdin.nothing()\n", "nodes.runtime"),
    ],
)
def test_a_foreign_program_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """A program that reads standard input itself is told what it has to do."""
    path = tmp_path / "node.py"
    path.write_text(text)
    with pytest.raises(NotSimulatedError, match=words) as caught:
        check_program([sys.executable, str(path)])
    assert "--transport processes" in str(caught.value)


def test_no_python_is_refused() -> None:
    """Programs in other languages are for processes."""
    with pytest.raises(NotSimulatedError, match="no module of Python"):
        check_program(["/bin/cat"])
    with pytest.raises(NotSimulatedError, match="no module 'nodes"):
        check_program([sys.executable, "-m", "nodes.nothing"])


def test_a_broken_program_is_not_refused(tmp_path: Path) -> None:
    """What fails as a process fails in its run, with its log."""
    path = tmp_path / "node.py"
    path.write_text("import nodes.missing\n")
    check_program([sys.executable, str(path)])
    path.write_text("def (:  # nodes\n")
    check_program([sys.executable, str(path)])
    run, done = run_harness("-w", "echo", "--bin", str(path), store=tmp_path / "store")
    assert done.returncode == 1
    assert "SyntaxError" in run.log_path("n1").read_text()
    assert "exited with status 1" in done.stdout


ENDLESS = """
from nodes.runtime import Node, handler, run

class Endless(Node):
    @handler("echo")
    def echo(self, message):
        open({signal!r}, "w").close()
        while True:
            pass

run(Endless)
"""


def test_an_endless_handler_is_ended_by_an_interrupt(tmp_path: Path) -> None:
    """Ctrl-C ends a run whose node does not return, and says which node it is."""
    path, mark = tmp_path / "node.py", tmp_path / "mark"
    path.write_text(ENDLESS.format(signal=str(mark)))
    arguments = ["run", "--transport", "simulated", "-w", "echo", "--bin", str(path)]
    with subprocess.Popen(
        [HARNESS, *arguments, "--node", "n1", "--store", tmp_path / "store"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not mark.exists() and process.poll() is None:
            pass
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert "n1 did not return" in output
    run = Store(tmp_path / "store").latest()
    assert run is not None
    assert "in echo" in run.log_path("n1").read_text()
