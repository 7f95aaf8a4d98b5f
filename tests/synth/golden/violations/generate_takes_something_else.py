"""Longest: how long is the longest run?"""

from random import Random

STATEMENT = "How long is the longest run of equal neighbours in {xs}?"


def generate(seed: int, difficulty: int = 1) -> dict:
    return {"xs": [seed]}


def solve(xs: list[int]) -> int:
    return len(xs)


def verify(xs: list[int], answer: int) -> bool:
    return answer == solve(xs)
