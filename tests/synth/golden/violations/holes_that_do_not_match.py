"""Longest: how long is the longest run?"""

from random import Random

STATEMENT = "How long is the longest run in {ys} of at most {k}?"


def generate(rng: Random, difficulty: int) -> dict:
    return {"xs": [rng.randint(0, 2) for _ in range(4 + difficulty)]}


def solve(xs: list[int]) -> int:
    return len(xs)


def verify(xs: list[int], answer: int) -> bool:
    return answer == solve(xs)
