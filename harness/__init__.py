"""Runs the world: nodes, clients, network, faults; the only package with a command."""
