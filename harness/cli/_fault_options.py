"""The options that say which faults strike, whom and when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click

from harness.errors import UsageError
from harness.nemesis import NEMESES, TARGETS
from harness.spec import Disk, NemesisSchedule

from ._numbers import SOME_SECONDS


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from harness.workloads import Workload

_Command = TypeVar("_Command", bound="Callable[..., Any]")

_OPTIONS = (
    click.option(
        "--nemesis",
        metavar="LIST",
        help=f"Faults, comma-separated: {', '.join(NEMESES)}; or all, or none.  "
        "[default: the workload's, see harness list]",
    ),
    click.option(
        "--nemesis-interval",
        type=SOME_SECONDS,
        help="Mean seconds between two changes of a fault.  "
        "[default: 10, or a quarter of a shorter time limit]",
    ),
    click.option(
        "--nemesis-targets",
        default="subset",
        metavar="WHICH",
        help=f"Which nodes a fault strikes: {', '.join(TARGETS)}, or names of nodes, "
        "comma-separated. A partition is drawn in shapes of its own.",
    ),
    click.option(
        "--nemesis-schedule",
        default="interval",
        type=click.Choice(get_args(NemesisSchedule)),
        help="Whether faults come and go, each by itself; or one after the other, each "
        "between two barriers at which nodes converge.",
    ),
    click.option(
        "--disk",
        default="kept",
        type=click.Choice(get_args(Disk)),
        help="What a node that was killed finds of the folder HARNESS_DISK.",
    ),
    click.option(
        "--faketime",
        is_flag=True,
        help="Start nodes under libfaketime, so that the fault clock moves the clock "
        "of any program.",
    ),
)

_FAKETIME_PLACES = (
    "usr/lib/*/faketime/libfaketime.so.1",
    "usr/lib*/faketime/libfaketime.so.1",
    "usr/local/lib/faketime/libfaketime.so.1",
)


def fault_options(command: _Command) -> _Command:
    """Give a command the options of faults; `fault_fields` reads them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def fault_fields(
    options: Mapping[str, Any], workload: Workload, nodes: Sequence[str]
) -> dict[str, Any]:
    """Return the fields of a spec that the options of faults stand for.

    Raises:
        UsageError: They ask for something that there is not.
    """
    asked = options["nemesis"]
    nemesis = workload.nemesis if asked is None else named_faults(asked)
    return {
        "nemesis": nemesis,
        "demanded_faults": () if asked is None else nemesis,
        "nemesis_interval_s": options["nemesis_interval"]
        or max(0.001, min(10.0, options["time_limit"] / 4)),
        "nemesis_targets": _targets(options["nemesis_targets"], nodes),
        "nemesis_schedule": options["nemesis_schedule"],
        "disk": options["disk"],
        "faketime": _find_faketime() if options["faketime"] else None,
    }


def named_faults(text: str) -> tuple[str, ...]:
    """Return the faults that a list names.

    Raises:
        UsageError: It names one that there is not.
    """
    names = [name.strip() for name in text.split(",")]
    if names in (["none"], [""]):
        return ()
    if names == ["all"]:
        return tuple(NEMESES)
    for name in names:
        if name not in NEMESES:
            raise UsageError(
                f"--nemesis {name!r}: expected some of {', '.join(NEMESES)}, or all, "
                "or none"
            )
    return tuple(dict.fromkeys(names))


def _targets(text: str, nodes: Sequence[str]) -> tuple[str, ...]:
    """Return which nodes are to be struck."""
    names = tuple(name.strip() for name in text.split(","))
    if len(names) == 1 and names[0] in TARGETS:
        return names
    for name in names:
        if name not in nodes:
            raise UsageError(
                f"--nemesis-targets {name!r}: expected one of {', '.join(TARGETS)}, "
                f"or some of the nodes {', '.join(nodes)}"
            )
    return names


def _find_faketime() -> str:
    """Return the path of libfaketime."""
    root = Path("/")
    for pattern in _FAKETIME_PLACES:
        for path in sorted(root.glob(pattern)):
            return str(path)
    raise UsageError(
        "--faketime: libfaketime is not installed; get it from your distribution "
        "(apt install faketime), or do without: nodes can read HARNESS_CLOCK themselves"
    )
