"""Topologies."""

from __future__ import annotations

import networkx as nx
import pytest

from harness.network.topology import TOPOLOGIES, topology


def names(count: int) -> list[str]:
    return [f"n{i}" for i in range(count)]


@pytest.mark.parametrize("name", TOPOLOGIES)
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 7, 10, 13, 16, 25])
def test_everyone_is_reached_and_neighbours_are_mutual(name: str, count: int) -> None:
    """Every topology is a connected, undirected graph without loops."""
    neighbours = topology(name, names(count))
    assert list(neighbours) == names(count)
    graph = nx.DiGraph(neighbours)
    assert nx.is_strongly_connected(graph)
    assert graph.edges == graph.reverse().edges
    assert not list(nx.selfloop_edges(graph))
    assert all(len(set(some)) == len(some) for some in neighbours.values())


@pytest.mark.parametrize("name", TOPOLOGIES)
def test_no_nodes_have_no_topology(name: str) -> None:
    """An empty cluster gives an empty map."""
    assert topology(name, []) == {}


def test_line() -> None:
    """A line has two ends."""
    assert topology("line", names(4)) == {
        "n0": ["n1"],
        "n1": ["n0", "n2"],
        "n2": ["n1", "n3"],
        "n3": ["n2"],
    }


def test_grid_of_five_is_the_one_nodes_know() -> None:
    """Five nodes fill a square of side three row by row, as in Maelstrom's guide."""
    assert topology("grid", names(5)) == {
        "n0": ["n3", "n1"],
        "n1": ["n4", "n2", "n0"],
        "n2": ["n1"],
        "n3": ["n0", "n4"],
        "n4": ["n1", "n3"],
    }


def test_grid_of_25_has_four_neighbours_inside() -> None:
    """A full square has 40 links and 9 nodes with four neighbours."""
    neighbours = topology("grid", names(25))
    assert sum(map(len, neighbours.values())) == 2 * 40
    assert sum(len(some) == 4 for some in neighbours.values()) == 9
    assert neighbours["n12"] == ["n17", "n7", "n13", "n11"]


def test_tree_is_binary() -> None:
    """A tree is another name of tree2: the parent first, then two children."""
    assert topology("tree", names(9)) == topology("tree2", names(9))
    assert topology("tree2", names(6)) == {
        "n0": ["n1", "n2"],
        "n1": ["n0", "n3", "n4"],
        "n2": ["n0", "n5"],
        "n3": ["n1"],
        "n4": ["n1"],
        "n5": ["n2"],
    }


@pytest.mark.parametrize(("name", "branches"), [("tree3", 3), ("tree4", 4)])
def test_wider_trees(name: str, branches: int) -> None:
    """A tree has one link fewer than nodes, and a root with all its children."""
    neighbours = topology(name, names(25))
    assert sum(map(len, neighbours.values())) == 2 * 24
    assert neighbours["n0"] == names(branches + 1)[1:]
    assert neighbours["n1"][0] == "n0"


def test_total() -> None:
    """In a total topology everyone is a neighbour."""
    assert topology("total", names(3)) == {
        "n0": ["n1", "n2"],
        "n1": ["n0", "n2"],
        "n2": ["n0", "n1"],
    }


def test_an_unknown_topology_names_the_known_ones() -> None:
    """The error says what to take instead."""
    with pytest.raises(ValueError, match="take grid, line, total, tree"):
        topology("star", names(3))
