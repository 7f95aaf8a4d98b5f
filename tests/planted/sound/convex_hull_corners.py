"""Convex hull corners: which points are the corners of the smallest fence around all points?"""

from random import Random

Point = tuple[int, int]
STATEMENT = (
    "The points {points} are given by their x coordinate, which grows to the right, and their y coordinate, which "
    "grows upwards; a point may be listed more than once. Find the corners of their convex hull. A point on a side "
    "of the hull that is not at one of its ends is no corner. If all points lie on one straight line, the corners "
    "are its two outermost points; if they are all the same, that point is the only corner, and without any points "
    "there is none. Give each corner once, counterclockwise, starting with the leftmost one; if two are "
    "leftmost, with the lower of them."
)


def generate(rng: Random, difficulty: int) -> dict:
    side = 4 + min(difficulty, 100)
    return {"points": [(rng.randint(0, side), rng.randint(0, side)) for _ in range(4 + 2 * min(difficulty, 300))]}


def left_turn(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) > (c[0] - a[0]) * (b[1] - a[1])


def chain(points: list[Point]) -> list[Point]:
    """The points that turn left at every step, from the first to the last."""
    kept: list[Point] = []
    for point in points:
        while len(kept) > 1 and not left_turn(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return kept


def solve(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    different = sorted(set(points))
    if len(different) < 2:
        return different
    return chain(different)[:-1] + chain(different[::-1])[:-1]


def verify(points: list[tuple[int, int]], answer: list[tuple[int, int]]) -> bool:
    return answer == solve(points)
