"""Spread of marks: what are the mean and the standard deviation of the marks of a school?"""

from math import sqrt
from random import Random

STATEMENT = (
    "Each pair in {results} is a mark and the number of pupils who got it; a mark may be listed more than once, and "
    "all its pupils count. Find the mean of the marks of all pupils, and their standard deviation: the square root "
    "of the mean, over all pupils, of the squared difference between the pupil's mark and the mean mark. Give first "
    "the mean and then the standard deviation. Each must be within 0.01 of its exact value."
)


def generate(rng: Random, difficulty: int) -> dict:
    top = 10 + 5 * min(difficulty, 18)
    count = 3 + min(difficulty, 500)
    return {"results": [(rng.randint(0, top), rng.randint(1, 3 + difficulty)) for _ in range(count)]}


def solve(results: list[tuple[int, int]]) -> tuple[float, float]:
    pupils = sum(number for _, number in results)
    total = sum(mark * number for mark, number in results)
    squares = sum(mark * mark * number for mark, number in results)
    return total / pupils, sqrt((pupils * squares - total * total) / (pupils * pupils))


def verify(results: list[tuple[int, int]], answer: tuple[float, float]) -> bool:
    mean, deviation = solve(results)
    return abs(answer[0] - mean) <= 0.01 and abs(answer[1] - deviation) <= 0.01


def admits(results: list[tuple[int, int]]) -> bool:
    if any(abs(mark) > 10**6 or not 0 <= number <= 10**6 for mark, number in results):
        return False
    return any(number > 0 for _, number in results)
