"""The option that says what clients do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from harness.errors import UsageError
from harness.workloads import WORKLOADS


if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from harness.workloads import Workload

    _Command = TypeVar("_Command", bound="Callable[..., Any]")


def mix_option(default: str) -> Callable[[_Command], _Command]:
    """Return what gives a command the option; `named_mix` reads it."""
    names = sorted({name for one in WORKLOADS.values() for name in one.mixes})
    return click.option(
        "--mix",
        metavar="NAME",
        help=f"What clients do, if the workload knows it: {', '.join(names)}; see "
        f"harness list.  [default: {default}]",
    )


def named_mix(workload: Workload, name: str | None) -> str | None:
    """Return the mix that is asked for, if one is.

    Raises:
        UsageError: The workload has no such mix.
    """
    if name is not None and name not in workload.mixes:
        raise UsageError(
            f"--mix {name!r}: {workload.name} has {', '.join(workload.mixes)}"
        )
    return name
