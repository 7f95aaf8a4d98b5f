"""Queens to add: complete a board of queens so that none attacks another."""

from random import Random

STATEMENT = (
    "A board has {n} rows and {n} columns, both numbered from 1. Queens stand on the squares {placed}, each given by "
    "its row and then its column. Add queens until every row holds exactly one, so that no two queens share a "
    "column or a diagonal (two squares share a diagonal when their rows differ by as much as their columns). Leave "
    "the queens that stand there in place. Give the column of the queen in each row, from row 1 to row {n}, the "
    "ones that were there at the start included. Any such board counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    n = min(5 + difficulty, 14)
    columns = full_board(rng, n)
    rows = sorted(rng.sample(range(n), max(1, n // 2 - difficulty // 2)))
    return {"n": n, "placed": [(row + 1, columns[row] + 1) for row in rows], "answer": [c + 1 for c in columns]}


def full_board(rng: Random, n: int) -> list[int]:
    """A complete board, found by trying the columns of each row in an order drawn at random."""
    orders = [rng.sample(range(n), n) for _ in range(n)]
    columns: list[int] = []

    def extend() -> bool:
        row = len(columns)
        if row == n:
            return True
        for column in orders[row]:
            if all(c != column and abs(c - column) != row - r for r, c in enumerate(columns)):
                columns.append(column)
                if extend():
                    return True
                columns.pop()
        return False

    extend()
    return columns


def verify(n: int, placed: list[tuple[int, int]], answer: list[int]) -> bool:
    if len(answer) != n or sorted(answer) != list(range(1, n + 1)):
        return False
    if len({row - column for row, column in enumerate(answer)}) < n:
        return False
    if len({row + column for row, column in enumerate(answer)}) < n:
        return False
    return all(1 <= row <= n and answer[row - 1] == column for row, column in placed)
