"""Bath water: how warm is the water after several buckets were poured together?"""

from random import Random

STATEMENT = (
    "Into an empty tub these buckets of water are poured, each given as its litres and its temperature in "
    "degrees: {buckets}. After the bucket at position {drain} (counted from 1) the water is stirred and half "
    "of what is in the tub is let out. No heat is lost. How warm is the water in the tub at the end, in degrees? "
    "An answer that differs from the exact value by at most 0.1 is right."
)


def generate(rng: Random, difficulty: int) -> dict:
    buckets = []
    for _ in range(2 + difficulty):
        buckets.append((rng.randint(2, 8 + 3 * difficulty), rng.randint(4, 95)))
    return {"buckets": buckets, "drain": rng.randint(1, len(buckets) - 1)}


def solve(buckets: list[tuple[int, int]], drain: int) -> float:
    litres = heat = 0.0
    for place, (amount, degrees) in enumerate(buckets, start=1):
        litres += amount
        heat += amount * degrees
        if place == drain:
            litres /= 2
            heat /= 2
    return heat / litres


def verify(buckets: list[tuple[int, int]], drain: int, answer: float) -> bool:
    return round(answer, 1) == round(solve(buckets, drain), 1)


def admits(buckets: list[tuple[int, int]], drain: int) -> bool:
    if not 1 <= drain <= len(buckets):
        return False
    return all(1 <= amount <= 1000 and 0 <= degrees <= 100 for amount, degrees in buckets)
