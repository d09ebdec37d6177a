"""`harness hunt`: look for a violation in many simulated runs."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from checkers import Verdict
from harness.documents import HuntDocument, encode
from harness.hunting import Bench, Size, Space, explicit, search
from harness.nemesis import NEMESES
from harness.simulation import check_program
from harness.spec import Disk
from harness.workloads import WORKLOADS
from histories import Run

from ._annotations import annotate_run, annotations_option
from ._carry_out import carry_out, show
from ._cores import cores
from ._exit import EXIT_CODES
from ._fault_options import named_faults
from ._hunt_progress import HuntProgress, plural
from ._mix_option import mix_option, named_mix
from ._numbers import SOME_SECONDS
from ._output import put
from ._program import bundled_program, find_program
from ._shrinking import shrink_run


if TYPE_CHECKING:
    from harness.hunting import Hunt
    from harness.spec import RunSpec
    from harness.workloads import Workload


@click.command(
    name="hunt",
    context_settings={"show_default": True},
    epilog="Exit codes: 0 all valid, 1 a violation was found, 2 all unknown, "
    "254 usage, 255 crashed.",
)
@click.option(
    "-w",
    "--workload",
    required=True,
    type=click.Choice(sorted(WORKLOADS)),
    help="What to test.",
)
@mix_option("any of its mixes, drawn for each run")
@click.option(
    "--bin",
    "program",
    metavar="CMD",
    help="The node: a Python program written on nodes.runtime, or the name of a "
    "bundled node.  [default: the workload's bundled correct node]",
)
@click.option(
    "--runs", default=500, type=click.IntRange(1), help="How many runs at the most."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="How many runs at a time.  [default: one for each core]",
)
@click.option("--seed", type=int, help="Repeats the choices of an earlier hunt.")
@click.option(
    "--nemesis",
    default="all",
    metavar="LIST",
    help=f"Faults to choose from, comma-separated: {', '.join(NEMESES)}; or all, or "
    "none.",
)
@click.option(
    "--disk",
    default="kept",
    type=click.Choice(get_args(Disk)),
    help="What a node that was killed finds of its disk.",
)
@click.option(
    "--time-limit",
    default=8.0,
    type=SOME_SECONDS,
    help="Seconds that operations are sent for, in the longest run.",
)
@click.option("--strict", is_flag=True, help="Fail what Maelstrom rejects.")
@click.option(
    "--shrink/--no-shrink",
    default=True,
    help="Look for a smaller run with the same violation.",
)
@click.option(
    "--attempts",
    default=2000,
    type=click.IntRange(1),
    help="How many runs may be tried to make it smaller.",
)
@click.option(
    "--store",
    default="store",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that keeps the run that is found.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.option("--quiet", is_flag=True, help="Print nothing if no violation is found.")
@annotations_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(**options: Any) -> int:
    """Look for a violation: simulate runs under drawn faults until one is invalid.

    Faults, latencies, rates, clients and nodes differ from run to run; one seed is one
    hunt. The run that fails is kept and made as small as it can be.

    ARGUMENTS, after --, are passed on to the node.
    """
    workload = WORKLOADS[options["workload"]]
    space = _space(workload, options)
    check_program(space.bin)
    report: dict[str, Any] = {"workload": workload.name, "seed": space.seed}
    began = time.monotonic()
    with Bench(options["jobs"] or cores()) as bench:
        with HuntProgress(options["runs"]) as progress:
            hunt = search(space, workload, options["runs"], bench, progress.searched)
        seconds = time.monotonic() - began
        report |= _tried(hunt)
        is_well = hunt.verdict is Verdict.VALID and not hunt.interrupted
        if not (options["as_json"] or (options["quiet"] and is_well)):
            _tell(hunt, space.seed, seconds)
        if hunt.found is not None:
            report |= _keep(hunt.found[0], workload, bench, options)
    if options["as_json"] and not (options["quiet"] and is_well):
        put(encode(HuntDocument(**report)))
    return 255 if hunt.interrupted else EXIT_CODES[hunt.verdict]


def _space(workload: Workload, options: dict[str, Any]) -> Space:
    """Return what the options let runs be drawn from."""
    arguments = options["arguments"]
    program = (
        bundled_program(workload.node, arguments)
        if options["program"] is None
        else find_program(options["program"], arguments)
    )
    return Space(
        workload=workload.name,
        bin=program.argv,
        environment=program.environment,
        mix=named_mix(workload, options["mix"]),
        nemeses=tuple(sorted(named_faults(options["nemesis"]))),
        disk=options["disk"],
        longest_s=options["time_limit"],
        seed=secrets.randbelow(2**32) if options["seed"] is None else options["seed"],
        strict=options["strict"],
    )


def _tried(hunt: Hunt) -> dict[str, Any]:
    """Return what a hunt has tried, as data."""
    return {
        "verdict": hunt.verdict,
        "runs": hunt.runs,
        "operations": hunt.operations,
        "faults": dict(sorted(hunt.faults.items())),
        "verdicts": {one.value: hunt.verdicts.get(one, 0) for one in Verdict},
        "unknown": hunt.unknown,
        "interrupted": hunt.interrupted,
    }


def _tell(hunt: Hunt, seed: int, seconds: float) -> None:
    """Print what was tried."""
    found = {
        Verdict.INVALID: f"found a violation in run {hunt.runs}",
        Verdict.VALID: f"found no violation in {plural(hunt.runs, 'run')}",
        Verdict.UNKNOWN: f"could judge none of {plural(hunt.runs, 'run')}",
    }[hunt.verdict]
    if hunt.interrupted:
        found = f"was interrupted and {found}"
    faults = plural(sum(hunt.faults.values()), "fault")
    kinds = f" of {plural(len(hunt.faults), 'kind')}" if hunt.faults else ""
    put(
        f"The hunt {found}: {plural(hunt.operations, 'operation')} and {faults}{kinds} "
        f"in {seconds:.1f} s, seed {seed}."
    )
    unknown = hunt.verdicts.get(Verdict.UNKNOWN, 0)
    if unknown:
        put(f"{plural(unknown, 'run')} could not be judged; the first: {hunt.unknown}")


def _keep(
    spec: RunSpec, workload: Workload, bench: Bench, options: dict[str, Any]
) -> dict[str, Any]:
    """Keep the run that was found, and the smallest like it; return them as data."""
    run, result = carry_out(spec, workload, options["store"])
    trial, whole = explicit(spec)
    report: dict[str, Any] = {
        "run": str(run.path),
        "result": result,
        "size": Size.of(whole),
    }
    if options["shrink"]:
        report["shrunk"] = shrink_run(
            whole,
            trial.anomalies[0],
            workload,
            bench,
            run=run,
            attempts=options["attempts"],
            store=options["store"],
            as_json=options["as_json"],
        )
        run, result = Run(Path(report["shrunk"].run)), report["shrunk"].result
    elif not options["as_json"]:
        show(run, result, as_json=False)
    if options["annotations"]:
        annotate_run(run, result, to_stderr=options["as_json"])
    return report
