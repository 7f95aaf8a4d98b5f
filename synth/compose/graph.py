"""The graph of a pool: whose answer can be given to which field of which other environment.

An edge is typed: every value of the giver's codomain is one of the field's type. Giver and taker are steps (they
compute an answer to what they are given), and may be the same step. Nothing is run here: what running a pair has shown
(``sandbox/feeding.py``) is a reason for each edge that it refused. Where one speaks of *others*, edges from a step to
itself do not count.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from synth.environment import Signature
from synth.pool import Pool
from synth.program import Reference
from synth.types import Type

NOT_ADMITTED = "type-correct, but never admitted"


@dataclass(frozen=True, order=True)
class Edge:
    """The answer of ``giver`` put in the field ``into`` of ``taker``."""

    giver: str
    taker: str
    into: str

    def __str__(self) -> str:
        return f"{self.giver} -> {self.taker}:{self.into}"


@dataclass(frozen=True)
class Shape:
    """What a set of edges makes of a set of environments; names are sorted."""

    components: tuple[tuple[str, ...], ...]
    """The steps by strong connection, the largest component first."""
    core: tuple[str, ...]
    """The largest component in which a chain can go round for ever: of two steps or more, or one that feeds itself."""
    sources: tuple[str, ...]
    """What feeds others, and is fed by none."""
    sinks: tuple[str, ...]
    """What others feed, and feeds none."""
    lonely: tuple[str, ...]
    """What neither feeds others nor is fed by them."""


@dataclass(frozen=True)
class Graph:
    """Environments by name, which of them are steps, and what running the edges has shown so far."""

    nodes: Mapping[str, Signature]
    steps: tuple[str, ...]
    refused: Mapping[Edge, str] = field(default_factory=dict)
    """Why execution refused an edge."""
    empty: Mapping[str, str] = field(default_factory=dict)
    """Fields of steps, as ``name:field``, through which the step would be an empty one, and why; or what went wrong
    when that was looked at."""

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every typed edge, sorted."""
        takers: dict[Type, list[tuple[str, str]]] = {}
        for name in self.steps:
            for into, takes in self.nodes[name].domain.items():
                takers.setdefault(takes, []).append((name, into))
        return tuple(
            sorted(
                Edge(giver, taker, into)
                for giver in self.steps
                for takes, fields in takers.items()
                if self.nodes[giver].codomain <= takes
                for taker, into in fields
            )
        )

    @cached_property
    def admitted(self) -> tuple[Edge, ...]:
        """The edges that execution did not refuse."""
        return tuple(edge for edge in self.edges if edge not in self.refused)

    @cached_property
    def shut(self) -> tuple[str, ...]:
        """The fields, as ``name:field``, that typed edges lead to and no admitted one."""
        typed, admitted = ({f"{edge.taker}:{edge.into}" for edge in edges} for edges in (self.edges, self.admitted))
        return tuple(sorted(typed - admitted))

    @cached_property
    def typed_shape(self) -> Shape:
        return shape(self.nodes, self.steps, self.edges)

    @cached_property
    def admitted_shape(self) -> Shape:
        return shape(self.nodes, self.steps, self.admitted)

    def types(self) -> list[tuple[Type, int, int]]:
        """Each type in a step's signature, how many steps give nothing but its values, how many fields take them all.

        The types that make most pairs come first.
        """
        signatures = [self.nodes[name] for name in self.steps]
        fields = Counter(takes for signature in signatures for takes in signature.domain.values())
        codomains = Counter(signature.codomain for signature in signatures)
        rows = [
            (
                t,
                sum(count for gives, count in codomains.items() if gives <= t),
                sum(count for takes, count in fields.items() if t <= takes),
            )
            for t in fields | codomains
        ]
        return sorted(rows, key=lambda row: (-row[1] * row[2], -row[1] - row[2], str(row[0])))

    def counts(self) -> dict[str, Any]:
        """How large it is, and what execution made of it; ``refused_share`` is of the typed edges."""
        failed = sum(reason != NOT_ADMITTED for reason in self.refused.values())
        return {
            "environments": len(self.nodes),
            "steps": len(self.steps),
            "fields": sum(len(self.nodes[name].domain) for name in self.steps),
            "typed_edges": len(self.edges),
            "to_itself": sum(edge.giver == edge.taker for edge in self.edges),
            "admitted": len(self.admitted),
            "refused": len(self.refused),
            "refused_share": round(len(self.refused) / max(1, len(self.edges)), 4),
            "not_admitted": len(self.refused) - failed,
            "failed": failed,
            "shut_fields": len(self.shut),
            "empty_steps": len(self.empty),
            "admitted_into_empty_steps": sum(f"{edge.taker}:{edge.into}" in self.empty for edge in self.admitted),
            "typed_core": len(self.typed_shape.core),
            "admitted_core": len(self.admitted_shape.core),
        }

    def asdict(self) -> dict[str, Any]:
        """All of it for a machine; a node's ``feeds`` and ``fed_by`` count other environments, by admitted edges."""
        feeds, fed_by = degrees(self.admitted)
        return {
            "counts": self.counts(),
            "nodes": [
                {
                    "name": name,
                    "signature": str(signature),
                    "is_step": name in self.steps,
                    "feeds": feeds[name],
                    "fed_by": fed_by[name],
                }
                for name, signature in self.nodes.items()
            ],
            "edges": [self._row(edge) for edge in self.edges],
            "shut_fields": list(self.shut),
            "empty_steps": dict(self.empty),
            "components": {"typed": vars(self.typed_shape), "admitted": vars(self.admitted_shape)},
            "types": [{"type": str(t), "given": given, "taken": taken} for t, given, taken in self.types()],
        }

    def _row(self, edge: Edge) -> dict[str, str]:
        row = {"from": edge.giver, "to": edge.taker, "field": edge.into}
        refused = edge in self.refused
        return {**row, "state": "refused", "reason": self.refused[edge]} if refused else {**row, "state": "admitted"}


