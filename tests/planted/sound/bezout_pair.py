"""Bezout pair: combine two numbers to their greatest common divisor."""

from math import gcd
from random import Random

STATEMENT = (
    "Find two whole numbers x and y, which may be negative or 0, such that x times {a} plus y times {b} is the "
    "greatest common divisor of {a} and {b}. The greatest common divisor is the largest positive number that "
    "divides both; if one of the two is 0 it is the other one without its sign, and that of 0 and 0 is 0. Give x and "
    "then y. Any such pair counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    top = 10 * 3 ** min(difficulty, 100)
    common = rng.randint(1, 9)
    return {"a": common * rng.randint(top // 4, top), "b": common * rng.randint(top // 4, top)}


def example(a: int, b: int) -> tuple[int, int]:
    r, x, y = a, 1, 0
    next_r, next_x, next_y = b, 0, 1
    while next_r:
        q = r // next_r
        r, next_r = next_r, r - q * next_r
        x, next_x = next_x, x - q * next_x
        y, next_y = next_y, y - q * next_y
    return (x, y) if r >= 0 else (-x, -y)


def verify(a: int, b: int, answer: tuple[int, int]) -> bool:
    x, y = answer
    return x * a + y * b == gcd(a, b)
