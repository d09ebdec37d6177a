"""Workloads: values of one kind, most of them in a file each.

`_workload` says what a workload consists of, `_mixes` what clients do with it:
`_register_mixes` and `_set_mixes` have mixes, `_on_workers` and `_plots` generators that
these are made of, `_names` what clients call things. `_expectations` says what final
reads are to show. A new workload is a new file and a line in `WORKLOADS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    broadcast,
    crdt_verify,
    echo,
    g_counter,
    g_set,
    mv_register,
    or_set,
    pn_counter,
    rga,
    shopping_cart,
    unique_ids,
    vv_register,
)
from ._mixes import Extent, Mix
from ._workload import Claim, Expectation, Modelled, Workload


if TYPE_CHECKING:
    from collections.abc import Mapping

WORKLOADS: Mapping[str, Workload] = {
    workload.name: workload
    for workload in (
        broadcast.WORKLOAD,
        crdt_verify.WORKLOAD,
        echo.WORKLOAD,
        g_counter.WORKLOAD,
        g_set.WORKLOAD,
        mv_register.WORKLOAD,
        or_set.WORKLOAD,
        or_set.TWO_PHASE,
        or_set.LAST_WRITER,
        pn_counter.WORKLOAD,
        rga.WORKLOAD,
        rga.ANY_SEQUENCE,
        shopping_cart.WORKLOAD,
        unique_ids.WORKLOAD,
        vv_register.WORKLOAD,
        vv_register.BLIND,
        vv_register.LAST_WRITER,
    )
}
"""Every workload by its name on the command line."""

__all__ = ["WORKLOADS", "Claim", "Expectation", "Extent", "Mix", "Modelled", "Workload"]
