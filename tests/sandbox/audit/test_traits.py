"""What right answers have in common, and what others lack of it."""

from typing import Any

import pytest

from sandbox.audit.traits import common, traits
from synth.types import parse

CASES = [
    ("list[int]", {"xs": [4, 5, 6]}, [[0, 1], [1, 2]], [1, 1], "no item stands in it twice"),
    ("list[int]", {"xs": [4, 5, 6]}, [[0, 2], [0, 1]], [2, 0], "it rises"),
    ("list[int]", {"xs": [4, 5, 6]}, [[0], [2]], [], "it is not empty"),
    ("list[int]", {"xs": [4, 5, 6]}, [[0], [2]], [3], "each item: it is less than the length of xs"),
    ("list[int]", {"xs": [4, 5, 6]}, [[4], [6]], [7], "each item: it stands in xs"),
    ("list[int]", {"k": 2}, [[4, 1], [6, 6]], [7, 7, 7], "it is as long as k"),
    ("int", {"n": 9}, [3, 8], -2, "it is not negative"),
    ("int", {"n": 9}, [3, 8], 10**40, "it has no more than 15 digits"),
    ("str", {"text": "abc"}, ["cab", "bca"], "abd", "it is an order of text"),
    ("str", {"text": "abc"}, ["a", "b"], " a", "no white space stands at its ends"),
    ("str", {"text": "abc"}, ["a", "bc"], "A", "it has no capitals"),
    ("tuple[int, int]", {"n": 9}, [[1, 9], [3, 3]], [9, 1], "[0] is at most [1]"),
    ("tuple[int, int]", {"n": 9}, [[1, 9], [3, 4]], [3, 3], "[0] and [1] differ"),
    ("dict[str, int]", {"n": 9}, [{"a": 1}, {"b": 2}], {"a": 0}, "each value: it is not 0"),
    ("list[int]", {"xs": [4, 5]}, [[4], [5]], [4, 5], "it is not xs"),
]


@pytest.mark.parametrize(("t", "instance", "right", "odd", "trait"), CASES, ids=[f"{c[0]} {c[3]}" for c in CASES])
def test_an_answer_that_lacks_a_trait_is_told_by_it(
    t: str, instance: dict[str, Any], right: list[Any], odd: object, trait: str
) -> None:
    shared = common(parse(t), [(instance, answer) for answer in right])
    assert trait in shared
    assert trait in shared - traits(parse(t), instance, odd)


@pytest.mark.parametrize(("t", "instance", "right", "odd", "trait"), CASES, ids=[f"{c[0]} {c[3]}" for c in CASES])
def test_right_answers_lack_nothing_of_what_they_share(
    t: str, instance: dict[str, Any], right: list[Any], odd: object, trait: str
) -> None:
    shared = common(parse(t), [(instance, answer) for answer in right])
    assert all(shared <= traits(parse(t), instance, answer) for answer in right)


def test_of_no_answers_nothing_is_shared() -> None:
    assert common(parse("int"), []) == frozenset()
