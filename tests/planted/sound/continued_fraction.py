"""Continued fraction: which fraction is a chain of fractions?"""

from fractions import Fraction
from random import Random

STATEMENT = (
    "From the list {terms} a continued fraction is formed: its value is the first number plus 1 divided by the value "
    "of the continued fraction that is formed from the rest of the list; for a list of one number it is that number. "
    "Find the value as a fraction in lowest terms: first the numerator, then the denominator, which is positive (a "
    "whole number has the denominator 1)."
)


def generate(rng: Random, difficulty: int) -> dict:
    rest = [rng.randint(1, 9) for _ in range(1 + min(difficulty, 98))]
    return {"terms": [rng.randint(-5, 9), *rest]}


def solve(terms: list[int]) -> tuple[int, int]:
    value = Fraction(terms[-1])
    for term in reversed(terms[:-1]):
        value = term + 1 / value
    return value.numerator, value.denominator


def verify(terms: list[int], answer: tuple[int, int]) -> bool:
    return answer == solve(terms)


def admits(terms: list[int]) -> bool:
    # No value in between is 0, and the fraction stays below 300 digits.
    return 1 <= len(terms) <= 100 and abs(terms[0]) <= 10**6 and all(1 <= term <= 99 for term in terms[1:])
