"""Random, odd and nearly right values: members of their type, and other than the right one."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from synth.contract import INSTANCE_BYTES
from synth.types import Type, canonical, parse
from synth.values import differ, draw, floats, huge, near_misses, odd
from tests.synth.test_types import SEEDS, TYPES


@given(TYPES, SEEDS)
def test_every_value_made_is_a_member(t: Type, seed: int) -> None:
    rng = Random(seed)
    value = draw(t, rng)
    made = [value, *odd(t), *(miss for _, miss in near_misses(t, value, rng))]
    assert [v for v in made if v not in t] == []


@given(TYPES, SEEDS)
def test_near_misses_differ_from_the_value_and_from_each_other(t: Type, seed: int) -> None:
    rng = Random(seed)
    value = draw(t, rng)
    misses = [miss for _, miss in near_misses(t, value, rng)]
    assert misses, f"nothing is near {value!r} of {t}"
    assert value not in misses
    assert len({canonical(miss) for miss in misses}) == len(misses)


@given(TYPES, SEEDS)
def test_the_same_rng_gives_the_same_values(t: Type, seed: int) -> None:
    def made() -> list[Any]:
        rng = Random(seed)
        value = draw(t, rng)
        return [value, odd(t), near_misses(t, value, rng), rng.random()]

    assert made() == made()


@given(TYPES, SEEDS)
def test_near_misses_leave_the_value_as_it_was(t: Type, seed: int) -> None:
    value = t.shaped(draw(t, Random(seed)))
    before = canonical(value)
    near_misses(t, value, Random(seed))
    assert canonical(value) == before


@pytest.mark.parametrize(
    ("t", "value"),
    [
        ("float", 0.0),
        ("float", -0.0),
        ("float", 0),
        ("float", 2),
        ("float", 1e308),
        ("float", 10**308),
        ("tuple[float, float]", (0.0, 0)),
        ("int", 10**299),
        ("str", ""),
        ("str", "²"),
        ("str", "--5"),
        ("str", "-"),
        ("str", "٣"),
        ("str", "9" * 5000),
        ("list[str]", ["²", "--1"]),
        ("tuple[str]", [""]),
        ("dict[str, tuple[float]]", {"": [0]}),
        ("list[dict[str, int]]", [{"b": 1}, {"a": 2}]),
        ("list[list[bool]]", [[], [True]]),
        ("dict[str, list[int]]", {}),
    ],
)
def test_near_misses_of_values_that_trip_careless_code(t: str, value: Any) -> None:
    misses = near_misses(parse(t), value, Random(0))
    assert misses
    assert all(miss in parse(t) and miss != value for _, miss in misses)


def test_no_value_made_is_ever_zero_with_a_sign_beside_zero() -> None:
    assert [miss for _, miss in near_misses(parse("float"), 0.0, Random(0)) if miss == 0.0] == []


def test_near_misses_take_the_steps_that_slips_take() -> None:
    kinds = {kind for kind, _ in near_misses(parse("list[int]"), [3, 1, 2, 0], Random(0))}
    assert {"empty", "reversed", "appended", "cut", "swapped", "rotated", "sorted", "item off by one"} <= kinds
    assert ("off by one", "10") in near_misses(parse("str"), "9", Random(0))
    assert ("swapped", [2, 1]) in near_misses(parse("tuple[int, int]"), (1, 2), Random(0))
    assert ("renamed", {"ax": 1}) in near_misses(parse("dict[str, int]"), {"a": 1}, Random(0))


@pytest.mark.parametrize(
    ("t", "a", "b", "told_apart"),
    [
        ("int", 1000, 1001, True),
        ("float", 1000.0, 1001.0, False),
        ("float", 1000.0, 1100.0, True),
        ("tuple[int, float]", (1000, 0.5), [1001, 0.5], True),
        ("tuple[int, float]", (1000, 0.5), [1000, 0.51], False),
        ("list[float]", [1.0], [1.0, 1.0], True),
        ("dict[str, float]", {"a": 1.0}, {"b": 1.0}, True),
        ("tuple[str, float]", ("a", 0), ["a", 0.0], False),
        ("tuple[int, int]", (1, 2), [1, 2], False),
        ("dict[str, int]", {"a": 1, "b": 2}, {"b": 2, "a": 1}, False),
        ("float", 1e308, -1e308, True),
    ],
)
def test_floats_are_told_apart_beyond_any_tolerance_and_all_else_exactly(
    t: str, a: Any, b: Any, told_apart: bool
) -> None:
    assert differ(parse(t))(a, b) is told_apart
    assert differ(parse(t))(b, a) is told_apart


@settings(deadline=None)  # they are huge
@given(TYPES, SEEDS)
def test_huge_values_are_members_that_an_instance_could_hold(t: Type, seed: int) -> None:
    made = huge(t, draw(t, Random(seed)))
    assert [value for value in made if value not in t] == []
    assert all(len(canonical(value)) <= 2 * INSTANCE_BYTES for value in made)


@pytest.mark.parametrize(("t", "value"), [("int", 3), ("str", "ab"), ("list[int]", [1, 2]), ("dict[str, int]", {})])
def test_huge_values_are_huge(t: str, value: Any) -> None:
    assert max(len(canonical(large)) for large in huge(parse(t), value)) > (299 if t == "int" else INSTANCE_BYTES / 2)


def test_every_float_of_a_value_is_changed_and_nothing_else() -> None:
    t = parse("dict[str, tuple[list[float], int]]")
    assert floats(t, {"a": [[0.5, 2], 2]}, lambda x: x + 1) == {"a": [[1.5, 3.0], 2]}
