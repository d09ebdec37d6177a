"""`harness laws`: does it matter in which order messages come, and how often?"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import click
import msgspec

from checkers import Verdict
from harness.documents import LawsDocument, encode
from harness.errors import UsageError
from harness.laws import ORDERS, check_laws, delivered, rig_of
from harness.spec import RunSpec
from histories import HistoryError, Run

from ._exit import EXIT_CODES
from ._output import put
from ._saved import spec_of, workload_of


if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.laws import Broken, LawsResult

_SHOWN = 24
_WIDTH = 160


@click.command(
    name="laws",
    context_settings={"show_default": True},
    epilog="Assumed: a fresh node that is asked for nothing but the reads of the workload "
    "has all that it was told, when it has been told and a second has gone by. Exit "
    "codes: 0 VALID, 1 INVALID, 2 UNKNOWN, 254 usage, 255 crashed.",
)
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option(
    "--node",
    "names",
    multiple=True,
    help="Only what this node got, and told another one.  [default: all]",
)
@click.option(
    "--trials",
    default=20,
    type=click.IntRange(1),
    help="How many windows of messages, for each node.",
)
@click.option("--seed", default=1, help="Other windows.")
@click.option(
    "--shuffle/--no-shuffle",
    default=True,
    help="Whether nodes promise the same in any order. Nodes that send operations and "
    "rely on their order do not.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def command(*, folder: Path, as_json: bool, **options: Any) -> int:
    """Feed what nodes were told in a run to fresh ones, in other orders.

    Takes windows of the messages between a node and its peers, out of the journal of a
    saved RUN, and feeds each to a fresh node, one more than there were: in their order,
    shuffled, each message twice, and the whole twice. A node that merges states, or
    knows operations again and waits for their causes, reads the same each time. Peers
    and services are silent meanwhile.
    """
    run = Run(folder)
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder of a run")
    saved = spec_of(run)
    workload = workload_of(saved, folder)
    if workload.final_read is None:
        raise UsageError(f"the workload {workload.name} has no reads to compare")
    try:
        spec = msgspec.convert(saved, RunSpec)
        told = delivered(run, spec.nodes)
        reads = workload.reads(workload.subjects(run.history().events()))
    except (msgspec.ValidationError, HistoryError) as error:
        raise UsageError(f"{folder}: {error}") from error
    for name in options["names"]:
        if name not in told:
            raise UsageError(f"--node {name!r}: there are {', '.join(told)}")
    chosen = {
        node: messages
        for node, messages in told.items()
        if not options["names"] or node in options["names"]
    }
    orders = [name for name in ORDERS if name != "shuffled" or options["shuffle"]]
    result = check_laws(
        chosen,
        rig_of(spec, workload, reads),
        trials=options["trials"],
        orders=orders,
        rng=Random(options["seed"]),
    )
    if as_json:
        put(encode(LawsDocument(run=str(folder), result=result)))
    else:
        put("\n".join(_lines(result)))
    return EXIT_CODES[result.verdict]


def _lines(result: LawsResult) -> Iterator[str]:
    for broken in result.broken:
        yield from _witness(broken)
        yield ""
    reason = f" ({result.reason.value})" if result.reason is not None else ""
    yield f"{result.verdict.value.upper()}{reason}: {result.summary}"
    if result.verdict is Verdict.INVALID and len(result.broken) == 1:
        (only,) = result.broken
        if only.order == "shuffled":
            yield (
                "If nodes rely on the order of operations, and their network keeps it, "
                "take --no-shuffle."
            )


def _witness(broken: Broken) -> Iterator[str]:
    """Say what was fed to whom, and what was read."""
    count = len(broken.messages)
    yield f"{broken.order}: {count} message{'s' * (count > 1)} around {broken.node}"
    for number, message in enumerate(broken.messages[:_SHOWN], 1):
        body = msgspec.json.encode(message.body).decode()
        yield f"  {number:2}  from {message.src}  {_cut(body)}"
    if count > _SHOWN:
        yield f"      and {count - _SHOWN} more"
    orders = [range(count), broken.replayed]
    shown = [" ".join(str(place + 1) for place in order) for order in orders]
    width = max(map(len, shown))
    for order, read in zip(shown, (broken.read, broken.other), strict=True):
        yield f"  fed {order:{width}}  reads {_cut(read)}"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
