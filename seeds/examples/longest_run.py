"""Longest run: how long is the longest run of equal neighbours?"""

from itertools import groupby
from random import Random

STATEMENT = (
    "A run is a stretch of neighbouring entries that are all equal; a single entry is a run of length 1. "
    "Find the length of the longest run in the list {xs}."
)


def generate(rng: Random, difficulty: int) -> dict:
    longest = rng.randint(2, 5 + difficulty)
    xs: list[int] = []
    while len(xs) < 8 + 6 * difficulty:
        xs += [rng.randint(0, 3)] * rng.randint(1, longest)
    return {"xs": xs}


def solve(xs: list[int]) -> int:
    return max((len(list(run)) for _, run in groupby(xs)), default=0)


def verify(xs: list[int], answer: int) -> bool:
    return answer == solve(xs)


def admits(xs: list[int]) -> bool:
    return len(xs) > 0
