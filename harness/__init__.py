"""Runs the world: nodes, clients, network, faults; the only package with a command.

Reading order, that of a run: `spec` (all that defines it), `workloads` and `generators`
(what clients are to do), `runner` (its life), `interpreter` (operations on workers),
`clients` and `rpc` (what a request is, and what its outcome means), `cluster` and
`members` (the nodes), `transports` and `simulation` (where they live), `network` with
`wire` and `serving`, `services`, `nemesis`. Time goes by `agenda` and `driver`, of which
`loop` is the real one. `recording` repeats what a run did; `problems` has what nodes do
wrong, `errors` what users do.

Then what comes after a run: `analysis` judges it, with `testimony` (the journal as
evidence) and `latest` (what nodes showed last); `documents` and `schema` are what
`--json` prints. `cases` keeps runs, `hunting` looks for failing ones and shrinks them,
`laws` has messages in any order, `transcript` has them as scripted. `cli` is the
command; `testing` and `pytest_plugin`, with `destination`, are for tests of one's own.
"""
