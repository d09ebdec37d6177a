"""`harness run`: test nodes."""

from __future__ import annotations

import itertools
import re
import secrets
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from checkers import Verdict, parse_assertion
from checkers.ladder import LEVELS
from harness.errors import UsageError
from harness.network.topology import TOPOLOGIES
from harness.services import SERVICES
from harness.simulation import check_program
from harness.spec import LatencyKind, LatencySpec, RunSpec, Transport
from harness.workloads import WORKLOADS

from ._annotations import annotate_run, annotations_option
from ._carry_out import carry_out, show
from ._exit import EXIT_CODES
from ._fault_options import fault_fields, fault_options
from ._files import parse_levels
from ._mix_option import mix_option, named_mix
from ._numbers import SECONDS, SOME_SECONDS, Finite
from ._program import bundled_program, find_program
from ._replay import read_replay


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harness.workloads import Workload


_TAKEN = {*SERVICES, "latest"}
_MOST_CLIENTS = 100_000
_TELLING = frozenset({"--json", "--quiet", "--annotations"})


@click.command(
    name="run",
    context_settings={"show_default": True},
    epilog="Exit codes: 0 valid, 1 invalid, 2 unknown, 254 usage, 255 crashed.",
)
@click.option(
    "-w",
    "--workload",
    type=click.Choice(sorted(WORKLOADS)),
    help="What to test.",
)
@mix_option("the first that the list has; telling if a model needs it")
@click.option(
    "--bin",
    "program",
    metavar="CMD",
    help="The node: a path, a command with arguments, or the name of a bundled "
    "node.  [default: the workload's bundled correct node]",
)
@click.option(
    "--node-count",
    type=click.IntRange(1, 1000),
    help="Number of nodes, named n0, n1, ...  [default: five nodes, n1 to n5]",
)
@click.option("-n", "--node", "node_names", multiple=True, help="Name of a node.")
@click.option("--nodes", "node_list", help="Names of all nodes, comma-separated.")
@click.option(
    "--concurrency",
    default="1n",
    help="Number of clients; 3n means three for each node.",
)
@click.option(
    "--transport",
    default="processes",
    type=click.Choice(get_args(Transport)),
    help="Where nodes live: simulated runs programs written on nodes.runtime in "
    "virtual time, where one seed is one execution.",
)
@click.option(
    "--rate",
    default=100.0,
    type=Finite(0, 1e7),
    help="Operations a second, over all clients.",
)
@click.option(
    "--time-limit",
    default=10.0,
    type=SECONDS,
    help="Seconds that operations are sent for.",
)
@click.option(
    "--latency",
    default=0.0,
    type=Finite(0, 1e9),
    help="Mean delay between servers in ms; clients are always near.",
)
@click.option(
    "--latency-dist",
    default="constant",
    type=click.Choice(get_args(LatencyKind)),
    help="Distribution of the delay.",
)
@click.option(
    "--loss",
    default=0.0,
    type=Finite(0, 1),
    help="Probability that a message between two nodes is lost.",
)
@fault_options
@click.option(
    "--recovery",
    default=10.0,
    type=SECONDS,
    help="Seconds that nodes have to converge before the final reads.",
)
@click.option(
    "--poll/--no-poll",
    default=True,
    help="Read nodes while they recover, and go on once they have converged.",
)
@click.option(
    "--topology",
    default="grid",
    type=click.Choice(sorted(TOPOLOGIES)),
    help="Shape of the neighbourhood that nodes are told.",
)
@click.option(
    "--timeout",
    "timeout_ms",
    default=5000,
    type=click.IntRange(1),
    help="Milliseconds that a client waits for a reply.",
)
@click.option(
    "--init-timeout",
    default=10.0,
    type=SOME_SECONDS,
    help="Seconds that a node may take to answer init.",
)
@click.option(
    "--availability",
    metavar="FRACTION",
    help="Fraction of operations that must succeed: a number, or total.",
)
@click.option(
    "--assert",
    "assertions",
    multiple=True,
    metavar="CONDITION",
    help="A condition on a measure, such as 'msgs-per-op < 30'.",
)
@click.option(
    "--consistency-models",
    metavar="LIST",
    help=f"Models that the history must satisfy: {', '.join(LEVELS)}.  `harness list` says "
    "which apply to a workload.  "
    "[default: the workload's own promise]",
)
@click.option("--strict", is_flag=True, help="Fail what Maelstrom rejects.")
@click.option(
    "--client-view",
    is_flag=True,
    help="Take indeterminate operations as their clients saw them, without the "
    "journal of messages as evidence.",
)
@click.option(
    "--replay",
    metavar="RUN",
    type=click.Path(path_type=Path),
    help="Folder of a run to repeat: its faults as they were, its operations, its "
    "seed. Takes --bin too, for a node that is to do better.",
)
@click.option("--seed", type=int, help="Repeats the choices of an earlier run.")
@click.option(
    "--test-count",
    default=1,
    type=click.IntRange(1),
    help="Run so many times, with one seed after the other, until one is not valid.",
)
@click.option("--log-stderr", is_flag=True, help="Show standard error of nodes.")
@click.option(
    "--store",
    default="store",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder that keeps runs.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a run.")
@click.option("--quiet", is_flag=True, help="Print nothing if all is VALID.")
@annotations_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def command(context: click.Context, /, **options: Any) -> int:
    """Test nodes: drive them, inject faults, judge what happened.

    ARGUMENTS, after --, are passed on to the node.
    """
    verdict = Verdict.VALID
    if options["replay"] is not None:
        workload, spec = read_replay(context, options["replay"], options)
        specs: Iterable[RunSpec] = itertools.repeat(spec, options["test_count"])
    elif options["workload"] is None:
        raise UsageError("--workload NAME says what to test; see harness list")
    else:
        workload = WORKLOADS[options["workload"]]
        specs = _specs(workload, options)
    for spec in specs:
        run, result = carry_out(spec, workload, options["store"])
        verdict = result.verdict
        if verdict is not Verdict.VALID or not options["quiet"]:
            show(run, result, as_json=options["as_json"])
        if verdict is not Verdict.VALID:
            if options["annotations"]:
                annotate_run(run, result, to_stderr=options["as_json"])
            break
    return EXIT_CODES[verdict]


def _specs(workload: Workload, options: dict[str, Any]) -> Iterator[RunSpec]:
    """Yield what the options ask for, with one seed after the other."""
    seed = secrets.randbelow(2**32) if options["seed"] is None else options["seed"]
    for number in range(options["test_count"]):
        yield _spec(workload, seed + number, options)


def _spec(workload: Workload, seed: int, options: dict[str, Any]) -> RunSpec:
    """Return what the options ask for.

    Raises:
        UsageError: They ask for something that cannot be.
    """
    nodes = _nodes(options)
    for text in options["assertions"]:
        try:
            parse_assertion(text)
        except ValueError as error:
            raise UsageError(f"--assert {text!r}: {error}") from error
    arguments = options["arguments"]
    program = (
        bundled_program(workload.node, arguments)
        if options["program"] is None
        else find_program(options["program"], arguments)
    )
    if options["transport"] == "simulated":
        check_program(program.argv)
    time_limit_s = options["time_limit"]
    models = _models(options["consistency_models"], workload)
    return RunSpec(
        workload=workload.name,
        mix=named_mix(workload, options["mix"]) or workload.mix(models),
        bin=program.argv,
        environment=program.environment,
        nodes=nodes,
        concurrency=_concurrency(options["concurrency"], len(nodes)),
        transport=options["transport"],
        rate=options["rate"],
        time_limit_s=time_limit_s,
        timeout_ms=options["timeout_ms"],
        init_timeout_s=options["init_timeout"],
        seed=seed,
        latency=LatencySpec(options["latency_dist"], options["latency"]),
        loss=options["loss"],
        **fault_fields(options, workload, nodes),
        recovery_s=options["recovery"],
        poll=options["poll"],
        topology=options["topology"],
        strict=options["strict"],
        availability=_availability(options["availability"]),
        assertions=options["assertions"],
        consistency_models=models,
        client_view=options["client_view"],
        log_stderr=options["log_stderr"],
        command=("harness", *_asked(sys.argv[1:])),
        version=metadata.version("distributed-harness"),
    )


def _asked(words: list[str]) -> list[str]:
    """Return the words that say what to do, without those that say how to tell it."""
    end = words.index("--") if "--" in words else len(words)
    return [*(word for word in words[:end] if word not in _TELLING), *words[end:]]


def _nodes(options: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of the nodes."""
    if options["node_count"] is not None:
        return tuple(f"n{number}" for number in range(options["node_count"]))
    listed = options["node_list"].split(",") if options["node_list"] else []
    names = (*options["node_names"], *(name.strip() for name in listed))
    for name in names:
        if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name) is None or name[0] == "c":
            raise UsageError(
                f"{name!r} is no name for a node: up to 64 letters, digits, - and _, "
                "not beginning with c, which is for clients"
            )
        if name in _TAKEN:
            raise UsageError(f"a node cannot be named {name!r}: that name is taken")
    if len(set(names)) < len(names):
        raise UsageError("two nodes have the same name")
    return names or tuple(f"n{number}" for number in range(1, 6))


def _concurrency(text: str, nodes: int) -> int:
    """Return a number of clients from `7` or from `2n`, two a node."""
    match = re.fullmatch(r"([0-9]{1,9})(n?)", text)
    count = int(match[1]) * (nodes if match[2] else 1) if match is not None else 0
    if not 0 < count <= _MOST_CLIENTS:
        raise UsageError(
            f"--concurrency {text!r}: expected a number such as 10, or 2n for two "
            f"clients for each node; at most {_MOST_CLIENTS} clients"
        )
    return count


def _models(text: str | None, workload: Workload) -> tuple[str, ...]:
    """Return the consistency models that are declared."""
    if text is None:
        return ()
    if workload.modelled is None:
        modelled = [name for name, one in WORKLOADS.items() if one.modelled]
        raise UsageError(
            f"--consistency-models: {workload.name} is not judged by consistency "
            f"models; these are: {', '.join(sorted(modelled))}"
        )
    names, levels = parse_levels(text), workload.modelled.levels
    for name in names:
        if name not in levels:
            raise UsageError(
                f"--consistency-models {name!r}: {workload.name} keeps no single copy "
                f"that could be {name}; it can be judged by {', '.join(levels)}"
            )
    return names


def _availability(text: str | None) -> float | None:
    """Return the fraction of operations that must succeed."""
    if text is None or text == "total":
        return None if text is None else 1.0
    try:
        fraction = float(text)
    except ValueError:
        fraction = -1.0
    if not 0 <= fraction <= 1:
        raise UsageError(
            f"--availability {text!r}: expected a number from 0 to 1, or total"
        )
    return fraction
