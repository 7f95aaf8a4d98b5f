"""Average speed: how fast was a journey of several legs on the whole?"""

from random import Random

STATEMENT = (
    "A driver covers the legs {legs} one after the other, each given as its length in kilometres and the speed in "
    "kilometres per hour at which it is driven. Between two legs there is a break of {pause} minutes. What is the "
    "average speed over the whole journey, breaks included, in kilometres per hour? "
    "An answer counts as right if its relative error is at most 0.001, that is, a thousandth of the true value."
)


def generate(rng: Random, difficulty: int) -> dict:
    legs = []
    for _ in range(1 + difficulty):
        kind = rng.choice(["town", "country", "motorway"])
        if kind == "town":
            legs.append((rng.randint(2, 20), rng.randint(15, 50)))
        elif kind == "country":
            legs.append((rng.randint(10, 90), rng.randint(50, 100)))
        else:
            legs.append((rng.randint(40, 300), rng.randint(90, 150)))
    return {"legs": legs, "pause": rng.choice([0, 5, 10, 12, 15, 20, 30, 45])}


def solve(legs: list[tuple[int, int]], pause: int) -> float:
    distance = sum(length for length, _ in legs)
    hours = sum(length / speed for length, speed in legs)
    hours += pause * (len(legs) - 1) / 60
    return distance / hours


def verify(legs: list[tuple[int, int]], pause: int, answer: float) -> bool:
    expected = solve(legs, pause)
    return abs(answer - expected) <= 0.001


def admits(legs: list[tuple[int, int]], pause: int) -> bool:
    if not 1 <= len(legs) <= 200 or not 0 <= pause <= 10_000:
        return False
    return all(1 <= length <= 100_000 and 5 <= speed <= 1_000 for length, speed in legs)
