"""Shortest tour: how long is the shortest round trip through all towns?"""

from itertools import permutations
from random import Random

STATEMENT = (
    "The towns are numbered from 0. In the table {minutes}, entry j of row i, both counted from 0, is the number of "
    "minutes that the direct way from town i to town j takes; the way back may take another time, and the entries "
    "from a town to itself mean nothing. A tour starts in town 0, visits every other town exactly once, going the "
    "direct way each time, and then goes back to town 0. How many minutes does the shortest tour take? With a single "
    "town it takes 0."
)


def generate(rng: Random, difficulty: int) -> dict:
    n = min(4 + (difficulty - 1) // 3, 7)
    top = 20 + 10 * min(difficulty, 1000)
    return {"minutes": [[0 if i == j else rng.randint(5, top) for j in range(n)] for i in range(n)]}


def solve(minutes: list[list[int]]) -> int:
    if len(minutes) == 1:
        return 0
    return min(duration(minutes, order) for order in permutations(range(1, len(minutes))))


def duration(minutes: list[list[int]], order: tuple[int, ...]) -> int:
    return sum(minutes[i][j] for i, j in zip((0, *order), (*order, 0)))


def verify(minutes: list[list[int]], answer: int) -> bool:
    return answer == solve(minutes)


def admits(minutes: list[list[int]]) -> bool:
    # All tours are tried: with 8 towns there are 5,040.
    if not 1 <= len(minutes) <= 8 or any(len(row) != len(minutes) for row in minutes):
        return False
    return all(0 <= entry <= 10**9 for row in minutes for entry in row)
