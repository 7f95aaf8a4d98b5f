"""Last digits: the last three digits of a power, as a number."""

from random import Random

STATEMENT = "Find the remainder when {base} raised to the power {exponent} is divided by 1000."


def generate(rng: Random, difficulty: int) -> dict:
    base = 10 * rng.randint(1, 5 * difficulty) + rng.choice([1, 2, 3, 4, 6, 7, 8, 9])
    return {"base": base, "exponent": rng.randint(10**difficulty // 2, 10**difficulty)}


def solve(base: int, exponent: int) -> int:
    return pow(base, exponent, 1000)


def verify(base: int, exponent: int, answer: int) -> bool:
    return answer == solve(base, exponent)


def admits(base: int, exponent: int) -> bool:
    return base >= 0 and exponent >= 0
