"""What `--replay RUN` stands for: the spec of a run, with what was done in it."""

from __future__ import annotations

import sys
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final

import msgspec
from click.core import ParameterSource

from harness.errors import UsageError
from harness.recording import operations_of
from harness.spec import RunSpec
from histories import HistoryError, Run

from ._program import find_program
from ._saved import spec_of, workload_of


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import click

    from harness.workloads import Workload

_ALLOWED: Final = frozenset(
    {
        "arguments",
        "as_json",
        "log_stderr",
        "program",
        "replay",
        "store",
        "test_count",
        "workload",
    }
)
"""Parameters that do not contradict that everything is as it was."""


def read_replay(
    context: click.Context, path: Path, options: Mapping[str, Any]
) -> tuple[Workload, RunSpec]:
    """Return the workload of a run, and a spec that does again what it did.

    The faults and operations are those that there were; the program may be another.

    Raises:
        UsageError: There is no such run, or other options contradict it.
    """
    for parameter in context.command.params:
        name = parameter.name
        assert name is not None, "every parameter has a name"
        source = context.get_parameter_source(name)
        if name not in _ALLOWED and source is ParameterSource.COMMANDLINE:
            raise UsageError(
                f"{parameter.opts[0]} cannot be given with --replay: everything but "
                "the node is as it was"
            )
    try:
        run = Run.open(path)
        saved = spec_of(run)
        workload = workload_of(saved, run.path)
        spec = msgspec.convert(saved, RunSpec)
        operations = operations_of(run.history(), run.outcome(), spec)
    except HistoryError as error:
        raise UsageError(str(error)) from error
    except msgspec.ValidationError as error:
        raise UsageError(f"{path}: its spec cannot be read: {error}") from error
    if options["workload"] not in (None, workload.name):
        raise UsageError(
            f"-w {options['workload']}: {path} is a run of {workload.name}"
        )
    spec = msgspec.structs.replace(
        spec,
        operations=spec.operations if spec.operations is not None else operations,
        log_stderr=options["log_stderr"],
        command=("harness", *_named(sys.argv[1:], path, run)),
        version=metadata.version("distributed-harness"),
    )
    if options["program"] is not None:
        program = find_program(options["program"], options["arguments"])
        spec = msgspec.structs.replace(
            spec, bin=program.argv, environment=program.environment
        )
    elif options["arguments"]:
        raise UsageError("arguments for the node need --bin when a run is replayed")
    return workload, spec


def _named(words: Sequence[str], path: Path, run: Run) -> Iterator[str]:
    """Yield words of a command, the run by the name that stays its own."""
    for word in words:
        if word == str(path):
            yield str(run.path.resolve())
        elif word == f"--replay={path}":
            yield f"--replay={run.path.resolve()}"
        else:
            yield word
