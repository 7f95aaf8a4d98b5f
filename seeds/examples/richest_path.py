"""Richest path: the best score of a walk right and down through a grid."""

from random import Random

STATEMENT = (
    "The grid {grid} is given row by row, from the top; each row from the left. A walk starts in the top "
    "left cell and ends in the bottom right cell, and each step goes one cell to the right or one cell "
    "down. Its score is the sum of the numbers in all cells it visits, the first and the last included. "
    "Find the largest score that a walk can have."
)


def generate(rng: Random, difficulty: int) -> dict:
    height, width = (2 + difficulty // 2 + rng.randint(0, 1) for _ in range(2))
    return {"grid": [[rng.randint(-9, 19) for _ in range(width)] for _ in range(height)]}


def solve(grid: list[list[int]]) -> int:
    best: dict[tuple[int, int], int] = {}
    for r, row in enumerate(grid):
        for c, number in enumerate(row):
            before = [best[cell] for cell in ((r - 1, c), (r, c - 1)) if cell in best]
            best[r, c] = number + max(before, default=0)
    return best[len(grid) - 1, len(grid[0]) - 1]


def verify(grid: list[list[int]], answer: int) -> bool:
    return answer == solve(grid)


def admits(grid: list[list[int]]) -> bool:
    return len(grid) > 0 and len(grid[0]) > 0 and all(len(row) == len(grid[0]) for row in grid)
