"""`harness list`: what there is."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from checkers import ANOMALIES
from checkers.ladder import LEVELS
from checkers.models import MODELS
from harness.nemesis import NEMESES
from harness.network.topology import TOPOLOGIES
from harness.services import SERVICES
from harness.workloads import WORKLOADS
from histories import FORMATS
from nodes import BUNDLED
from nodes.faulty import FAULTY


@click.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def command(*, as_json: bool) -> None:
    """List workloads with their requests, nodes, faults, topologies and anomalies."""
    catalogue = _catalogue()
    if as_json:
        click.echo(msgspec.json.encode(catalogue).decode())
        return
    for name, workload in catalogue["workloads"].items():
        click.echo(f"{click.style(name, bold=True)}: {workload['doc']}")
        click.echo(f"    promises: {workload['claim']['promise']}")
        click.echo(f"    faults by default: {', '.join(workload['nemesis']) or 'none'}")
        for call in workload["requests"]:
            click.echo(f"    {call}")
    for title in [title for title in catalogue if title != "workloads"]:
        click.echo(f"\n{click.style(title, bold=True)}")
        entries = catalogue[title]
        if isinstance(entries, list):
            click.echo(f"    {', '.join(entries)}")
        else:
            for name, text in entries.items():
                click.echo(f"    {name}: {text}")


def _catalogue() -> dict[str, Any]:
    """Return everything that can be named on the command line or in a report."""
    return {
        "workloads": {
            name: {
                "doc": workload.doc,
                "claim": msgspec.to_builtins(workload.claim),
                "nemesis": list(workload.nemesis),
                "node": workload.node,
                "requests": [
                    f"{_body(call.rpc.name, call.rpc.request)} → "
                    f"{_body(call.rpc.reply_name, call.rpc.reply)}  {call.rpc.doc}"
                    for call in workload.calls.values()
                ],
            }
            for name, workload in sorted(WORKLOADS.items())
        },
        "nodes": sorted(set(BUNDLED) - set(FAULTY)),
        "nodes with a bug": {
            name: f"{faulty.bug} ({faulty.workload}, fault {faulty.fault or 'none'}: "
            f"{faulty.anomaly})"
            for name, faulty in sorted(FAULTY.items())
        },
        "services": sorted(SERVICES),
        "faults": dict(NEMESES),
        "topologies": sorted(TOPOLOGIES),
        "models": {name: MODELS[name]().doc for name in MODELS},
        "consistency models": {name: kind.meaning for name, kind in LEVELS.items()},
        "formats": {name: form.doc for name, form in FORMATS.items()},
        "anomalies": {name: kind.meaning for name, kind in sorted(ANOMALIES.items())},
    }


def _body(name: str, fields: Any) -> str:
    """Return a body in the notation of the documentation."""
    inner = ", ".join(f"{field}: {what.type}" for field, what in fields.items())
    return f"{name}{{{inner}}}"
