"""Random steps from value to value: within the type, repeatable, and to where they say."""

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given

from synth.contract import INSTANCE_BYTES
from synth.moves import fits, kinds, move
from synth.types import Type, canonical, parse
from synth.values import draw
from tests.synth.test_types import SEEDS, TYPES


def walk(t: Type, seed: int, steps: int = 12) -> list[Any]:
    """What a walk of random steps comes by, borrowing random values."""
    rng = Random(seed)
    lent = Random(seed + 1)
    value, found = draw(t, rng), []
    for _ in range(steps):
        value = move(t, value, rng.choice(kinds(t)), lambda u: [draw(u, lent)], rng)
        found.append(value)
        value = value if len(canonical(value)) < 2_000 else draw(t, rng)
    return found


@given(TYPES, SEEDS)
def test_every_step_leads_to_a_member(t: Type, seed: int) -> None:
    assert [value for value in walk(t, seed) if value not in t] == []


@given(TYPES, SEEDS)
def test_the_same_rng_takes_the_same_steps(t: Type, seed: int) -> None:
    assert list(map(canonical, walk(t, seed))) == list(map(canonical, walk(t, seed)))


@given(TYPES, SEEDS)
def test_a_step_leaves_the_value_as_it_was(t: Type, seed: int) -> None:
    rng = Random(seed)
    value = draw(t, rng)
    before = canonical(value)
    for kind in kinds(t):
        move(t, value, kind, lambda u: [draw(u, rng)], rng)
    assert canonical(value) == before


def reached(t: str, value: Any, kind: str, own: Sequence[Any] = ()) -> set[str]:
    """All that a kind of step leads to from a value."""
    type_ = parse(t)

    def lent(u: Type) -> list[Any]:
        return [v for v in own if v in u]

    return {canonical(move(type_, value, kind, lent, Random(seed))) for seed in range(300)}


@pytest.mark.parametrize(
    ("t", "value", "kind", "own", "led"),
    [
        ("int", 2, "borrowed, added", [5], ["-3", "7"]),
        ("int", 2, "borrowed", [], ["2"]),
        ("list[int]", [1, 2], "copied", [], ["[1,1]", "[2,2]"]),
        ("list[int]", [7, 8], "added twice", [3], ["[7,8,3,3]", "[3,3,7,8]", "[7,3,3,8]"]),
        ("list[int]", [4, 4], "items exchanged", [], ["[5,3]", "[3,5]", "[14,-6]"]),
        ("list[int]", [1, 1], "items exchanged", [[6, 9]], ["[4,-1]", "[-2,3]"]),
        ("tuple[int, int]", [1, 1], "items exchanged", [6, 9], ["[4,-1]", "[-2,3]"]),
        ("list[int]", [1, 2, 1], "renamed", [], ["[2,2,2]", "[1,1,1]"]),
        ("list[list[int]]", [[1], [2], [1]], "each once", [], ["[[1],[2]]"]),
        ("str", "aba", "each once", [], ['"ab"']),
        ("str", "aba", "renamed", [], ['"bbb"', '"aaa"']),
        ("list[list[int]]", [[1, 2], [3]], "items exchanged", [], ["[[1],[3,2]]"]),
        ("tuple[int, str, int]", [1, "a", 2], "items swapped", [], ['[2,"a",1]']),
        ("tuple[int, str]", [1, "a"], "items swapped", [], ['[1,"a"]']),
        ("dict[str, int]", {"a": 1, "b": 2}, "values swapped", [], ['{"a":2,"b":1}']),
        ("dict[str, int]", {"a": 1}, "key renamed", ["z"], ['{"z":1}', '{"a ":1}']),
        ("str", "12", "numeral", [], ['"012"', '"12.0"', '"13"', '"-12"']),
        ("str", "aB", "case", [], ['"Ab"', '"AB"', '"ab"']),
    ],
)
def test_steps_lead_where_verifiers_look_away(t: str, value: Any, kind: str, own: list[Any], led: list[str]) -> None:
    assert set(led) <= reached(t, value, kind, own)


def test_what_is_larger_than_an_instance_does_not_fit() -> None:
    assert fits([10**299, "x" * 1_000])
    assert not fits({"a": [10**300]})
    assert not fits("x" * INSTANCE_BYTES)
