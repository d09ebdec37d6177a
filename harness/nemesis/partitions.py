"""Which links a partition cuts.

A cut is drawn in a shape:

    one               one node is alone
    minority-third    fewer than a third of the nodes, but at least one, are apart
    majority          the nodes fall into a bare majority and the rest
    random-halves     each node falls on either side by chance, so sides are of any size
    bridge            two halves that share nothing but one node, which sees both
    majorities-ring   every node sees a majority, and no two see the same one
    one-way           random halves, of which one hears the other and is not heard

Only shapes that cut something are offered: a cluster of one node has none, one of three
has no minority third. Clients and services are never cut off; that is the network's
business.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import msgspec

from ._targets import many, verb


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from random import Random

_Nodes: TypeAlias = tuple[str, ...]

_NAMED: Final = 6
"""How many nodes of a ring a sentence names."""


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """A partition of the network.

    Attributes:
        shape: The shape that it was drawn in.
        blocked: Links that carry nothing: pairs of sender and receiver.
        components: The nodes in groups within which everyone reaches everyone, if
            need be through others; a single group where only some links are cut.
        sentence: What is cut, in plain English.
    """

    shape: str
    blocked: frozenset[tuple[str, str]]
    components: tuple[tuple[str, ...], ...]
    sentence: str


def shapes_for(nodes: int) -> tuple[str, ...]:
    """Return the shapes that cut something in a cluster of so many nodes."""
    return tuple(name for name, shape in SHAPES.items() if nodes >= shape.nodes_min)


def draw(shape: str, nodes: Sequence[str], rng: Random) -> Cut:
    """Draw a cut in a shape, a key of `SHAPES`.

    The same `nodes` and an equally seeded `rng` give the same cut.
    """
    if shape not in SHAPES:
        raise ValueError(
            f"there is no partition shape {shape!r}; take {', '.join(SHAPES)}"
        )
    if len(nodes) < SHAPES[shape].nodes_min:
        raise ValueError(
            f"shape {shape} needs {SHAPES[shape].nodes_min} nodes to cut anything, "
            f"not {len(nodes)}; `shapes_for` tells which shapes there are"
        )
    order = list(range(len(nodes)))
    rng.shuffle(order)
    return SHAPES[shape].draw(tuple(nodes), order, rng)


# Each shape gets the nodes and their positions in random order.


def _one(nodes: _Nodes, order: list[int], rng: Random) -> Cut:
    del rng
    return _split("one", nodes, order[:1])


def _minority_third(nodes: _Nodes, order: list[int], rng: Random) -> Cut:
    del rng
    return _split("minority-third", nodes, order[: (len(nodes) - 1) // 3])


def _majority(nodes: _Nodes, order: list[int], rng: Random) -> Cut:
    del rng
    return _split("majority", nodes, order[: len(nodes) // 2])


def _random_halves(nodes: _Nodes, order: list[int], rng: Random) -> Cut:
    # A coin for each node, unless that leaves one side empty: each of the ways to
    # split the nodes is equally likely.
    side = rng.randrange(1, 2 ** len(nodes) - 1)
    return _split("random-halves", nodes, [i for i in order if side >> i & 1])


def _one_way(nodes: _Nodes, order: list[int], rng: Random) -> Cut:
    halves = _random_halves(nodes, order, rng)
    speakers, hearers = halves.components[:: rng.choice((1, -1))]
    return Cut(
        shape="one-way",
        blocked=frozenset((src, dest) for src in speakers for dest in hearers),
        components=halves.components,
        sentence=f"{verb(hearers, 'hears', 'hear')} nothing from {many(speakers)}, "
        f"{'who hears' if len(speakers) == 1 else 'who hear'} "
        f"{'it' if len(hearers) == 1 else 'them'}",
    )


def _split(shape: str, nodes: _Nodes, side: list[int]) -> Cut:
    """Cut the nodes of one side off from the rest."""
    few = _pick(nodes, side)
    rest = _pick(nodes, set(range(len(nodes))) - set(side))
    if len(few) > len(rest):
        few, rest = rest, few
    return Cut(
        shape=shape,
        blocked=_between(few, rest),
        components=(few, rest),
        sentence=f"{_cut_off(few)} from {many(rest)}",
    )


def _bridge(nodes: _Nodes, order: list[int], rng: Random) -> Cut:
    del rng
    half = (len(nodes) + 1) // 2
    left, right = _pick(nodes, order[1:half]), _pick(nodes, order[half:])
    return Cut(
        shape="bridge",
        blocked=_between(left, right),
        components=(nodes,),
        sentence=f"{_cut_off(left)} from {many(right)}, "
        f"but {nodes[order[0]]} sees all of them",
    )


def _majorities_ring(nodes: _Nodes, order: list[int], rng: Random) -> Cut:
    del rng
    count = len(nodes)
    heard = _one_way_ring() if count == 3 else _ring(count)
    blocked = {
        (nodes[order[src]], nodes[order[dest]])
        for dest in range(count)
        for src in range(count)
        if src not in heard[dest]
    }
    ring = ", ".join(nodes[position] for position in order[:_NAMED])
    if count > _NAMED:
        ring += ", ..."
    if count == 3:
        sentence = f"each node hears only itself and the one before it in {ring}"
    else:
        majority = f"{count // 2 + 1} of {count} nodes"
        sentence = (
            f"every node hears another majority of {majority}; the ring is {ring}"
        )
    return Cut(
        shape="majorities-ring",
        blocked=frozenset(blocked),
        components=(nodes,),
        sentence=sentence,
    )


def _one_way_ring() -> list[set[int]]:
    """Return whom each of 3 nodes hears: itself and the one before it.

    Links of 3 nodes cut in both directions would be the shape `bridge` again.
    """
    return [{position, (position - 1) % 3} for position in range(3)]


def _ring(count: int) -> list[set[int]]:
    """Return whom each of at least 4 nodes in a ring hears, and is heard by.

    A majority is `m` nodes. If `m` is odd, a node hears itself and (m - 1) / 2 nodes on
    either side. If `m` is even, that leaves it one short, and it also hears one node on
    the far side. Where the number of nodes is odd these pairs cannot come out even, and
    one node hears m + 1; all others hear m. No link could be cut beyond that.
    """
    reach = count // 4
    heard = [
        {(position + step) % count for step in range(-reach, reach + 1)}
        for position in range(count)
    ]
    is_majority_even = count // 2 % 2 == 1
    for left, right in _across(count) if is_majority_even else ():
        heard[left].add(right)
        heard[right].add(left)
    return heard


def _across(count: int) -> list[tuple[int, int]]:
    """Pair every position of a ring with one (nearly) opposite.

    Of an odd number, position 0 is in two pairs.
    """
    half = count // 2
    if count % 2 == 0:
        return [(position, position + half) for position in range(half)]
    # Steps of `half` visit every position once before they are back at the first.
    walk = [step * half % count for step in range(count + 1)]
    return list(zip(walk[::2], walk[1::2], strict=True))


def _pick(nodes: _Nodes, positions: Iterable[int]) -> _Nodes:
    """Return the nodes at some positions, in the order of the cluster."""
    return tuple(nodes[position] for position in sorted(positions))


def _between(left: _Nodes, right: _Nodes) -> frozenset[tuple[str, str]]:
    """Return every link between two groups, in both directions."""
    pairs = [(one, other) for one in left for other in right]
    return frozenset(pairs + [(other, one) for one, other in pairs])


def _cut_off(nodes: _Nodes) -> str:
    return f"{verb(nodes, 'is', 'are')} cut off"


class _Shape(NamedTuple):
    nodes_min: int
    draw: Callable[[_Nodes, list[int], Random], Cut]


SHAPES: Mapping[str, _Shape] = MappingProxyType(
    {
        "bridge": _Shape(3, _bridge),
        "majorities-ring": _Shape(3, _majorities_ring),
        "majority": _Shape(2, _majority),
        "minority-third": _Shape(4, _minority_third),
        "one": _Shape(2, _one),
        "one-way": _Shape(2, _one_way),
        "random-halves": _Shape(2, _random_halves),
    }
)
"""Every shape: the smallest cluster in which it cuts something, and how it is drawn."""
