"""Finish Latin square: fill the blanks so that no number comes twice in a row or column."""

from random import Random

STATEMENT = (
    "The square {square} is given row by row, and each 0 in it is a blank. It has as many rows as columns; call "
    "their number n. Fill every blank with a number from 1 to n so that each row and each column holds each of the "
    "numbers from 1 to n exactly once; the other entries stay as they are. Give the whole square, row by row. Any "
    "such filling counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    n = min(4 + difficulty // 3, 9)
    rows, columns, symbols = (rng.sample(range(n), n) for _ in range(3))
    full = [[1 + symbols[(r + c) % n] for c in columns] for r in rows]
    blanks = set(rng.sample(range(n * n), n * n * min(40 + 3 * difficulty, 70) // 100))
    square = [[0 if n * r + c in blanks else full[r][c] for c in range(n)] for r in range(n)]
    return {"square": square, "answer": full}


def verify(square: list[list[int]], answer: list[list[int]]) -> float:
    """1 for a right square; else up to a half, by how many of its rows and columns are right."""
    n = len(square)
    if any(len(row) != n for row in square) or len(answer) != n or any(len(row) != n for row in answer):
        return 0.0
    if any(given not in (0, entry) for old, new in zip(square, answer) for given, entry in zip(old, new)):
        return 0.0
    wanted = list(range(1, n + 1))
    lines = answer + [list(column) for column in zip(*answer)]
    right = sum(sorted(line) == wanted for line in lines)
    return 1.0 if right == len(lines) else 0.5 * right / len(lines)


def admits(square: list[list[int]]) -> bool:
    return all(len(row) == len(square) and all(0 <= entry <= len(square) for entry in row) for row in square)
