"""Prefix sums: replace each entry by the sum up to it, modulo a number."""

from itertools import accumulate
from random import Random

STATEMENT = (
    "Replace each entry of the list {xs} by the remainder, from 0 to {m} - 1, that is left when the sum "
    "of all entries from the first up to and including it is divided by {m}. Keep the order."
)


def generate(rng: Random, difficulty: int) -> dict:
    high = 20 + 30 * difficulty
    return {"xs": [rng.randint(0, high) for _ in range(3 + difficulty)], "m": rng.randint(11, 97)}


def solve(xs: list[int], m: int) -> list[int]:
    return [total % m for total in accumulate(xs)]


def verify(xs: list[int], m: int, answer: list[int]) -> bool:
    return answer == solve(xs, m)


def admits(xs: list[int], m: int) -> bool:
    return m > 0
