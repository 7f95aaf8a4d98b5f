"""The graph of a pool as mathematics: edges by type, connection, degrees; and feeding, with parts run in this process.

What is expected is counted the plain way: every triple is asked, and reaching is closed under steps.
"""

import json
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.compose import feed
from synth.compose.chain import Chain, Link
from synth.compose.graph import NOT_ADMITTED, Edge, Graph, components, degrees, shape
from synth.environment import Signature, Step
from synth.types import parse
from tests.synth.compose.conftest import LAW, LINKS, PARTS

NAMES = "abcdefgh"
TYPES = st.sampled_from(
    [
        parse(t)
        for t in ("int", "str", "list[int]", "tuple[int, int]", "tuple[int]", "list[list[int]]", "dict[str, int]")
    ]
)
SIGNATURES = st.builds(Signature, st.dictionaries(st.sampled_from("xyz"), TYPES, min_size=1), TYPES)
EDGES = st.lists(st.builds(Edge, st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from("xy")), unique=True)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    nodes = draw(st.dictionaries(st.sampled_from(NAMES), SIGNATURES))
    steps = tuple(name for name in nodes if draw(st.integers(0, 3)))
    graph = Graph(nodes, steps)
    reasons = st.sampled_from([NOT_ADMITTED, "a part timed out"])
    refused = {edge: draw(reasons) for edge in graph.edges if draw(st.booleans())}
    empty = {f"{edge.taker}:{edge.into}": "ignores it" for edge in graph.edges if not draw(st.integers(0, 4))}
    return Graph(nodes, steps, refused, empty)


def reached(edges: list[Edge], start: str) -> set[str]:
    found: set[str] = {start}
    while more := {edge.taker for edge in edges if edge.giver in found} - found:
        found |= more
    return found


@LAW
@given(graphs())
def test_an_edge_is_every_step_with_every_field_that_includes_its_codomain(graph: Graph) -> None:
    wanted = [
        Edge(a, b, into)
        for a, b in product(graph.steps, repeat=2)
        for into, takes in graph.nodes[b].domain.items()
        if graph.nodes[a].codomain <= takes
    ]
    assert list(graph.edges) == sorted(wanted)


def test_over_the_shelf_an_edge_is_what_a_chain_of_two_links_accepts() -> None:
    steps = {name: part for name, part in PARTS.items() if isinstance(part, Step)}
    graph = Graph({name: part.signature for name, part in PARTS.items()}, tuple(steps))
    for giver, link in product(steps.values(), LINKS):
        first = Link(giver, next(iter(giver.signature.domain)))
        if Edge(str(giver), str(link.part), link.into) in graph.edges:
            assert len(Chain((first, link))) == 2
        else:
            with pytest.raises(TypeError):
                Chain((first, link))
    assert any(edge.giver == edge.taker for edge in graph.edges)


@LAW
@given(EDGES)
def test_two_names_share_a_component_exactly_when_each_reaches_the_other(edges: list[Edge]) -> None:
    found = components(NAMES, edges)
    assert sorted(name for part in found for name in part) == sorted(NAMES)
    assert [len(part) for part in found] == sorted(map(len, found), reverse=True)
    of = {name: part for part in found for name in part}
    for a, b in product(NAMES, repeat=2):
        assert (of[a] == of[b]) == (b in reached(edges, a) and a in reached(edges, b))


def test_a_long_chain_needs_no_deep_recursion() -> None:
    names = [f"n{n}" for n in range(20_000)]
    ring = [Edge(a, b, "x") for a, b in zip(names, [*names[1:], names[0]], strict=True)]
    assert len(components(names, ring)[0]) == 20_000
    assert len(components(names, ring[:-1])) == 20_000


@LAW
@given(EDGES)
def test_an_environment_is_a_source_a_sink_lonely_or_both_fed_and_feeding(edges: list[Edge]) -> None:
    made = shape(NAMES, NAMES, edges)
    for name in NAMES:
        feeds = any(edge.giver == name != edge.taker for edge in edges)
        fed = any(edge.taker == name != edge.giver for edge in edges)
        found = name in made.sources, name in made.sinks, name in made.lonely
        assert found == (feeds and not fed, fed and not feeds, not feeds and not fed)


def test_the_core_is_where_a_chain_can_go_round() -> None:
    a_b = Edge("a", "b", "x")
    assert shape("ab", "ab", [a_b]).core == ()
    assert shape("ab", "ab", [a_b, Edge("b", "b", "x")]).core == ("b",)
    assert shape("abc", "abc", [a_b, Edge("b", "a", "x"), Edge("c", "c", "x")]).core == ("a", "b")


def test_an_environment_that_feeds_itself_alone_is_lonely() -> None:
    made = shape("ab", "a", [Edge("a", "a", "x")])
    assert (made.core, made.lonely) == (("a",), ("a", "b"))


def test_a_degree_counts_other_environments_and_not_their_fields() -> None:
    feeds, fed_by = degrees([Edge("a", "b", "x"), Edge("a", "b", "y"), Edge("a", "a", "x"), Edge("c", "b", "x")])
    assert (feeds, fed_by) == ({"a": 1, "c": 1}, {"b": 2})


@LAW
@given(graphs())
def test_a_type_is_given_and_taken_by_inclusion(graph: Graph) -> None:
    signatures = [graph.nodes[name] for name in graph.steps]
    fields = [takes for signature in signatures for takes in signature.domain.values()]
    rows = graph.types()
    assert {t for t, _, _ in rows} == {*fields, *(signature.codomain for signature in signatures)}
    for t, given_by, taken_by in rows:
        assert given_by == sum(signature.codomain <= t for signature in signatures)
        assert taken_by == sum(t <= takes for takes in fields)


@LAW
@given(graphs())
def test_the_counts_and_the_rows_for_a_machine_agree(graph: Graph) -> None:
    row = json.loads(json.dumps(graph.asdict()))
    counts, states = row["counts"], [edge["state"] for edge in row["edges"]]
    assert counts["typed_edges"] == len(states) == counts["admitted"] + counts["refused"]
    assert counts["refused"] == states.count("refused") == counts["not_admitted"] + counts["failed"]
    assert counts["refused"] == sum("reason" in edge for edge in row["edges"])
    assert counts["admitted_core"] <= counts["typed_core"]
    assert sum(node["is_step"] for node in row["nodes"]) == counts["steps"]


@LAW
@given(graphs())
def test_a_shut_field_has_typed_edges_all_of_them_refused(graph: Graph) -> None:
    into: dict[str, list[bool]] = {}
    for edge in graph.edges:
        into.setdefault(f"{edge.taker}:{edge.into}", []).append(edge in graph.refused)
    assert list(graph.shut) == sorted(name for name, refused in into.items() if all(refused))


def test_a_link_takes_a_group_when_any_draw_of_its_other_fields_goes_with_any_value() -> None:
    rotate, digits = Link(PARTS["rotate"], "xs"), Link(PARTS["digits"], "n")  # type: ignore[arg-type]
    assert feed.fed(rotate, [[[]], [[], [1]], []], Random(0)) == [False, True, False]
    assert feed.fed(digits, [[-1, -2], [-1, 2]], Random(0)) == [False, True]


def test_what_a_link_takes_does_not_hang_on_the_groups_beside_it() -> None:
    link = Link(PARTS["rotate"], "k")  # type: ignore[arg-type]
    groups = [[-1], [0], [3], [-5, 2]]
    together = feed.fed(link, groups, Random(3))
    assert together == [feed.fed(link, [group], Random(3))[0] for group in groups]
