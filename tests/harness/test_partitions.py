"""Partition shapes."""

from __future__ import annotations

import re
from itertools import combinations
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.nemesis.partitions import SHAPES, Cut, draw, shapes_for


COUNTS = range(1, 13)
CASES = [(shape, count) for count in COUNTS for shape in shapes_for(count)]
SEEDS = st.integers(0, 2**32)

few = settings(max_examples=20, deadline=None)
each_case = pytest.mark.parametrize(("shape", "count"), CASES)


def names(count: int) -> list[str]:
    return [f"n{i}" for i in range(count)]


def cut_of(shape: str, count: int, seed: object) -> Cut:
    return draw(shape, names(count), Random(str(seed)))


def heard(cut: Cut, count: int) -> list[set[str]]:
    """Whom each node hears, itself included."""
    nodes = names(count)
    return [{src for src in nodes if (src, dest) not in cut.blocked} for dest in nodes]


@each_case
@few
@given(seed=SEEDS)
def test_every_shape_that_is_offered_cuts_something(
    shape: str, count: int, seed: int
) -> None:
    """At 1 to 12 nodes a cut blocks links, all between two different nodes of them."""
    cut = cut_of(shape, count, seed)
    nodes = set(names(count))
    assert cut.shape == shape
    assert cut.blocked
    assert all({src, dest} <= nodes and src != dest for src, dest in cut.blocked)
    assert cut.sentence


@pytest.mark.parametrize("count", COUNTS)
def test_a_shape_is_withheld_only_where_it_cuts_nothing(count: int) -> None:
    """Shapes need 2 nodes, 3 to have one in the middle, 4 to have a third."""
    expected = {
        name
        for name, least in [
            ("one", 2),
            ("one-way", 2),
            ("majority", 2),
            ("random-halves", 2),
            ("bridge", 3),
            ("majorities-ring", 3),
            ("minority-third", 4),
        ]
        if count >= least
    }
    assert set(shapes_for(count)) == expected
    assert list(shapes_for(count)) == sorted(shapes_for(count))


@each_case
@few
@given(seed=SEEDS)
def test_cuts_are_symmetric(shape: str, count: int, seed: int) -> None:
    """Both directions of a link are cut, but one-way and in the ring of three."""
    blocked = cut_of(shape, count, seed).blocked
    reverse = {(dest, src) for src, dest in blocked}
    if shape == "one-way" or (shape, count) == ("majorities-ring", 3):
        assert blocked.isdisjoint(reverse)
    else:
        assert blocked == reverse


@each_case
@few
@given(seed=SEEDS)
def test_components_are_what_hangs_together(shape: str, count: int, seed: int) -> None:
    """The components are those of the graph of links that remain."""
    cut = cut_of(shape, count, seed)
    graph = nx.DiGraph(
        (src, dest)
        for src in names(count)
        for dest in names(count)
        if (src, dest) not in cut.blocked
    )
    expected = {frozenset(some) for some in nx.strongly_connected_components(graph)}
    assert {frozenset(some) for some in cut.components} == expected


@each_case
def test_a_seed_gives_the_same_cut(shape: str, count: int) -> None:
    """Nothing but the generator handed in decides."""
    assert cut_of(shape, count, 5) == cut_of(shape, count, 5)


def sizes(shape: str, count: int, seed: object) -> list[int]:
    return sorted(map(len, cut_of(shape, count, seed).components))


@few
@given(count=st.integers(4, 30), seed=SEEDS)
def test_sizes_of_the_sides(count: int, seed: int) -> None:
    """One is alone; a minority third is below a third; a majority is a bare one."""
    assert sizes("one", count, seed) == [1, count - 1]
    third, _ = sizes("minority-third", count, seed)
    assert third == (count - 1) // 3 >= 1
    assert 3 * third < count
    few, rest = sizes("majority", count, seed)
    assert rest - few == count % 2


def test_random_halves_are_of_any_size() -> None:
    """All 15 ways to split 5 nodes in two come up, about equally often."""
    drawn = [cut_of("random-halves", 5, seed).blocked for seed in range(1500)]
    assert len(set(drawn)) == 15
    assert all(60 < drawn.count(cut) < 140 for cut in set(drawn))


@few
@given(count=st.integers(3, 30), seed=SEEDS)
def test_a_bridge_joins_two_halves(count: int, seed: int) -> None:
    """One node sees all; without it two halves remain that differ by one at most."""
    cut = cut_of("bridge", count, seed)
    cut_off = {node for link in cut.blocked for node in link}
    assert len(cut_off) == count - 1
    graph = nx.Graph(
        pair for pair in combinations(sorted(cut_off), 2) if pair not in cut.blocked
    )
    graph.add_nodes_from(cut_off)
    halves = sorted(map(len, nx.connected_components(graph)))
    assert len(halves) == 2
    assert halves[1] - halves[0] <= 1


@few
@given(count=st.integers(4, 40), seed=SEEDS)
def test_in_a_majorities_ring_all_majorities_differ(count: int, seed: int) -> None:
    """Every node hears a majority, none the same, and almost none more than it must."""
    views = heard(cut_of("majorities-ring", count, seed), count)
    majority = count // 2 + 1
    assert all(node in view for node, view in zip(names(count), views, strict=True))
    assert len({frozenset(view) for view in views}) == count
    surplus = sorted(len(view) - majority for view in views)
    assert surplus == [0] * (count - 1) + [1 if count % 4 == 3 else 0]


def test_a_majorities_ring_of_three_hears_one_way() -> None:
    """Of three nodes each hears itself and one other, each a different one."""
    views = heard(cut_of("majorities-ring", 3, 1), 3)
    assert [len(view) for view in views] == [2, 2, 2]
    assert len({frozenset(view) for view in views}) == 3


def test_sentences_name_the_nodes() -> None:
    """A sentence says who cannot reach whom, in the order of the cluster."""
    cut = cut_of("one", 3, 1)
    (alone,), (first, second) = cut.components
    assert cut.sentence == f"{alone} is cut off from {first} and {second}"
    bridge = cut_of("bridge", 5, 1)
    assert re.fullmatch(
        r"n\d and n\d are cut off from n\d and n\d, but n\d sees all of them",
        bridge.sentence,
    )
    long = cut_of("one", 25, 1).sentence
    assert len(re.findall(r"n\d+", long)) == 7
    assert long.endswith(" and 18 more")


def test_an_unknown_shape_names_the_known_ones() -> None:
    """The error says what to take instead."""
    with pytest.raises(ValueError, match="take bridge, majorities-ring"):
        draw("star", names(3), Random(0))


@pytest.mark.parametrize(
    ("shape", "least"), [(k, v.nodes_min) for k, v in SHAPES.items()]
)
def test_a_shape_is_refused_where_it_cuts_nothing(shape: str, least: int) -> None:
    """Drawing one that is not offered is an error, not an empty cut."""
    with pytest.raises(ValueError, match=f"needs {least} nodes"):
        draw(shape, names(least - 1), Random(0))
