"""Number sorting: put numbers into rising or falling order.

For the benchmarks, not of the shelf: reasoning-gym's task of that name, in its sizes whatever the difficulty.
"""

from random import Random

STATEMENT = "Sort the numbers {xs}: into rising order if {rising} is true, into falling order if it is false."


def generate(rng: Random, difficulty: int) -> dict:
    xs = [round(rng.uniform(-100, 100), rng.randint(0, 2)) for _ in range(rng.randint(3, 10))]
    return {"xs": xs, "rising": rng.random() < 0.5}


def solve(xs: list[float], rising: bool) -> list[float]:
    return sorted(xs, reverse=not rising)


def verify(xs: list[float], rising: bool, answer: list[float]) -> bool:
    return answer == solve(xs, rising)
