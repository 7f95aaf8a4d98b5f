"""Longest: how long is the longest run?"""

from random import Random

STATEMENT = "How long is the longest run of equal neighbours in {xs}?"


def solve(xs: list[int]) -> int:
    return len(xs)


def verify(xs: list[int], answer: int) -> bool:
    return answer == solve(xs)
