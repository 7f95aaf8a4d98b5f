"""Wrong answers to questions whose answer is a text, the attacks on single datasets, and what counts as a proof."""

from random import Random

import pytest

from sandbox.foreign import wrong
from sandbox.foreign.attacks import ATTACKS, CHECKS

SURVO = """Solve this 4*4 matrix puzzle:
0 0 7 10
0 0 7 10
4 4 8 16
6 6 22 36
where 0 represents empty cells. You have the numbers [1, 2, 1, 2] to fill. Each number can only be used once."""
SYLLOGISM = """Consider these statements:
1. {}
2. {}

Does it logically follow that:
{}?
(Answer Yes or No)"""


def made(own: str, others: list[str], question: str = "What is it?") -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for kind, text in wrong.wrong_answers(own, others, question, Random(0)):
        kinds.setdefault(kind, []).append(text)
    return kinds


@pytest.mark.parametrize("own", ["12", "-3.50", "2 x 3 x 7", "a, b, c", "", "[[1, 2], [3, 4]]", "Zoe is a knight"])
def test_no_wrong_answer_is_the_right_one_and_none_comes_twice(own: str) -> None:
    texts = [text for some in made(own, ["15", "17"]).values() for text in some]
    assert own not in texts
    assert len({*texts}) == len(texts)


def test_the_same_wrong_answers_come_from_the_same_randomness() -> None:
    assert made("1 2 3 4 5", ["6"]) == made("1 2 3 4 5", ["6"])


def test_a_changed_number_keeps_its_decimal_places_and_is_another_number() -> None:
    changed = made("3.50", [])[wrong.NUMBER]
    assert "3.51" in changed
    assert "-3.50" in changed
    assert all(wrong.number(text) != wrong.number("3.50") for text in changed)


def test_a_token_is_dropped_doubled_and_swapped() -> None:
    texts = made("up down left", [])[wrong.TOKENS]
    assert {3, 2, 4} <= {len(text.split()) for text in texts}


@pytest.mark.parametrize(
    ("kind", "own", "given"),
    [
        (wrong.BLANK, "7", " "),
        (wrong.JUNK, "7", "8"),
        (wrong.JUNK, "8.0 - 1.0i", "nan"),
        (wrong.HEDGED, "yes", "yes or no"),
        (wrong.TOKENS, "0.25", "0.2"),
    ],
)
def test_a_contradiction_is_a_proof(kind: str, own: str, given: str) -> None:
    assert wrong.disproof(kind, own, given, ["no"])


@pytest.mark.parametrize(
    ("kind", "own", "given"),
    [
        (wrong.NUMBER, "7", "7.0"),
        (wrong.NUMBER, "1/2", "0.5"),
        (wrong.NUMBER, "610991.574", "610991.57"),
        (wrong.DENIED, "up 2", "It is not up 2"),
        (wrong.HEDGED, "up left", "up left or yes"),
        (wrong.TOKENS, "a b", "b a"),
        (wrong.OTHERS, "a path", "another way"),
        (wrong.HEDGED, "yes", "yes or Yes"),
        (wrong.NUMBER, "up 2 down 3", "up 3 down 3"),
    ],
)
def test_what_only_looks_otherwise_is_no_proof(kind: str, own: str, given: str) -> None:
    assert not wrong.disproof(kind, own, given, ["Yes"])


def test_two_answers_at_once_come_in_both_orders() -> None:
    assert ("a or b", "b or a") in wrong.hedges("a", "b")


def test_another_filling_of_a_matrix_keeps_its_sums_and_its_numbers() -> None:
    (attack,) = ATTACKS["survo"]
    assert attack.make(SURVO, "1 2 7 10\n2 1 7 10\n4 4 8 16\n6 6 22 36".replace("6 6", "7 7")) is None
    found = attack.make(SURVO.replace("6 6", "7 7"), "1 2 7 10\n2 1 7 10\n4 4 8 16\n7 7 22 36")
    assert found == "2 1 7 10\n1 2 7 10\n4 4 8 16\n7 7 22 36"


@pytest.mark.parametrize(
    ("first", "second", "conclusion", "own", "right"),
    [
        ("All ants are bees", "Some bees are not cats", "Some ants are not cats", "Yes", "No"),
        ("All ants are bees", "All bees are cats", "All ants are cats", "No", "Yes"),
        ("All ants are bees", "All bees are cats", "Some ants are cats", "Yes", None),  # if there are ants
        ("No ants are bees", "Some cats are bees", "Some cats are not ants", "No", "Yes"),
    ],
)
def test_what_follows_is_decided_in_all_worlds(
    first: str, second: str, conclusion: str, own: str, right: str | None
) -> None:
    (attack,) = ATTACKS["syllogism"]
    assert attack.make(SYLLOGISM.format(first, second, conclusion), own) == right


def test_a_question_whose_dates_contradict_each_other_or_whose_year_is_missing_is_unsound() -> None:
    dates, leap = CHECKS["calendar_arithmetic"]
    assert "is a Thursday, not a Friday" in dates("from Tuesday, June 28, 2022 to Friday, April 21, 2022 (inclusive)?")
    assert not dates("from Tuesday, June 28, 2022 to Friday, April 21, 2023 (inclusive)?")
    assert leap("In a year where Wednesday is January 1st, name the weekday of March 29.")
    assert not leap("In a year where Wednesday is January 1st, name the weekday of February 2.")
    assert not leap("If January 1, 2023 fell on a Sunday, which weekday occurs on March 29?")


def test_an_attack_is_made_of_the_question() -> None:
    (integral,), (expand,), (numbers,) = (
        ATTACKS[n] for n in ("simple_integration", "polynomial_multiplication", "puzzle24")
    )
    assert integral.make("Evaluate: ∫ 2*x + 1 dx\nPlease", "x**2 + x + C") == "Integral(2*x + 1, x)"
    assert expand.make("Simplify this expression: (x - 1)*(x + 1)\nWhen", "x**2 - 1") == "expand((x - 1)*(x + 1))"
    assert numbers.make("Make 24 using 1, 1, 4, 6. You can only", "1*1*4*6") == "1*2*3*4"
