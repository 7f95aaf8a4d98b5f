"""Rainbow draw: the exact chance that balls drawn from an urn all differ in colour."""

from fractions import Fraction
from math import comb
from random import Random

STATEMENT = (
    "An urn holds balls of several colours; the list {counts} says how many there are of each colour. "
    "{draws} balls are drawn at random, all at once. Find the probability that no two of them have the "
    "same colour, as a fraction in lowest terms: first the numerator, then the denominator. Probability 0 "
    "is 0 over 1."
)


def generate(rng: Random, difficulty: int) -> dict:
    counts = [rng.randint(1, 5 + difficulty) for _ in range(3 + difficulty // 2)]
    return {"counts": counts, "draws": rng.randint(2, 2 + difficulty // 3)}


def solve(counts: list[int], draws: int) -> tuple[int, int]:
    ways = [1] + [0] * draws  # ways[k]: to draw k balls of different colours from the colours seen so far
    for count in counts:
        for k in range(draws, 0, -1):
            ways[k] += ways[k - 1] * count
    chance = Fraction(ways[draws], comb(sum(counts), draws))
    return chance.numerator, chance.denominator


def verify(counts: list[int], draws: int, answer: tuple[int, int]) -> bool:
    return answer == solve(counts, draws)


def admits(counts: list[int], draws: int) -> bool:
    # The denominator stays below 300 digits, and the table small.
    return len(counts) <= 200 and min(counts, default=-1) >= 0 and 1 <= draws <= sum(counts) <= 900
