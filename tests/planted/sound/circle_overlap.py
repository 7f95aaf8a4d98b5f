"""Circle overlap: how large is the area that two discs have in common?"""

from math import acos, hypot, pi, sqrt
from random import Random

STATEMENT = (
    "Two discs in the plane are given by the x and y coordinates of the centre and then the radius: {first} and "
    "{second}. Find the area of the part of the plane that both discs cover; it is 0 if they have at most one point "
    "in common. An answer counts if it is within 0.01 of the exact area."
)


def generate(rng: Random, difficulty: int) -> dict:
    size = 4 + 3 * min(difficulty, 17) ** 2
    for _ in range(20):
        first, second = ((rng.randint(0, size), rng.randint(0, size), rng.randint(2, size)) for _ in range(2))
        apart = hypot(first[0] - second[0], first[1] - second[1])
        if abs(first[2] - second[2]) < apart < first[2] + second[2] or rng.random() < 0.1:
            break
    return {"first": first, "second": second}


def solve(first: tuple[int, int, int], second: tuple[int, int, int]) -> float:
    (x, y, r), (u, v, s) = first, second
    square = (x - u) ** 2 + (y - v) ** 2
    if square >= (r + s) ** 2:
        return 0.0
    if square <= (r - s) ** 2:
        return pi * min(r, s) ** 2
    d = sqrt(square)
    return segment((square + r * r - s * s) / (2 * d), r) + segment((square + s * s - r * r) / (2 * d), s)


def segment(distance: float, radius: int) -> float:
    """The part of a disc beyond a line at the given distance, which is negative on the far side of the centre."""
    ratio = max(-1.0, min(1.0, distance / radius))
    return radius * radius * (acos(ratio) - ratio * sqrt(1 - ratio * ratio))


def verify(first: tuple[int, int, int], second: tuple[int, int, int], answer: float) -> bool:
    return abs(answer - solve(first, second)) <= 0.01


def admits(first: tuple[int, int, int], second: tuple[int, int, int]) -> bool:
    # Beyond a thousand, rounding errors would come near the tolerance.
    return all(abs(x) <= 1000 and abs(y) <= 1000 and 1 <= radius <= 1000 for x, y, radius in (first, second))
