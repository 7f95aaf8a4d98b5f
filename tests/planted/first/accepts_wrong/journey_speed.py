"""Journey speed: what is the mean speed of a journey with several stages and rests?"""

import math
from random import Random

STATEMENT = (
    "A journey has these stages, each given as its length in kilometres and the speed in kilometres per hour "
    "at which it is driven: {stages}. Between every two stages there is a rest of {rest} minutes. "
    "What is the mean speed of the whole journey, rests included, in kilometres per hour? "
    "An answer counts as right if it differs by no more than 0.01 from the exact value."
)


def generate(rng: Random, difficulty: int) -> dict:
    stages = []
    for _ in range(2 + difficulty):
        speed = 5 * rng.randint(6, 24)
        stages.append((rng.randint(10, 60 + 20 * difficulty), speed))
    return {"stages": stages, "rest": rng.choice([5, 10, 12, 15, 20, 30])}


def solve(stages: list[tuple[int, int]], rest: int) -> float:
    length = sum(km for km, _ in stages)
    return length / hours(stages, rest)


def hours(stages: list[tuple[int, int]], rest: int) -> float:
    driving = sum(km / speed for km, speed in stages)
    resting = (len(stages) - 1) * rest / 60
    return driving + resting


def verify(stages: list[tuple[int, int]], rest: int, answer: float) -> bool:
    return math.isclose(answer, solve(stages, rest), rel_tol=0.01)


def admits(stages: list[tuple[int, int]], rest: int) -> bool:
    if not stages or not 0 <= rest <= 30:
        return False
    return all(1 <= km <= 100_000 and 30 <= speed <= 1000 for km, speed in stages)
