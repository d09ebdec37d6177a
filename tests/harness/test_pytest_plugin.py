"""The plugin: what a user's tests get from it, in sessions of pytest of their own."""

from __future__ import annotations

import ast
import doctest
import os
import shlex
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

# Here and not in the sessions, which forget all modules that they import.
import checkers.ladder  # noqa: F401
import harness.destination
import harness.testing
import reports  # noqa: F401
from harness.cli import harness as command_line
from harness.destination import Current, Destination, file_name
from histories import read_history


if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
EXAMPLES = Path(__file__).parent / "examples"
IS_INSTALLED = bool(entry_points(group="pytest11", name="harness"))
PLUGIN = () if IS_INSTALLED else ("-p", "harness.pytest_plugin")
SESSION = (*PLUGIN, "-p", "no:cacheprovider", "-p", "no:hypothesispytest")

HEADER = """
    import pytest
    from harness.testing import assert_consistent, assert_linearizable

    def call(recording, f, value=None, *result, process=None):
        with recording.operation(f, value, process=process) as op:
            op.ok(*result)
"""
STALE = """
    def test_stale(recording):
        call(recording, "write", 1, process=0)
        call(recording, "read", None, None, process=1)
        call(recording, "read", None, 1, process=1)
        assert_linearizable(recording, "register")
"""
REPAIR = """

class Repaired(Users):
    def __init__(self, database):
        super().__init__(database)
        self._whole = Lock()

    def name(self, user):
        with self._whole:
            return super().name(user)

    def rename(self, user, name):
        with self._whole:
            super().rename(user, name)


Users = Repaired
"""


