"""The graph of a pool's types as a drawing: types are its nodes, the fields of environments its bands.

On the left what environments are given, on the right what they answer; a band joins a field's type to its
environment's answer. From types alone: nothing is run. What a touch shows, the page's script says.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from synth.environment import Signature
from synth.types import Type

WIDTH, LABELS = 1000.0, 258.0  # of the drawing, and of the names on each side, in its own units
GAP, LEAST = 7.0, 9.0  # between nodes, and of the smallest: a line of text each
FULL = 420.0  # height of all bands together
MOST_TYPES = 32  # on a side; the rarest are one node
OTHERS = "other types"
ROUNDS = 6  # of sorting each side by where its bands come from: fewer bands cross
COLOURS = {"int": "a", "float": "a", "bool": "a", "str": "b", "list": "c", "tuple": "c", "dict": "d"}


@dataclass(frozen=True)
class Bands:
    """What goes from a type that is given to the type that is answered."""

    environments: Mapping[tuple[str, str], int]
    weights: Mapping[tuple[str, str], float]
    """The same, an environment shared out among its fields: so wide is the band."""
    ends: tuple[Mapping[str, int], Mapping[str, int]]
    """How many environments are given each type, and answer each."""


@dataclass
class Node:
    """A type on one side."""

    name: str
    count: int
    weight: float
    y: float = 0.0
    height: float = 0.0
    used: float = 0.0
    """How much of its height has bands already."""

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def bands(signatures: Iterable[Signature]) -> Bands:
    """The bands of these signatures; on each side the rarest types are one, where there are many."""
    shapes = [([str(t) for t in of.domain.values()], str(of.codomain)) for of in signatures]
    given = _most(Counter(t for fields, _ in shapes for t in {*fields}))
    answered = _most(Counter(answer for _, answer in shapes))
    ends: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    environments: Counter[tuple[str, str]] = Counter()
    weights: dict[tuple[str, str], float] = {}
    for fields, answer in shapes:
        pairs = [(given.get(t, OTHERS), answered.get(answer, OTHERS)) for t in fields]
        environments.update({*pairs})
        ends[0].update({a for a, _ in pairs})
        ends[1].update({b for _, b in pairs})
        for pair in pairs:
            weights[pair] = weights.get(pair, 0.0) + 1 / len(pairs)
    return Bands(environments, weights, ends)


def _most(counts: Counter[str]) -> dict[str, str]:
    """The most frequent names."""
    ordered = sorted(counts, key=lambda name: (-counts[name], name))
    return {name: name for name in ordered[:MOST_TYPES]}


def drawing(of: Bands, shapes: Mapping[str, Type]) -> Markup:
    """The graph; ``shapes`` are the types by name, which colour the bands by what is answered."""
    if not of.weights:
        return Markup('<svg id="typegraph"></svg>')
    scale = FULL / sum(of.weights.values())
    left, right = _ordered(of)
    height = max(_place(left.values(), scale), _place(right.values(), scale))
    for side in (left, right):
        _centre(list(side.values()), height)
    paths = [_band(left[a], right[b], of, scale, shapes) for a, b in _from_above(of, left, right)]
    labels = [_label(node, 0) for node in left.values()] + [_label(node, 1) for node in right.values()]
    shape = f'viewBox="0 0 {WIDTH:g} {height + 4:.0f}" role="group" aria-label="Types and environments"'
    return Markup(f'<svg id="typegraph" {shape}>') + Markup("").join([*paths, *labels]) + Markup("</svg>")


def _ordered(of: Bands) -> tuple[dict[str, Node], dict[str, Node]]:
    """Both sides, sorted so that few bands cross: by the mean place of what each is joined to."""
    sides = []
    for at, counts in enumerate(of.ends):
        names = sorted(counts, key=lambda name: (-counts[name], name))
        weight = {name: sum(w for pair, w in of.weights.items() if pair[at] == name) for name in names}
        sides.append({name: Node(name, counts[name], weight[name]) for name in names})
    for turn in range(ROUNDS):
        at = 1 - turn % 2
        place = {name: i for i, name in enumerate(sides[1 - at])}
        mean = {
            name: sum(place[pair[1 - at]] * w for pair, w in of.weights.items() if pair[at] == name) / node.weight
            for name, node in sides[at].items()
        }
        sides[at] = {name: sides[at][name] for name in sorted(sides[at], key=lambda name: (mean[name], name))}
    return sides[0], sides[1]


def _place(nodes: Iterable[Node], scale: float) -> float:
    """Put the nodes under one another; how far down they go."""
    y = 2.0
    for node in nodes:
        node.height = node.weight * scale
        node.y = y + max(0.0, LEAST - node.height) / 2
        y += max(LEAST, node.height) + GAP
    return y


def _centre(nodes: Sequence[Node], height: float) -> None:
    low = nodes[-1].y + nodes[-1].height
    for node in nodes:
        node.y += (height - low) / 2 - 1


def _from_above(of: Bands, left: Mapping[str, Node], right: Mapping[str, Node]) -> list[tuple[str, str]]:
    return sorted(of.weights, key=lambda pair: (left[pair[0]].y, right[pair[1]].y))


def _band(a: Node, b: Node, of: Bands, scale: float, shapes: Mapping[str, Type]) -> Markup:
    """A band, which takes the next free place on both of its nodes."""
    wide, n = of.weights[a.name, b.name] * scale, of.environments[a.name, b.name]
    y0, y1 = a.y + a.used, b.y + b.used
    a.used, b.used = a.used + wide, b.used + wide
    x0, x1 = LABELS + 8, WIDTH - LABELS - 8
    bend = f"{(x0 + x1) / 2:.0f}"
    curve = (
        f"M{x0:g} {y0:.1f}C{bend} {y0:.1f} {bend} {y1:.1f} {x1:g} {y1:.1f}"
        f"v{wide:.1f}C{bend} {y1 + wide:.1f} {bend} {y0 + wide:.1f} {x0:g} {y0 + wide:.1f}z"
    )
    colour = COLOURS[shapes[b.name].head] if b.name in shapes else "muted"
    words = f"{a.name} → {b.name}: {n} environment{'s' * (n != 1)}"
    return Markup(
        f'<path class="band" d="{curve}" fill="var(--{colour})" data-from="{escape(a.name)}" '
        f'data-to="{escape(b.name)}"><title>{escape(words)}</title></path>'
    )


def _label(node: Node, side: int) -> Markup:
    """A node, its name and how many environments it has, as a button."""
    bar, anchor, at = ((LABELS, "end", LABELS - 8), (WIDTH - LABELS, "start", WIDTH - LABELS + 14))[side]
    words = f'<tspan class="n">{node.count}</tspan> '
    text = f"{escape(node.name)} {words}" if side == 0 else f"{words} {escape(node.name)}"
    said = ("are given it", "answer it")[side]
    return Markup(
        f'<g class="type" role="button" tabindex="0" data-{("from", "to")[side]}="{escape(node.name)}" '
        f'aria-label="{escape(node.name)}: {node.count} environments {said}">'
        f'<rect x="{bar:g}" y="{node.y:.1f}" width="6" height="{max(1.0, node.height):.1f}" rx="1"/>'
        f'<text x="{at:g}" y="{node.middle + 3.6:.1f}" text-anchor="{anchor}">{text}</text></g>'
    )
