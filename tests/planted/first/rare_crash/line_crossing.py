"""Line crossing: where do two straight lines meet?"""

from fractions import Fraction
from random import Random

Point = tuple[int, int]
STATEMENT = (
    "One straight line goes through the points {a} and {b}, another one through the points {c} and {d}; a point is "
    "given by its x and its y. At which point do the lines meet? Give its x and its y. "
    "Each of them may differ by at most 0.01 from the exact value."
)


def generate(rng: Random, difficulty: int) -> dict:
    reach = 40 + 10 * difficulty
    for _ in range(100):
        a, b, c, d = [(rng.randint(-reach, reach), rng.randint(-reach, reach)) for _ in range(4)]
        if admits(a, b, c, d):
            break
    else:
        a, b, c, d = (0, 0), (1, 1), (0, reach), (1, 0)
    return {"a": a, "b": b, "c": c, "d": d}


def line_through(p: Point, q: Point) -> tuple[Fraction, Fraction]:
    slope = Fraction(q[1] - p[1], q[0] - p[0])
    return slope, p[1] - slope * p[0]


def solve(a: Point, b: Point, c: Point, d: Point) -> tuple[float, float]:
    slope, height = line_through(a, b)
    other_slope, other_height = line_through(c, d)
    x = (other_height - height) / (slope - other_slope)
    return float(x), float(slope * x + height)


def verify(a: Point, b: Point, c: Point, d: Point, answer: tuple[float, float]) -> bool:
    return all(abs(given - exact) <= 0.01 for given, exact in zip(answer, solve(a, b, c, d)))


def admits(a: Point, b: Point, c: Point, d: Point) -> bool:
    if any(abs(number) > 10_000 for point in (a, b, c, d) for number in point):
        return False
    return (b[0] - a[0]) * (d[1] - c[1]) != (b[1] - a[1]) * (d[0] - c[0])