def of(pool: Pool) -> Graph:
    """The typed graph of ``pool``, of which nothing has been run yet."""
    steps = tuple(entry.name for entry in pool if entry.program.reference is not Reference.WITNESS)
    return Graph({entry.name: entry.program.signature for entry in pool}, steps)


def shape(nodes: Iterable[str], steps: Sequence[str], edges: Sequence[Edge]) -> Shape:
    """What ``edges`` make of ``nodes``, of which ``steps`` can have any."""
    feeds, fed_by = degrees(edges)
    found = components(steps, edges)
    round_trips = {edge.giver for edge in edges if edge.giver == edge.taker}
    return Shape(
        found,
        next((part for part in found if len(part) > 1 or part[0] in round_trips), ()),
        tuple(sorted(feeds.keys() - fed_by.keys())),
        tuple(sorted(fed_by.keys() - feeds.keys())),
        tuple(sorted({*nodes} - feeds.keys() - fed_by.keys())),
    )


def degrees(edges: Iterable[Edge]) -> tuple[Counter[str], Counter[str]]:
    """How many others each environment feeds, and by how many others it is fed; by whatever fields."""
    pairs = {(edge.giver, edge.taker) for edge in edges if edge.giver != edge.taker}
    return Counter(giver for giver, _ in pairs), Counter(taker for _, taker in pairs)


def components(names: Sequence[str], edges: Iterable[Edge]) -> tuple[tuple[str, ...], ...]:
    """The strongly connected components (Kosaraju), the largest first: from each of its names every other is reached.

    >>> components("abc", [Edge("a", "b", "x"), Edge("b", "a", "x"), Edge("b", "c", "x")])
    (('a', 'b'), ('c',))
    """
    after: dict[str, list[str]] = {name: [] for name in names}
    before: dict[str, list[str]] = {name: [] for name in names}
    for giver, taker in sorted({(edge.giver, edge.taker) for edge in edges}):
        after[giver].append(taker)
        before[taker].append(giver)
    left = [name for tree in _trees(names, after) for name in tree]
    found = [tuple(sorted(tree)) for tree in _trees(reversed(left), before)]
    return tuple(sorted(found, key=lambda part: (-len(part), part)))


def _trees(roots: Iterable[str], after: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """What each root reaches that none before it did, in the order in which a search in depth leaves it."""
    seen: set[str] = set()
    for root in roots:
        if root in seen:
            continue
        seen.add(root)
        stack, left = [(root, iter(after[root]))], []
        while stack:
            name, following = stack[-1]
            if (fresh := next((n for n in following if n not in seen), None)) is None:
                left.append(name)
                stack.pop()
            else:
                seen.add(fresh)
                stack.append((fresh, iter(after[fresh])))
        yield left
