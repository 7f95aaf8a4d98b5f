"""Unit fractions: write a fraction as a sum of different fractions with numerator 1."""

from fractions import Fraction
from random import Random

LONGEST = 10
STATEMENT = (
    "Write the fraction {p}/{q} as the sum of at most 10 different unit fractions. A unit fraction is 1 divided by "
    "a whole number that is at least 2. Give the denominators of the unit fractions, each once, in any order, each "
    "with at most 250 digits. Any such sum counts; a single unit fraction is a sum too."
)


def generate(rng: Random, difficulty: int) -> dict:
    q = rng.randint(10 * min(difficulty, 50), 20 + 15 * min(difficulty, 50))
    return {"p": rng.randint(2, min(3 + difficulty // 3, 6)), "q": q}


def example(p: int, q: int) -> list[int]:
    """Take the largest unit fraction that fits, again and again: the numerator of what is left shrinks each time."""
    left, denominators = Fraction(p, q), []
    while left > 0:
        denominators.append(-(-left.denominator // left.numerator))
        left -= Fraction(1, denominators[-1])
    return denominators


def verify(p: int, q: int, answer: list[int]) -> bool:
    if len(answer) > LONGEST or len(set(answer)) < len(answer):
        return False
    if any(not 2 <= denominator < 10**250 for denominator in answer):
        return False
    return sum((Fraction(1, denominator) for denominator in answer), Fraction(0)) == Fraction(p, q)


def admits(p: int, q: int) -> bool:
    # At most 7 steps, each of which at most squares the denominator: the last one has below 200 digits.
    return 1 <= p <= 7 and p < q <= 1000
