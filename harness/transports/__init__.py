"""Where nodes live.

Read `_process` first: what a process and a transport are. `processes` and
`process_transport` are child processes over pipes (`_input` and `_output` are the two
pipes, `_node_log` is what they write to standard error, `_notes` what is said of those
that misbehave), which the `watchdog` ends should the harness be killed.
"""

from __future__ import annotations

from ._process import LaunchError, NodeProcess, Owner, Transport


__all__ = ["LaunchError", "NodeProcess", "Owner", "Transport"]
