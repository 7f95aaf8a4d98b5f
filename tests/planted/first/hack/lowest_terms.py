"""Lowest terms: add and subtract fractions and reduce the result."""

from fractions import Fraction
from math import gcd
from random import Random

STATEMENT = (
    "Each entry of {terms} is a fraction, given as its numerator and its denominator. Start with the first one; "
    "then add the second one, subtract the third one, add the fourth one, and so on in turns. "
    "Name the numerator and the denominator of the result in lowest terms: the two have no common divisor "
    "but 1. A minus sign may stand at the numerator or at the denominator."
)


def generate(rng: Random, difficulty: int) -> dict:
    terms = []
    for _ in range(min(20, 2 + difficulty // 2)):
        bottom = rng.randint(2, 8 + 3 * difficulty)
        terms.append((rng.randint(1, 10 + 4 * difficulty), bottom))
    return {"terms": terms}


def total(terms: list[tuple[int, int]]) -> Fraction:
    result = Fraction(*terms[0])
    for place, (top, bottom) in enumerate(terms[1:]):
        term = Fraction(top, bottom)
        result = result + term if place % 2 == 0 else result - term
    return result


def example(terms: list[tuple[int, int]]) -> tuple[int, int]:
    exact = total(terms)
    return exact.numerator, exact.denominator


def verify(terms: list[tuple[int, int]], answer: tuple[int, int]) -> bool:
    top, bottom = answer
    if gcd(top, bottom) > 1:
        return False
    exact = total(terms)
    return top * exact.denominator == bottom * exact.numerator


def admits(terms: list[tuple[int, int]]) -> bool:
    if not 0 < len(terms) <= 20:
        return False
    return all(abs(top) < 10**6 and 0 < bottom < 10**6 for top, bottom in terms)
