"""`harness mutants`: is every known bug found, and no node accused that is right?"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import click

from harness.documents import MutantsDocument, encode
from harness.errors import UsageError
from harness.hunting import Bench, hunt_mutant, hush
from harness.workloads import WORKLOADS
from nodes.faulty import FAULTY

from ._cores import cores
from ._hunt_progress import LineProgress
from ._output import put, shows_color


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from harness.hunting import Kill, Silence


@click.command(
    name="mutants",
    context_settings={"show_default": True},
    epilog="Exit codes: 0 every faulty node was found out and no other accused, 1 not "
    "so, 254 usage, 255 crashed.",
)
@click.option(
    "-w", "--workload", type=click.Choice(sorted(WORKLOADS)), help="Only these."
)
@click.option(
    "--real", is_flag=True, help="Run faulty nodes as processes, in real time."
)
@click.option(
    "--right",
    default=20,
    type=click.IntRange(0),
    help="Runs of each node that is right, under faults by chance.",
)
@click.option("--seed", default=1, help="Other runs.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="How many runs at a time.  [default: one for each core]",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.option("--quiet", is_flag=True, help="Print nothing if all is as it must be.")
@click.argument("names", nargs=-1)
def command(**options: Any) -> int:
    """Run the faulty nodes, each of which must be found out by its anomaly.

    NAMES are of faulty nodes; all of them without. Nodes that are right run too, under
    all faults, and must not be accused.
    """
    chosen = _chosen(options["names"], options["workload"])
    jobs = options["jobs"] or cores()
    kills: list[Kill] = []
    silences: list[Silence] = []
    with Bench(1 if options["real"] else jobs) as bench, LineProgress() as progress:

        def tell(name: str, runs: int, most: int) -> None:
            progress.show(f"{name}: run {runs} of {most}")

        for name in chosen:
            kill = hunt_mutant(
                name,
                FAULTY[name],
                seed=options["seed"],
                transport="processes" if options["real"] else "simulated",
                bench=bench,
                progress=tell,
            )
            kills.append(kill)
        for workload, node in _right(chosen) if options["right"] else ():
            silence = hush(
                workload,
                node,
                runs=options["right"],
                seed=options["seed"],
                bench=bench,
                progress=tell,
            )
            silences.append(silence)
    passed = all(kill.found for kill in kills) and not any(
        silence.accused for silence in silences
    )
    if passed and options["quiet"]:
        return 0
    if options["as_json"]:
        document = MutantsDocument(
            passed=passed, mutants=tuple(kills), right=tuple(silences)
        )
        put(encode(document))
    else:
        _tell(kills, silences)
    return 0 if passed else 1


def _chosen(names: Sequence[str], workload: str | None) -> list[str]:
    """Return the faulty nodes that are asked for.

    Raises:
        UsageError: There is no such node.
    """
    for name in names:
        if name not in FAULTY:
            near = difflib.get_close_matches(name, FAULTY, n=1)
            hint = f": did you mean {near[0]!r}? There" if near else "; there"
            raise UsageError(
                f"there is no faulty node {name!r}{hint} are: "
                f"{', '.join(sorted(FAULTY))}; `harness list` says what is wrong with "
                "each"
            )
    return [
        name
        for name, faulty in FAULTY.items()
        if (not names or name in names) and workload in {None, faulty.workload}
    ]


VARIANTS: Mapping[str, tuple[str, ...]] = {
    "g-counter": ("op-counter", "sum-counter"),
    "or-set": ("or-set-optimised", "delta-or-set", "op-or-set"),
    "pn-counter": ("fresh-cas-counter",),
    "rga": ("op-rga",),
    "vv-register": ("dvv-register",),
}
"""Other nodes that are right, by their workloads."""


def _right(chosen: Sequence[str]) -> list[tuple[str, str]]:
    """Return the nodes that are right, of the workloads of some faulty ones."""
    workloads = dict.fromkeys(FAULTY[name].workload for name in chosen)
    return [
        (name, node)
        for name in workloads
        for node in (WORKLOADS[name].node, *VARIANTS.get(name, ()))
    ]


def _tell(kills: Sequence[Kill], silences: Sequence[Silence]) -> None:
    """Print the matrix of faulty nodes, and what was said of those that are right."""
    rows = [("faulty node", "fault", "", "found", "runs", "plain look")]
    for kill in kills:
        faulty = FAULTY[kill.name]
        plain = "-" if kill.plain is None else _blind(kill.plain, kill.runs)
        rows.append(
            (
                kill.name,
                faulty.fault or "none",
                "✓" if kill.found else "✗",
                kill.found or f"{faulty.anomaly} was not found",
                f"{kill.runs} of {kill.most}",
                plain,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    for number, row in enumerate(rows):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        line = "  ".join(cells).rstrip()
        if number and shows_color():
            line = click.style(line, fg=None if kills[number - 1].found else "red")
        put(line)
    for silence in silences:
        if silence.accused is not None:
            seed, told = silence.accused
            put(f"\n{silence.name}, which is right, was accused (seed {seed}): {told}")
    dead = sum(kill.found is not None for kill in kills)
    missed = sum(bool(kill.found) and kill.plain == kill.runs for kill in kills)
    right = sum(silence.accused is None for silence in silences)
    runs = sum(silence.runs for silence in silences)
    put(
        f"\n{dead} of {len(kills)} faulty nodes were found out by their anomaly, "
        f"{missed} of them past a plain look at the final reads; {right} of "
        f"{len(silences)} nodes that are right were silent in {runs} runs."
    )


def _blind(passed: int, runs: int) -> str:
    """Return in how many runs the final reads looked right."""
    if passed == runs:
        return "finds nothing"
    return "finds it" if not passed else f"misses {passed} of {runs}"
