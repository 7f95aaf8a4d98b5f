"""Trip length: how long is the round trip through points in the plane?"""

from math import dist
from random import Random

STATEMENT = (
    "A trip visits the points {points}, each given by its x and y coordinates, in this order, and then "
    "returns to the first point. Each leg is a straight line. Find the length of the whole trip, the way "
    "back included. An answer counts if it is within 0.01 of the exact length."
)


def generate(rng: Random, difficulty: int) -> dict:
    side = 8 + 4 * difficulty
    cells = rng.sample(range(side * side), 2 + difficulty)
    return {"points": [divmod(cell, side) for cell in cells]}


def solve(points: list[tuple[int, int]]) -> float:
    return sum(dist(points[i - 1], points[i]) for i in range(len(points)))


def verify(points: list[tuple[int, int]], answer: float) -> bool:
    return abs(answer - solve(points)) <= 0.01


def admits(points: list[tuple[int, int]]) -> bool:
    # Beyond a million, rounding errors would come near the tolerance.
    return len(points) > 0 and all(abs(coordinate) <= 10**6 for point in points for coordinate in point)
