"""Checkers of which one clause at a time is flipped, for `corpus_search.py` and tests.

`flipper` says what is flipped, and loads modules with all flips. A process that has them
forks for each flip that is asked about, and the child judges cases again. So a flip costs
a fork, and not an interpreter. A first round notes which clauses would say something else
in a case: only these can change what is found in it.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import resource
import select
import signal
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeAlias

from flipper import CHOSEN, ROOT, Flip, Loader, modules, name_of


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path


Clauses: TypeAlias = "frozenset[tuple[str, int]]"
"""Names of modules and numbers."""

LIMIT_S = 4
"""Seconds of the processor that a case may take before a flip counts as noticed: it
runs in a circle."""

ALL_LIMIT_S, USUAL_S = 10, 0.03
"""Seconds that all cases may take together, and each of them more."""

MEMORY = 4 << 30
"""Bytes that a process may take before a flip counts as noticed."""


class Noticed(NamedTuple):
    """What a flip has changed.

    Attributes:
        flip: The flip.
        cases: Those in which another thing is found; the first alone unless asked for.
        words: The first case of which another thing is told, such as a sentence or the
            operations that show it; None if of none.
        is_slow: Whether all of them took so long that somebody would notice.
    """

    flip: Flip
    cases: tuple[Path, ...] = ()
    words: Path | None = None
    is_slow: bool = False


class Task(NamedTuple):
    """What is asked about a flip.

    Attributes:
        flip: The flip.
        cases: Cases to ask, in order.
        every: Whether one that has changed is not enough.
        words: Whether what is told is looked at if all that is found is the same.
    """

    flip: Flip
    cases: Sequence[Path]
    every: bool = False
    words: bool = False


class Server:
    """A process that has checkers with flips, and forks to answer.

    Args:
        jobs: How many children it has at a time.
        noting: Whether it notes which clauses are passed, in place of flips.
    """

    def __init__(self, jobs: int, *, noting: bool) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there, jobs, noting))
        self._process.start()
        there.close()

    def ask(self, tasks: Sequence[Any]) -> Iterator[Any]:
        """Yield the answers in order; all of them have to be taken."""
        self._pipe.send(tasks)
        for _ in tasks:
            yield self._pipe.recv()

    def end(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.join()


class Flips:
    """Asks a number of cases about flips.

    Attributes:
        reached: Clauses that any case comes by, as names and numbers.
        passed: By case, the clauses that say something else in it if they are flipped,
            as names and numbers.
    """

    def __init__(self, cases: Sequence[Path], jobs: int) -> None:
        self._server = Server(jobs, noting=False)
        self._jobs = jobs
        self.reached: set[tuple[str, int]] = set()
        self.passed: dict[Path, Clauses] = {}
        self.look(cases)

    def look(self, cases: Sequence[Path]) -> None:
        """Note which clauses more cases come by."""
        noting = Server(self._jobs, noting=True)
        for case, reached, passed in noting.ask(cases):
            self.reached |= reached
            self.passed[case] = passed
        noting.end()

    def ask(self, tasks: Iterable[Task]) -> Iterator[Noticed]:
        """Yield what flips change in cases, less those that do not come by the clause."""
        kept = []
        for task in tasks:
            clause = task.flip.name, task.flip.number
            these = [one for one in task.cases if clause in self.passed.get(one, ())]
            kept.append(task._replace(cases=these))
        yield from self._server.ask(kept)

    def end(self) -> None:
        """End the process that it has."""
        self._server.end()


def _serve(pipe: Any, jobs: int, noting: bool) -> None:  # noqa: FBT001 # by position
    """Load the checkers with all flips, and fork for each task."""
    os.environ["HARNESS_KERNEL"] = "python"  # else nobody asks what is flipped here
    for name in list(sys.modules):
        if name.partition(".")[0] in {"checkers", "harness", "histories"}:
            del sys.modules[name]  # What the script imports that was started
    global _LOADER  # noqa: PLW0603 # a process has one
    _LOADER = Loader(noting=noting)
    sys.meta_path.insert(0, _LOADER)
    _load_all()
    while True:
        try:
            tasks = pipe.recv()
        except EOFError:
            return
        if noting:
            for case in tasks:
                pipe.send(_passed(case))
        else:
            for case in {case: None for task in tasks for case in task.cases}:
                _warm(case)
            gc.collect()
            gc.freeze()
            _answer(tasks, jobs, pipe)


class Child(NamedTuple):
    """A process that answers one task.

    Attributes:
        number: Of the task.
        pid: Its own.
        output: What it has said, a line for each case, and a last one.
    """

    number: int
    pid: int
    output: bytearray


def _answer(tasks: Sequence[Task], jobs: int, pipe: Any) -> None:
    """Fork for each task, so many at a time, and send the answers in order."""
    waiting = list(enumerate(tasks))[::-1]
    running: dict[int, Child] = {}
    done: dict[int, Noticed] = {}
    sent = 0
    while waiting or running:
        while waiting and len(running) < jobs:
            number, task = waiting.pop()
            if not task.cases:
                done[number] = Noticed(task.flip)
                continue
            here, there = os.pipe()
            pid = os.fork()
            if not pid:
                os.close(here)
                _be_child(task, there)
            os.close(there)
            running[here] = Child(number, pid, bytearray())
        for end in select.select(list(running), [], [])[0] if running else ():
            heard = os.read(end, 1 << 16)
            child = running[end]
            child.output.extend(heard)
            if not heard:
                os.close(end)
                os.waitpid(child.pid, 0)
                done[child.number] = _understood(tasks[child.number], child.output)
                del running[end]
        while sent in done:
            pipe.send(done.pop(sent))
            sent += 1


def _be_child(task: Task, output: int) -> NoReturn:
    """Say of each case whether it has changed, and end; or be killed on the way."""
    try:
        _look(task, output)
    finally:
        os._exit(0)


def _understood(task: Task, output: bytearray) -> Noticed:
    """Return what a child has said. A case at which it was killed is one changed."""
    marks, _, told = output.decode().rstrip("$>").partition("?")
    changed = [
        case for case, mark in zip(task.cases, marks, strict=False) if mark == "!"
    ]
    if not output.endswith((b"$", b">")) and not told:
        changed.append(task.cases[len(marks)])
    words = task.cases[int(told)] if told else None
    return Noticed(task.flip, tuple(changed), words, output.endswith(b">"))


_LOADER = Loader(noting=False)


def _load_all() -> None:
    """Import all that a case may need, so that children have it."""
    for path in modules():
        importlib.import_module(name_of(path.relative_to(ROOT).as_posix()))


def _warm(case: Path) -> None:
    """Read a case, and judge it if it is one of the first: what that imports, stays."""
    if case not in _CASES:
        _case(case)
        if len(_CASES) < 400:
            _found(case)


def _passed(case: Path) -> tuple[Path, Clauses, Clauses]:
    """Return a case, the clauses that it comes by, and those that flips would change."""
    _LOADER.reached.clear()
    _LOADER.passed.clear()
    _case(case)
    _found(case)
    _CASES.clear()
    _HISTORIES.clear()
    return case, frozenset(_LOADER.reached), frozenset(_LOADER.passed)


def _look(task: Task, output: int) -> None:
    """Write a mark for each case: whether another thing is found.

    If nothing else is, and that is asked, also the number of the first case of which
    another thing is told.
    """
    flip, cases = task.flip, task.cases
    module = vars(sys.modules[flip.name])
    module[CHOSEN] = flip.number
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    is_noticed = False
    for number, case in enumerate(cases):
        spent = sum(os.times()[:2])
        if spent > number * USUAL_S + ALL_LIMIT_S:
            os.write(output, b">")
            return
        resource.setrlimit(resource.RLIMIT_CPU, (int(spent) + 2 * LIMIT_S, -1))
        changed = _found(case)
        os.write(output, b"!" if changed else b".")
        is_noticed |= changed
        if changed and not task.every:
            break
    if task.words and not is_noticed:
        for number, case in enumerate(cases):
            told = []
            for chosen in (-1, flip.number):
                module[CHOSEN] = chosen
                told.append(_told(case))
            if told[0] != told[1]:
                os.write(output, f"?{number}".encode())
                break
    os.write(output, b"$")


class TooLongError(BaseException):
    """A case takes too long; nobody on the way may catch it."""


def _too_long(*_: object) -> None:
    raise TooLongError


def _found(path: Path) -> bool:
    """Whether another thing is found in a case than what it says."""
    from harness.cases import differences, found_in

    signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, LIMIT_S)
    try:
        result = _judged(path)
        return bool(differences(_case(path).found, found_in(result)))
    except BaseException:  # noqa: BLE001 # whatever it is, it is noticed
        return True
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _told(path: Path) -> bytes:
    """Return all that is told of a case, or why nothing is."""
    import msgspec

    try:
        return msgspec.json.encode(_judged(path), order="deterministic")
    except Exception as error:  # noqa: BLE001 # this is told, too
        return repr(error).encode()


def _judged(path: Path) -> Any:
    from harness.cases import judge

    case = _case(path)
    return judge(_HISTORIES[path], case.check, case.outcome, case.journal)


_CASES: dict[Path, Any] = {}
_HISTORIES: dict[Path, Any] = {}


def _case(path: Path) -> Any:
    """Return a case, which is read once."""
    from harness.cases import read_case

    if path not in _CASES:
        _CASES[path] = read_case(path)
        _HISTORIES[path] = _CASES[path].events()
    return _CASES[path]
