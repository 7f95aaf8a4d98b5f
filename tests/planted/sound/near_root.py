"""Near root: find a place where a polynomial is very nearly 0."""

from fractions import Fraction
from random import Random

STATEMENT = (
    "The numbers {coefficients} are the coefficients of a polynomial in x: first the constant term, then the "
    "coefficient of x, then that of x squared, and so on. Find a number x, at least {low} and at most {high}, at "
    "which the value of the polynomial differs from 0 by at most 0.001. Any such number counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    degree = min(2 + difficulty // 2, 6)
    for _ in range(200):
        coefficients = [rng.randint(-9 - difficulty, 9 + difficulty) for _ in range(degree)]
        coefficients = [max(-900, min(900, c)) for c in coefficients] + [rng.choice([-3, -2, -1, 1, 2, 3])]
        low = rng.randint(-4, 2)
        ends = [value(coefficients, Fraction(x)) for x in (low, low + 2)]
        if ends[0] * ends[1] < 0:
            return {"coefficients": coefficients, "low": low, "high": low + 2}
    return {"coefficients": [-2 - difficulty % 7, 0, 1], "low": 0, "high": 3}


def value(coefficients: list[int], x: Fraction) -> Fraction:
    total = Fraction(0)
    for coefficient in reversed(coefficients):
        total = total * x + coefficient
    return total


def example(coefficients: list[int], low: int, high: int) -> float:
    """Halve the stretch in which the sign changes, until the middle is near enough."""
    left, right = Fraction(low), Fraction(high)
    rising = value(coefficients, left) <= 0 <= value(coefficients, right)
    for _ in range(50):
        middle = (left + right) / 2
        if (value(coefficients, middle) < 0) == rising:
            left = middle
        else:
            right = middle
    return float(left)


def verify(coefficients: list[int], low: int, high: int, answer: float) -> bool:
    return low <= answer <= high and abs(value(coefficients, Fraction(answer))) <= Fraction(1, 1000)


def admits(coefficients: list[int], low: int, high: int) -> bool:
    # On this scale a double can come much nearer than 0.001 to the value 0.
    if len(coefficients) > 7 or any(abs(c) > 1000 for c in coefficients) or not -10 <= low < high <= 10:
        return False
    return value(coefficients, Fraction(low)) * value(coefficients, Fraction(high)) <= 0
