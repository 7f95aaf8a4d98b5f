"""Triangle lattice points: how many points with whole coordinates lie in a triangle, and how many on its edge?"""

from math import gcd
from random import Random

STATEMENT = (
    "A triangle has the corners {a}, {b} and {c}, each given by its x and y coordinates. Among the points whose two "
    "coordinates are both whole numbers, count those that lie strictly inside the triangle, and those that lie on "
    "its three sides, the corners included. Give first the number inside and then the number on the sides."
)


def generate(rng: Random, difficulty: int) -> dict:
    size = 4 * 2 ** min(difficulty, 20)
    a, b = ((rng.randint(-size, size), rng.randint(-size, size)) for _ in range(2))
    c = (rng.randint(-size, size), rng.randint(-size, size))
    if a == b:
        b = (a[0] + 2, a[1] + 4)
    if double_area(a, b, c) == 0:  # on one line
        c = (c[0] + b[1] - a[1], c[1] + a[0] - b[0])  # a quarter turn away from it
    return {"a": a, "b": b, "c": c}


def double_area(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]))


def solve(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> tuple[int, int]:
    sides = sum(gcd(p[0] - q[0], p[1] - q[1]) for p, q in ((a, b), (b, c), (c, a)))
    return (double_area(a, b, c) - sides + 2) // 2, sides  # by Pick's theorem


def verify(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int], answer: tuple[int, int]) -> bool:
    return answer == solve(a, b, c)


def admits(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    return double_area(a, b, c) > 0 and all(abs(number) <= 10**9 for number in a + b + c)
