"""`harness list`: what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from checkers import ANOMALIES
from checkers.ladder import LEVELS
from checkers.models import MODELS
from harness.documents import ListDocument, ListedFault, ListedWorkload, encode
from harness.nemesis import NEMESES
from harness.network.topology import TOPOLOGIES
from harness.services import SERVICES
from harness.workloads import WORKLOADS
from histories import FORMATS
from nodes import BUNDLED
from nodes.faulty import FAULTY

from ._output import put


if TYPE_CHECKING:
    from collections.abc import Iterator


@click.command(name="list", epilog="Exit codes: 0 listed, 254 usage.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def command(*, as_json: bool) -> None:
    """List workloads with their requests, nodes, faults, topologies and anomalies."""
    catalogue = _catalogue()
    put(encode(catalogue) if as_json else "\n".join(_lines(catalogue)))


def _lines(catalogue: ListDocument) -> Iterator[str]:
    """Yield the catalogue for people."""
    for name, workload in catalogue.workloads.items():
        yield f"{click.style(name, bold=True)}: {workload.doc}"
        yield f"    promises: {workload.claim.promise}"
        yield f"    faults by default: {', '.join(workload.nemesis) or 'none'}"
        levels = ", ".join(workload.consistency_models)
        yield f"    consistency models: {levels or 'none'}"
        for mix, doc in workload.mixes.items():
            yield f"    mix {mix}: {doc}"
        for call in workload.requests:
            yield f"    {call}"
    for field in catalogue.__struct_fields__:
        entries = getattr(catalogue, field)
        if field in {"schema", "workloads"}:
            continue
        title = "nodes with a bug" if field == "faulty" else field.replace("_", " ")
        yield f"\n{click.style(title, bold=True)}"
        if isinstance(entries, tuple):
            yield f"    {', '.join(entries)}"
            continue
        for name, entry in entries.items():
            yield f"    {name}: {_bug(entry) if field == 'faulty' else entry}"


def _bug(faulty: ListedFault) -> str:
    """Return what is wrong with a node, and what shows it."""
    fault = faulty.fault or "none"
    return f"{faulty.bug} ({faulty.workload}, fault {fault}: {faulty.anomaly})"


def _catalogue() -> ListDocument:
    """Return everything that can be named on the command line or in a report."""
    return ListDocument(
        workloads={
            name: ListedWorkload(
                doc=workload.doc,
                claim=workload.claim,
                nemesis=workload.nemesis,
                node=workload.node,
                mixes={name: mix.doc for name, mix in workload.mixes.items()},
                requests=tuple(
                    f"{_body(call.rpc.name, call.rpc.request)} → "
                    f"{_body(call.rpc.reply_name, call.rpc.reply)}  {call.rpc.doc}"
                    for call in workload.calls.values()
                ),
                consistency_models=workload.modelled.levels
                if workload.modelled is not None
                else (),
            )
            for name, workload in sorted(WORKLOADS.items())
        },
        nodes=tuple(sorted(BUNDLED.keys() - FAULTY.keys())),
        faulty={
            name: ListedFault(
                bug=faulty.bug,
                workload=faulty.workload,
                fault=faulty.fault or None,
                anomaly=faulty.anomaly,
            )
            for name, faulty in sorted(FAULTY.items())
        },
        services=tuple(sorted(SERVICES)),
        faults=dict(NEMESES),
        topologies=tuple(sorted(TOPOLOGIES)),
        models={name: MODELS[name]().doc for name in MODELS},
        consistency_models={name: kind.meaning for name, kind in LEVELS.items()},
        formats={name: form.doc for name, form in FORMATS.items()},
        anomalies={name: kind.meaning for name, kind in sorted(ANOMALIES.items())},
    )


def _body(name: str, fields: Any) -> str:
    """Return a body in the notation of the documentation."""
    inner = ", ".join(f"{field}: {what.type}" for field, what in fields.items())
    return f"{name}{{{inner}}}"
