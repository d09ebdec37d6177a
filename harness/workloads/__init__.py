"""Workloads: a file each, which makes one `WORKLOAD` value.

`_workload` says what a workload consists of. A new one is a new file and a line in
`WORKLOADS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import broadcast, echo, g_counter, g_set, pn_counter, unique_ids
from ._workload import Claim, Expectation, Workload


if TYPE_CHECKING:
    from collections.abc import Mapping

WORKLOADS: Mapping[str, Workload] = {
    module.WORKLOAD.name: module.WORKLOAD
    for module in (broadcast, echo, g_counter, g_set, pn_counter, unique_ids)
}
"""Every workload by its name on the command line."""

__all__ = ["WORKLOADS", "Claim", "Expectation", "Workload"]
