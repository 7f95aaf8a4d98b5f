"""Longest: how long is the longest run?"""

from random import Random

STATEMENT = "How long is the longest run of equal neighbours in {xs}?"


def generate(rng: Random, difficulty: int) -> dict:
    return {"xs": [rng.randint(0, 2) for _ in range(4 + difficulty)]}


def solve(xs: list[str], k: int) -> float:
    return 1.0


def verify(xs: list[int], answer: int) -> bool:
    return answer == solve(xs)


def admits(ys: list[int]):
    return True