@pytest.fixture
def session(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., pytest.RunResult]:
    """Return a function that runs the tests of a source, here as in CI.

    Where pytest finds one of the names it prints messages a second time, whole.
    """
    for name in ("CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)

    def run(source: str, *args: str) -> pytest.RunResult:
        pytester.makepyfile(test_it=HEADER + source)
        return pytester.runpytest_inprocess(*SESSION, *args)

    return run


@pytest.mark.parametrize("place", ["desk", "CI"])
def test_a_failure_is_named_in_a_sentence(
    session: Callable[..., pytest.RunResult],
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    """The whole message is told once, in CI too, where pytest's summary is not cut."""
    if place == "CI":
        monkeypatch.setattr("_pytest.terminal.running_on_ci", lambda: True)
    result = session(STALE, "--junitxml=junit.xml")
    drawn = [line for line in result.outlines if "✗ read → null--|" in line]
    assert len(drawn) == 1
    said = (
        "AssertionError: INVALID The history is not linearizable. No order that keeps"
    )
    if place == "CI":
        result.stdout.fnmatch_lines([f"FAILED *::test_stale - {said}*2 operations."])
    text = pytester.path.joinpath("junit.xml").read_text(encoding="utf-8")
    assert f'<failure message="{said}' in text
    assert text.count("✗ read → null--|") == 1


def test_a_consistent_history_passes_and_leaves_nothing(
    session: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    """Both assertions return the result of what they have checked."""
    session("""
    def test_fresh(recording):
        call(recording, "write", 1, process=0)
        call(recording, "read", None, 1, process=1)
        result = assert_linearizable(recording, "register")
        assert result.statistics["strongest"] == ["linearizable"]
        assert_consistent(recording.history(), "register", ["sequential", "causal"])
    """).assert_outcomes(passed=1)
    assert not (pytester.path / ".harness").exists()


def test_a_failure_shows_the_witness(
    session: Callable[..., pytest.RunResult],
) -> None:
    """The message draws the operations, points at the test, and says where more is."""
    result = session(STALE)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            '>*assert_linearizable(recording, "register")',
            "E*AssertionError: INVALID  The history is not linearizable.*",
            "E*non-linearizable: 2 of 3 operations, none of which can be left out",
            "E*process 0  |--write 1--|",
            "E*process 1 *|--✗ read → null--|",
            "E*history     .harness/test_it.test_stale.jsonl",
            "E*report      .harness/test_it.test_stale.html",
            "E*ask again   harness check .harness/*.jsonl --model=register *",
            "*harness reports*",
            ".harness/test_it.test_stale.html",
        ]
    )
    result.stdout.no_fnmatch_line("*testing.py*")


def test_a_failure_leaves_a_report_and_its_history(
    session: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    """They are in a folder that version control does not see, and a pass removes them."""
    session(STALE)
    folder = pytester.path / ".harness"
    page = (folder / "test_it.test_stale.html").read_text()
    assert "<title>INVALID · test_it.py::test_stale</title>" in page
    assert "pytest test_it.py::test_stale" in page
    assert "readable" not in page
    assert "<dt>faults</dt>" not in page
    assert len(read_history(folder / "test_it.test_stale.jsonl")) == 6
    assert (folder / ".gitignore").read_text().endswith("*\n")
    session(STALE.replace("None, None", "None, 1"))
    assert [path.name for path in folder.iterdir()] == [".gitignore"]


def test_what_was_left_can_be_judged_again(
    session: Callable[..., pytest.RunResult],
) -> None:
    """The command in the message gives the same answer to the same question."""
    result = session("""
    def test_pairs(recording):
        call(recording, "write", ["x", 1])
        call(recording, "cas", ["x", [2, 3]])
        assert_consistent(
            recording, "cas-register", ["sequential", "causal"],
            independent=True, failed_cas=True,
        )
    """)
    said = next(line for line in result.outlines if "ask again" in line)
    _, command, *arguments = shlex.split(said.partition("ask again")[2])
    assert command == "check"
    assert "--consistency-models=sequential,causal" in arguments
    again = CliRunner().invoke(command_line, [command, *arguments])
    assert again.output.startswith("INVALID  The history is not sequentially")


def test_each_assertion_has_a_report_of_its_own(
    session: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    """Where one test asserts twice, the second report does not replace the first.

    Nobody is sent to reports of a test that passes, as it wants the history to fail.
    """
    body = STALE.replace(
        "    assert_", "    with pytest.raises(AssertionError): assert_"
    )
    done = session(body + body.rpartition("\n")[0].rpartition("\n")[2])
    done.assert_outcomes(passed=1)
    done.stdout.no_fnmatch_line("*harness reports*")
    names = {path.name for path in (pytester.path / ".harness").glob("*.html")}
    assert names == {"test_it.test_stale.html", "test_it.test_stale-2.html"}


def test_the_folder_can_be_chosen(
    session: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    """`--harness-reports` is below the folder in which pytest was called."""
    result = session(STALE, "--harness-reports", "out/reports", "--junitxml=junit.xml")
    result.stdout.fnmatch_lines(["E*report      out/reports/test_it.test_stale.html"])
    assert (pytester.path / "out/reports/test_it.test_stale.html").exists()
    assert not (pytester.path / ".harness").exists()
    assert 'value="out/reports/' in (pytester.path / "junit.xml").read_text()


def test_a_report_that_cannot_be_written_hides_nothing(
    session: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    """The verdict and its witness are told all the same."""
    pytester.path.joinpath("taken").touch()
    passing = STALE.replace("None, None", "None, 1")
    session(passing, "--harness-reports", "taken").assert_outcomes(passed=1)
    session(STALE, "--harness-reports", "taken").stdout.fnmatch_lines(
        ["E*✗ read → null--|", "E*report      could not be written: *Error*"]
    )


def test_weaker_models_can_be_asked_for(
    session: Callable[..., pytest.RunResult],
) -> None:
    """A stale read is sequentially consistent; a read that goes back is not."""
    session("""
    def test_stale(recording):
        call(recording, "write", 1, process=0)
        call(recording, "read", None, None, process=1)
        assert_consistent(recording, "register", "sequential")

    def test_back(recording):
        call(recording, "write", 1, process=0)
        call(recording, "read", None, 1, process=1)
        call(recording, "read", None, None, process=1)
        with pytest.raises(AssertionError, match="not sequentially consistent"):
            assert_consistent(recording, "register", "sequential")
    """).assert_outcomes(passed=2)


def test_unknown_fails_with_its_reason(
    session: Callable[..., pytest.RunResult],
) -> None:
    """A check that cannot decide passes only where that is allowed."""
    source = """
    def test_unknown(recording):
        for value in [1, 1, 2]:
            call(recording, "write", value, process=0)
        for value in [2, 1, 2]:
            call(recording, "read", None, value, process=1)
        assert_consistent(recording, "register", "causal"OPTIONS)
    """
    result = session(source.replace("OPTIONS", ""))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E*AssertionError: UNKNOWN  It is unknown*"])
    session(source.replace("OPTIONS", ", allow_unknown=True")).assert_outcomes(passed=1)


def test_a_check_that_ran_out_of_time_says_what_to_try(
    session: Callable[..., pytest.RunResult],
) -> None:
    """Thirty clients at a time that do what all others do are a lot to put in order."""
    done = session("""
    import contextlib, random

    def test_many(recording):
        draw = random.Random(3).randrange
        for turn in range(30):
            with contextlib.ExitStack() as stack:
                for client in range(30):
                    given = [["w", "xyz"[draw(3)], draw(3)], ["r", "xyz"[draw(3)], None]]
                    op = recording.operation("txn", given, process=client)
                    stack.enter_context(op)
                    stack.callback(op.ok, [given[0], [*given[1][:2], draw(3)]])
        assert_linearizable(recording, "multi-register", timeout_s=0.01)
    """)
    done.stdout.fnmatch_lines(["E*Timeout: *", "E*or else     a longer timeout_s, *"])


@pytest.mark.parametrize("calls", ["", 'call(recording, "write", 1)'])
def test_a_history_that_says_nothing_fails(
    session: Callable[..., pytest.RunResult], calls: str
) -> None:
    """No operation, or none with a result, is no success, allowed or not."""
    result = session(f"""
    def test_empty(recording):
        {calls}
        assert_linearizable(recording, "register", allow_unknown=True)
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E*AssertionError: UNKNOWN*", "E*Vacuous*"])


def test_a_history_of_another_model_fails(
    session: Callable[..., pytest.RunResult],
) -> None:
    """A model that has no such function says so; a model that is none is an error."""
    result = session("""
    def test_other(recording):
        call(recording, "push", 1)
        assert_linearizable(recording, "register", allow_unknown=True)

    def test_none(recording):
        with pytest.raises(ValueError, match="expected one of register"):
            assert_linearizable(recording, "no-such-model")
    """)
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["E*no history of the model 'register'*"])


def test_a_value_that_nobody_wrote_may_have_been_there(
    session: Callable[..., pytest.RunResult],
) -> None:
    """The message says how to tell; not where the model was told already."""
    done = session("""
    from checkers.models import Register

    def test_zero(recording):
        call(recording, "read", None, 0)
        call(recording, "write", 1)
        assert_linearizable(recording, "register")

    def test_told(recording):
        call(recording, "read", None, 0)
        call(recording, "write", 1)
        assert_linearizable(recording, Register(0))

    def test_one(recording):
        call(recording, "read", None, 1)
        assert_linearizable(recording, Register(0))
    """)
    done.assert_outcomes(failed=2, passed=1)
    told = [line for line in done.outlines if "it was there at first" in line]
    assert len(told) == 1
    assert 'ask for Register(0), say, instead of "register"' in told[0]


def test_mistakes_are_shown_where_they_were_made(
    session: Callable[..., pytest.RunResult],
) -> None:
    """In the test, without what lies below; a name that there is not, with a near one."""
    done = session("""
    def test_model(recording):
        call(recording, "read", None, 0)
        assert_linearizable(recording, "regster")

    def test_level(recording):
        assert_consistent(recording, "register", ("pram", "casual"))

    def test_no_level(recording):
        assert_consistent(recording, "register", [])

    def test_class(recording):
        from checkers.models import Register
        assert_linearizable(recording, Register)

    def test_loaded(recording):
        import types
        assert_linearizable(types.SimpleNamespace(history=1), "register")

    def test_nil_read(recording):
        assert_linearizable(recording, "register", nil_read="null")

    def test_process(recording):
        with recording.operation("read"):
            recording.operation("read").__enter__()

    def test_value(recording):
        with recording.operation("read") as op:
            op.ok(object())

    def test_silent(recording):
        with recording.operation("read"):
            pass
    """)
    done.assert_outcomes(failed=9)
    text = done.stdout.str()
    assert "found no consistency model; expected one" in text
    assert "expected Register(), where models of your own are subclasses of" in text
    assert (
        "found a history of <class 'types.SimpleNamespace'>; expected its `.his" in text
    )
    assert "found nil_read='null'; expected 'value' or 'unknown'" in text
    assert "whose 'read' has not ended" in text
    assert "did you mean 'register'? There are: register, cas-register" in text
    assert "did you mean 'causal'?" in text
    for module in ("_recording", "_recording_log", "testing", "_check"):
        assert f"{module}.py:" not in text


def test_equal_sets_are_equal_values(session: Callable[..., pytest.RunResult]) -> None:
    """Whatever the order in which they are walked."""
    session("""
    def test_sets(recording):
        call(recording, "write", {8, 0, 1024})
        call(recording, "read", None, {1024, 0, 8})
        assert_linearizable(recording, "register")
    """).assert_outcomes(passed=1)


def test_annotations_point_at_the_assertion(
    session: Callable[..., pytest.RunResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only if they are asked for, and only of what a history showed."""
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    source = f"""{STALE}
    def test_other():
        assert 0
    """
    assert "::error" not in session(source).stdout.str()
    done = session(source, "--harness-annotations")
    (told,) = (line for line in done.outlines if line.startswith("::"))
    file, line, title = told.split("::")[1].partition(" ")[2].split(",")
    path = file.removeprefix("file=")
    assert (
        "assert_linearizable"
        in (Path(path).read_text().splitlines()[int(line.removeprefix("line=")) - 1])
    )
    assert title == f"title=INVALID%3A {path}%3A%3Atest_stale"
    assert "The history is not linearizable." in told


def test_a_recorded_none_is_a_value(session: Callable[..., pytest.RunResult]) -> None:
    """A register that starts with 0 and gives None is wrong, not unread."""
    session("""
    from checkers.models import Register

    def test_none(recording):
        call(recording, "read", None, None)
        with pytest.raises(AssertionError, match="INVALID"):
            assert_linearizable(recording, Register(0))
    """).assert_outcomes(passed=1)


def test_a_wrong_recording_fails(session: Callable[..., pytest.RunResult]) -> None:
    """A thread that forgot to say what came of its call does not go unnoticed."""
    session("""
    def test_forgotten(recording):
        with pytest.raises(Exception):
            with recording.operation("read"):
                pass
        call(recording, "read", None, None)
        assert_linearizable(recording, "register")
    """).stdout.fnmatch_lines(["E*RecordingError: found 'read' by process 0*"])


def test_tasks_of_asyncio_are_clients(
    session: Callable[..., pytest.RunResult],
) -> None:
    """Clients that wait for each other's answers lose an update, which is found."""
    result = session("""
    import asyncio

    def test_counter(recording):
        value = 0

        async def client():
            nonlocal value
            with recording.operation("add", 1) as op:
                seen = value
                await asyncio.sleep(0)
                value = seen + 1
                op.ok()
            with recording.operation("read") as op:
                op.ok(value)

        async def clients():
            await asyncio.gather(client(), client())

        asyncio.run(clients())
        assert_linearizable(recording, "g-counter")
    """)
    result.stdout.fnmatch_lines(
        [
            "E*process 0  |--add 1 #0--|*",
            "E*process 1 *|--add 1 #1--|*",
            "E*after add 1 and add 1 the state is 2, and then",
        ]
    )


def test_tests_are_judged_in_processes_of_xdist(
    session: Callable[..., pytest.RunResult],
) -> None:
    """Reports of workers are listed by the session that started them."""
    result = session(STALE, "-n", "1")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*harness reports*", ".harness/test_it.test_stale.html"]
    )


@pytest.mark.parametrize(
    ("cache", "outcomes"), [("racing", {"failed": 1}), ("repaired", {"passed": 1})]
)
def test_the_example_of_the_readme(
    pytester: pytest.Pytester, cache: str, outcomes: dict[str, int]
) -> None:
    """The race of the cache is found at once, and a cache without it passes."""
    source = (EXAMPLES / "users.py").read_text()
    if cache == "repaired":
        source += REPAIR
    pytester.makepyfile(
        users=source, test_users=(EXAMPLES / "never_old.py").read_text()
    )
    result = pytester.runpytest_inprocess(*SESSION)
    result.assert_outcomes(**outcomes)
    if cache == "racing":
        result.stdout.fnmatch_lines_random(
            [
                "E*non-linearizable: * operations on key *, none of which can be *",
                'E*process *--write "*--|*',
                "E*--✗ read → *--|",
            ]
        )


def test_the_plugin_is_light() -> None:
    """Loaded with every session of pytest, it imports nothing of the harness."""
    program = (
        "import pytest, sys; before = set(sys.modules); import harness.pytest_plugin\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert set(done.stdout.split()) <= {
        "harness",
        "harness.destination",
        "harness.pytest_plugin",
    }


def test_the_plugin_is_declared() -> None:
    """An installed harness brings the plugin, and nothing else of it needs pytest."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pytest11"] == {"harness": "harness.pytest_plugin"}
    importing = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "harness").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import)
        if any(alias.name == "pytest" for alias in node.names)
    }
    assert importing == {"harness/pytest_plugin.py"}


@pytest.mark.parametrize(
    ("test", "name"),
    [
        ("tests/test_cache.py::test_add", "tests.test_cache.test_add"),
        ("t.py::Test::test_é", "t.Test.test_é"),
        ("t.py::test[../../x]", "t.test-..-..-x-2710e1"),
        ("../t.py::test", "t.test-1dd49b"),
    ],
)
def test_files_are_named_after_tests(test: str, name: str) -> None:
    """A name is that of a file in the folder, whatever the test is called."""
    assert file_name(test) == name


def test_names_of_files_are_different_and_not_too_long(tmp_path: Path) -> None:
    """Tests that differ in what no name of a file can have differ all the same."""
    tests = [f"t.py::test[{'a' * 300}{end}]" for end in ["/", "\\", "/\\", "\ud800"]]
    names = {file_name(test) for test in tests}
    assert len(names) == len(tests)
    for test in tests:
        (Destination(tmp_path, test).next().with_suffix(".jsonl")).touch()


def test_a_folder_may_appear_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Processes of xdist make it at the same time."""
    place = Destination(tmp_path / "reports", "t.py::test")
    monkeypatch.setattr(Path, "is_dir", lambda _: False)
    place.make()
    place.make()
    assert [path.name for path in (tmp_path / "reports").iterdir()] == [".gitignore"]


def test_elsewhere_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without the plugin, as in `unittest`, the message is all there is."""
    monkeypatch.setattr(Current, "destination", None)
    monkeypatch.chdir(tmp_path)
    recording = harness.testing.Recording()
    with recording.operation("read") as op:
        op.ok(1)
    with pytest.raises(AssertionError, match="history     this test"):
        harness.testing.assert_linearizable(recording, "register")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_users_are_told_types(tmp_path: Path) -> None:
    """The example passes the strictest type checker of a user's project."""
    for name in ("users", "never_old"):
        tmp_path.joinpath(f"{name}.py").write_text(
            (EXAMPLES / f"{name}.py").read_text(), encoding="utf-8"
        )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "never_old.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(ROOT), "MYPY_CACHE_DIR": str(tmp_path)},
    )
    assert done.stdout.startswith("Success"), done.stdout + done.stderr


@pytest.mark.parametrize("module", [harness.destination, harness.testing])
def test_the_examples_of_modules(module: ModuleType) -> None:
    """The doctests pass."""
    assert doctest.testmod(module).failed == 0


def test_no_destination_outlives_its_test() -> None:
    """The sessions above have left the destination of this one as it was."""
    assert Current.destination is None or "outlives" in Current.destination.test
